"""Reads an incident out of its events: each fact changes the reading, and each done duty what it brought about."""

from collections.abc import Iterable
from datetime import datetime
from itertools import compress, takewhile

from domain.incident.clocks import Kept, Missed, Reminded
from domain.incident.effects import Done
from domain.incident.entry import STANDFAST, Ringing, SaidAt, mark
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.opening import Opened
from domain.incident.record import Refused
from domain.incident.tenure import hold
from domain.port.any_duty import DUTIES
from domain.port.chat import Say
from domain.procedure.sop import PROCEDURE
from domain.run.answered import remember
from domain.run.question import answer, ask, chases, question, questions
from domain.run.saying import is_direct, is_told, subject, told_with
from domain.run.telling import alone


def read(events: Iterable[Event], *, excusing: bool = False) -> Incident:
    """Read a whole list of events; the first must be `opened`. `excusing`: a rule that fails stops only itself."""
    first, *rest = events
    incident = begin(first, excusing=excusing)
    for event in rest:
        append(incident, event)
    return incident


def known_at(events: Iterable[Event], at: datetime) -> Incident | None:
    """The incident as it was known at a moment, by what had reached us; None before it was opened."""
    known = [*takewhile(lambda event: event.heard_at <= at, events)]
    return read(known) if known else None


def begin(event: Event, *, excusing: bool = False) -> Incident:
    """Start the reading with the first event."""
    opened = event.what
    if not isinstance(opened, Opened):
        raise ValueError(f"events[0]: found {opened.kind!r}, expected 'opened'")
    incident = Incident(opened.incident, opened, event.at, event.by, opened.policy, events=[event])
    incident.faults.failing = {} if excusing else None
    incident.alerts = {alert.key: alert for alert in opened.alerts}
    incident.rounds = [Ringing(event.at)]
    if opened.beside:
        incident.relations.linking[opened.beside] = event.number
    _remember(incident, event)
    for role, rule in opened.policy.roles.items():
        if rule.starts_with == "team_manager":
            managers = [
                incident.catalog.people[name] for name in incident.catalog.teams[incident.service.team].managers
            ]
            first = min(managers, key=lambda person: person.is_away(event.at))
            hold(incident, role, first.id, event)
    return incident


def append(incident: Incident, event: Event) -> None:
    """Let one more event change the reading."""
    incident.events.append(event)
    if event.what.moves():
        incident.moved = event.number
    if event.what.ticks():
        incident.ticked = event.number
    _remember(incident, event)
    try:
        event.what.apply(incident, event)
    except Exception as error:
        if not incident.faults.excuse(f"{event.what.kind} applies", error):
            raise
    if isinstance(event.what, Done):
        PROCEDURE.bring_about(incident, event, event.what)
        if DUTIES.get(event.what.duty) is Say and event.what.key.name == "say":
            _tell(incident, event.what, event.at)


def _remember(incident: Incident, event: Event) -> None:
    if event.act:
        incident.acts.setdefault(event.act, event.number)
    tried = isinstance(event.what, Refused)
    there = event.by != STANDFAST and event.what.voice and (not isinstance(event.what, Refused) or event.what.heard)
    if there:
        mark(incident.presence.voices.setdefault(event.by, []), event.at)
    if there and (tried or event.what.sign_of_life):
        mark(incident.heard, event.at)
    if isinstance(event.what, Kept | Missed | Reminded):
        _forget(incident, event.what.key)
    if event.what.may_tell():
        incident.notices[event.number] = event
        if isinstance(event.what, Missed | Reminded):
            incident.reach.notices.setdefault(event.what.key, []).append(event.number)


def _forget(incident: Incident, clock: str) -> None:
    """What was to be said of a clock is overtaken by what there is to say now."""
    for number in incident.reach.notices.pop(clock, ()):
        incident.notices.pop(number, None)


def _told_alone(incident: Incident, number: int, person: str, said: SaidAt) -> None:
    """Somebody knows of an event, be it in the message of another."""
    what = incident.events[number - 1].what
    incident.done.setdefault(f"say/{number}/{person}", said.at)
    if isinstance(what, Missed):
        incident.said[alone(what.key, person)] = said
    about = question(what)
    if not chases(what):
        stands = [one for one in questions(incident) if one.person == person]
        answered = [one.key for one in stands if one.about == about or (one.ref == said.ref and not what.asks)]
        for key in answered:
            del incident.said[key]
        if answered:
            return  # the answer, in the place of what was asked; the room may not have read it yet
    if what.place or (about and incident.policy.room.answers_alone):
        ask(incident, person, about, said)
    if number in incident.notices and is_told(incident, number):
        del incident.notices[number]


def _tell(incident: Incident, done: Done, at: datetime) -> None:
    """Where it stands now. What is older than what the room was told, and was passed over then, is never said there.

    A question that waited for the room is, as long as nobody has answered it (COM-3).
    """
    told, person = int(done.key.parts[0]), "".join(done.key.parts[1:2])
    event = incident.events[told - 1]
    if done.key.parts[2:]:
        for one in questions(incident):
            if one.ref == done.outcome.ref:
                del incident.said[one.key]
    elif person:
        for number in told_with(incident, told, person):
            _told_alone(incident, number, person, SaidAt(done.outcome.ref, at))
    if person:
        return
    remember(incident, event, done, at)
    about = subject(incident, event)
    if event.what.place and not event.what.asks:
        incident.said.pop(about, None)
    elif about and done.outcome.ref:
        before = incident.said.get(about)
        same = before is not None and before.ref == done.outcome.ref
        incident.said[about] = before if before and same else SaidAt(done.outcome.ref, at)
    waiting = [(number, one) for number, one in incident.notices.items() if number != told]
    still = (number > told or is_direct(incident, one) or _is_open(incident, one) for number, one in waiting)
    incident.notices = dict(compress(waiting, still))


def _is_open(incident: Incident, event: Event) -> bool:
    """Whether it asks for an answer and has none yet."""
    return event.what.asks and incident.policy.room.asks_stay and answer(incident, {}, event.what.place) is None
