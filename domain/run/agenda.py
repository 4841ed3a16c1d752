"""The three questions that are asked of an incident, each answered by every family of clauses.

    decide     (incident, act)     -> what it turns into, or a refusal with its reason
    deadlines  (incident)          -> what is due when and who owes it
    duties     (incident, now)     -> what is owed to the world and not recorded as done

The policy is in the list: frozen into the `opened` event, replaced only by a recorded act.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain

from domain.incident.clock import Clock, Deadline
from domain.incident.entry import STANDFAST
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.office import hours, is_by_day
from domain.incident.roles import RoleTaken
from domain.port.any_duty import AnyDuty
from domain.port.duty import Role
from domain.procedure import evidence as soc
from domain.procedure import war_room as war
from domain.procedure.sop import PROCEDURE
from domain.rule.act import IncidentAct
from domain.rule.judge import has_room
from domain.rule.reckoned import reckoned
from domain.rule.refusal import Refusal
from domain.run.afterwards import chased_at, reminders
from domain.run.answered import answered
from domain.run.may import forbidden, taken_by
from domain.run.saying import says
from domain.value.act import WAYS, Act
from domain.value.calendar import later


def decide(incident: Incident, act: Act) -> tuple[Fact, ...] | Refusal:
    """What an act turns into; the same act twice turns into nothing."""
    if act.id and act.id in incident.acts:
        return ()
    if act.via not in WAYS and isinstance(act, IncidentAct) and not act.is_news(incident):
        return ()
    refused = forbidden(incident, act)
    if refused:
        return refused
    if not isinstance(act, IncidentAct):
        raise TypeError(f"{act.kind}: found an act without a decision")
    try:
        decided, role = act.decide(incident), taken_by(incident, act)
    except Exception as error:
        if not incident.faults.excuse(f"{act.kind} decides", error):
            raise
        return Refusal(f"Standfast could not decide it: a rule of its own failed ({type(error).__name__})")
    if isinstance(decided, Refusal) or not (role and decided):
        return decided
    return (RoleTaken(role=role, person=act.by), *decided)


def clocks(incident: Incident) -> Iterator[Clock]:
    """Every clock that runs, and at least those that were the last to stop; the verdicts on older ones are events.

    Only events change them: they are reckoned once for each that may, because every question of a turn asks for them.
    """
    return iter(reckoned(incident, "clocks", incident.ticked, lambda: _clocks(incident)))


def _clocks(incident: Incident) -> Iterator[Clock]:
    yield from (soc.unless_waived(incident, clock) for clock in PROCEDURE.clocks(incident))


def deadlines(incident: Incident) -> list[Deadline]:
    """Exactly one deadline for every running clock, the next to ring first; reckoned as often as the clocks."""
    return list(reckoned(incident, "deadlines", incident.ticked, lambda: _deadlines(incident)))


def _deadlines(incident: Incident) -> list[Deadline]:
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


def can_be_kept(one: Deadline) -> bool:
    """Whether somebody can still do it, and is asked: by its own timer, or as the next who is paged (ACK-2)."""
    promise = PROCEDURE.promises.get(one.clause)
    return one.rings_at is not None or (one.owner != STANDFAST and not (promise and promise.target))


def _next_ring(incident: Incident, clock: Clock) -> tuple[str, datetime | None]:
    rule = incident.policy.clock(clock.clause)
    if clock.wait:
        return "wait", clock.due_at
    counting = hours(incident, clock.clause, incident.likely)
    asked = rule if clock.owner != STANDFAST else None
    by_day = is_by_day(incident)
    if clock.key in incident.missed:
        if by_day:
            return "chase", chased_at(incident, clock, asked)
        times, _ = incident.missed[clock.key]
        after = asked.chased_after(times) if asked else None
        return "chase", later(clock.due_at, after, counting) if after else None
    moments = asked.reminded_at(clock.started_at, clock.due_at, counting) if asked else []
    moments = reminders(incident, clock, moments) if by_day else moments
    last = incident.reminded.get(clock.key)
    remind_at = next((at for at in moments if last is None or at > last), None)
    return ("remind", remind_at) if remind_at else ("due", clock.due_at)


def duties(incident: Incident, now: datetime) -> list[AnyDuty]:
    """What is owed to the world, not recorded as done, and not waiting for a later moment."""
    return [duty for duty in owed(incident) if duty.not_before is None or duty.not_before <= now]


def owed(incident: Incident) -> Iterator[AnyDuty]:
    """Everything owed, with the moment before which it is not to be tried (again)."""
    asked = dict[str, AnyDuty]()
    for duty in _asked_for(incident):
        asked.setdefault(duty.key, duty)  # two rules may ask for one effect
    for key, duty in asked.items():
        if key not in incident.done and _has_vendor(incident, duty):
            yield _after_failure(incident, duty)
    if has_room(incident):
        yield from _say(incident)
        yield from (_after_failure(incident, one) for one in answered(incident))


def _asked_for(incident: Incident) -> tuple[AnyDuty, ...]:
    """What the procedure asks for, done or not: what was said changes nothing of it, an edit its next one alone."""
    of = (incident.moved, *((shown.count, shown.digest) for shown in incident.shown.values()))
    return reckoned(incident, "duties", of, lambda: chain(PROCEDURE.duties(incident), _in_room(incident)))


def outdated(incident: Incident) -> tuple[str, ...]:
    """The messages edited in place that show something else than what is so by now."""
    return tuple(duty.edits for duty in _asked_for(incident) if duty.edits)


def take_for_shown(incident: Incident, but: Collection[str]) -> None:
    """Every message edited in place, `but` these, shows what is so by now, in whichever words a release says that.

    What an earlier run showed is kept by the digest of its words. Where a run goes on under a release with others, the
    words alone would owe an edit that the run never made, or owe none that it made, and nobody could replay it.
    """
    known = incident.shown
    incident.shown = {place: replace(shown, digest="") for place, shown in known.items()}
    drawn = {duty.edits: duty.digest for duty in _asked_for(incident) if duty.edits in known}
    anew = {place: "" if place in but else digest for place, digest in drawn.items()}
    incident.shown = known | {place: replace(known[place], digest=digest) for place, digest in anew.items()}


def _in_room(incident: Incident) -> Iterator[AnyDuty]:
    """What stands on top of the room: its card, where that lists what is left by every clock, and its topic."""
    if incident.open_room and incident.policy.room.checklist:
        try:
            yield from war.pinned(incident, map(_owed, filter(_is_listed, clocks(incident))))
        except Exception as error:
            if not incident.faults.excuse("war_room pinned", error):
                raise
    if incident.open_room:
        yield from war.titled(incident)


def _is_listed(clock: Clock) -> bool:
    """Whether the card's checklist names a promise: of people, still to be kept, and listed nowhere else."""
    promise = PROCEDURE.promises.get(clock.clause)
    ours = clock.wait or clock.owner == STANDFAST
    return clock.running and not ours and not (promise and promise.unlisted)


