"""IncidentWorkflow: one incident from its alert to the last thing owed for it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.alerting.grouping import group_id
    from domain.exchange import AlertsForwarded, AlertsReturned
    from domain.incident.clock import Deadline
    from domain.incident.event import Event
    from domain.incident.lifecycle import let_go
    from domain.incident_input import IncidentInput, carry
    from domain.port.any_duty import AnyDuty
    from domain.procedure.item_changes import takes_back
    from domain.report.due import Due, due
    from domain.report.view import View, timeline, view
    from domain.run import progress as step
    from domain.run.progress import ActResult
    from domain.value.act import Act
    from workflows.failure import NO_CANCEL, is_not_done, reason, refuse_cancel, unread
    from workflows.handler import Handlers
    from workflows.hearing import signal
    from workflows.in_doubt import InDoubt
    from workflows.in_web_ui import InWebUI
    from workflows.limit import LONG_RUN, LONGEST_RUN, ONWARD, RECORD_AGAIN
    from workflows.pace import Pace, first_ring, rings_at, waits_for
    from workflows.performing import batches, begin, begin_together, each, goes_on, rest
    from workflows.reckoning import Reckoning
    from workflows.recording import record
    from workflows.since import CALLED_BACK, NEWEST, ONE_TIMER, OWN_MISS, TAKEN_BACK, since
    from workflows.turn import mark_turn
    from workflows.under_way import UnderWay


@workflow.defn(name="Incident")
class IncidentWorkflow(Handlers):  # type: ignore[misc]
    """Keeps a durable timer for what is due next, runs an activity for every duty, and writes down what happened."""

    @workflow.init
    def __init__(self, life: IncidentInput) -> None:
        self.incident = life.incident(workflow.now())
        self.recorded = life.recorded
        self.timers: dict[str, Deadline] = {}
        self.running: set[str] = set()
        self.in_doubt = InDoubt(life.in_doubt)
        self.under_way = UnderWay()
        self.stirred = True
        self.leaving = False
        self.reckoning = Reckoning(self.incident)
        self.in_web_ui = InWebUI(self.incident, self.reckoning)
        self.pace = Pace()
        self.late: list[AlertsForwarded] = []

    @workflow.run
    async def run(self, life: IncidentInput) -> View:
        """Turn after turn: let time pass, show, begin what is owed, set the timers, wait until something stirs."""
        async with asyncio.TaskGroup() as tasks:
            while not self._is_finished():
                await self._hand_back()
                self.reckoning.pass_time(workflow.now())
                ordered = (self._call_back(), self._begin_duties(tasks), self._set_timers(tasks), self.in_web_ui.show())
                if not any(ordered) and not (self.pace.times_records() and self._set_timers(tasks)):
                    mark_turn()
                if self._should_leave():
                    break
                self.stirred = step.note_faults(self.incident, workflow.now())
                await self._stirs()
            self.leaving = True
        await self._hand_back()
        if not self._is_finished():
            following = carry(self.incident, self.recorded, self.in_doubt.carried())
            workflow.continue_as_new(following, initial_versioning_behavior=ONWARD)
        return self._view()

    async def _stirs(self) -> None:
        """Wait until something stirs. A cancel in the Web UI is no end of a procedure: it is refused, and told."""
        try:
            await workflow.wait_condition(lambda: self.stirred)
        except asyncio.CancelledError:
            if not refuse_cancel():
                raise
            step.not_read(self.incident, "cancel", "", NO_CANCEL, workflow.now())

    def take(self, act: Act) -> ActResult:
        """An act arrived: note what it turns into, and stir `run`."""
        self.stirred = True
        late_counts = step.is_late(self.incident, act) and not since("late acknowledgement")
        missed = step.missed_since(self.incident, act, workflow.now())
        any_miss = bool(missed) and not since(OWN_MISS)
        ends = takes_back(self.incident, act) and not since(TAKEN_BACK)
        return self.reckoning.receive(act, workflow.now(), late_counts=late_counts, any_miss=any_miss, ends=ends)

    @signal("hear_alerts", AlertsForwarded, "Alerts of the group, new or in a new state (DET-4).")
    def hear_alerts(self, told: AlertsForwarded) -> None:
        self.stirred = True
        if let_go(self.incident) and self.incident.opened.group:
            self.late.append(told)
        self.reckoning.hear(told, workflow.now())

    @signal("nudge", None, "Wake up: a new release may be waiting for this incident.")
    def nudge(self) -> None:
        """Look around; on a new release this continues as new onto it."""
        self.stirred = True

    @workflow.query(name="incident", description="The incident in one answer.")
    def ask_incident(self) -> View:
        return self._view()

    @workflow.query(name="due", description="Every running deadline, the next first.")
    def ask_due(self) -> tuple[Due, ...]:
        return due(self.incident)

    @workflow.query(name="timeline", description="The events after a number, 200 at most.")
    def ask_timeline(self, after: int = 0) -> list[Event]:
        return timeline(self.incident, after)

    def _view(self) -> View:
        return view(self.incident, self.reckoning.left(workflow.now()))

    def _is_finished(self) -> bool:
        """Closed, nothing owed, everything recorded."""
        over = self.incident.phase == "closed" and not self.running and self.recorded == self.incident.number
        return over and not self.late and not self._to_do()

    def _should_leave(self) -> bool:
        """At a quiet moment onto a new release or out of a long history; past `LONGEST_RUN` even from a busy one."""
        info = workflow.info()
        long = info.get_current_history_length()
        wanted = info.is_continue_as_new_suggested() or info.is_target_worker_deployment_version_changed()
        quiet = self.running <= {"record later"}
        return (quiet and (wanted or long > LONG_RUN)) or long > LONGEST_RUN

    async def _hand_back(self) -> None:
        """What the group told of while its incident was closing belongs to the next incident (DET-3)."""
        while self.late:
            told = self.late.pop(0)
            group = workflow.get_external_workflow_handle(group_id(told.group or self.incident.opened.group))
            into = self.incident.relations.merged_into
            returned = AlertsReturned(incident=self.incident.id, alerts=told.alerts, merged_into=into)
            try:
                await group.signal("hand_back", returned)
            except ApplicationError as error:
                workflow.logger.error("%s: late alerts could not be handed back: %s", self.incident.id, error)

    def _to_do(self) -> tuple[AnyDuty, ...]:
        """What is owed, and what is to be looked for."""
        owed = self.reckoning.owed()
        return (*owed, *self.in_doubt.looks(self.incident, owed))

    def _begin_duties(self, tasks: asyncio.TaskGroup) -> bool:
        """An activity for everything that is owed now and not under way, the records too; whether there was any."""
        now, before, begun = workflow.now(), len(self.running), list[AnyDuty]()
        owed = [duty for duty in self._to_do() if self.pace.may_begin(duty, now)]
        for duty in self.pace.first((duty for duty in owed if duty.key not in self.running), now):
            if duty.key not in self.running and not duty.awaits_turn(self.running):
                self.running.add(duty.key)
                begun.append(duty.model_copy(update={"tried": True}) if duty.key in self.in_doubt else duty)
                self.in_doubt.settle(duty)
        row = self.reckoning.row(begun, lambda duty: duty.key in self.running or duty.key in self.in_doubt)
        self.running |= {duty.key for duty in row}
        for some in batches(self.incident, begun, row):
            tasks.create_task(self._perform_together(some) if some[1:] else self._perform(some[0]))
        unrecorded = self.recorded < self.incident.number and "record" not in self.running
        if unrecorded and self.pace.may_record(self.running, self._next_duty(now), self.reckoning.rings(now), now):
            self.running.add("record")
            tasks.create_task(self._record())
        return len(self.running) > before

    def _call_back(self) -> bool:
        """Cancel what is under way and not to be done any more, unless it has left; whether there was any."""
        late = self.under_way.call_back(self.incident, self.reckoning.owed())
        for order in late:
            for duty in order.duties:
                self.in_doubt.add(duty, order.vendor)
        return bool(late)

    async def _perform(self, duty: AnyDuty) -> None:
        """Do a duty; what came of it is the next event, a failure too."""
        try:
            outcome = await self.under_way.ended(self.incident, [duty], begin(self.incident, duty))
        except ActivityError as error:
            self._fail([duty], error)
        except (RuntimeError, ValueError) as error:  # an answer that cannot be read
            step.failed(self.incident, duty, unread(error), False, workflow.now())
        else:
            if outcome:
                self.reckoning.done(duty, outcome, workflow.now())
        self.pace.has_left(duty.key)
        self.running.discard(duty.key)
        self.stirred = True

    async def _perform_together(self, duties: list[AnyDuty]) -> None:
        """Do what one turn asks of the chat; what could not be done goes on by itself, what waited for it is owed."""
        left = list[tuple[AnyDuty, timedelta | None]]()
        try:
            activity = self.under_way.ended(self.incident, duties, begin_together(self.incident, duties))
            for duty, ended in zip(duties, await each(activity, len(duties)), strict=True):
                if ended.outcome is not None:
                    self.reckoning.done(duty, ended.outcome, workflow.now())
                elif not ended.begun:
                    self.in_doubt.add(duty, duty.vendor)  # an earlier attempt of the same activity may have said it
                elif goes_on(duty, ended):
                    left.append((duty, ended.retry_after))
                else:
                    step.failed(self.incident, duty, ended.said, ended.retryable, workflow.now())
        except ActivityError as error:
            self._fail(duties, error)
        self.running -= {duty.key for duty in duties} - {duty.key for duty, _ in left}
        self.stirred = True
        await asyncio.gather(*(self._perform_again(duty, after) for duty, after in left))

    async def _perform_again(self, duty: AnyDuty, after: timedelta | None) -> None:
        """By itself, when the chat wants to be asked again; it is looked for before it is done."""
        if after:
            await rest(after, f"{duty.clause} {duty.kind}: the chat wants patience", lambda: self.leaving)
        now = self._as_owed(duty) if since(CALLED_BACK) else duty
        if now:
            await self._perform(now.model_copy(update={"tried": True}))
        else:
            self.in_doubt.add(duty, duty.vendor)
            self.running.discard(duty.key)
            self.stirred |= since(NEWEST)

    def _as_owed(self, duty: AnyDuty) -> AnyDuty | None:
        """In the words of now; a word owed no more is said all the same, unless it is a secret by now (SCP-3)."""
        found = next((one for one in self.reckoning.owed() if one.key == duty.key), None)
        return found or (None if self.incident.secret or duty.recallable else duty)

    def _fail(self, duties: Sequence[AnyDuty], error: ActivityError) -> None:
        """The vendor's no is the next event; what was called back is none, and is looked for."""
        said, retryable = reason(error)
        for duty in duties:
            later = retryable and self.in_doubt.is_asked_later(duty, workflow.now())
            if not (later or is_cancelled_exception(error) or is_not_done(error)):
                step.failed(self.incident, duty, said, retryable, workflow.now())

    async def _record(self) -> None:
        """Let the records have the events they lack; an outage of theirs delays them and nothing else."""
        recorded = await record(self.incident, self.recorded)
        if recorded is None:
            await self._pause()
        else:
            self.recorded = recorded.up_to
            if recorded.said:
                step.disagreed(self.incident, recorded.said, workflow.now())
        self.running.discard("record")
        self.stirred = True

    async def _pause(self) -> None:
        """Wait before the records are tried again, unless the run is to end."""
        self.running.discard("record")
        self.running.add("record later")
        await rest(RECORD_AGAIN, "SOC-1 the records are away; try again", lambda: self.leaving)
        self.running.discard("record later")

    def _set_timers(self, tasks: asyncio.TaskGroup) -> bool:
        """One timer for the deadlines, one for the next duty that waits; whether one of them is new."""
        now = workflow.now()
        wanted = self._next_ring(now) | self.pace.waits(now)
        if first := self._next_duty(now):
            wanted["next duty"] = waits_for(first)
        new = {key: deadline for key, deadline in wanted.items() if self.timers.get(key) != deadline}
        for key, deadline in new.items():
            self.timers[key] = deadline
            tasks.create_task(self._ring(key, deadline))
        for key in self.timers.keys() - wanted.keys():
            del self.timers[key]
        return bool(new)

    def _next_ring(self, now: datetime) -> dict[str, Deadline]:
        """What the timer for the deadlines is set to; each has its own in runs that an earlier release began."""
        rings = self.reckoning.rings(now)
        return first_ring(rings, self.timers) if rings and since(ONE_TIMER) else rings

    def _next_duty(self, now: datetime) -> AnyDuty | None:
        """The first duty that waits for its moment and for nothing else."""
        later = [duty for duty in self._to_do() if duty.not_before and duty.not_before > now]
        waiting = [duty for duty in later if duty.key not in self.running and not duty.awaits_turn(self.running)]
        return min(waiting, key=lambda duty: (duty.not_before, duty.key), default=None)

    async def _ring(self, key: str, deadline: Deadline) -> None:
        """Wait for one ring, unless the deadline moves or goes; `run` then asks the list again before it acts."""
        left = rings_at(deadline) - workflow.now()
        try:
            await workflow.wait_condition(
                lambda: self.leaving or self.timers.get(key) != deadline,
                timeout=max(left.total_seconds(), 0.001),
                timeout_summary=deadline.summary[:200],
            )
        except TimeoutError:
            self.timers.pop(key, None)
            self.stirred = True
