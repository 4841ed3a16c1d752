"""The three questions that are asked of an incident, each answered by every family of clauses.

    decide     (incident, act)     -> what it turns into, or a refusal with its reason
    deadlines  (incident)          -> what is due when and who owes it
    duties     (incident, now)     -> what is owed to the world and not recorded as done

The policy is in the list: frozen into the `opened` event, replaced only by a recorded act.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from domain.incident.clock import Clock, Deadline
from domain.incident.clocks import Missed, Reminded
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import Duty
from domain.port.chat import Say
from domain.port.message import Message
from domain.procedure import evidence as soc
from domain.procedure import war_room as war
from domain.procedure.sop import PROCEDURE
from domain.rule.act import IncidentAct
from domain.rule.refusal import Refusal
from domain.run.may import forbidden
from domain.run.telling import notice
from domain.value.act import Act
from domain.value.calendar import later


def decide(incident: Incident, act: Act) -> tuple[Fact, ...] | Refusal:
    """What an act turns into; the same act twice turns into nothing."""
    if act.id and act.id in incident.acts:
        return ()
    refused = forbidden(incident, act)
    if refused:
        return refused
    if not isinstance(act, IncidentAct):
        raise TypeError(f"{act.kind}: found an act without a decision")
    try:
        return act.decide(incident)
    except Exception as error:
        if not incident.faults.excuse(f"{act.kind} decides", error):
            raise
        return Refusal(f"Standfast could not decide it: a rule of its own failed ({type(error).__name__})")


def clocks(incident: Incident) -> Iterator[Clock]:
    """Every clock that runs, and at least those that were the last to stop; the verdicts on older ones are events.

    Only events change them: they are reckoned once for each, because every question of a turn asks for them.
    """
    if incident.ticking[0] != incident.number:
        found = (soc.unless_waived(incident, clock) for clock in PROCEDURE.clocks(incident))
        incident.ticking = (incident.number, tuple(found))
    return iter(incident.ticking[1])


def deadlines(incident: Incident) -> list[Deadline]:
    """Exactly one deadline for every running clock, the next to ring first."""
    running = [_deadline(incident, clock) for clock in clocks(incident) if clock.running]
    return sorted(running, key=lambda one: (one.rings_at is None, one.rings_at or one.due_at, one.key))


def _deadline(incident: Incident, clock: Clock) -> Deadline:
    """When the clock's timer rings next: for a reminder, at the deadline, or to chase after it."""
    ring, rings_at = _next_ring(incident, clock)
    if ring in ("remind", "chase") and rings_at:
        rings_at = max(rings_at, incident.snoozed.get(clock.clause, rings_at))
    if ring == "remind" and rings_at and rings_at >= clock.due_at:
        ring, rings_at = "due", clock.due_at
    return Deadline(clock.clause, clock.key, clock.says, clock.owner, clock.due_at, rings_at, ring)


def _next_ring(incident: Incident, clock: Clock) -> tuple[str, datetime | None]:
    rule = incident.policy.clocks.get(clock.clause)
    if clock.wait:
        return "wait", clock.due_at
    hours = incident.policy.hours(clock.clause, incident.likely)
    if clock.key in incident.missed:
        times, _ = incident.missed[clock.key]
        every = rule.every if rule and clock.owner != STANDFAST else None
        return "chase", later(clock.due_at, every * times, hours) if every else None
    reminded_at = incident.reminded.get(clock.key)
    remind_at = rule.next_reminder(clock.started_at, clock.due_at, reminded_at, hours) if rule else None
    if remind_at and clock.owner != STANDFAST:
        return "remind", remind_at
    return "due", clock.due_at


def duties(incident: Incident, now: datetime) -> list[Duty]:
    """What is owed to the world, not recorded as done, and not waiting for a later moment."""
    return [duty for duty in owed(incident) if duty.not_before is None or duty.not_before <= now]


def owed(incident: Incident) -> Iterator[Duty]:
    """Everything owed, with the moment before which it is not to be tried (again)."""
    for duty in chain(PROCEDURE.duties(incident), _titled(incident)):
        if duty.key not in incident.done and _has_vendor(incident, duty):
            yield _after_failure(incident, duty)
    if incident.catalog.vendor("room", incident.service.name) != "none":
        yield from _say(incident)


def _titled(incident: Incident) -> Iterator[Duty]:
    """The topic of the room, with the next thing that somebody owes."""
    if incident.open_room:
        owing = (one for one in deadlines(incident) if one.ring != "wait" and one.owner != STANDFAST)
        yield from war.titled(incident, min(owing, key=lambda one: one.due_at, default=None))


def _has_vendor(incident: Incident, duty: Duty) -> bool:
    return (
        duty.role == "group"
        or duty.role == "archive"
        or incident.catalog.vendor(duty.role, incident.service.name) != "none"
    )


def _worded(incident: Incident, event: Event) -> Message | None:
    """What people are told of an event; nothing where the words for it fail."""
    try:
        return notice(incident, event)
    except Exception as error:
        if not incident.faults.excuse(f"{event.what.kind} is told", error):
            raise
        return None


def _after_failure(incident: Incident, duty: Duty) -> Duty:
    """A duty that failed waits for its pause; the failure never ends it."""
    failure = incident.failures.get(duty.key)
    if failure is None:
        return duty.model_copy(update={"tried": True}) if incident.begun_anew else duty
    again = failure.at + incident.policy.retry.pause(failure.times, failure.retryable)
    return duty.model_copy(update={"not_before": max(again, duty.not_before or again), "tried": True})


def _say(incident: Incident) -> Iterator[Duty]:
    """The oldest thing people have not been told of: one at a time, so that a room reads in order.

    A reminder whose clock has stopped meanwhile is not said any more. What the room refuses for good, because somebody
    archived it, is said at once under the headline; what is refused there too does not hold up the rest.
    """
    thread = incident.shown["headline"].ref if "headline" in incident.shown and not incident.secret else ""
    if not incident.open_room and not thread:
        return
    running: set[str] | None = None
    for number, event in incident.notices.items():
        failure = incident.failures.get(f"say/{number}")
        if failure and not failure.retryable and failure.times >= 3:
            continue
        if isinstance(event.what, Reminded | Missed):
            running = running if running is not None else {clock.key for clock in clocks(incident) if clock.running}
            if event.what.key not in running and (isinstance(event.what, Reminded) or event.what.stopped_at is None):
                continue
        message = _worded(incident, event)
        if message:
            moved = bool(thread and failure and not failure.retryable and incident.open_room)
            room = "" if moved else incident.open_room
            say = Say(
                key=f"say/{number}",
                incident=incident.id,
                clause=event.clause,
                summary=f"say: {message.text.splitlines()[0][:120]}",
                room=room,
                thread="" if room else thread,
                message=message,
            )
            at_once = moved and failure is not None and failure.times == 1
            yield say if at_once else _after_failure(incident, say)
            return
