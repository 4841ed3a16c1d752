"""Wakes people through PagerDuty: Events v2 for the page its own policy answers, REST where a page names people.

How each effect happens once:
* A page by Events v2 carries `duty.mark` as `dedup_key`: a repeated trigger joins the open alert. After a resolve the
  same key would open a second alert, so a late retry must not happen: pages are not owed any more once the incident is
  resolved, and the pager's deduplication covers the time before (docs/events-API-v2/02).
* A page by REST carries `duty.mark` as `incident_key`. PagerDuty refuses a second one only while the first is open, and
  with a 400 that looks like any other; so a 400 is looked up, and a further attempt looks before it creates.
* What PagerDuty refuses of a page never takes it along: without whom it does not know the service's escalation policy
  decides, and where REST refuses altogether (PAGERDUTY_FROM is no user any more) the page leaves as an event.
* Acknowledging and resolving by event is idempotent there. By REST the status is read first, because acknowledging a
  resolved incident reopens it; errors that say "already so" mean done.

Every page's title ends with its mark in brackets, for what comes back through the webhook must be told from monitors'
alerts: incidents made by events show no `incident_key`, and what is said of a note has no more than a title. By REST it
is the short one, `[INC-7K3QF/1]`; an event's will be once no release is left that does not read it.

REST writes are shown in PagerDuty as done by PAGERDUTY_FROM, which is best a user of its own.
The page numbers are those of the repository PagerDuty/developer-docs.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

import httpx
from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.company.catalog import Catalog
from domain.port.duty import NotDone, Outcome, VendorError
from domain.port.pager import AcknowledgePages, Page, ReadPages, ResolvePages
from domain.value.model import comma_list, parse_list
from vendors.lack import Lack
from vendors.pagerduty import answer, body, foresight
from vendors.pagerduty.api import EVENTS_RETRYABLE, REST_RETRYABLE, Events, Rest

PER_SECOND = 8.0
"""REST takes 960 calls a minute (docs/REST-API/04), and a page is one or two. Events v2 takes 120 a minute and key
(docs/events-API-v2/05), which `Events` keeps for each key by itself."""
ALREADY = frozenset({1001, 1002})
"""Already resolved, already acknowledged (docs/REST-API/14)."""
NO_REQUESTER = 1008
"""The user of the From header is none of the account (docs/REST-API/14)."""
ADVICE = {
    401: "set PAGERDUTY_API_TOKEN to a REST API key with write access (Integrations, API Access Keys)",
    403: "set PAGERDUTY_API_TOKEN to a key that is not read-only for what it pages",
}
"""What a refusal of the doctor's question asks for (docs/REST-API/02)."""
BULK = 250
"""Incidents in one PUT /incidents; more are refused with 413 (docs/REST-API/05)."""
FIRST = "page/0"
EVENT = "event:"
"""Starts the reference of a page made by an event; what follows is its dedup_key, behind the service's id and a colon
where the service has an integration key of its own. Others are incident ids."""

Status = Literal["acknowledged", "resolved"]
BEFORE: dict[Status, frozenset[str]] = {
    "acknowledged": frozenset({"triggered"}),
    "resolved": frozenset({"triggered", "acknowledged"}),
}
"""From which states an incident may be moved; from any other it is where we want it, or past that."""
ACTION: dict[Status, str] = {"acknowledged": "acknowledge", "resolved": "resolve"}


class Settings(BaseSettings):
    """Where PagerDuty is and how it knows us; the field names are the environment's."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    pagerduty_api_url: str = "https://api.pagerduty.com"
    pagerduty_events_url: str = "https://events.pagerduty.com"
    pagerduty_api_token: SecretStr = SecretStr("")
    pagerduty_from: str = ""
    pagerduty_routing_key: SecretStr = SecretStr("")
    pagerduty_routing_keys: Annotated[dict[str, SecretStr], NoDecode] = Field(default_factory=dict)
    """The integration keys of services that have one of their own, by PagerDuty's id of the service."""
    pagerduty_webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(parse_list)] = ()
    """An empty one would let everybody in and is dropped."""

    @field_validator("pagerduty_routing_keys", mode="before")
    @classmethod
    def _pair(cls, value: Any) -> Any:
        """`PSVC1=key1,PSVC2=key2` as a mapping."""
        if not isinstance(value, str):
            return value
        pairs = [part.partition("=") for part in comma_list(value)]
        if not all(service and key for service, _, key in pairs):
            raise ValueError("expected <PagerDuty's id of the service>=<its integration key>, separated by commas")
        return {service.strip(): key.strip() for service, _, key in pairs}


