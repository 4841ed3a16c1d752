"""How Temporal is asked for incidents, and what its lists say of one."""

from contextlib import suppress
from datetime import datetime

from temporalio.client import WorkflowExecution

from activities.attribute import COMMANDER, KIND, NEXT_DUE, PHASE, SERVICE, SEVERITY
from client.port import EngineUnavailable, IncidentFilter, IncidentSummary
from client.sealed import LACKS, readable

INCIDENTS = "WorkflowType = 'Incident'"
RUNNING = f"{INCIDENTS} AND ExecutionStatus = 'Running'"


def query(wanted: IncidentFilter) -> str:
    """What visibility is asked. An incident has no phase yet while no worker has seen it: that must be seen."""
    parts = [INCIDENTS if wanted.every or wanted.phase == "closed" else RUNNING]
    over = "closed" if wanted.followed_up else "resolved"
    if wanted.phase:
        parts.append(f"IncidentPhase = '{wanted.phase}'")
    elif not wanted.every:
        parts.append(f"(IncidentPhase IS NULL OR IncidentPhase != '{over}')")
    parts += [f"IncidentSeverity IN ('{wanted.severity}', '{wanted.severity}?')"] if wanted.severity else []
    parts += [f"IncidentService = '{wanted.service}'"] if wanted.service else []
    return " AND ".join(parts)


async def summary(execution: WorkflowExecution) -> IncidentSummary:
    """As search attributes and memo show it."""
    known, title, opened_at = execution.typed_search_attributes, f"({LACKS})", execution.start_time
    with suppress(EngineUnavailable), readable(execution.id):
        title = await execution.memo_value("title", "")
        opened_at = await execution.memo_value("opened_at", opened_at, type_hint=datetime)
    return IncidentSummary(
        id=execution.id,
        title=title,
        phase=known.get(PHASE) or "",
        severity=known.get(SEVERITY) or "",
        service=known.get(SERVICE) or "",
        commander=known.get(COMMANDER) or "",
        kind=known.get(KIND) or "",
        next_due_at=known.get(NEXT_DUE),
        opened_at=opened_at,
    )
