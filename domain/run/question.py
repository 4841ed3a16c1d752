"""What somebody was asked in a message to them alone, and what became of it (WAR-4, COM-5)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from domain.company.catalog import Person
from domain.incident.clock import Deadline
from domain.incident.clocks import DeputyAsked, Kept, Missed, Reminded
from domain.incident.entry import SaidAt
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import Resolved
from domain.run.telling import ASKED, asked
from domain.value.key import DutyKey

CLOCK = "clock/"
"""How what is asked by a clock is kept, before the clock's own key."""
EARLIER = "asked-earlier"
"""How what was asked again since is kept: the message's own number, the person, what about."""
TOGETHER = timedelta(minutes=2)
"""So long after one text another still joins its message."""


class Question(NamedTuple):
    """What somebody was asked alone: by which key it is kept, in which message, and what about."""

    key: str
    person: str
    ref: str
    about: str
    earlier: str = ""
    """Which of those messages it is after which the same was asked again."""


def chases(what: Fact) -> bool:
    """Whether it asks somebody for what is owed."""
    return isinstance(what, Reminded | DeputyAsked) or (isinstance(what, Missed) and not what.kept_late)


def question(what: Fact) -> str:
    """What a message asks for or answers, by its place or by its clock; empty where it does neither."""
    if what.place or not isinstance(what, Reminded | DeputyAsked | Missed | Kept):
        return what.place
    return f"{CLOCK}{what.key}"


def questions(incident: Incident) -> list[Question]:
    """What is asked in messages to somebody alone, and was not answered there yet."""
    kept = ((DutyKey(key), said.ref) for key, said in incident.said.items())
    return [_question(key, ref) for key, ref in kept if key.name in (ASKED, EARLIER)]


def _question(key: DutyKey, ref: str) -> Question:
    earlier, parts = ("", key.parts) if key.name == ASKED else (key.parts[0], key.parts[1:])
    return Question(key, parts[0], ref, "/".join(parts[1:]), earlier)


def ask(incident: Incident, person: str, about: str, said: SaidAt) -> None:
    """Somebody was asked alone; where they are asked again, the earlier message is to be answered too."""
    key = asked(about, person)
    before = incident.said.get(key)
    if incident.policy.room.asks_together and before and before.ref != said.ref:
        incident.said[DutyKey.of(EARLIER, str(incident.number), person, about)] = before
    incident.said[key] = said


def beside(incident: Incident, event: Event, person: Person) -> tuple[Question, Event] | None:
    """The text that somebody was asked alone to approve just before another, and has not answered."""
    for one in questions(incident):
        asks = (old for old in reversed(incident.events) if old.what.place == one.about)
        first = None if one.about.startswith(CLOCK) or one.person != person.id else next(asks, None)
        if first and first.what.asks and first.number < event.number and event.at - first.at <= TOGETHER:
            return one, first
    return None


def answer(incident: Incident, running: Mapping[str, Deadline], place: str) -> Event | None:
    """What became of a question; of a clock its verdict, or the end of the incident that let it go."""
    if not place.startswith(CLOCK):
        event = next((one for one in reversed(incident.events) if one.what.place == place), None)
        return None if event is None or event.what.asks else event
    key = place.removeprefix(CLOCK)
    if key in running:
        return None
    kept = [event for event, fact in incident.all(Kept) if fact.key == key]
    late = [event for event, fact in incident.all(Missed) if fact.key == key and fact.kept_late]
    ended = [event for event, _ in incident.all(Resolved)] if incident.over else []
    return next(iter([*kept, *late, *reversed(ended)]), None)
