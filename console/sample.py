"""`standfast audit sample`: draws incidents of a bundle by a seed, so that the draw can be repeated by anybody."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.text import Text

from console import scope
from console.code import CHECK_FAILED, UNPROVED
from console.page import table
from console.screen import show, show_json
from console.session import AsJson
from domain.value.model import said_count
from records.bundle import verify_bundle
from records.sample import Drawn, draw, population

Keys = Annotated[
    list[str] | None, typer.Option("--key", help="A public key that is known to be ours; several where it has changed.")
]


def sample(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The bundle to draw from.")],
    seed: Annotated[str, typer.Option("--seed", help="Any word; the same one draws the same incidents again.")],
    size: Annotated[int, typer.Option("--size", min=1, help="How many incidents.")],
    severity: scope.Severity = "",
    keys: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Draw incidents of a bundle by a seed, drills left out; a bundle that is not as it was signed is refused."""
    found = verify_bundle(bundle, keys or ())
    if found.findings:
        show(Text(f"{bundle.name} is not as it was signed; nothing is drawn:", "bold red"), *map(Text, found.findings))
        raise typer.Exit(CHECK_FAILED)
    among = population(bundle, severity.upper())
    drawn = draw(among, seed, size)
    if as_json:
        show_json(
            {"seed": seed, "of": len(among), "incidents": [one._asdict() for one in drawn], "unproved": found.unproved}
        )
    else:
        show(page(drawn, seed, len(among)), *(Text(f"not proved: {one}", "yellow") for one in found.unproved))
    if found.unproved:
        raise typer.Exit(UNPROVED)


def page(drawn: list[Drawn], seed: str, of: int) -> Group:
    """The drawn incidents, with how they can be drawn again."""
    made = table("incident", "kind", "service", "severity", "fired")
    for one in drawn:
        made.add_row(*one)
    order = f"in the order of SHA-256 of {seed}/INCIDENT; report.html#INCIDENT has each"
    said = f"{len(drawn)} of {said_count(of, 'incident')}, {order}"
    return Group(Text(said), made)
