"""What a vendor would leave out of the first incident, or refuse in it, asked for beforehand; nothing is changed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterator
from datetime import UTC, datetime, timedelta

from domain.company.catalog import Catalog
from domain.company.person import Person
from domain.value.model import Model

NAMED = 5
"""How many are named at once."""
AHEAD = timedelta(weeks=2)
"""How far ahead a schedule is looked through for hours in which it has nobody."""

Span = tuple[datetime, datetime]


class Lack(Model):
    """One thing that the first incident would miss, and what to do about it now."""

    said: str
    do: str
    fails: bool = False
    """Whether the effect itself fails; else it happens without this part."""


def absent_components(catalog: Catalog, vendor: str, known: Container[str]) -> Iterator[Lack]:
    """The components of services that the page does not have: updates would leave without them."""
    for service in catalog.services.values():
        gone = [one for one in service.components if one not in known]
        if gone and catalog.vendor("status_page", service.name) == vendor:
            said = f"updates of {service.name} would leave without the component {', '.join(gone)}: the page has none"
            yield Lack(said=said, do=f"correct `components` of {service.name} in the catalog")


def colleagues(catalog: Catalog) -> list[Person]:
    """Who is of the company still."""
    return [person for person in catalog.people.values() if not person.left]


def listed(names: list[str]) -> str:
    """Some names, and how many more."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


async def of_schedules(
    pager: str, catalog: Catalog, shifts: Callable[[str], Awaitable[list[Span] | None]], now: datetime, instead: str
) -> AsyncIterator[Lack]:
    """The schedules that the pager does not have, and those in which nobody is on call for some of the next hours.

    `shifts` says when a schedule has somebody, None where there is no such one; `instead` is what happens otherwise.
    """
    vendor, gone = pager.lower(), list[str]()
    teams = dict.fromkeys(one.team for one in catalog.services.values() if catalog.vendor("pager", one.name) == vendor)
    levels = (level for team in teams for level in catalog.teams[team].levels.values())
    for schedule in dict.fromkeys(level.schedule for level in levels if level.schedule):
        if (found := await shifts(schedule)) is None:
            gone.append(schedule)
        elif holes := [*_holes(sorted(found), now.replace(microsecond=0), (now + AHEAD).replace(microsecond=0))]:
            spans = listed([f"{begins:%a %d %b %H:%M} and {ends:%a %d %b %H:%M} UTC" for begins, ends in holes])
            said = f"nobody is on call in {schedule} between {spans}: {instead}"
            yield Lack(said=said, do=f"fill the schedule {schedule} at {pager}")
    if gone:
        said = f"nobody would be on call by these schedules, which {pager} does not have: {listed(gone)}"
        yield Lack(said=said, do="correct `schedule` of the team's levels in the catalog", fails=True)


def _holes(shifts: list[Span], now: datetime, until: datetime) -> Iterator[Span]:
    covered = now
    for begins, ends in shifts:
        if begins > covered:
            yield covered.astimezone(UTC), min(begins, until).astimezone(UTC)
        covered = max(covered, ends)
        if covered >= until:
            return
    yield covered.astimezone(UTC), until.astimezone(UTC)
