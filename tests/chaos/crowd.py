"""Monitors that fire and people who fight: one incident after the other for each service, until told to stop."""

import asyncio
import random
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product

import httpx
from temporalio.service import RPCError

from activities.attribute import PHASE
from client.port import IncidentEnded, NotTaken, Unanswered
from client.temporal import TemporalIncidents
from domain.value.act import Act
from tests.proof.house import House
from vendors.door import Request
from workflows.handler import ACTS

AGAIN = 0.5
"""Seconds until what nobody answered is asked or delivered again, as vendors and people do."""
PATIENCE = 240.0
"""Seconds after which an act that nobody took is given up and said, and so is an end once everything was mended."""
LAST = 480.0
"""Seconds for which the last tries of what is closed are waited for."""
OPEN = "WorkflowType = 'Incident' AND ExecutionStatus = 'Running'"
LEARNED, ACCOUNT = "What we learned.", "A dependency failed, and works again."
UNTOUCHED = "Nothing personal was touched."
RECOVERS, WITHDRAWN = 0.2, 0.3
"""How often an alert is over before anybody has answered, and an update is withdrawn that may have left."""
SEVERITIES = ("P1", "P1", "P2", "P2", "P3", "P4")


@dataclass(frozen=True)
class Fired:
    """An alert that was accepted: its words are in no other."""

    service: str
    words: str


