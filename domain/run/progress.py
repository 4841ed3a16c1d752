"""How an incident moves on: an act, alerts, the time, or what became of a duty, written down as the next events.

The workflow and the simulator call these; each notes what follows by itself, and which promises were kept or missed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from domain.alerting.alert import Alert
from domain.incident.clock import Clock, Deadline
from domain.incident.clocks import DeputyAsked, Kept, Missed, Reminded, WaitOver
from domain.incident.effects import Done, Failed
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.fault import Faulted
from domain.incident.incident import Incident
from domain.incident.lifecycle import Closed, self_resolved
from domain.incident.office import hours, is_by_day
from domain.incident.opening import Opened
from domain.incident.record import BegunAnew, Refused
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.status_page import PublishUpdate
from domain.procedure import detection as det
from domain.procedure import resolution as res
from domain.procedure.sop import PROCEDURE
from domain.rule.deputies import deputy_for
from domain.rule.refusal import Refusal
from domain.run import read as fold
from domain.run.agenda import clocks, deadlines, decide, owed, vendor_of
from domain.run.answering import ActResult as ActResult
from domain.run.answering import answer
from domain.run.claim import claimed_at, would_undo
from domain.run.claim import is_late as is_late
from domain.run.claim import missed_since as missed_since
from domain.run.may import is_theirs
from domain.run.refused import not_read as not_read
from domain.run.refused import noted
from domain.run.telling import yet_to_ask
from domain.value.act import Act
from domain.value.calendar import counted
from domain.value.key import ClockKey

RUNAWAY = 1000
"""More rings than this in one moment are a fault of the policy, not of the incident."""


def open_incident(opened: Opened, by: str, now: datetime, *, excusing: bool = False) -> Incident:
    """The first event; a person who opens an incident is its first voice. `excusing` as where events are read."""
    incident = fold.begin(Event(number=1, at=now, by=by, what=opened), excusing=excusing)
    _settle(incident, now)
    return incident


def receive(
    incident: Incident,
    act: Act,
    now: datetime,
    *,
    late_counts: bool = False,
    any_miss: bool = False,
    ends: bool = False,
) -> ActResult:
    """An act of a person or a vendor; a refused act is an event with its reason, the same act twice is one event.

    As it once was: `late_counts`, an acknowledgement from before the last reopening stops the present ringing;
    `any_miss`, whatever was missed since the moment that an act claims moves it; `ends`, no tracker takes an end back.
    """
    act = _signed(incident, act)
    if act.id and act.id in incident.acts:
        return _answer_again(incident, act)
    if is_late(incident, act) and not late_counts:
        return ActResult(False, f"{incident.id} was reopened after that; it rings again")
    claimed = claimed_at(incident, act, now)
    early = missed_since(incident, act, now)
    moved = bool(early) and (any_miss or would_undo(incident, act.model_copy(update={"at": claimed}), early))
    act = act.model_copy(update={"at": now if moved else claimed})
    decided = Refusal(f"{incident.id}: that end is final") if ends else decide(incident, act)
    if isinstance(decided, Refusal):
        _note(incident, (noted(incident, act, decided), *decided.leaves), now, _caused_by(incident, act, now, claimed))
        return ActResult(False, decided.reason)
    _note(incident, decided, now, _caused_by(incident, act, now, claimed))
    return answer(incident, act.by, decided, now)


def _signed(incident: Incident, act: Act) -> Act:
    """The act by the person whom its word means, with the word in its proof where that is another (SOC-1)."""
    person = incident.catalog.person_called(act.by)
    if person is None:
        return act
    proof = act.proved_by if person.id == act.by else f"{act.proved_by} as {act.by}"
    return act.model_copy(update={"by": person.id, "proof": proof})


def refused_then(incident: Incident, event: Event, what: Refused, now: datetime) -> None:
    """In a replay: an act that was refused then, of which only the refusal was kept; it says who was there, if theirs.

    What could not be read has no proof of who sent it, nor has an older event.
    """
    proved = bool(event.proof) and is_theirs(incident, what.act, event.by, event.via)
    if incident.policy.absence.tries_count and proved:
        theirs = {"at": event.at, "by": event.by, "act": event.act, "via": event.via, "proof": event.proof}
        _note(incident, (what.model_copy(update={"heard": True}),), now, theirs)


def _answer_again(incident: Incident, act: Act) -> ActResult:
    first = incident.events[incident.acts[act.id] - 1].what
    return ActResult(False, first.reason) if isinstance(first, Refused) else ActResult(True, "That was done already.")


def hear(incident: Incident, alerts: Iterable[Alert], count: int, now: datetime, unseen: int | None = None) -> None:
    """More alerts, or new states of known ones, and how many more fire unseen (DET-4, DET-5, RES-3)."""
    _note(incident, det.hear(incident, alerts, count, now, unseen), now)


def pass_time(incident: Incident, now: datetime) -> None:
    """Everything that has rung by now: reminders, misses, waits that are over, and what follows from them."""
    for _ in range(RUNAWAY):
        due = next((one for one in deadlines(incident) if one.rings_at and one.rings_at <= now), None)
        if due is None:
            break
        _note(incident, _rung(incident, due, now), now)
    if res.is_followed_up(incident) and not any(duty.is_waited_for for duty in owed(incident)):
        by_itself = Closed(reason="self_resolved", clause="DET-5")
        _note(incident, (by_itself if self_resolved(incident) else Closed(reason="followed_up"),), now)


def _rung(incident: Incident, due: Deadline, now: datetime) -> tuple[Fact, ...]:
    if due.ring == "remind" and now < due.due_at:
        return (Reminded(clause=due.clause, key=due.key, owner=due.owner, due_at=due.due_at, says=due.says),)
    if due.ring == "wait":
        return (WaitOver(clause=due.clause, key=due.key, due_at=due.due_at, says=due.says),)
    rule, counting = incident.policy.clock(due.clause), hours(incident, due.clause, incident.likely)
    times = rule.times_chased(counted(due.due_at, now, counting)) if rule else 1
    if is_by_day(incident):
        times = incident.missed[due.key][0] + 1 if due.key in incident.missed else 1
    said = 1 + sum(fact.key == due.key and fact.stopped_at is None for _, fact in incident.all(Missed))
    how_often = {"times": times} | ({"said": said} if said != times else {})
    missed = Missed(clause=due.clause, key=due.key, owner=due.owner, due_at=due.due_at, says=due.says, **how_often)
    others = islice(yet_to_ask(incident, due, now), 1)
    asked = (DeputyAsked(clause=due.clause, key=due.key, person=name, says=due.says) for name in others)
    return (missed, *asked)


def done(incident: Incident, duty: AnyDuty, outcome: Outcome, now: datetime) -> None:
    """A duty was done; the same duty twice is one event."""
    if duty.key in incident.done:
        return
    digest = duty.digest if duty.edits else ""
    what = Done(
        clause=duty.clause,
        key=duty.key,
        duty=duty.kind,
        summary=duty.summary,
        outcome=outcome,
        digest=digest,
        vendor="" if duty.vendor == vendor_of(incident, duty.role) else duty.vendor,
    )
    follow = tuple(PROCEDURE.done(incident, duty, outcome))
    _note(incident, (what, *follow), now, by_people=_is_peoples(incident, duty))
    for said in PROCEDURE.hear(incident, duty, outcome):
        if isinstance(said, Alert):
            hear(incident, [said], 1, now)
        else:
            receive(incident, said, now)


def _is_peoples(incident: Incident, duty: AnyDuty) -> bool:
    """Whether an effect is what people approved: what is on the page at the very deadline is in time (COM-1, COM-2)."""
    update = incident.updates.get(duty.number) if isinstance(duty, PublishUpdate) else None
    return update is not None and update.approved_by not in ("", STANDFAST)


def failed(incident: Incident, duty: AnyDuty, said: str, retryable: bool, now: datetime) -> None:
    """A duty could not be done; it stays owed and is tried again after the policy's pause."""
    before = incident.failures.get(duty.key)
    what = Failed(
        clause=duty.clause,
        key=duty.key,
        duty=duty.kind,
        summary=duty.asks,
        said=said,
        by_hand="" if duty.called_back else duty.by_hand(),
        given_up=duty.called_back,
        retryable=retryable,
        times=before.times + 1 if before else 1,
    )
    _note(incident, (what,), now)


