"""What a vendor says to an incident that has ended: it goes on from its records where that changes anything (ACT-2).

An ended incident has no workflow, and its list of events is whole in the records. The act is tried on that list: what
would leave nothing there but a refusal is answered with its reason, anything else begins the incident anew with the
act, which the incident then hears, writes down and follows to its end like any other.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

from temporalio.client import Client, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.service import RPCError

from activities.starting import Listed, start_life
from client.meaning import meaning
from client.port import IncidentNotFound, Unanswered
from client.restoring import described, recorded
from domain.alerting.alert import VendorAct
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import group_id
from domain.incident.incident import Incident
from domain.incident_input import carry
from domain.run import progress
from domain.run import read as fold
from domain.value.act import Act
from records.refusal import RecordsUnavailable
from records.store import Records

AT_ONCE = timedelta(seconds=1)
"""How long a group is asked what it made of an act: what waits behind it must not wait for it."""


class Engine(Protocol):
    """Whoever is connected with the engine, or will be."""

    async def connect(self) -> Client:
        """The connection; raises `EngineUnavailable` where no engine answers."""
        ...


async def hear_afterwards(engine: Engine, records: Records, queue: str, incident: str, act: Act) -> str:
    """Let an ended incident hear an act; answers why it need not, or nothing.

    Raises `IncidentNotFound` where the records know none of this name that has ended, `RecordsUnavailable`, and
    `Unanswered` where the engine does not answer.
    """
    events = await recorded(records, incident)
    known = fold.read(events, excusing=True) if events else None
    if known is None or known.phase != "closed":
        raise IncidentNotFound(incident)
    life = carry(known, len(events))
    answer = progress.receive(known, act, datetime.now(UTC))
    if not answer.accepted or known.number == len(events):
        return f"{incident} has ended, and nothing changes: {answer.text}"
    client = await engine.connect()
    try:
        await start_life(client, queue, incident, life, await _listed(client, known), hears=act)
    except RPCError as error:
        raise meaning(incident, error, f"namespace {client.namespace}") from None
    return ""


async def phase_recorded(records: Records, incident: str) -> str:
    """In which phase the records have it; nothing where they do not, or do not answer."""
    try:
        known = await records.incident(incident)
    except RecordsUnavailable:
        return ""
    return known.phase if known else ""


async def left_over(engine: Engine, digest: AlertDigest) -> tuple[VendorAct, ...]:
    """The acts of a digest that its group has read and that are about no open incident; none where nobody says so."""
    try:
        async with asyncio.timeout(AT_ONCE.total_seconds()):
            group = (await engine.connect()).get_workflow_handle(group_id(digest.group))
            watch: AlertGroup = await group.query("watch", result_type=AlertGroup)
    except (TimeoutError, Unanswered, RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
        return ()
    return watch.unheard(digest.acts, digest.last_row)


async def _listed(client: Client, incident: Incident) -> Listed:
    """What lists say of it, as its run before said."""
    before = await described(client, incident.id)
    seed = await before.memo_value("seed", "") if before else ""
    return Listed(seed, str(incident.title), incident.opened_at, incident.mark)