@dataclass
class Crowd:
    """Everybody, and what they saw."""

    home: House
    chance: random.Random
    doors: tuple[str, ...] = ("",)
    """The addresses of the ingresses beside the first, which is empty."""
    stopping: bool = False
    accepted: list[Fired] = field(default_factory=list)
    acts: int = 0
    trouble: list[str] = field(default_factory=list)
    """What an act or an incident was waited for in vain."""
    seen: set[str] = field(default_factory=set)
    slow: list[str] = field(default_factory=list)
    """Incidents that were left open amid the kills, because they took longer than anybody waits."""

    def __post_init__(self) -> None:
        running = self.home.running
        self.engine = TemporalIncidents(running.company, "standfast", client=running.client)
        self.pager = self.home.stage.pagerduty

    async def live(self, service: str) -> None:
        """Incident after incident of one service."""
        await asyncio.sleep(self.chance.uniform(0, 4))
        while not self.stopping:
            await self._live_through(service)
            await asyncio.sleep(6)  # past the reopen window

    async def _live_through(self, service: str) -> None:
        words = f"{service} {uuid.UUID(int=self.chance.getrandbits(128)).hex[:10]}"
        place = self.home.running.company.catalog.services[service].at("pagerduty")
        fired = self.pager.press_trigger(place, f"{words} error rate", key=words)
        page = self.pager.account.find(f"event:{words}")
        await self.delivers(fired)
        self.accepted.append(Fired(service, words))
        incident = await self._opened(service)
        if not incident:
            self.trouble.append(f"{words}: accepted, and no incident in {PATIENCE:.0f} s")
            return
        await asyncio.sleep(self.chance.choice((0.5, 3, 9, 16)))
        if self.chance.random() < RECOVERS:
            await self.delivers(self.pager.press_resolve(page.id))
            await self.acted(incident, "answer_breach", "mira", breach=False, reason=UNTOUCHED)
            await self._ends(incident)
            return
        if self.chance.random() < 0.5:
            await self.delivers(self.pager.press_acknowledge(page.id, "PDANA01"))
        else:
            await self.acted(incident, "acknowledge", "dana")
        await self._fight(incident)
        await self.delivers(self.pager.press_resolve(page.id))
        await self.acted(incident, "resolve", "jonas", summary="It works again; the cause is known.")
        await self._follow_up(incident)
        await self._ends(incident)

    async def _ends(self, incident: str) -> None:
        if not await self._closes(incident):
            self.slow.append(incident)

    async def _fight(self, incident: str) -> None:
        severity = self.chance.choice(SEVERITIES)
        await self.acted(incident, "declare", "jonas", severity=severity, reason="as it looks")
        if severity not in ("P1", "P2"):
            await asyncio.sleep(self.chance.uniform(1, 8))
            return
        await self.acted(incident, "take_role", "ines", role="comms")
        for _ in range(self.chance.randint(1, 2)):
            await asyncio.sleep(self.chance.uniform(0.5, 6))
            await self.acted(incident, "post_finding", "dana", conditions="errors on one node")
            await self.acted(incident, "approve_update", "ines")
            if self.chance.random() < WITHDRAWN:
                await self.acted(incident, "withdraw_update", "ines", because="It is another service.")
        await self.acted(incident, "approve_mail", "ines")
        await self.acted(incident, "record_change", "jonas", change="rollback", description="as decided")
        await asyncio.sleep(self.chance.uniform(0.5, 6))

    async def _follow_up(self, incident: str) -> None:
        await self.acted(incident, "answer_breach", "mira", breach=False, reason=UNTOUCHED)
        await self.acted(incident, "add_item", "mira", title="Give it a timeout", owner="sam")
        await asyncio.sleep(self.chance.uniform(0.5, 3))
        self.home.stage.press_write(LEARNED)
        await self.acted(incident, "complete_postmortem", "mira", cause="dependency")
        await self.acted(incident, "approve_public_postmortem", "ines", body=ACCOUNT)
        await self.acted(incident, "close_item", "sam", item="item-1")

    async def delivers(self, webhook: Request) -> None:
        """A vendor delivers until it is answered with success."""
        while True:
            with suppress(httpx.TransportError):
                if await self.home.posts("pagerduty", webhook, at=self.chance.choice(self.doors)) in (200, 202):
                    return
            await asyncio.sleep(AGAIN)

    async def acted(self, incident: str, kind: str, by: str, **fields: object) -> None:
        """Somebody acts, and asks again while nobody answers; the same act twice is one."""
        act: Act = ACTS[kind].model_validate({"by": by, "id": uuid.uuid4().hex, "via": "cli", **fields})
        until, said = time.monotonic() + PATIENCE, ""
        while time.monotonic() < until:
            try:
                await self.engine.update(incident, act)
                self.acts += 1
                return
            except IncidentEnded:
                return
            except (Unanswered, NotTaken) as error:
                said = str(error)
            except RPCError as error:
                said = error.message
            await asyncio.sleep(AGAIN)
        self.trouble.append(f"{incident}: {kind} was not taken in {PATIENCE:.0f} s: {said[:200]}")

    async def _opened(self, service: str) -> str:
        """The newest incident of a service, once there is one that was not seen before."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(RPCError):
                new = [one for one in await self.home.incidents(service) if one not in self.seen]
                if new:
                    self.seen.update(new)
                    return new[0]
            await asyncio.sleep(AGAIN)
        return ""

    async def _closes(self, incident: str) -> bool:
        """Last texts are approved, and the post-mortem is written and completed, until nothing is owed any more.

        A document that was opened after somebody wrote is read back empty, and its completion refused.
        """
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(RPCError):
                described = await self.home.running.client.get_workflow_handle(incident).describe()
                if described.typed_search_attributes.get(PHASE) == "closed":
                    return True
            for kind, by in product(("approve_update", "approve_mail"), ("ines", "jonas")):
                await self.acted(incident, kind, by)
            self.home.stage.press_write(LEARNED)
            await self.acted(incident, "complete_postmortem", "mira", cause="dependency")
            for by in ("ines", "jonas"):
                await self.acted(incident, "approve_public_postmortem", by)
            await asyncio.sleep(4 * AGAIN)
        return False

    async def part(self) -> None:
        """With everything mended: close what was left, and wait until nothing is tried any more for what is closed."""
        for incident in self.slow:
            if not await self._closes(incident):
                view = await self.home.view(incident)
                due = ", ".join(f"{one.says} ({one.key})" for one in view.due)
                self.trouble.append(f"{incident}: not closed with everything mended; owed: {view.owed}; due: {due}")
        until, left = time.monotonic() + LAST, ["everything"]
        while left and time.monotonic() < until:
            await asyncio.sleep(2)
            with suppress(RPCError):
                left = [one.id async for one in self.home.running.client.list_workflows(OPEN)]
        self.trouble += [f"{one}: has not ended {LAST:.0f} s after everything was mended" for one in left]
