"""Who somebody is to Standfast, and where the board of an incident is."""

import os
import webbrowser
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.place import catalog_file
from console.completion import incidents, people, table_of
from console.ending import CommandRefused
from console.screen import complain, show

if TYPE_CHECKING:
    from domain.company.catalog import Catalog

app = typer.Typer()


@app.command()
def whoami(
    person: Annotated[
        str,
        typer.Argument(
            metavar="[PERSON]", envvar="STANDFAST_USER", help="A person of the catalog; you.", autocompletion=people
        ),
    ] = "",
) -> None:
    """Say who acts by this command line, in which teams, and which engine is spoken to."""
    if not person:
        raise CommandRefused("nobody: set STANDFAST_USER, or name somebody")
    found = dict(table_of(catalog_file(), "people"))
    if not found or person not in found:
        _refuse(person)
    teams = [name for name, team in table_of(catalog_file(), "teams") if person in set(_stands_in(team))]
    show(f"{found[person].get('name', person)} ({person})")
    show(f"Stands in: {', '.join(teams) or 'no team'}")
    show(f"Engine: {os.environ.get('TEMPORAL_ADDRESS', '127.0.0.1:7233')}")


def _stands_in(team: dict[str, Any]) -> Iterator[str]:
    """Who stands in a team: on its ladder, or for one of its roles."""
    for words in (*_listed(team.get("levels")), *(team.get(name) or () for name in ("manager", "comms", "commanders"))):
        yield from [words] if isinstance(words, str) else words


def _listed(part: Any) -> Iterator[Any]:
    """Every list of people of a ladder, those of its shifts too."""
    for key, value in part.items() if isinstance(part, dict) else ():
        yield from (value,) if key == "people" else _listed(value)
    for one in part if isinstance(part, list) else ():
        yield from _listed(one)


def _refuse(person: str) -> None:
    """Say by the models what is wrong: of the file, or of the name."""
    from config.company import Company, InvalidFile, Settings

    try:
        known(Company(Settings()).catalog, person)
    except InvalidFile as unfit:
        raise CommandRefused(f"{unfit}; `standfast policy check` says more") from None


def known(catalog: "Catalog", person: str) -> None:
    """Refuse whom the catalog does not know."""
    if person not in catalog.people:
        near = catalog.near(person)
        raise CommandRefused(f"nobody is called {person}{f'; did you mean {near.id}?' if near else ' in the catalog'}")


@app.command("open")
def open_board(
    incident: Annotated[
        str,
        typer.Argument(metavar="[INCIDENT]", help="Its page; the list where none is named.", autocompletion=incidents),
    ] = "",
) -> None:
    """Open the board in a browser."""
    from console.address import address

    url = address(incident)
    show(url)
    if not webbrowser.open(url):
        complain("no browser could be started here; the address is above")
