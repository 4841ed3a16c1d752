"""Where and in which order things are said: in the room one after the other, to a person at once, or by an edit.

What one person owes goes to that person: a reminder at any time, and once the fight is over whatever calls somebody
(WAR-4, PM-2), once a day and in office hours; in one message where the policy chases by day. What was asked and is
answered, and what is said again soon, takes the place of the message that stands there. Promises that nobody has kept
for an hour are told together, once an hour.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from domain.company.catalog import Person
from domain.incident.clock import Deadline
from domain.incident.clocks import DeputyAsked, Missed, Reminded
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.lifecycle import unresolved_end
from domain.incident.office import is_by_day, office_hours, office_of
from domain.port.chat import Say
from domain.port.message import Message
from domain.procedure.war_room import awaits_card, is_opening
from domain.run.afterwards import EARLIER
from domain.run.question import CLOCK, answer, beside, chases, questions
from domain.run.telling import alone, answer_to, digest, notice, together
from domain.value.key import DutyKey

HELD, GATHERED = timedelta(minutes=20), timedelta(hours=1)
"""From when on an overdue promise is said anew, and from when on with all others, once in that time."""
DIGEST = "digest"


def says(incident: Incident, running: Mapping[str, Deadline]) -> Iterator[Say]:
    """What is to be said now; `running` are the deadlines by key, for what is over is not asked for any more."""
    found = [*_joined(incident, running, [*unsaid(incident, running)])]
    if not is_by_day(incident):
        return iter(found)
    groups = [*_gathered(incident, found)]
    last = {group[-1].key: _in_one(incident, group) for group in groups}
    parts = {say.key for group in groups for say in group[:-1]}
    return (last.get(say.key, say) for say in found if say.key not in parts)


def _joined(incident: Incident, running: Mapping[str, Deadline], says: list[Say]) -> Iterator[Say]:
    """A text that somebody alone is asked to approve goes into the message of the one before, which it waits for."""
    on_their_way = set[str]()
    for say in says:
        about = event_of(incident, say.key)
        if not (say.person and about.what.asks and incident.policy.room.asks_together):
            yield say
            continue
        first = beside(incident, about, say.person)
        if first or say.person.id not in on_their_way or say.key in incident.failures:
            on_their_way.add(say.person.id)
            yield _beside(say, first[0].ref, _worded(incident, running, first[1])) if first else say


def _beside(say: Say, ref: str, first: Message | None) -> Say:
    """Both texts in the message of the first: a press for each, and the form of the second."""
    if first is None:
        return say
    second = say.message
    small = " · ".join(dict.fromkeys([*first.small.split(" · "), *second.small.split(" · ")]))
    more = {
        "text": f"{first.text}\n\n{second.text}",
        "buttons": (*first.buttons[:1], *second.buttons[:2]),
        "small": small,
        "moments": (*first.moments, *second.moments),
    }
    return say.model_copy(update={"ref": ref, "message": second.model_copy(update=more)})


def _gathered(incident: Incident, says: list[Say]) -> Iterator[list[Say]]:
    """What each person is asked for at one moment: the last of it with what goes with that, until nothing is left."""
    left = [say for say in says if say.person and say.not_before and chases(event_of(incident, say.key).what)]
    while left:
        last = left[-1]
        group = [say for say in left if _goes_with(incident, say, last)]
        yield group
        parts = {say.key for say in group}
        left = [say for say in left if say.key not in parts]


def _goes_with(incident: Incident, say: Say, last: Say) -> bool:
    hers = bool(say.person and last.person and say.person.id == last.person.id)
    return hers and _at_once(say.not_before, last.not_before, event_of(incident, last.key).at)


def _at_once(first: datetime | None, last: datetime | None, noted: datetime) -> bool:
    """Whether two are told at one moment: both wait for it, or the last is told when it is noted and the first by then.

    A timer rings a little later than planned, and so after what only waited for its hour.
    """
    if first is None or last is None:
        return False
    return first == last or first <= noted == last


def _in_one(incident: Incident, group: list[Say]) -> Say:
    """What somebody is asked for at one moment, in the message of the last, after what is on its way to them."""
    said = [say.message for say in group]
    message = together(incident, said) if len(said) > 1 else said[0]
    return group[-1].model_copy(update={"message": message, "in_line": True})


def event_of(incident: Incident, key: str) -> Event:
    """The event that a message is about."""
    return incident.events[int(DutyKey(key).parts[0]) - 1]


def told_with(incident: Incident, number: int, name: str) -> list[int]:
    """The numbers of what somebody is told in the message about an event, itself the last of them."""
    person, about = incident.catalog.people.get(name), incident.events[number - 1]
    if person is None or not (is_by_day(incident) and chases(about.what)):
        return [number]
    at = _by_day(incident, about, person)
    before = ((other, event) for other, event in incident.notices.items() if other < number and chases(event.what))
    alike = [(other, event) for other, event in before if _at_once(_by_day(incident, event, person), at, about.at)]
    found = ((other, _worded(incident, {}, event)) for other, event in alike)
    return [*(other for other, message in found if message and person in _alone(incident, other, message)), number]


def unsaid(incident: Incident, running: Mapping[str, Deadline], *, ahead: bool = False) -> Iterator[Say]:
    """What has not been said: of the room's messages the first alone, unless somebody looks `ahead`."""
    thread = incident.shown["headline"].ref if "headline" in incident.shown and not incident.secret else ""
    reads = bool(incident.open_room or thread) and not awaits_card(incident)
    for number, event in incident.notices.items():
        direct = is_direct(incident, event)
        if not (reads or direct) or _is_stale(event, running) or (not direct and _was_told_alone(incident, number)):
            continue
        message = _worded(incident, running, event)
        if message is None:
            continue
        whom = _alone(incident, number, message) if direct else ()
        if not (whom or reads):
            continue
        for say in _said(incident, number, event, message, whom, thread):
            if say.key not in incident.done and not _is_given_up(incident, say.key):
                reads = reads and (ahead or bool(say.person))
                yield say
    if incident.policy.room.answers_alone:
        yield from _answered(incident, running)


