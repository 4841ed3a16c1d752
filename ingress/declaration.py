"""A person declares an incident (DET-2): it is opened once, and the severity they gave is their first decision."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from client.port import Declaration, Declared, IncidentClient, NotTaken, Unanswered
from domain.alerting.alert import Alert
from domain.port.conversation import ShownMessage
from domain.port.message import Button, Message
from domain.procedure.joining import Merge
from domain.procedure.severity import Declare
from ingress.act_sender import ActSender, Said, Tell
from ingress.chat.answer import line
from ingress.chat.question import OPEN
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
APART = "apart"
"""What a declaration says that is to be opened for itself, whatever is open there."""
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

    async def declare(
        self, id: str, by: str, fields: Mapping[str, str], at: datetime, tell: Tell, *, via: str = "", proof: str = ""
    ) -> Said:
        """Open the incident; `id` is the sender's, so that the same declaration twice is one incident.

        `via` and `proof` are of who declares, where they don't follow from the chat.
        """
        order = _order(id, by, fields, _alert(fields, at, via or self._via))
        first = _first(id, order, fields.get("severity", ""), proof)
        try:
            async with asyncio.timeout(self._asking.patience.opening.total_seconds()):
                declared = await self._engine.declare(order)
        except NotTaken as error:
            return Said(False, str(error))
        except (TimeoutError, Unanswered):
            keeper = self._asking.keeper
            kept = bool(keeper and await keeper.keep_opening(order, first))
            self._asking.begin(self._pursue(order, first, fields, KEPT_STILL if kept else GIVEN_UP, tell))
            return Said(True, KEPT if kept else AWAY, decided=False)
        return await self._classify(declared, first, fields, tell)

    async def _classify(self, declared: Declared, first: Declare | None, fields: Mapping[str, str], tell: Tell) -> Said:
        opened, offers = _opened(declared), _offers(declared, self._people(), fields)
        if not first:
            return Said(True, f"{opened} Next: say how bad it is.", offers=offers)
        said = await self._asking.ask(declared.incident, first, tell)
        of = "" if said.accepted and said.decided else f"{first.severity}: "
        return said._replace(accepted=True, text=f"{opened} {of}{said.text}", offers=offers)

    async def _pursue(
        self, order: Declaration, first: Declare | None, fields: Mapping[str, str], late: str, tell: Tell
    ) -> None:
        """Open it from here; `late` is said when that has not come about in time."""
        tries = 0
        try:
            async with asyncio.timeout(self._asking.patience.keeping.total_seconds()):
                while True:
                    tries += 1
                    await asyncio.sleep(pause_after(tries).total_seconds())
                    try:
                        declared = await self._engine.declare(order)
                        break
                    except Unanswered:
                        continue
            said = await self._classify(declared, first, fields, tell)
        except TimeoutError:
            said = Said(True, late, decided=False)
        except NotTaken as error:
            said = Said(False, str(error))
        await tell(said)


def _opened(declared: Declared) -> str:
    """What came of it, and what is open there too (DET-4)."""
    if declared.joined:
        return f"{declared.incident} was opened on {declared.service} a moment ago, and your report joined it."
    also = ", ".join(declared.also_open)
    same = f" Open on {declared.service} too: {also}; if it is the same, merge it into that." if also else ""
    return f"{declared.incident} is open.{same}"


def _offers(declared: Declared, people: Mapping[str, str], fields: Mapping[str, str]) -> tuple[ShownMessage, ...]:
    """DET-7: each that is open on the service, to join with one press; one press opens apart what joined by itself."""
    if declared.joined:
        apart = Button(act=OPEN, label="It is another", fields={**fields, APART: "true"})
        return ((Message(text="If it is not the same, it is opened for itself:", buttons=(apart,)), ""),)
    shown = declared.others[:OFFERED]
    return tuple(
        (
            Message(text=line(one, people), buttons=(Merge.button(f"It is {one.id}", asks=False, into=one.id),)),
            declared.incident,
        )
        for one in shown
    )


def _order(id: str, by: str, fields: Mapping[str, str], alert: Alert) -> Declaration:
    """The seed makes the incident's id: a second attempt finds the first."""
    return Declaration(alert=alert, seed=f"{alert.source}/{id}", by=by, apart=fields.get(APART) == "true")


def _first(id: str, order: Declaration, severity: str, proof: str) -> Declare | None:
    """The severity that was given with the declaration, as the person's first decision."""
    if not severity:
        return None
    alert = order.alert
    reason = alert.description or alert.title
    told: dict[str, Any] = {"by": order.by, "via": alert.source, "proof": proof, "at": alert.at}
    return Declare(severity=severity, reason=reason, id=f"{id}/severity", **told)


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
