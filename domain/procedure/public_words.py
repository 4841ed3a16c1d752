"""COM-3, COM-6: what customers may read: texts with what is known filled in, and never a colleague's name."""

import re
from datetime import datetime

from domain.company.catalog import Person
from domain.company.status_template import filled as filled_in
from domain.incident.incident import Incident
from domain.rule.refusal import Refusal

LONGEST = 3000
"""What a page or a mail takes of a text."""


def values(incident: Incident) -> dict[str, str]:
    """What a text may be filled in with; the commander's summary is for colleagues and stays empty."""
    began, ended = incident.opened.fired_at, incident.resolved_at
    span = {"began": _clock(began, None), "ended": _clock(ended, began) if ended else ""}
    return {"service": incident.service.title, "summary": "", "id": incident.id, **span}


def filled(incident: Incident, template: str) -> str:
    """A text of the policy with what is known of the incident filled in."""
    return filled_in(template, values(incident)).strip()[:LONGEST]


def _clock(at: datetime, near: datetime | None) -> str:
    same_day = near is not None and near.date() == at.date()
    return f"{at:%H:%M}" if same_day else f"{at:%d %B %H:%M}"


def named_in(incident: Incident, text: str) -> tuple[Person, ...]:
    """The people of the catalog whom a text names: whole, by their first or last name, or by their address."""
    ordinary = {word.casefold() for word in incident.policy.updates.ordinary_words}
    return tuple(person for person in incident.catalog.people.values() if _names(person, text, ordinary))


def _names(person: Person, text: str, ordinary: set[str]) -> bool:
    parts = [part for part in re.split(r"[\s.]+", person.name) if len(part) > 1 and part.casefold() not in ordinary]
    words = {person.name, person.email, *parts} | ({person.id} - ordinary)
    return any(_stands_in(word, text) for word in words if word)


def _stands_in(word: str, text: str) -> bool:
    """Whether a name stands in a text, as a word of its own where its script has capital letters and spaces."""
    if word.lower() == word.upper():
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def not_public(incident: Incident, *texts: str) -> Refusal | None:
    """The refusal of a public text that names somebody (COM-6)."""
    people = dict.fromkeys(person.name for text in texts for person in named_in(incident, text))
    if not people:
        return None
    return Refusal(f"customers would read the name of {', '.join(people)}: say what happened, not who")
