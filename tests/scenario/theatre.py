"""Plays a scenario through the real workflows, beat by beat, and says what happened."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from temporalio.api.history.v1 import HistoryEvent
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.starting import adopt, start_incident
from client.port import Declaration, NotTaken, Unanswered
from client.temporal import TemporalIncidents
from domain.alerting.alert_group import AlertGroup
from domain.alerting.grouping import Group, group_id
from domain.exchange import OpenIncidentRequest
from domain.incident.event import Event
from domain.simulation.digests import by_group, digest, silent
from domain.simulation.scenario import Scenario, ScenarioAct, ScenarioAlert
from domain.simulation.simulation import beats, meaning
from tests.domain.story import catalog, policy
from tests.scenario.desk import Set
from tests.scenario.void import history
from tests.stories.story import is_open, is_working
from tests.stories.timers import EASE, LONG


class Theatre:
    """One scenario on the engine: its groups, its incidents, and the time that passes for all of them."""

    def __init__(self, engine: WorkflowEnvironment, on: Set, queue: str, scenario: Scenario) -> None:
        self.engine, self.on, self.queue, self.scenario = engine, on, queue, scenario
        self.ingress = TemporalIncidents(on, queue, client=engine.client, patience=EASE)
        self.play = uuid.uuid4().hex[:6]
        self.groups: list[str] = []
        self.incidents: list[str] = []
        self.refused: list[str] = []
        self.told: list[list[Event]] = []
        """What happened to each incident, in the order of their opening."""
        self.next: dict[str, datetime | None] = {}
        self.watched: dict[str, tuple[int, AlertGroup]] = {}
        """Each group as it stood when its history was so long."""
        self.row = 0
        on.raise_curtain(scenario, policy(), catalog(), self._timelines)

    async def run(self) -> None:
        """Play it to its end."""
        await self._raise_curtain()
        for after, sounds, turns in beats(self.scenario):
            await self._pass_until(self.scenario.starts_at + after)
            await self._hear(sounds)
            for turn in turns:
                await self._act(turn)
        await self._pass_until(self.scenario.starts_at + self.scenario.lasts)
        self.told = await self._timelines()

    async def close(self) -> None:
        """Leave no open workflow behind, for its clock would go on."""
        for one in [*map(group_id, self.groups), *self.incidents]:
            handle = self.engine.client.get_workflow_handle(one)
            if await is_open(handle):
                await handle.terminate("the scenario is over")

    async def histories(self) -> list[list[HistoryEvent]]:
        """Everything that the engine wrote down of this play, by workflow."""
        return [await history(self.engine.client, one) for one in [*map(group_id, self.groups), *self.incidents]]

    async def _raise_curtain(self) -> None:
        """Every group is there from the beginning, so that all have one clock."""
        for group in self._grouped(self.scenario.alerts):
            self.groups.append(group.key)
            await self.engine.client.start_workflow(
                "AlertGroup", silent(group), id=group_id(group.key), task_queue=self.queue
            )
        await self._settle()

    def _grouped(self, sounds: Iterable[ScenarioAlert]) -> dict[Group, list[ScenarioAlert]]:
        """The sounds by group, each group with a name of this play's own."""
        found = by_group(sounds, self.scenario, self.on.policy, self.on.catalog)
        return {group._replace(key=f"{group.key}/{self.play}"): said for group, said in found.items()}

    async def _hear(self, sounds: list[ScenarioAlert]) -> None:
        for group, said in self._grouped(sounds).items():
            await self._forward([group_id(group.key)], self.scenario.starts_at + said[0].after)
            for report in (sound for sound in said if sound.by):
                alert = report.alert(self.scenario.starts_at)
                declared = Declaration(alert=alert, seed=f"{self.play}/{report.key}", by=report.by)
                if await self.ingress.join_report(group, declared):
                    continue
                order = OpenIncidentRequest(
                    group=group.key,
                    service=group.service,
                    alerts=(alert,),
                    seed=f"{self.play}/{report.key}",
                    by=report.by,
                )
                incident = await start_incident(self.engine.client, self.on, self.queue, order, await self.on.past())
                await adopt(self.engine.client, self.queue, group, self.on.policy.alerts, incident)
                await self._see([incident])
            heard = [sound for sound in said if not sound.by]
            if heard:
                self.row += 1
                rule = self.on.policy.alerts
                await self.ingress.tell_group(group.key, digest(group, heard, self.row, self.scenario, rule))
        await self._settle()

    async def _act(self, turn: ScenarioAct) -> None:
        at = self.scenario.starts_at + turn.after
        act = meaning(turn.act, self.incidents).model_copy(update={"at": at})
        meant = self.incidents[turn.incident - 1 :][:1] if turn.incident else self.incidents[-1:]
        for incident in meant:
            self.on.world.hear(incident, act)
        try:
            accepted = [(await self.ingress.update(incident, act)).accepted for incident in meant]
        except NotTaken:
            accepted = []
        if accepted != [True]:
            self.refused.append(act.kind)
        await self._settle()

    async def _pass_until(self, moment: datetime) -> None:
        """Pass the incidents' time; a group's clock is put on only when it has something to do."""
        while due := min(((at, key) for key in self.groups if (at := self.next[key]) and at <= moment), default=None):
            await self._forward(self.incidents, due[0])
            await self._forward([group_id(due[1])], due[0])
            if self.next[due[1]] == due[0]:
                await self._settle()  # its clock is there, and its timer rings in a moment
        await self._forward(self.incidents, moment)

    async def _forward(self, ids: list[str], moment: datetime) -> None:
        passed = False
        for one in ids:
            handle = self.engine.client.get_workflow_handle(one)
            left = moment - await self.engine.get_current_time(handle)
            if left > timedelta() and await is_open(handle):
                await self.engine.fast_forward(handle, left)
                passed = True
        if passed:
            await self._settle()

    async def _settle(self) -> None:
        """Wait until nothing is owed that could be done now: only the clocks go on."""
        quiet, seen, began = 0, await self._seen(), time.monotonic()
        while time.monotonic() < began + LONG:
            await asyncio.sleep(0.01)
            before, seen = seen, await self._seen()
            quiet = quiet + 1 if seen == before and not any(busy for _, busy in seen) else 0
            if quiet == 2 and not await self._is_news(seen):
                return
        raise AssertionError(f"{self.scenario.name}: still busy after a long while: {seen}")

    async def _seen(self) -> list[tuple[int, bool]]:
        """How long each history is, and whether anything runs."""
        return await asyncio.gather(*[self._look(one) for one in [*map(group_id, self.groups), *self.incidents]])

    async def _look(self, workflow: str) -> tuple[int, bool]:
        described = (await self.engine.client.get_workflow_handle(workflow).describe()).raw_description
        return described.workflow_execution_info.history_length, is_working(described)

    async def _is_news(self, seen: list[tuple[int, bool]]) -> bool:
        """Whether a group has opened another incident, which is now under way; one that heard nothing has not."""
        for key, (length, _) in zip(self.groups, seen, strict=False):
            if key not in self.watched or self.watched[key][0] != length:
                self.watched[key] = (length, await self._watch(key))
        watches = {key: self.watched[key][1] for key in self.groups}
        self.next = {key: watch.next_at() for key, watch in watches.items()}
        fresh = [one.incident for one in watches.values() if one.incident and one.incident not in self.incidents]
        await self._see(fresh)
        return bool(fresh)

    async def _see(self, fresh: list[str]) -> None:
        """Incidents that were opened just now, whether a group has them or not."""
        for incident in fresh:
            await self._begins(incident)
        self.incidents += fresh

    async def _begins(self, incident: str) -> None:
        """Wait for its first answer; one that begins with a clock put on takes a moment."""
        began = time.monotonic()
        while time.monotonic() < began + LONG:
            with contextlib.suppress(Unanswered, RPCError):
                await self.ingress.view(incident)
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{incident} has not begun after a long while")

    async def _watch(self, group: str) -> AlertGroup:
        watch: AlertGroup = await self.engine.client.get_workflow_handle(group_id(group)).query(
            "watch", result_type=AlertGroup
        )
        return watch

    async def _timelines(self) -> list[list[Event]]:
        return [await self._events(incident) for incident in self.incidents]

    async def _events(self, incident: str) -> list[Event]:
        found: list[Event] = []
        while page := await self.ingress.timeline(incident, len(found)):
            found += page
        return found
