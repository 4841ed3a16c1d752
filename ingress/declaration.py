"""A person declares an incident (DET-2): it is opened once, and the severity they gave is their first decision."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from client.port import Declaration, Declared, IncidentClient, NotTaken, Unanswered
from domain.alerting.alert import Alert
from domain.port.conversation import ShownMessage
from domain.port.message import Message
from domain.procedure.joining import Merge
from domain.procedure.severity import Declare
from ingress.asking import ActSender, Said, Tell
from ingress.chat.answer import line
from ingress.webhook.digest import pause_after

AWAY = (
    "Not opened yet: the engine is away. For the next 10 minutes it is tried again from here, and you are told here; "
    "page whoever you need by hand meanwhile."
)
KEPT = (
    "Kept: the engine is away. It is opened as soon as the engine is back, and you are told here; page whoever you "
    "need by hand meanwhile."
)
KEPT_STILL = "Not opened yet after 10 minutes: the engine is away. It is kept here and opened when the engine is back."
OFFERED = 5
"""Incidents that are offered to be joined; of more the sentence has the ids."""
GIVEN_UP = "The incident could not be opened within 10 minutes: the engine is away. Declare it again when it is back."


class Declarations:
    """Opens incidents for people."""

    def __init__(
        self,
        engine: IncidentClient,
        asking: ActSender,
        via: str,
        *,
        people: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """`via` is the chat that they declare in, `people` how everybody is called, by id."""
        self._engine, self._asking, self._via = engine, asking, via
        self._people = people

    async def declare(self, id: str, by: str, fields: Mapping[str, str], at: datetime, tell: Tell) -> Said:
        """Open the incident; `id` is the sender's, so that the same declaration twice is one incident."""
        alert = _alert(fields, at, self._via)
        severity = fields.get("severity", "")
        try:
            async with asyncio.timeout(self._asking.patience.opening.total_seconds()):
                declared = await self._open(id, by, alert)
        except NotTaken as error:
            return Said(False, str(error))
        except (TimeoutError, Unanswered):
            keeper, first = self._asking.keeper, _first(id, by, severity, alert)
            kept = bool(keeper and await keeper.keep_opening(_order(id, by, alert), first))
            self._asking.begin(self._pursue(id, by, alert, severity, KEPT_STILL if kept else GIVEN_UP, tell))
            return Said(True, KEPT if kept else AWAY, decided=False)
        return await self._classify(id, by, declared, severity, alert, tell)

    async def _open(self, id: str, by: str, alert: Alert) -> Declared:
        return await self._engine.declare(_order(id, by, alert))

    async def _classify(self, id: str, by: str, declared: Declared, severity: str, alert: Alert, tell: Tell) -> Said:
        incident, opened = declared.incident, _opened(declared)
        act, offers = _first(id, by, severity, alert), _offers(declared, self._people())
        if not act:
            return Said(True, f"{opened} Its headline has the next steps.", offers=offers)
        said = await self._asking.ask(incident, act, tell)
        of = "" if said.accepted and said.decided else f"{severity}: "
        return said._replace(accepted=True, text=f"{opened} {of}{said.text}", offers=offers)

    async def _pursue(self, id: str, by: str, alert: Alert, severity: str, late: str, tell: Tell) -> None:
        """Open it from here; `late` is said when that has not come about in time."""
        tries = 0
        try:
            async with asyncio.timeout(self._asking.patience.keeping.total_seconds()):
                while True:
                    tries += 1
                    await asyncio.sleep(pause_after(tries).total_seconds())
                    try:
                        declared = await self._open(id, by, alert)
                        break
                    except Unanswered:
                        continue
            text = (await self._classify(id, by, declared, severity, alert, tell)).text
        except TimeoutError:
            text = late
        except NotTaken as error:
            text = str(error)
        await tell(text)


def _opened(declared: Declared) -> str:
    """What came of it, and what is open there too (DET-4)."""
    if declared.joined:
        return f"{declared.incident} was declared on {declared.service} a moment ago, and your report joined it."
    also = ", ".join(declared.also_open)
    same = f" Open on {declared.service} too: {also}; if it is the same, `/incident merge ID` there." if also else ""
    return f"{declared.incident} is open.{same}"


def _offers(declared: Declared, people: Mapping[str, str]) -> tuple[ShownMessage, ...]:
    """DET-7: what is open on the service, each joined with one press: the new one goes on in it."""
    shown = declared.others[:OFFERED]
    return tuple(
        (
            Message(text=line(one, people), buttons=(Merge.button(f"It is {one.id}", asks=False, into=one.id),)),
            declared.incident,
        )
        for one in shown
    )


def _order(id: str, by: str, alert: Alert) -> Declaration:
    """The seed makes the incident's id: a second attempt finds the first."""
    return Declaration(alert=alert, seed=f"{alert.source}/{id}", by=by)


def _first(id: str, by: str, severity: str, alert: Alert) -> Declare | None:
    """The severity that was given with the declaration, as the person's first decision."""
    if not severity:
        return None
    reason = alert.description or alert.title
    return Declare(severity=severity, reason=reason, by=by, via=alert.source, id=f"{id}/severity", at=alert.at)


def _alert(fields: Mapping[str, str], at: datetime, via: str) -> Alert:
    """What the person says, as the alert that opens the incident; it has no key, for no monitor will end it."""
    security = {"security": "true"} if fields.get("security") == "true" else {}
    return Alert(
        source=via,
        key="",
        title=fields["title"],
        description=fields.get("description", ""),
        service=fields["service"],
        environment="production",
        severity=fields.get("severity", "").lower(),
        labels={"kind": "escalation", **security},
        fired_at=at,
        at=at,
    )
