"""Wakes people through Opsgenie: an alert for every page, which names the people as its responders.

How each effect happens once:
* A page's alert carries `duty.mark` as its alias. Opsgenie keeps one open alert per alias: a further create with it
  only counts on that alert and wakes nobody. A closed alert frees its alias, so a further attempt looks before it
  creates: by alias, which finds the open alert, then through the search, which finds the closed one.
* Acknowledging and closing read the alert first and write only what is not so yet.
* Every write is only accepted (202) and processed later. What became of it is asked a few times within the call; a
  request that still waits is worth another try, which then looks. Two creates that wait together meet in one alert.
What remains: the search is an index of its own, so an alert closed within the index's delay of a lost answer could be
made again.

The people of a page are those of the catalog by their Opsgenie id or username, else whom the schedule has on call,
else the team that the service's `opsgenie` names. The key is that of an API integration: an account's own key can
neither create nor close. The EU region has a host of its own (OPSGENIE_API_URL=https://api.eu.opsgenie.com).
Opsgenie ends on 2027-04-05 (support.atlassian.com/opsgenie).
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.company.catalog import Catalog
from domain.port.duty import NotDone, Outcome, VendorError
from domain.port.pager import AcknowledgePages, Page, ReadPages, ResolvePages
from vendors.api import Api
from vendors.lack import Lack
from vendors.opsgenie import answer, body, foresight

PER_SECOND = 1.0
"""Ours: Opsgenie's limits grow with plan and users and are told in headers only (docs.opsgenie.com, "API Rate
Limiting"). A page sends two to six requests."""
RETRYABLE = frozenset({429, *range(500, 600)} - {501})
"""What Opsgenie's own Go client tries again (opsgenie-go-sdk-v2, client.go); the rest asks for a change first."""
BUCKET = "x-ratelimit-period-in-sec"
"""Which bucket was empty: that of a second or that of a minute (docs.opsgenie.com, "API Rate Limiting")."""
PAUSES = (0.2, 0.4, 0.8, 1.6)
"""Seconds before each question what became of a write; together far below the activity's time-out."""
LATER = timedelta(seconds=5)
"""When to come back for a write that still waits."""
WAITS = "RequestNotProcessed"
"""The X-Opsgenie-Errortype of a 404 that means "not yet" (opsgenie-go-sdk-v2, client.go)."""
OURS = re.compile(r"(INC-[0-9A-HJKMNP-TV-Z]{5})/page/([\w-]+)")
"""The aliases we give, which are also the references of our pages; other references are alert ids."""
UNFIT = frozenset({400, 422})
"""How an alert is refused for what it says, whom it names included."""
MISSING = frozenset({404})
ADVICE = {
    401: "set OPSGENIE_API_KEY to the key of an API integration that is on (Settings, Integrations); an EU account "
    "also needs OPSGENIE_API_URL=https://api.eu.opsgenie.com",
    402: "the account's plan does not take part in the Alert API",
    403: "give the API integration read, create and update access",
}
"""What a refusal of the doctor's question asks for (docs.opsgenie.com, "Response")."""

Action = Literal["acknowledge", "close"]
Pause = Callable[[float], Awaitable[None]]


class Settings(BaseSettings):
    """Where Opsgenie is and how to get in; the webhook's tokens may be several, comma-separated."""

    opsgenie_api_url: str = "https://api.opsgenie.com"
    opsgenie_api_key: SecretStr = SecretStr("")
    opsgenie_webhook_token: SecretStr = SecretStr("")


