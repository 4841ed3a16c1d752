"""ACK-2 by hand: anybody may have somebody paged, whatever the ladder does."""

from collections.abc import Iterator
from typing import Literal

from domain.incident.effects import Done
from domain.incident.entry import Sent
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.ringing import PageAsked
from domain.port.any_duty import Duty, Page
from domain.rule.clause import Clause, Promise, always
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.act import Act
from domain.value.model import ShortText


class PageEscalated(Act):
    """The paging vendor has paged somebody else by itself (ACK-3); `people` in the vendor's or the catalog's names."""

    kind: Literal["page_escalated"] = "page_escalated"
    people: tuple[str, ...]


class PagePerson(Act):
    """Somebody is needed: a person of the catalog by any name, or a level of the ladder, is paged by hand (ACK-2)."""

    kind: Literal["page_person"] = "page_person"
    to: ShortText
    reason: str = ""


HAND = "hand-"
"""How the keys of pages that people asked for begin."""
BY_HAND = "by hand"


def page_person(incident: Incident, act: PagePerson) -> tuple[Fact, ...] | Refusal:
    """ACK-2: anybody may have somebody paged at any time; the ladder goes on by itself all the same."""
    if incident.over:
        return Refusal(f"{incident.id} is {incident.phase}; reopen it first")
    levels = incident.catalog.teams[incident.service.team].levels
    person, level = incident.catalog.person_called(act.to), act.to.strip().lower().replace(" ", "_").replace("-", "_")
    if person and incident.opened.drill and not person.reachable:
        return Refusal(f"{person.name} takes no part in this drill and is not paged")
    if person:
        return (PageAsked(level=BY_HAND, people=(person.id,), reason=act.reason),)
    if level not in levels:
        return Refusal(f"to: found {act.to!r}, expected a person of the catalog or one of {', '.join(levels)}")
    who, now = levels[level], act.at or incident.events[-1].at
    return (PageAsked(level=level, people=who.on_call(now), schedule=who.schedule, reason=act.reason),)


def duties(incident: Incident) -> Iterator[Duty]:
    """Pages that people asked for, each once."""
    wanted = () if incident.over else incident.asked_pages
    for number, asked in enumerate(wanted, start=1):
        who = ", ".join(map(incident.called, asked.people)) or asked.level
        yield Page(
            key=f"page/{HAND}{number}",
            incident=incident.id,
            clause="ACK-2",
            summary=f"page {who} for {incident.service.title}, as somebody asked",
            level=asked.level,
            people=incident.people(asked.people),
            schedule=asked.schedule,
            service=incident.service.at(incident.catalog.vendor("pager", incident.service.name)),
            title=f"{incident.mark}{incident.id} {incident.opened.title}{f': {asked.reason}' if asked.reason else ''}"[
                :250
            ],
            text=incident.opened.description,
            severity=incident.likely,
            impact=incident.policy.severities[incident.likely].impact,
            links=incident.opened.links,
            fired_at=incident.opened.fired_at,
        )


def _paged(incident: Incident, event: Event, done: Done) -> None:
    incident.pages[done.about] = Sent(event.at, done.outcome.ref, done.outcome.people)


ACK_2 = Clause(
    "ACK-2",
    "No acknowledgement at 5 minutes: the secondary on-call is paged; then every 5 minutes the next level"
    " (engineering manager, then the policy's last resort, again and again). It never stops quietly.",
    promise=Promise(
        "page the next level",
        counted_from="the miss of ACK-1, and again from each level paged",
        asked_by=always("a missed ACK-1 starts it"),
        explained_as="page the next level of the ladder",
        started_by="ACK-1",
    ),
)
ACK_3 = Clause(
    "ACK-3",
    "If the paging vendor has escalated by itself, nobody is paged twice for the same level.",
)
RULES = Ruleset(
    clauses=(
        ACK_2,
        ACK_3,
    ),
    duties=duties,
    brings_about={Page: _paged},
)