def begin_anew(events: Iterable[Event], by: str, reason: str, now: datetime) -> Incident:
    """The incident of these events, which goes on from here; what rang meanwhile rings with its first turn."""
    incident = fold.read(events, excusing=True)
    person = incident.catalog.person_called(by)
    event = Event(number=incident.number + 1, at=now, by=person.id if person else by, what=BegunAnew(reason=reason))
    fold.append(incident, event)
    return incident


def note_faults(incident: Incident, now: datetime) -> bool:
    """Rules of ours that failed since this was asked last: each is said once; whether there was any."""
    if not incident.faults.failing:
        return False
    new = {where: said for where, said in incident.faults.failing.items() if where not in incident.faults.noted}
    incident.faults.failing.clear()
    _note(incident, [Faulted(where=where, said=said) for where, said in new.items()], now)
    return bool(new)


def disagreed(incident: Incident, said: str, now: datetime) -> None:
    """The records hold something else than the incident: people are told, once for each disagreement."""
    times = incident.failures["record"].times + 1 if "record" in incident.failures else 1
    what = Failed(
        clause="SOC-1", key="record", duty="record", summary="record as it was", said=said, retryable=False, times=times
    )
    _note(incident, (what,), now)


def _note(
    incident: Incident,
    whats: Iterable[Fact],
    now: datetime,
    theirs: Mapping[str, Any] | None = None,
    *,
    by_people: bool = False,
) -> None:
    """Append events with what follows from them, then the promises they kept or missed; `theirs` is of one's act."""
    caused = theirs or {"at": now, "by": STANDFAST}
    ticked, before = incident.ticked, {clock.key: clock for clock in clocks(incident) if clock.running}
    for what in whats:
        fold.append(incident, Event(number=incident.number + 1, what=what, **caused))
        if isinstance(what, Missed | WaitOver):
            _append(incident, PROCEDURE.expired(incident, ClockKey(what.key)), now)
    if incident.ticked == ticked:
        return
    _settle(incident, now)
    after = {clock.key: clock for clock in clocks(incident)}
    acted = by_people or theirs is not None
    stopped = [after[key] for key in before if key in after and _was_kept_or_late(incident, after[key], acted)]
    _append(incident, map(_verdict, stopped), now)