class Client:
    """Plays the pager. `pause` waits between two questions about a write."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient, pause: Pause = asyncio.sleep) -> None:
        self._key = settings.opsgenie_api_key.get_secret_value()
        region = re.fullmatch(r"https://api\.([\w.]*opsgenie\.com)/?", settings.opsgenie_api_url)
        self._site = f"https://app.{region[1]}" if region else ""
        headers = {"Authorization": f"GenieKey {self._key}"}
        self._api = Api("Opsgenie", http, settings.opsgenie_api_url, headers, RETRYABLE, BUCKET)
        self._pause = pause

    async def probe(self) -> str:
        """Prove that the key reads alerts, changing nothing; that it may create them only a page can prove."""
        await self._api.prove("/v2/alerts", ADVICE, params={"limit": "1"})
        return "the key reads alerts; that it may create them the first page proves"

    async def lacks(self, catalog: Catalog) -> tuple[Lack, ...]:
        """The schedules that Opsgenie does not have, and the hours ahead in which one has nobody."""
        return tuple([one async for one in foresight.lacks(self._api, catalog, datetime.now(UTC))])

    async def page(self, duty: Page, *, again: bool) -> Outcome:
        """Page the people named, whom the schedule has on call, or the service's team."""
        self._need(f"to page about {duty.incident}")
        made = await self._made(duty.mark) if again else None
        if duty.called_back and not made:
            raise NotDone("Opsgenie")
        refused = ""
        paged = made.paged if made else await self._people(duty)
        ident = made.id if made else ""
        if not made:
            ident, paged, refused = await self._create(duty, paged)
        named = tuple(person.id for person in duty.people if person.at("opsgenie") in paged)
        url = f"{self._site}/alert/detail/{ident}/details" if self._site else ""
        said = "; ".join(one for one in (body.left_out(duty, paged), refused) if one)
        return Outcome(ref=duty.mark, people=named or paged, text=said, url=url)

    async def acknowledge_pages(self, duty: AcknowledgePages, *, again: bool) -> Outcome:
        return await self._move(duty.refs, "acknowledge", body.action(duty.by, f"Acknowledged: {duty.incident}"))

    async def resolve_pages(self, duty: ResolvePages, *, again: bool) -> Outcome:
        return await self._move(duty.refs, "close", body.action(body.SOURCE, duty.reason))

    async def read_pages(self, duty: ReadPages, *, again: bool) -> Outcome:
        """Who took each page and whether it is over; whom an escalation woke an alert does not say."""
        self._need("to ask how pages stand")
        found = [(ref, await (self._made(ref) if OURS.fullmatch(ref) else self._find(ref))) for ref in duty.refs]
        return Outcome(pages=tuple(alert.state(ref) for ref, alert in found if alert))

    async def on_call(self, schedule: str) -> tuple[str, ...]:
        """The usernames of who is on call in a schedule, named by id or name; nobody in an unknown one."""
        self._need("to ask who is on call")
        kind = "id" if body.UUID.fullmatch(schedule) else "name"
        path = f"/v2/schedules/{quote(schedule, safe='')}/on-calls"
        params = {"scheduleIdentifierType": kind, "flat": "true"}
        response = await self._api.send("GET", path, accept=MISSING, params=params)
        if response.status_code == 404:
            return ()
        return tuple(dict.fromkeys(self._api.parsed(response, answer.Oncall, "data").recipients))

    async def _people(self, duty: Page) -> tuple[str, ...]:
        """Whom the alert is to name; people that Opsgenie does not know leave the page to team or schedule."""
        named = tuple(person.at("opsgenie") for person in duty.people if person.at("opsgenie"))
        return named or (await self.on_call(duty.schedule) if duty.schedule else ())

    async def _create(self, duty: Page, people: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
        """Make the alert; where Opsgenie will not have whom it names, for the team, else for the integration's own.

        Answers the alert, who is named in it, and what was refused.
        """
        said, ways = "", body.alerts(duty, people)
        while ways:
            named, asked = ways.pop(0)
            made, refused = await self._tried(asked)
            if made:
                return made, named, body.refused(duty, people, named, said)
            kept = () if said else tuple(one for one in people if one not in refused)
            ways = [*([(kept, body.alert(duty, kept))] if kept not in ((), people) else []), *ways]
            said = said or refused
        raise VendorError("Opsgenie", f"page {duty.mark} was not made: {said}", retryable=False)

    async def _tried(self, asked: dict[str, Any]) -> tuple[str, str]:
        """The alert that was made, or why it was not."""
        response = await self._api.send("POST", "/v2/alerts", accept=UNFIT, json=asked)
        if not response.is_success:
            return "", self._api.refusal("POST", "/v2/alerts", response).said
        status = await self._settled(self._api.parsed(response, str, "requestId"))
        return status.alert if status.success else await self._alias(asked["alias"]), status.said

    async def _alias(self, mark: str) -> str:
        made = await self._made(mark)
        return made.id if made else ""

    async def _made(self, alias: str) -> answer.Alert | None:
        """The alert that carries this alias: the open one, else the newest closed one, whole."""
        found = await self._find(alias)
        if found is None:
            query = {"query": f'alias: "{alias}"', "sort": "createdAt", "order": "desc", "limit": "20"}
            response = await self._api.send("GET", "/v2/alerts", params=query)
            listed = self._api.parsed(response, tuple[answer.Alert, ...], "data")
            closed = next((one.id for one in listed if one.alias == alias), None)
            found = await self._find(closed) if closed else None
        return found

    async def _find(self, ref: str) -> answer.Alert | None:
        path, which = _address(ref)
        response = await self._api.send("GET", path, accept=MISSING, params=which)
        return None if response.status_code == 404 else self._api.parsed(response, answer.Alert, "data")

    async def _move(self, refs: tuple[str, ...], action: Action, words: dict[str, str]) -> Outcome:
        """Act on every page that needs it, then ask what became of each; one that would not go holds up no other."""
        self._need(f"to {action} pages")
        found = {
            ref: await (self._made(ref) if OURS.fullmatch(ref) else self._find(ref)) for ref in dict.fromkeys(refs)
        }
        due = {ref: alert.id for ref, alert in found.items() if alert and not alert.has(action)}
        sent = {ref: await self._send(*_address(ident, f"/{action}"), words) for ref, ident in due.items()}
        said = {ref: await self._reason(due[ref], action, request) for ref, request in sent.items()}
        if refused := [f"{ref}: {reason}" for ref, reason in said.items() if reason]:
            raise VendorError("Opsgenie", f"would not {action} {'; '.join(refused)}", retryable=False)
        unknown = [ref for ref, alert in found.items() if alert is None]
        return Outcome(text=f"Opsgenie does not know {', '.join(unknown)}" if unknown else "")

    async def _reason(self, ident: str, action: Action, request: str) -> str:
        """Why an action was not done; empty when it was, or when somebody else did it meanwhile."""
        status = await self._settled(request)
        if status.success:
            return ""
        now = await self._find(ident)
        return "" if now is None or now.has(action) else status.said or "no reason given"

    async def _send(self, path: str, which: dict[str, str], words: dict[str, Any]) -> str:
        """Send a write; answers the id of the request that it now is."""
        response = await self._api.send("POST", path, params=which, json=words)
        return self._api.parsed(response, str, "requestId")

    async def _settled(self, request: str) -> answer.Status:
        """Ask what became of a write, some times."""
        path = f"/v2/alerts/requests/{quote(request, safe='')}"
        for seconds in PAUSES:
            await self._pause(seconds)
            response = await self._api.send("GET", path, accept=MISSING)
            if response.status_code != 404:
                return self._api.parsed(response, answer.Status, "data")
            if response.headers.get("x-opsgenie-errortype") != WAITS:
                raise self._api.refusal("GET", path, response)
        raise VendorError("Opsgenie", f"request {request} is not processed yet", retryable=True, retry_after=LATER)

    def _need(self, purpose: str) -> None:
        if not self._key:
            raise VendorError("Opsgenie", f"set OPSGENIE_API_KEY {purpose}", retryable=False)


def _address(ref: str, action: str = "") -> tuple[str, dict[str, str]]:
    """Where an alert is: ours by alias, whose slashes are escaped, others by id."""
    kind = "alias" if OURS.fullmatch(ref) else "id"
    return f"/v2/alerts/{quote(ref, safe='')}{action}", {"identifierType": kind}