class Client:
    """Plays the pager."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._token = settings.pagerduty_api_token.get_secret_value()
        self._from = settings.pagerduty_from
        self._routing_key = settings.pagerduty_routing_key.get_secret_value()
        self._own_keys = {one: key.get_secret_value() for one, key in settings.pagerduty_routing_keys.items()}
        headers = {
            "Authorization": f"Token token={self._token}",
            "Accept": "application/vnd.pagerduty+json;version=2",
            "Content-Type": "application/json",
        }
        self._rest = Rest("PagerDuty", http, settings.pagerduty_api_url, headers, REST_RETRYABLE)
        self._events = Events("PagerDuty", http, settings.pagerduty_events_url, {}, EVENTS_RETRYABLE)

    async def probe(self) -> str:
        """Prove the REST token, changing nothing; the Events API has no question that does not page somebody."""
        if not self._token:
            return "Events API only; its routing key is proved by the first page"
        await self._rest.prove("/oncalls", ADVICE, params={"limit": 1})
        return "the REST token is good"

    async def lacks(self, catalog: Catalog) -> tuple[Lack, ...]:
        """The ids of the catalog that PagerDuty does not know; by the Events API alone nothing can be asked."""
        found = foresight.lacks(self._rest, self._from, catalog)
        return tuple([one async for one in found]) if self._token else ()

    async def page(self, duty: Page, *, again: bool) -> Outcome:
        """Page the people named, or whom the schedule or PagerDuty's own policy names."""
        if not self._goes_by_rest(duty):
            return await self._trigger(duty)
        try:
            return await self._open_incident(duty, again=again)
        except VendorError as refused:
            if refused.retryable or duty.called_back or not self._own_keys.get(duty.service, self._routing_key):
                raise
            return await self._trigger(duty, because=body.by_event(refused))

    async def _trigger(self, duty: Page, because: str = "") -> Outcome:
        """Page by an event: the service's own escalation policy decides whom.

        Nobody can ask for an event. One that was called back is resolved unseen: of a key without an alert PagerDuty
        takes no notice (docs/events-API-v2/02).
        """
        if duty.called_back:
            await self._send_event("resolve", duty.service, duty.mark, {})
            raise NotDone("PagerDuty")
        await self._send_event("trigger", duty.service, duty.mark, body.trigger(duty))
        service = f"{duty.service}:" if duty.service in self._own_keys else ""
        said = "; ".join(one for one in (body.left_out(duty, everybody=True), because) if one)
        return Outcome(ref=f"{EVENT}{service}{duty.mark}", text=said)

    async def acknowledge_pages(self, duty: AcknowledgePages, *, again: bool) -> Outcome:
        return await self._move(duty.refs, "acknowledged", {})

    async def resolve_pages(self, duty: ResolvePages, *, again: bool) -> Outcome:
        return await self._move(duty.refs, "resolved", {"resolution": duty.reason})

    async def read_pages(self, duty: ReadPages, *, again: bool) -> Outcome:
        self._need(self._token, "PAGERDUTY_API_TOKEN", "to ask how pages stand")
        found = [(ref, await self._look(ref)) for ref in duty.refs]
        return Outcome(pages=tuple(incident.state(ref) for ref, incident in found if incident))

    async def on_call(self, schedule: str) -> tuple[str, ...]:
        """Read every page of the schedule's people on call, first level first, each person once."""
        self._need(self._token, "PAGERDUTY_API_TOKEN", "to ask who is on call")
        found: list[answer.Oncall] = []
        more = True
        while more:
            query = {"schedule_ids[]": schedule, "limit": 100, "offset": len(found)}
            page = self._rest.parsed(await self._rest.send("GET", "/oncalls", params=query), answer.Oncalls)
            found += page.oncalls
            more = page.more and bool(page.oncalls)
        ranked = sorted(found, key=lambda one: one.escalation_level)
        return tuple(dict.fromkeys(one.user.id for one in ranked if one.user))

    def _goes_by_rest(self, duty: Page) -> bool:
        """Whether this page needs, and can have, an incident of its own; a page that cannot still wakes somebody."""
        if not (self._token and self._from and duty.service):
            return False
        named = any(person.at("pagerduty") for person in duty.people)
        return named or duty.key != FIRST or not self._own_keys.get(duty.service, self._routing_key)

    async def _open_incident(self, duty: Page, *, again: bool) -> Outcome:
        incident, refused = await self._find(duty) if again else None, ""
        if incident is None and duty.called_back:
            raise NotDone("PagerDuty")
        if incident is None:
            incident, refused = await self._create(duty)
        theirs = tuple(one.assignee.id for one in incident.assignments)
        named = {person.at("pagerduty"): person.id for person in duty.people if person.at("pagerduty")}
        ours = tuple(person for known, person in named.items() if known in theirs or not theirs)
        said = "; ".join(one for one in (body.left_out(duty), refused) if one)
        return Outcome(ref=incident.id, people=ours or theirs, text=said, url=incident.html_url or "")

    async def _create(self, duty: Page) -> tuple[answer.Incident, str]:
        """Open the incident; where PagerDuty refuses whom it names, with those that it knows, else for the policy."""
        ids, unknown = await self._assignees(duty)
        response = await self._write("POST", {"incident": body.incident(duty, ids)})
        if response.status_code == 400 and (found := await self._find(duty)):
            return found, ""
        if response.status_code == 400 and ids and answer.code(response) != NO_REQUESTER:
            kept = [one for one in ids if await foresight.is_known(self._rest, "users", one)]
            unknown = body.unknown(duty, [one for one in ids if one not in kept] or ids)
            kept = kept if len(kept) < len(ids) else []
            response = await self._write("POST", {"incident": body.incident(duty, kept)})
        if response.status_code == 400:
            raise self._rest.refusal("POST", "/incidents", response)
        return self._rest.parsed(response, answer.Incident, "incident"), unknown

    async def _assignees(self, duty: Page) -> tuple[list[str], str]:
        """PagerDuty's ids of whom the page names, else of whom the schedule has on call; what is wrong with that."""
        ids = [person.at("pagerduty") for person in duty.people if person.at("pagerduty")]
        if ids or not duty.schedule:
            return ids, ""
        try:
            found = list(await self.on_call(duty.schedule))
            return found, "" if found else body.unmanned(duty)
        except VendorError as refused:
            if refused.retryable:
                raise
            return [], f"PagerDuty does not know the schedule {duty.schedule}: correct it in the catalog's levels"

    async def _find(self, duty: Page) -> answer.Incident | None:
        return await self._keyed(duty.mark, {"service_ids[]": duty.service})

    async def _keyed(self, mark: str, where: dict[str, str]) -> answer.Incident | None:
        """The incident that carries a page's mark, an open one first. Without `date_range` a month is searched."""
        query = {"incident_key": mark, **where, "date_range": "all"}
        response = await self._rest.send("GET", "/incidents", params=query)
        found = self._rest.parsed(response, tuple[answer.Incident, ...], "incidents")
        return next(iter(sorted(found, key=lambda one: one.status == "resolved")), None)

    async def _move(self, refs: Sequence[str], status: Status, more: dict[str, str]) -> Outcome:
        """Bring pages to a status; a page that PagerDuty does not know has nothing to be moved and is named."""
        known = dict.fromkeys(refs)
        for ref in (ref for ref in known if ref.startswith(EVENT)):
            service, _, key = ref.removeprefix(EVENT).rpartition(":")
            await self._send_event(ACTION[status], service, key, {})
        stands = {ref: await self._status(ref) for ref in known if not ref.startswith(EVENT)}
        due = [ref for ref, found in stands.items() if found in BEFORE[status]]
        for start in range(0, len(due), BULK):
            await self._put(due[start : start + BULK], status, more)
        unknown = [ref for ref, found in stands.items() if not found]
        return Outcome(text=f"PagerDuty does not know {', '.join(unknown)}" if unknown else "")

    async def _status(self, ref: str) -> str:
        """The incident's status now, empty when there is none of this id."""
        self._need(self._token and self._from, "PAGERDUTY_API_TOKEN and PAGERDUTY_FROM", f"to change page {ref}")
        found = await self._look(ref)
        return found.status if found else ""

    async def _look(self, ref: str) -> answer.Incident | None:
        """The incident of a reference, None when PagerDuty knows none."""
        if ref.startswith(EVENT):
            return await self._keyed(ref.removeprefix(EVENT).rpartition(":")[2], {})
        response = await self._rest.send("GET", f"/incidents/{quote(ref, safe='')}", accept=frozenset({404}))
        return None if response.status_code == 404 else self._rest.parsed(response, answer.Incident, "incident")

    async def _put(self, ids: Sequence[str], status: Status, more: dict[str, str]) -> None:
        """Change incidents together; one that somebody moved meanwhile fails all, so then each is asked alone."""
        changes = [{"id": one, "type": "incident_reference", "status": status, **more} for one in ids]
        response = await self._write("PUT", {"incidents": changes})
        if response.status_code != 400:
            return
        if answer.code(response) not in ALREADY:
            raise self._rest.refusal("PUT", "/incidents", response)
        for one in ids if len(ids) > 1 else ():
            await self._put([one], status, more)

    async def _write(self, method: str, changes: dict[str, Any]) -> httpx.Response:
        accept, sender = frozenset({400}), {"From": self._from}
        return await self._rest.send(method, "/incidents", accept=accept, headers=sender, json=changes)

    async def _send_event(self, action: str, service: str, key: str, more: dict[str, Any]) -> None:
        way = "PAGERDUTY_ROUTING_KEY, or PAGERDUTY_API_TOKEN, PAGERDUTY_FROM and the service's pagerduty id"
        routing_key = self._own_keys.get(service, self._routing_key)
        self._need(routing_key, way, f"to {action} {key}")
        event = {"routing_key": routing_key, "event_action": action, "dedup_key": key, **more}
        await self._events.enqueue(event)

    def _need(self, found: str, setting: str, purpose: str) -> None:
        if not found:
            raise VendorError("PagerDuty", f"set {setting} {purpose}", retryable=False)
