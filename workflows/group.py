"""AlertGroupWorkflow: the alerts of one service, and which incident they belong to."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.alerting.alert import Alert
    from domain.alerting.alert_group import AlertGroup
    from domain.alerting.digest import AlertDigest
    from domain.alerting.scope import is_security
    from domain.alerting.sifting import GroupAction
    from domain.exchange import AlertsForwarded, AlertsReturned, OpenIncidentRequest, SuppressedAlerts
    from domain.port.internal import ReportToGroup
    from domain.value.act import Act
    from domain.value.portion import portions
    from domain.value.private import Private
    from workflows.failure import insisted
    from workflows.hearing import Unread, signal, unknown
    from workflows.limit import LONG_RUN, ONWARD, OPENING, RECORDING, Limit
    from workflows.opening import open_incident
    from workflows.since import since
    from workflows.turn import mark_turn

TOLD_KEPT_BACK = "what is kept back is told to whoever fights an incident of the service"
"""Runs that began before this was so go on as they were recorded."""
TOLD_ASIDE = "what is kept back is told while the group goes on"
"""Runs that began before this was so go on as they were recorded."""
KEPT_ASIDE = "what is suppressed is recorded while the group goes on"
"""Runs that began before this was so go on as they were recorded."""
MOST_ASIDE = 500
"""Recordings and tellings of a group that go on at once; Temporal bears 2,000 activities of one workflow."""
ALERTS = frozenset({"tell", "hand_back"})
"""The signals that may carry alerts."""
QUIET = timedelta(days=7)
"""So long after the last word a group with nothing to remember ends; the next alert begins it anew."""
ENDS = "a group that stays quiet ends"
"""Runs that began before this was so go on as they were recorded."""


@workflow.defn(name="AlertGroup")
class AlertGroupWorkflow:
    """Suppresses, damps, opens at most one incident at a time, and passes on what its incident must hear.

    The engine itself decides which incident an alert belongs to: signal-with-start on the group's id, so no lock.
    """

    @workflow.init
    def __init__(self, watch: AlertGroup) -> None:
        self.watch = watch
        self.digests: list[AlertDigest] = []
        self.reports: list[ReportToGroup] = []
        self.adopted: list[str] = []
        self.returned: list[AlertsReturned] = []
        self.misread: list[Unread] = []
        self.nudged = False
        self.telling: set[asyncio.Task[None]] = set()
        """What is recorded and told of what is kept back: nobody waits for it but the end of the run."""
        self.heard_at = workflow.now()

    @workflow.run
    async def run(self, watch: AlertGroup) -> None:
        """Read what arrived, do what it asks for, wait; continue as new before the history grows, or end."""
        self.watch, steps = self.watch.read_kept(workflow.now())
        await self._do(steps)
        while True:
            await self._work()
            ends_at = self._ends_at()
            if ends_at and ends_at <= workflow.now() and not self._arrived():
                return
            workflow.set_current_details(self.watch.describe())
            info = workflow.info()
            long = info.is_continue_as_new_suggested() or info.get_current_history_length() > LONG_RUN
            leaves = (long or info.is_target_worker_deployment_version_changed()) and not self._arrived()
            if leaves and not self.telling:
                workflow.continue_as_new(self.watch, initial_versioning_behavior=ONWARD)
            await (self._let_tell() if leaves else self._wait())

    @signal("tell", AlertDigest, "What the inbox heard for this group.")
    def tell(self, digest: AlertDigest) -> None:
        self.digests.append(digest)

    @signal("report", ReportToGroup, "What became of the group's incident.")
    def report(self, report: ReportToGroup) -> None:
        """The incident reports a new phase (RES-3)."""
        self.reports.append(report)

    @signal("adopt", str, "An incident was declared by a person; alerts of the group join it (DET-4).")
    def adopt(self, incident: str) -> None:
        self.adopted.append(incident)

    @signal("hand_back", AlertsReturned, "Alerts that reached an incident after its end.")
    def hand_back(self, returned: AlertsReturned) -> None:
        """Alerts that an incident was told of and could not take in any more (DET-3)."""
        self.returned.append(returned)

    @signal("nudge", None, "Wake up: a new release may be waiting for this group.")
    def nudge(self) -> None:
        """Look around; on a new release this continues as new onto it."""
        self.nudged = True

    @workflow.signal(dynamic=True)
    def unknown(self, name: str, args: Sequence[RawValue]) -> None:
        """A signal nobody knows is said in the log: nothing that carries alerts is sent by another name."""
        self.unread(unknown("signal", name))

    def unread(self, signal: Unread) -> None:
        """What the ingress or an incident said and this release cannot read is kept, and rings."""
        workflow.logger.error("%s: %s could not be read: %s", self.watch.group, signal.signal, signal.why)
        if signal.signal in ALERTS:
            self.misread.append(signal)

    @workflow.query(name="watch", description="The group's alerts and its incident.")
    def ask_watch(self) -> AlertGroup:
        return self.watch

    def _arrived(self) -> bool:
        return bool(self.digests or self.reports or self.adopted or self.returned or self.misread)

    def _is_awake(self) -> bool:
        return self.nudged or self._arrived()

    async def _work(self) -> None:
        """Take in everything that has arrived, in order, and do what it asks for."""
        now = workflow.now()
        self.heard_at = now if self._arrived() else self.heard_at
        while self.adopted:
            self.watch = self.watch.adopt(self.adopted.pop(0), now)
        while self.reports:
            self.watch = self.watch.hear_report(self.reports.pop(0))
        while self.returned:
            await self._hear_again(self.returned.pop(0))
        while self.digests:
            self.watch, steps = self.watch.read(self.digests.pop(0), now)
            await self._do(steps)
        while self.misread:
            one = self.misread.pop(0)
            said = one.said if one.signal == "tell" else ""
            self.watch, steps = self.watch.misread(one.signal, one.why, said, workflow.now())
            await self._do(steps)
        self.watch, steps = self.watch.pass_time(workflow.now())
        await self._do(steps)

    async def _do(self, steps: tuple[GroupAction, ...]) -> None:
        for step in steps:
            if step.suppressed:
                await self._suppress(step)
            elif step.opens:
                await self._open(step.alerts, step.beside)
            elif step.act:
                await self._hand_on(step.incident or self.watch.incident, step.act)
            elif step.incident or self.watch.incident:
                told = AlertsForwarded(alerts=step.alerts, count=step.count, unseen=step.unseen, group=self.watch.group)
                await self._pass_on(step.incident or self.watch.incident, told)

    async def _open(self, alerts: tuple[Alert, ...], beside: str) -> None:
        """DET-1, DET-3: one incident; its id comes from the seed, so a second attempt finds the first."""
        watch = self.watch
        first, *rest = map(tuple, portions(alerts))
        order = OpenIncidentRequest(
            group=watch.group, service=watch.service, alerts=first, seed=watch.seed, beside=beside
        )
        secret = any(is_security(alert, self.watch.rule) for alert in alerts)
        title = Private(alerts[0].title, secret)
        incident = await insisted(lambda: open_incident(order, f"DET-1 open an incident: {title}"))
        self.watch = self.watch.opened(incident)
        for some in rest:
            await self._pass_on(incident, AlertsForwarded(alerts=some, count=len(some), group=watch.group))

    async def _hand_on(self, incident: str, act: Act) -> None:
        """Hand an act to its incident; one that is for none is said in the log, for a signal needs a receiver."""
        if incident:
            await self._told(incident, act.kind, act)
        else:
            workflow.logger.warning("%s: %s by %s is for no incident", self.watch.group, act.kind, act.by)

    async def _pass_on(self, incident: str, told: AlertsForwarded) -> None:
        """Pass alerts on; what still fires and comes too late for this incident opens the next (DET-3)."""
        for said in told.messages():
            if not await self._told(incident, "hear_alerts", said):
                await self._hear_again(AlertsReturned(incident=incident, alerts=said.alerts))

    async def _hear_again(self, returned: AlertsReturned) -> None:
        watch = self.watch.moved(returned.incident, returned.merged_into) if returned.merged_into else self.watch
        self.watch, steps = watch.forget(returned.incident).hear_again(returned.alerts, workflow.now())
        await self._do(steps)

    async def _told(self, incident: str, signal: str, payload: object) -> bool:
        """Whether an incident took this; one that has ended meanwhile takes nothing."""
        try:
            await insisted(lambda: workflow.get_external_workflow_handle(incident).signal(signal, payload))
        except ApplicationError:
            workflow.logger.warning("%s: %s has ended; %s was not passed on", self.watch.group, incident, signal)
            return False
        return True

    async def _suppress(self, step: GroupAction) -> None:
        """SCP-2: kept as suppressed with the reason, where an auditor can see it, and told to whoever fights there.

        Neither keeps the group from what arrives next: the records may be away for hours.
        """
        if step.suppressed is None:
            return
        for alerts in map(tuple, portions(step.alerts)):
            kept = SuppressedAlerts(
                group=self.watch.group,
                alerts=alerts,
                reason=step.suppressed.reason,
                at=workflow.now(),
                service=self.watch.service,
            )
            if since(KEPT_ASIDE):
                await self._aside(self._keep_suppressed(kept))
                await self._told_aside(kept)
            else:
                await self._keep_suppressed(kept)
                await self._tell_as_before(kept)

    async def _keep_suppressed(self, kept: SuppressedAlerts) -> None:
        if not await _did("suppress", kept, "records", f"suppressed: {kept.reason}", RECORDING, timedelta(days=1)):
            workflow.logger.error("%s: a suppressed alert could not be recorded within a day", self.watch.group)

    async def _tell_as_before(self, kept: SuppressedAlerts) -> None:
        """As runs do that began when the recording was waited for."""
        if kept.service and since(TOLD_KEPT_BACK):
            await (self._told_aside(kept) if since(TOLD_ASIDE) else self._tell_kept_back(kept))

    async def _told_aside(self, kept: SuppressedAlerts) -> None:
        if kept.service:
            await self._aside(self._tell_kept_back(kept))

    async def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Let it go on beside what arrives next; where too much goes on already, the first of that is waited for."""
        if len(self.telling) >= MOST_ASIDE:
            await insisted(lambda: workflow.wait_condition(lambda: len(self.telling) < MOST_ASIDE))
        task = asyncio.create_task(work)
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)

    async def _tell_kept_back(self, kept: SuppressedAlerts) -> None:
        """SCP-2: whoever fights an incident of the service hears of it; for whom that fails, the records have it."""
        told = f"tell who fights an incident of {kept.service}"
        if not await _did("tell_kept_back", kept, "engine", told, OPENING, timedelta(minutes=1)):
            workflow.logger.warning("%s: what is kept back could not be told", self.watch.group)

    async def _let_tell(self) -> None:
        """Before a run ends: until what is under way was told, or something arrives."""
        await insisted(lambda: workflow.wait_condition(lambda: self._arrived() or not self.telling))

    def _ends_at(self) -> datetime | None:
        """When the group ends if nothing more arrives; None while it has something to remember."""
        return self.heard_at + QUIET if self.watch.is_idle and since(ENDS) else None

    async def _wait(self) -> None:
        """Until something arrives, the next held alert or window is due, or nothing has arrived for long."""
        due, self.nudged = self.watch.next_at() or self._ends_at(), False
        if due is None:
            mark_turn()
            await insisted(lambda: workflow.wait_condition(self._is_awake))
            return
        left = max((due - workflow.now()).total_seconds(), 0.001)
        try:
            why = self.watch.waits_for() if self.watch.next_at() else "the end of a group that stays quiet"
            await insisted(lambda: workflow.wait_condition(self._is_awake, timeout=left, timeout_summary=why))
        except TimeoutError:
            return


async def _did(activity: str, kept: SuppressedAlerts, desk: str, summary: str, limit: Limit, within: timedelta) -> bool:
    """SCP-2: whether something was done in time with alerts that open nothing, whatever cancels come between."""
    try:
        await insisted(
            lambda: workflow.execute_activity(
                activity,
                kept,
                task_queue=f"{workflow.info().task_queue}-{desk}",
                summary=f"SCP-2 {summary}"[:200],
                start_to_close_timeout=limit.try_for,
                schedule_to_close_timeout=within,
                retry_policy=limit.retry,
            )
        )
    except ActivityError:
        return False
    return True
