"""Orders what an incident owes to the world as activities: each by itself, what one turn asks of the chat in one."""

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import Priority

from domain.exchange import DutyBatch, DutyEnded
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.run.agenda import vendor_of
from workflows.limit import SILENCE, limit_of
from workflows.since import IN_A_ROW, SEVERAL, since

LONGEST = 200
"""Signs of a summary in the Web UI."""
DIGITS = 12
BATCH = "several"
"""The activity that does more than one duty."""
MOST, EARLIER_MOST = 8, 4
"""Duties in one activity: the chat's rate is kept in activities, as its client says it."""


def begin(incident: Incident, duty: AnyDuty) -> workflow.ActivityHandle[Outcome]:
    """Order one duty."""
    return workflow.start_activity(duty.kind, duty, result_type=Outcome, **_how(incident, [duty]))


def begin_together(incident: Incident, duties: Sequence[AnyDuty]) -> workflow.ActivityHandle[list[DutyEnded]]:
    """Order one try of each of these, in one activity.

    A replay that would ask for others is noticed by its id, as by its kind it is where each is alone.
    """
    return workflow.start_activity(
        BATCH,
        DutyBatch(duties=tuple(duties)),
        activity_id=_named(duties),
        result_type=list[DutyEnded],
        **_how(incident, duties),
    )


async def each(ended: Awaitable[list[DutyEnded] | None], count: int) -> list[DutyEnded]:
    """What came of each; where the answer cannot be read, each is looked for, and what was called back is owed."""
    try:
        return await ended or [DutyEnded(begun=False)] * count
    except (RuntimeError, ValueError):
        return [DutyEnded()] * count


def goes_on(duty: AnyDuty, ended: DutyEnded) -> bool:
    """Whether what could not be done is tried again before its failure is told, as where it is alone."""
    return ended.retryable and (ended.retry_after or timedelta()) < limit_of(duty).go_on_for


async def rest(span: timedelta, why: str, until: Callable[[], bool]) -> None:
    """Wait so long, unless something comes before."""
    with contextlib.suppress(TimeoutError):
        await workflow.wait_condition(until, timeout=span, timeout_summary=why)


def _named(duties: Sequence[AnyDuty]) -> str:
    """An id made of the keys, which name people and are not to be read where everything else is encrypted."""
    return hashlib.sha256(" ".join(duty.key for duty in duties).encode()).hexdigest()[:DIGITS]


def batches(incident: Incident, duties: Sequence[AnyDuty], row: Sequence[AnyDuty]) -> list[list[AnyDuty]]:
    """What is ordered in one activity, in order: what a turn asks of the chat; everything else is by itself.

    `row` is what the room hears after what it hears now, and goes with that.
    """
    found = defaultdict[object, list[AnyDuty]](list)
    for duty in duties:
        together = duty.role == "room" and not duty.called_back and since(SEVERAL)
        of = _queue(incident, duty) if together else duty.key
        found[of].append(duty)
    most = MOST if since(IN_A_ROW) else EARLIER_MOST
    some = [some[first : first + most] for some in found.values() for first in range(0, len(some), most)]
    return [[*one, *row] if any(duty.in_order for duty in one) else one for one in some]


def _how(incident: Incident, duties: Sequence[AnyDuty]) -> dict[str, Any]:
    limits = [limit_of(duty) for duty in duties]
    said = "; ".join(f"{duty.clause} {duty.shown(incident.secret)}" for duty in duties)
    return {
        "task_queue": _queue(incident, duties[0]),
        "summary": said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…",
        "start_to_close_timeout": limits[0].try_for,
        "schedule_to_close_timeout": limits[0].go_on_for,
        "heartbeat_timeout": SILENCE,
        "retry_policy": limits[0].retry,
        "priority": Priority(priority_key=min(limit.priority.priority_key or 3 for limit in limits)),
        "cancellation_type": workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    }


def _queue(incident: Incident, duty: AnyDuty) -> str:
    """The task queue of the vendor that plays the role for this service; it carries the vendor's rate limit."""
    if duty.role == "group" or duty.role == "archive":
        return f"{workflow.info().task_queue}-{'engine' if duty.role == 'group' else 'records'}"
    return f"{workflow.info().task_queue}-{duty.vendor or vendor_of(incident, duty.role)}"