def _owed(clock: Clock) -> Clock:
    """The same in the words that follow somebody's name: "tells the room"."""
    promise = PROCEDURE.promises.get(clock.clause)
    return replace(clock, says=promise.owed(clock.says)) if promise else clock


def _has_vendor(incident: Incident, duty: AnyDuty) -> bool:
    return (duty.vendor or vendor_of(incident, duty.role)) != "none"


def vendor_of(incident: Incident, role: Role) -> str:
    """Who plays a role for the service; what no vendor is asked has none, and is owed all the same."""
    return "" if role == "group" or role == "archive" else incident.catalog.vendor(role, incident.service.name)


def _after_failure(incident: Incident, duty: AnyDuty) -> AnyDuty:
    """A duty that failed waits for its pause; the failure never ends it."""
    failure = incident.failures.get(duty.key)
    if failure is None:
        return duty.model_copy(update={"tried": True}) if incident.begun_anew else duty
    again = failure.at + incident.policy.retry.pause(failure.times, failure.retryable, duty.wakes)
    return duty.model_copy(update={"not_before": max(again, duty.not_before or again), "tried": True})


def _say(incident: Incident) -> Iterator[AnyDuty]:
    """What people are to be told; what was just refused for good goes elsewhere at once."""
    if not incident.notices:
        return
    running = {one.key: one for one in deadlines(incident)}
    for say in says(incident, running):
        outside = tuple(war.outside(incident, say.message)) if say.room else ()
        if outside:
            yield from outside
            continue
        failure = incident.failures.get(say.key)
        moved = failure and not failure.retryable and failure.times == 1 and incident.open_room and say.thread
        yield say if moved else _after_failure(incident, say)
