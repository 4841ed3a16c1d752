"""What Opsgenie would lack in the first incident: people, teams, schedules, and hours in which nobody is on call."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from domain.company.catalog import Catalog, Service
from vendors.api import Api
from vendors.lack import Lack, colleagues, listed
from vendors.opsgenie import answer, body

WEEKS = 2
"""How far ahead a schedule is looked through for hours in which it has nobody."""
MISSING = frozenset({404})


async def lacks(api: Api, catalog: Catalog, now: datetime) -> AsyncIterator[Lack]:
    """Every person, team and schedule that Opsgenie would be asked to page, asked for without changing anything."""
    for lack in [await _unknown_people(api, catalog), await _unknown_teams(api, catalog)]:
        if lack:
            yield lack
    until, gone = now + timedelta(weeks=WEEKS), list[str]()
    for name in dict.fromkeys(_schedules(catalog)):
        timeline = await _timeline(api, name, now)
        if timeline is None:
            gone.append(name)
        elif holes := [*_holes(timeline, now.replace(microsecond=0), until.replace(microsecond=0))]:
            spans = listed([f"{begins:%a %d %b %H:%M} and {ends:%a %d %b %H:%M} UTC" for begins, ends in holes])
            said = f"nobody is on call in {name} between {spans}: a page goes to the service's team in Opsgenie then"
            yield Lack(said=said, do=f"fill the schedule {name} at Opsgenie")
    if gone:
        said = f"nobody would be on call by these schedules, which Opsgenie does not have: {listed(gone)}"
        yield Lack(said=said, do="correct `schedule` of the team's levels in the catalog", fails=True)


async def _unknown_people(api: Api, catalog: Catalog) -> Lack | None:
    """Who could not be named in a page."""
    users = {one.at("opsgenie"): one.name for one in colleagues(catalog) if one.at("opsgenie")}
    gone = [users[user] for user in users if not await _is_known(api, f"/v2/users/{quote(user, safe='')}", {})]
    said = f"could not be paged, for Opsgenie has no such user: {listed(gone)}"
    return Lack(said=said, do="correct `opsgenie` of these people in the catalog", fails=True) if gone else None


async def _unknown_teams(api: Api, catalog: Catalog) -> Lack | None:
    """For which services no team is asked where nobody of ours could be named."""
    teams = {one.at("opsgenie"): one.name for one in _ours(catalog) if one.at("opsgenie")}
    gone = list[str]()
    for team in teams:
        kind = "id" if body.UUID.fullmatch(team) else "name"
        if not await _is_known(api, f"/v2/teams/{quote(team, safe='')}", {"identifierType": kind}):
            gone.append(teams[team])
    said = f"no team would be asked where nobody could be named, for Opsgenie has no such team: {listed(gone)}"
    return Lack(said=said, do="correct `opsgenie` of these services in the catalog") if gone else None


async def _is_known(api: Api, path: str, params: dict[str, str]) -> bool:
    return (await api.send("GET", path, accept=MISSING, params=params)).status_code != 404


def _ours(catalog: Catalog) -> list[Service]:
    return [one for one in catalog.services.values() if catalog.vendor("pager", one.name) == "opsgenie"]


def _schedules(catalog: Catalog) -> Iterator[str]:
    for team in dict.fromkeys(one.team for one in _ours(catalog)):
        yield from (level.schedule for level in catalog.teams[team].levels.values() if level.schedule)


async def _timeline(api: Api, name: str, now: datetime) -> answer.Timeline | None:
    """Who is on call in the next weeks, overrides included; None where there is no such schedule."""
    kind = "id" if body.UUID.fullmatch(name) else "name"
    span = {"interval": str(WEEKS), "intervalUnit": "weeks", "date": now.isoformat(timespec="seconds")}
    path = f"/v2/schedules/{quote(name, safe='')}/timeline"
    response = await api.send("GET", path, accept=MISSING, params={"identifierType": kind, **span})
    return None if response.status_code == 404 else api.parsed(response, answer.OneTimeline).data.final


def _holes(timeline: answer.Timeline, now: datetime, until: datetime) -> Iterable[tuple[datetime, datetime]]:
    """The spans that no rotation covers with somebody."""
    covered = now
    periods = [one for rotation in timeline.rotations for one in rotation.periods if one.is_covered]
    for period in sorted(periods, key=lambda one: one.start):
        if period.start > covered:
            yield covered.astimezone(UTC), min(period.start, until).astimezone(UTC)
        covered = max(covered, period.end)
        if covered >= until:
            return
    yield covered.astimezone(UTC), until.astimezone(UTC)