def _answered(incident: Incident, running: Mapping[str, Deadline]) -> Iterator[Say]:
    """What somebody was asked alone becomes its answer there: the message stays theirs, its buttons go.

    Where one message asked for several things, it is edited once all of them are answered.
    """
    messages: dict[tuple[str, str], list[Event | None]] = {}
    earlier: dict[str, str] = {}
    for one in questions(incident):
        messages.setdefault((one.person, one.ref), []).append(answer(incident, running, one.about))
        earlier[one.ref] = earlier.get(one.ref) or one.earlier
    for (name, ref), answers in messages.items():
        found = list({event.number: event for event in answers if event}.values())
        person, last = incident.catalog.people.get(name), max(found, key=lambda event: event.number, default=None)
        if person is None or last is None or None in answers:
            continue
        key = DutyKey.of("say", str(last.number), name, *filter(None, [earlier[ref]]))
        if key in incident.done:
            continue
        said = [_worded(incident, running, event) or answer_to(incident, event) for event in found]
        text, moments = "\n".join(one.text for one in said), tuple(at for one in said for at in one.moments)
        message = said[-1].model_copy(update={"to": (), "buttons": (), "text": text, "moments": moments})
        more = {"key": key, "person": person, "ref": ref}
        yield _words(last, incident.id, message).model_copy(update=more)


def subject(incident: Incident, event: Event) -> str:
    """What a message is about, where later ones may take its place; empty where none does."""
    if is_gathered(incident, event):
        return DIGEST
    return f"{CLOCK}{event.what.key}" if isinstance(event.what, Missed) else event.what.place


def is_direct(incident: Incident, event: Event) -> bool:
    """Whether it is for those whom it calls alone: a reminder at any time, and whatever calls anybody afterwards."""
    return isinstance(event.what, Reminded) or is_afterwards(incident, event)


def is_afterwards(incident: Incident, event: Event) -> bool:
    """Whether it came after the fight, or chases what is owed then."""
    ended = incident.resolved_at or unresolved_end(incident)
    return incident.over and (chases(event.what) or (ended is not None and event.at >= ended))


def is_gathered(incident: Incident, event: Event) -> bool:
    """Whether it is an overdue promise that is told with the others by now."""
    what = event.what
    return isinstance(what, Missed) and chases(what) and not incident.over and event.at - what.due_at >= GATHERED


def _worded(incident: Incident, running: Mapping[str, Deadline], event: Event) -> Message | None:
    """What people are told of an event; nothing where the words for it fail."""
    try:
        return digest(incident, running, event.at) if is_gathered(incident, event) else notice(incident, event)
    except Exception as error:
        if not incident.faults.excuse(f"{event.what.kind} is told", error):
            raise
        return None


