"""What somebody was asked in a message to them alone, and what became of it (WAR-4, COM-5)."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.incident.clock import Deadline
from domain.incident.clocks import DeputyAsked, Kept, Missed, Reminded
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import Resolved
from domain.run.telling import ASKED
from domain.value.key import DutyKey

CLOCK = "clock/"
"""How what is asked by a clock is kept, before the clock's own key."""


class Question(NamedTuple):
    """What somebody was asked alone: by which key it is kept, in which message, and what about."""

    key: str
    person: str
    ref: str
    about: str


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
    asked = ((key, DutyKey(key).parts, said.ref) for key, said in incident.said.items() if DutyKey(key).name == ASKED)
    return [Question(key, parts[0], ref, "/".join(parts[1:])) for key, parts, ref in asked]


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
