"""ACK-1, ACK-2: what a page says below its title: what is wrong, who did not answer before, and how to answer."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from domain.incident.incident import Incident
from domain.incident.pages import call_of, rings_on
from domain.value.model import said_count, said_span
from domain.value.moment import clock_time

MINUTE = timedelta(minutes=1)


def page_text(incident: Incident, name: str, people: Collection[str], at: datetime) -> str:
    """The text of the page of this name, which is due at a moment to these people."""
    reports = incident.opened.clause == "DET-2"
    count = len(incident.alerts) - reports
    alerts = f" {said_count(count, 'alert')}." if count > 0 else ""
    since = f"Since {clock_time(incident.opened.fired_at, at)}.{alerts} {incident.id}"
    parts = (incident.description.inside, since, " ".join(_before(incident, name, people, at)), _way(incident, name))
    return "\n".join(part for part in parts if part)


def _before(incident: Incident, name: str, people: Collection[str], at: datetime) -> Iterator[str]:
    """Who had a page of the same call before, and why it climbed."""
    said = set[str]()
    for page, sent in incident.pages.items():
        for person in sent.people if page != name and call_of(page) == call_of(name) else ():
            if person not in people and person not in said:
                said.add(person)
                yield f"{incident.catalog.short(person)} {_did(incident, page, at - sent.at)}."


def _did(incident: Incident, page: str, waited: timedelta) -> str:
    if page in incident.reach.declined:
        return "passed it on"
    return f"did not answer in {said_span(max(round(waited / MINUTE), 1) * MINUTE)}"


def _way(incident: Incident, name: str) -> str:
    """How whoever is woken says that they have it, or are there."""
    if incident.catalog.vendor("room", incident.service.name) == "none":
        return "Acknowledge this page."
    answered = "answer the message to you in the chat" if rings_on(name) else 'press "I\'m on it" in #incidents'
    return f"Acknowledge this page, or {answered}."
