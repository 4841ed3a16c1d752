"""Who did something, as a post-mortem may say it: by role, never by name (PM-4)."""

import re

from domain.company.catalog import Person
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.incident import Incident

SOMEBODY = "a responder"


def actor(incident: Incident, event: Event) -> str:
    """The role that acted: the newest that the person held then, else the first they held later."""
    if event.by == STANDFAST:
        return "Standfast"
    held = [taken for taken in incident.taken if taken[1] == event.by]
    before = [role for number, _, role in held if number <= event.number]
    roles = before[-1:] or [role for _, _, role in held[:1]]
    if roles:
        return f"the {incident.policy.roles[roles[0]].title}"
    return event.by if _is_machine(incident, event.by) else SOMEBODY


def _is_machine(incident: Incident, name: str) -> bool:
    return name in incident.catalog.vendors.values() or name == incident.opened.source


def nameless(incident: Incident, text: str) -> str:
    """The text with every person of the company called by role, in one line.

    First and last names count as whole words; one that is also a word may be taken for a name, which does less harm
    than the other way round.
    """
    words = " ".join(text.split())
    for person in incident.catalog.people.values():
        if any(
            one in words for one in (*person.name.split(), *_mentions(person), person.email, f"@{person.id}") if one
        ):
            words = _pattern(person).sub(_called(incident, person), words)
    return words


def _pattern(person: Person) -> re.Pattern[str]:
    names = [person.name, *person.name.split()]
    exact = _mentions(person)
    exact += [person.email] if person.email else []
    exact += [f"@{person.id}"]
    parts = [re.escape(one) for one in exact] + [rf"\b{re.escape(one)}\b" for one in names]
    return re.compile("|".join(parts))


def _mentions(person: Person) -> list[str]:
    """How chats write that somebody is meant."""
    return [f"<@{one}>" for one in person.ids.values() if one]


def _called(incident: Incident, person: Person) -> str:
    roles = [role for _, name, role in incident.taken if name == person.id]
    return f"the {incident.policy.roles[roles[-1]].title}" if roles else SOMEBODY
