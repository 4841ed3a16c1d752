"""Takes events and suppressed alerts to the records."""

from temporalio import activity

from activities.earlier import told_by
from activities.gauge import Deadlines
from domain.company.deployment import before
from domain.exchange import EventBatch, Recorded, SuppressedAlerts
from domain.port.duty import Outcome
from domain.port.internal import FindDeployments, FindRepeats
from domain.procedure.repeats import MOST
from records.overview import overview
from records.record import Stored, canonical
from records.refusal import RecordConflict, RecordGap
from records.store import Records


class RecordActivities:
    """The records, as activities; writing the same events twice is one write."""

    def __init__(self, records: Records, deadlines: Deadlines) -> None:
        self._records, self._deadlines = records, deadlines

    @activity.defn
    async def record(self, batch: EventBatch) -> Recorded:
        """Append the events (SOC-1). An outage is tried again; where the records disagree, they stay and it is said."""
        stored = [Stored.of(event) for event in batch.events]
        try:
            new = await self._records.append(batch.incident, stored, overview(batch.view))
        except (RecordConflict, RecordGap) as error:
            there = await self._records.events(batch.incident)
            return Recorded(up_to=min(len(there), batch.events[-1].number), said=str(error))
        self._deadlines.count(batch.events[len(stored) - new :])
        return Recorded(up_to=batch.events[-1].number)

    @activity.defn
    async def suppress(self, order: SuppressedAlerts) -> None:
        """Keep the alerts that opened nothing, with the reason (SCP-2)."""
        for alert in order.alerts:
            key = f"{order.group}/{alert.key}/{alert.episode or alert.at.isoformat()}"
            body = canonical(alert)
            await self._records.suppress(body, order.reason, order.at, key)

    @activity.defn
    async def find_repeats(self, duty: FindRepeats) -> Outcome:
        """Earlier incidents with the same root cause, each as its own events tell it (REP-1)."""
        rows = await self._records.caused_by(duty.cause, duty.since, duty.until)
        newest = [row.id for row in rows if row.id != duty.incident][:MOST]
        return Outcome(repeats=await told_by(self._records, newest))

    @activity.defn
    async def find_deployments(self, duty: FindDeployments) -> Outcome:
        """The service's last deployments before the alert, each as it stood then (TRI-1)."""
        states = await self._records.deployments(duty.service, duty.until)
        return Outcome(deployments=before(states, duty.service, duty.until, duty.limit))
