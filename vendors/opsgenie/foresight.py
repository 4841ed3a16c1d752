"""What Opsgenie would lack in the first incident: people, teams, schedules, and hours in which nobody is on call."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from urllib.parse import quote

from domain.company.catalog import Catalog
from vendors.api import Api
from vendors.lack import AHEAD, Lack, Span, colleagues, listed, of_schedules
from vendors.opsgenie import answer, body

MISSING = frozenset({404})


async def lacks(api: Api, catalog: Catalog, now: datetime) -> AsyncIterator[Lack]:
    """Every person, team and schedule that Opsgenie would be asked to page, asked for without changing anything."""
    for lack in [await _unknown_people(api, catalog), await _unknown_teams(api, catalog)]:
        if lack:
            yield lack
    instead = "a page goes to the service's team in Opsgenie then"
    async for lack in of_schedules("Opsgenie", catalog, lambda name: _shifts(api, name, now), now, instead):
        yield lack


async def _unknown_people(api: Api, catalog: Catalog) -> Lack | None:
    """Who could not be named in a page."""
    users = {one.at("opsgenie"): one.name for one in colleagues(catalog) if one.at("opsgenie")}
    gone = [users[user] for user in users if not await _is_known(api, f"/v2/users/{quote(user, safe='')}", {})]
    said = f"could not be paged, for Opsgenie has no such user: {listed(gone)}"
    return Lack(said=said, do="correct `opsgenie` of these people in the catalog", fails=True) if gone else None


async def _unknown_teams(api: Api, catalog: Catalog) -> Lack | None:
    """For which services no team is asked where nobody of ours could be named."""
    ours = [one for one in catalog.services.values() if catalog.vendor("pager", one.name) == "opsgenie"]
    teams = {one.at("opsgenie"): one.name for one in ours if one.at("opsgenie")}
    gone = list[str]()
    for team in teams:
        kind = "id" if body.UUID.fullmatch(team) else "name"
        if not await _is_known(api, f"/v2/teams/{quote(team, safe='')}", {"identifierType": kind}):
            gone.append(teams[team])
    said = f"no team would be asked where nobody could be named, for Opsgenie has no such team: {listed(gone)}"
    return Lack(said=said, do="correct `opsgenie` of these services in the catalog") if gone else None


async def _is_known(api: Api, path: str, params: dict[str, str]) -> bool:
    return (await api.send("GET", path, accept=MISSING, params=params)).status_code != 404


async def _shifts(api: Api, name: str, now: datetime) -> list[Span] | None:
    """Who is on call in the next weeks, overrides included; None where there is no such schedule."""
    kind = "id" if body.UUID.fullmatch(name) else "name"
    weeks = str(AHEAD // timedelta(weeks=1))
    span = {"interval": weeks, "intervalUnit": "weeks", "date": now.isoformat(timespec="seconds")}
    path = f"/v2/schedules/{quote(name, safe='')}/timeline"
    response = await api.send("GET", path, accept=MISSING, params={"identifierType": kind, **span})
    if response.status_code == 404:
        return None
    turns = api.parsed(response, tuple[answer.Rotation, ...], "data", "finalTimeline", "rotations")
    return [(one.start, one.end) for turn in turns for one in turn.periods if one.is_covered]