def _is_stale(event: Event, running: Mapping[str, Deadline]) -> bool:
    """Whether what it asks for has been done, or is asked no more."""
    what = event.what
    return isinstance(what, Reminded | DeputyAsked | Missed) and chases(what) and what.key not in running


def _was_told_alone(incident: Incident, number: int) -> bool:
    """Whether it went to somebody alone while an earlier fight was over: then no room reads it."""
    words = f"say/{number}"
    return bool(incident.reopenings) and any(key != words and DutyKey(key).under(words) for key in incident.done)


def is_told(incident: Incident, number: int) -> bool:
    """Whether everybody whom a notice calls alone, and the chat can reach, was told."""
    message = _worded(incident, {}, incident.events[number - 1])
    whom = _alone(incident, number, message) if message else ()
    return all(f"say/{number}/{person.id}" in incident.done for person in whom)


def _is_given_up(incident: Incident, key: str) -> bool:
    failure = incident.failures.get(key)
    return failure is not None and failure.gives_up


def _alone(incident: Incident, number: int, message: Message) -> tuple[Person, ...]:
    """Whom the chat can reach alone: it knows them, and has not refused them for good."""
    vendor = incident.catalog.vendor("room", incident.service.name)
    failures = (incident.failures.get(f"say/{number}/{person.id}") for person in message.to)
    reached = zip(message.to, failures, strict=True)
    return tuple(person for person, failure in reached if person.knows(vendor) and (not failure or failure.retryable))


def _said(
    incident: Incident, number: int, event: Event, message: Message, whom: tuple[Person, ...], thread: str
) -> Iterator[Say]:
    """To each person alone, else in the room, else under the headline; a room that refuses for good is passed by.

    What asks for an answer is asked in the room, and waits while that is opened, where the policy says so.
    """
    words = _words(event, incident.id, message)
    for person in whom:
        hers = {"person": person, "message": message.model_copy(update={"to": ()})}
        hour = {"not_before": _by_day(incident, event, person)}
        yield words.model_copy(update={"key": DutyKey.of("say", str(number), person.id), **hers, **hour})
    if event.what.asks and incident.policy.room.asks_wait and is_opening(incident):
        return
    ref = _stands(incident, event, message)
    late = isinstance(event.what, Missed) and event.what.kept_late
    if whom or not (incident.open_room or thread) or (late and not ref):
        return
    failure = incident.failures.get(words.key)
    moved = bool(thread and failure and not failure.retryable and incident.open_room)
    room = "" if moved else incident.open_room
    before = (thread if room else incident.open_room) if failure or incident.begun_anew else ""
    where = {"room": room, "thread": "" if room else thread, "before": before}
    yield words.model_copy(update={**where, "ref": "" if moved else ref})


def _words(event: Event, incident: str, message: Message) -> Say:
    return Say(
        key=f"say/{event.number}",
        incident=incident,
        clause=event.clause,
        summary=f"say: {message.text.splitlines()[0][:120]}",
        message=message,
    )


def _by_day(incident: Incident, event: Event, person: Person) -> datetime | None:
    """When what is owed after the fight is asked for: in office hours, and not again on the same day."""
    what, rule, by_day = event.what, incident.policy.room, is_by_day(incident)
    if not (is_afterwards(incident, event) and isinstance(what, DeputyAsked | Missed | Reminded)):
        return None
    again = by_day and incident.missed.get(what.key, (0, event.at))[0] > 1
    if event.clause in rule.at_any_hour and not again:
        return None
    last = incident.said.get(alone(what.key, person.id))
    office = office_hours(incident, person) if by_day else office_of(incident)
    first = office.next(max(event.at, last.at + rule.owed_every - EARLIER) if last else event.at)
    return None if isinstance(what, Reminded) and first >= what.due_at and not by_day else first


def _stands(incident: Incident, event: Event, message: Message) -> str:
    """The message whose place it takes; empty where it is said anew. What was kept late is only said in its place.

    An answer that calls somebody is a message of its own: nobody hears of an edit.
    """
    place, what = incident.said.get(subject(incident, event)), event.what
    if place is None:
        return ""
    if not isinstance(what, Missed):
        return "" if what.asks or message.to else place.ref
    if what.kept_late:
        return place.ref
    if is_gathered(incident, event):
        return place.ref if event.at - place.at < GATHERED else ""
    return place.ref if event.at - what.due_at < HELD or place.at - what.due_at >= HELD else ""
