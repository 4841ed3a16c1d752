"""What PagerDuty would not know in the first incident: services, people, schedules and their holes, who asks."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from domain.company.catalog import Catalog
from vendors.lack import Lack, colleagues, listed
from vendors.pagerduty import answer
from vendors.pagerduty.api import Rest

AHEAD = timedelta(days=14)
"""How far ahead a schedule is looked through for hours in which it has nobody."""
MISSING = frozenset({404})


async def lacks(rest: Rest, requester: str, catalog: Catalog) -> AsyncIterator[Lack]:
    """Every id of the catalog, asked for without changing anything."""
    ours = [one for one in catalog.services.values() if catalog.vendor("pager", one.name) == "pagerduty"]
    services = {one.at("pagerduty"): one.name for one in ours if one.at("pagerduty")}
    if gone := [services[id_] for id_ in [*services] if not await _is_known(rest, "services", id_)]:
        said = f"PagerDuty has no such service, so that no page could name people: {listed(gone)}"
        yield Lack(said=said, do="correct `pagerduty` of these services in the catalog", fails=True)
    people = {one.at("pagerduty"): one.name for one in colleagues(catalog) if one.at("pagerduty")}
    if gone := [people[id_] for id_ in people if not await _is_known(rest, "users", id_)]:
        said = f"could not be paged, for PagerDuty has no such user: {listed(gone)}"
        yield Lack(said=said, do="correct `pagerduty` of these people in the catalog", fails=True)
    schedules = {
        id_: await _is_known(rest, "schedules", id_) for id_ in _schedules(catalog, {one.team for one in ours})
    }
    if gone := [id_ for id_, known in schedules.items() if not known]:
        said = f"nobody would be on call by these schedules, which PagerDuty does not have: {listed(gone)}"
        yield Lack(said=said, do="correct `schedule` of the team's levels in the catalog", fails=True)
    for id_ in (one for one, known in schedules.items() if known):
        if holes := [hole async for hole in _holes(rest, id_, datetime.now(UTC))]:
            spans = listed([f"{begins:%a %d %b %H:%M} and {ends:%a %d %b %H:%M} UTC" for begins, ends in holes])
            said = f"nobody is on call in {id_} between {spans}: PagerDuty's escalation policy decides then"
            yield Lack(said=said, do=f"fill the schedule {id_} at PagerDuty")
    if requester and not await _is_user(rest, requester):
        said = f"pages would leave as events alone: {requester} is no user of the account"
        yield Lack(said=said, do="set PAGERDUTY_FROM to the e-mail address of a user of the account")


def _schedules(catalog: Catalog, teams: Iterable[str]) -> Iterator[str]:
    levels = (level for team in teams for level in catalog.teams[team].levels.values())
    yield from dict.fromkeys(level.schedule for level in levels if level.schedule)


async def _holes(rest: Rest, ident: str, now: datetime) -> AsyncIterator[tuple[datetime, datetime]]:
    """The spans of the next days in which a schedule has nobody."""
    until = now + AHEAD
    span = {"since": now.isoformat(timespec="seconds"), "until": until.isoformat(timespec="seconds")}
    response = await rest.send("GET", f"/schedules/{quote(ident, safe='')}", params=span)
    entries = rest.parsed(response, answer.OneSchedule).schedule.final_schedule.rendered_schedule_entries
    covered = now.replace(microsecond=0)
    for entry in sorted(entries, key=lambda one: one.start):
        if entry.start > covered:
            yield covered, entry.start
        covered = max(covered, entry.end)
    if covered < until.replace(microsecond=0):
        yield covered, until


async def _is_known(rest: Rest, kind: str, ident: str) -> bool:
    response = await rest.send("GET", f"/{kind}/{quote(ident, safe='')}", accept=MISSING)
    return response.status_code != 404


async def _is_user(rest: Rest, address: str) -> bool:
    """Whether the account has a user of this very address."""
    answer = (await rest.send("GET", "/users", params={"query": address, "limit": 25})).json()
    return any(str(one.get("email", "")).lower() == address.lower() for one in answer.get("users", ()))
