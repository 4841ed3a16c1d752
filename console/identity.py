"""Who somebody is to Standfast, and where the board of an incident is."""

import os
import webbrowser
from typing import Annotated

import typer

from config.company import Company, Settings
from console.completion import incidents, people
from console.ending import CommandRefused
from console.screen import complain, show
from console.session import finish
from domain.company.catalog import Catalog, Team
from domain.value.incident_id import spelled

app = typer.Typer()
BOARD = "http://127.0.0.1:8080"
"""Where the board is, unless STANDFAST_BOARD_URL says otherwise."""


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
    finish(_whoami(person))


async def _whoami(by: str) -> int:
    if not by:
        raise CommandRefused("nobody: set STANDFAST_USER, or name somebody")
    for line in who(Company(Settings()).catalog, by):
        show(line)
    show(f"Engine: {os.environ.get('TEMPORAL_ADDRESS', '127.0.0.1:7233')}")
    return 0


def everybody(team: Team) -> set[str]:
    """Who stands in a team: on its ladder, or for one of its roles."""
    ladder = (person for level in team.levels.values() for person in level.everybody)
    return {*ladder, *team.managers, *team.comms, *team.commanders}


def known(catalog: Catalog, person: str) -> None:
    """Refuse whom the catalog does not know."""
    if person not in catalog.people:
        near = catalog.near(person)
        raise CommandRefused(f"nobody is called {person}{f'; did you mean {near.id}?' if near else ' in the catalog'}")


def who(catalog: Catalog, by: str) -> list[str]:
    """A person's name and teams; refuses whom the catalog does not know."""
    known(catalog, by)
    teams = [name for name, team in catalog.teams.items() if by in everybody(team)]
    return [f"{catalog.people[by].name} ({by})", f"Stands in: {', '.join(teams) or 'no team'}"]


@app.command("open")
def open_board(
    incident: Annotated[
        str,
        typer.Argument(metavar="[INCIDENT]", help="Its page; the list where none is named.", autocompletion=incidents),
    ] = "",
) -> None:
    """Open the board in a browser."""
    address = os.environ.get("STANDFAST_BOARD_URL", BOARD).rstrip("/")
    url = f"{address}/incidents/{spelled(incident)}" if incident else f"{address}/"
    show(url)
    if not webbrowser.open(url):
        complain("no browser could be started here; the address is above")
