"""What PagerDuty would not know in the first incident: services, people, schedules and their holes, who asks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import quote

from domain.company.catalog import Catalog
from vendors.lack import AHEAD, Lack, Span, colleagues, listed, of_schedules
from vendors.pagerduty import answer
from vendors.pagerduty.api import Rest

MISSING = frozenset({404})


async def lacks(rest: Rest, requester: str, catalog: Catalog) -> AsyncIterator[Lack]:
    """Every id of the catalog, asked for without changing anything."""
    ours = [one for one in catalog.services.values() if catalog.vendor("pager", one.name) == "pagerduty"]
    services = {one.at("pagerduty"): one.name for one in ours if one.at("pagerduty")}
    if gone := [services[id_] for id_ in [*services] if not await is_known(rest, "services", id_)]:
        said = f"PagerDuty has no such service, so that no page could name people: {listed(gone)}"
        yield Lack(said=said, do="correct `pagerduty` of these services in the catalog", fails=True)
    people = {one.at("pagerduty"): one.name for one in colleagues(catalog) if one.at("pagerduty")}
    if gone := [people[id_] for id_ in people if not await is_known(rest, "users", id_)]:
        said = f"could not be paged, for PagerDuty has no such user: {listed(gone)}"
        yield Lack(said=said, do="correct `pagerduty` of these people in the catalog", fails=True)
    now, instead = datetime.now(UTC), "PagerDuty's escalation policy decides then"
    async for lack in of_schedules("PagerDuty", catalog, lambda id_: _shifts(rest, id_, now), now, instead):
        yield lack
    if requester and not await _is_user(rest, requester):
        said = f"pages would leave as events alone: {requester} is no user of the account"
        yield Lack(said=said, do="set PAGERDUTY_FROM to the e-mail address of a user of the account")


async def _shifts(rest: Rest, ident: str, now: datetime) -> list[Span] | None:
    """When a schedule has somebody in the next weeks; None where there is no such one."""
    span = {"since": now.isoformat(timespec="seconds"), "until": (now + AHEAD).isoformat(timespec="seconds")}
    response = await rest.send("GET", f"/schedules/{quote(ident, safe='')}", accept=MISSING, params=span)
    if response.status_code == 404:
        return None
    where = "schedule", "final_schedule", "rendered_schedule_entries"
    entries = rest.parsed(response, tuple[answer.Entry, ...], *where)
    return [(one.start, one.end) for one in entries]


async def is_known(rest: Rest, kind: str, ident: str) -> bool:
    """Whether there is a thing of this kind and id."""
    response = await rest.send("GET", f"/{kind}/{quote(ident, safe='')}", accept=MISSING)
    return response.status_code != 404


async def _is_user(rest: Rest, address: str) -> bool:
    """Whether the account has a user of this very address."""
    answer = (await rest.send("GET", "/users", params={"query": address, "limit": 25})).json()
    return any(str(one.get("email", "")).lower() == address.lower() for one in answer.get("users", ()))
