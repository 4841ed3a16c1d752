"""DrillWorkflow: plays what a drill's scenario says at its moments, and ends the drill."""

from collections.abc import Sequence
from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.drill import DrillPlan, DrillStep
    from domain.exchange import AlertsForwarded, AlertsReturned, OpenIncidentRequest
    from domain.port.internal import ReportToGroup
    from domain.procedure.resolution import EndDrill
    from workflows.hearing import Unread, signal, unknown
    from workflows.opening import open_incident


@workflow.defn(name="Drill")
class DrillWorkflow:
    """Stands where a group of alerts stands: opens one incident, tells it what happens, and hears what becomes of it.

    It lives in the engine, so a drill outlives the terminal it was started from. It ends when its incident is resolved
    and the scenario has no more to say, when somebody ends it, or at its last moment.
    """

    @workflow.init
    def __init__(self, plan: DrillPlan) -> None:
        self.incident = ""
        self.phase = ""
        self.left = len(plan.cues)

    @workflow.run
    async def run(self, plan: DrillPlan) -> str:
        """Open the incident, give every cue at its moment, end the drill; answers the incident's id."""
        self.incident = await self._open(plan)
        for cue in plan.cues:
            if await self._is_over_by(cue.at, cue.says):
                break
            await self._give(cue)
            self.left -= 1
        await self._is_over_by(plan.ends_at, "DRILL the end of the drill")
        await self._told("end_drill", EndDrill(by="standfast", id=f"{plan.group}/end"))
        return self.incident

    @signal("report", ReportToGroup, "What became of the drill's incident.")
    def report(self, report: ReportToGroup) -> None:
        """The incident reports a new phase, as to a group of alerts."""
        self.phase = report.phase

    @signal("hand_back", AlertsReturned, "Alerts that came too late for the incident.")
    def hand_back(self, returned: AlertsReturned) -> None:
        """A drill opens no second incident."""

    @workflow.signal(dynamic=True)
    def unknown(self, name: str, args: Sequence[RawValue]) -> None:
        """A signal nobody knows."""
        self.unread(unknown("signal", name))

    def unread(self, signal: Unread) -> None:
        """A drill has no room of its own: what cannot be read is said in the log and on its page in the Web UI."""
        workflow.logger.error("%s: %s could not be read: %s", workflow.info().workflow_id, signal.signal, signal.why)
        workflow.set_current_details(f"{signal.signal} could not be read: {signal.why}")

    @workflow.query(name="incident", description="The id of the drill's incident; empty before it is open.")
    def ask_incident(self) -> str:
        return self.incident

    async def _open(self, plan: DrillPlan) -> str:
        order = OpenIncidentRequest(
            group=plan.group, service=plan.service, alerts=plan.opens, seed=plan.group, rehearsal=plan.rehearsal
        )
        return await open_incident(order, f"DRILL open the incident of {plan.name}")

    async def _is_over_by(self, moment: datetime, says: str) -> bool:
        """Wait until a moment; whether the drill was over before it."""
        left = max((moment - workflow.now()).total_seconds(), 0.001)
        try:
            await workflow.wait_condition(self._is_over, timeout=left, timeout_summary=says)
        except TimeoutError:
            return False
        return True

    def _is_over(self) -> bool:
        return self.phase == "closed" or (self.phase == "resolved" and not self.left)

    async def _give(self, cue: DrillStep) -> None:
        if cue.act:
            await self._told(cue.act.kind, cue.act)
        if cue.alerts:
            await self._told("hear_alerts", AlertsForwarded(alerts=cue.alerts))

    async def _told(self, signal: str, payload: object) -> None:
        """Signal the incident; one that has ended takes nothing more."""
        try:
            await workflow.get_external_workflow_handle(self.incident).signal(signal, payload)
        except ApplicationError:
            workflow.logger.info("%s has ended; %s was not passed on", self.incident, signal)