def _caused_by(incident: Incident, act: Act, now: datetime, claimed: datetime | None) -> dict[str, Any]:
    """What an event keeps of its act: when it was and when we heard of it, who it was and by which proof (SOC-1)."""
    at = act.at or now
    said = {"at": at, "by": act.by, "act": act.id, "via": act.via, "proof": act.proved_by}
    said["deputy_for"] = deputy_for(incident, act)
    said |= {"claimed_at": claimed} if claimed and claimed != at else {}
    return said if at == now else said | {"arrived_at": now}


def _settle(incident: Incident, now: datetime) -> None:
    """What the state itself asks for, until it asks for nothing more."""
    for _ in range(RUNAWAY):
        whats = list(PROCEDURE.settle(incident))
        if not whats:
            return
        _append(incident, whats, now)


def _append(incident: Incident, whats: Iterable[Fact], now: datetime) -> None:
    for what in whats:
        fold.append(incident, Event(number=incident.number + 1, at=now, by=STANDFAST, what=what))


def _was_kept_or_late(incident: Incident, clock: Clock, by_people: bool) -> bool:
    """Whether a promise has its verdict now; one that its own miss stopped has it already.

    What people did at the very moment of the deadline is in time, though the miss was noted before it arrived.
    """
    missed = incident.missed.get(clock.key)
    itself = missed is not None and missed[1] == clock.stopped_at and not by_people
    return not (clock.running or clock.wait or clock.void or itself)


def _verdict(clock: Clock) -> Fact:
    """Kept, or missed by how much: the audit record of a promise (SOC-1)."""
    stopped_at = clock.stopped_at or clock.due_at
    if stopped_at <= clock.due_at:
        return Kept(
            clause=clock.clause,
            key=clock.key,
            owner=clock.owner,
            due_at=clock.due_at,
            stopped_at=stopped_at,
            says=clock.says,
        )
    return Missed(
        clause=clock.clause,
        key=clock.key,
        owner=clock.owner,
        due_at=clock.due_at,
        times=1,
        stopped_at=stopped_at,
        broken=clock.broken,
        says=clock.says,
    )
