"""ACK-2, ACK-3: the ladder of pages, whom the pager woke by itself, and pages that people ask for by hand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.effects import Done
from domain.incident.entry import Sent
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.ringing import PageAsked, PagedByVendor
from domain.port.any_duty import Duty
from domain.port.message import Message
from domain.port.pager import Page
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.clause import Clause, Promise, always, happened
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, numbered, our_promise, wait_chain
from domain.value.key import ClockKey
from domain.value.model import ShortText


class PageEscalated(IncidentAct):
    """The paging vendor has paged somebody else by itself (ACK-3); `people` in the vendor's or the catalog's names."""

    makes = (PagedByVendor,)
    object = "people"
    kind: Literal["page_escalated"] = "page_escalated"
    people: tuple[str, ...]

    def decide(self, incident: Incident) -> Decision:
        """ACK-3: remember whom the vendor paged by itself, so that we don't."""
        people = known(incident, self.people)
        if incident.over or set(people) <= set(vendor_paged(incident)):
            return ()
        return (PagedByVendor(people=people),)


class PagePerson(IncidentAct):
    """Somebody is needed: a person of the catalog by any name, or a level of the ladder, is paged by hand (ACK-2)."""

    makes = (PageAsked,)
    label, verb = "Page somebody", "page"
    kind: Literal["page_person"] = "page_person"
    to: Annotated[ShortText, Ask("Whom? A person, or a level such as secondary", "line")]
    reason: Annotated[str, Ask("What do you need?", "text")] = ""

    def decide(self, incident: Incident) -> Decision:
        """ACK-2: anybody may have somebody paged at any time; the ladder goes on by itself all the same."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; reopen it first")
        levels = incident.catalog.teams[incident.service.team].levels
        person, level = (
            incident.catalog.person_called(self.to),
            self.to.strip().lower().replace(" ", "_").replace("-", "_"),
        )
        if person and incident.opened.drill and not person.reachable:
            return Refusal(f"{person.name} takes no part in this drill and is not paged")
        if person:
            return (PageAsked(level=BY_HAND, people=(person.id,), reason=self.reason),)
        if level not in levels:
            return Refusal(f"to: found {self.to!r}, expected a person of the catalog or one of {', '.join(levels)}")
        who, now = levels[level], self.at or incident.events[-1].at
        return (PageAsked(level=level, people=who.on_call(now), schedule=who.schedule, reason=self.reason),)


HAND = "hand-"
"""How the keys of pages that people asked for begin."""
BY_HAND = "by hand"
LADDER_AFTER = "ACK-1"
"""The clause whose miss sets the ladder going."""


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step of the ladder that was reached: its rung, since when, and when it was needed no longer."""

    name: str
    rung: int
    started_at: datetime
    until: datetime | None


def next_ringing(incident: Incident, number: int) -> datetime | None:
    """When the incident rings again after this ringing; None when it does not."""
    return incident.rounds[number + 1].started_at if number + 1 < len(incident.rounds) else None


def _begins_at(incident: Incident, number: int) -> datetime | None:
    """When the miss of ACK-1 set the ladder of this ringing going."""
    missed = incident.missed.get(ClockKey.of(LADDER_AFTER, nth(number)))
    return missed[1] if missed else None


def rang_through(incident: Incident) -> bool:
    """Whether the present ringing went through every level of the ladder once, and nobody answered the last either."""
    number, last = len(incident.rounds) - 1, len(incident.policy.ladder) - 1
    if last == 0:
        return _begins_at(incident, number) is not None
    return ClockKey.of(ACK_2.id, numbered(last, nth(number))) in incident.rung


def _steps(incident: Incident, number: int) -> Iterator[LadderStep]:
    """Every step of the ladder that a ringing reached; the repeated last level is needed until its next turn."""
    ringing = incident.rounds[number]
    end = ringing.acknowledged_at or next_ringing(incident, number)
    yield LadderStep(numbered(0, nth(number)), 0, ringing.started_at, end)
    count, start = 1, _begins_at(incident, number)
    while start:
        name = numbered(count, nth(number))
        rang = incident.rung.get(ClockKey.of(ACK_2.id, name))
        superseded = rang if count >= len(incident.policy.ladder) - 1 else None
        yield LadderStep(name, count, start, min((at for at in (end, superseded) if at), default=None))
        start, count = rang, count + 1


def vendor_paged(incident: Incident) -> tuple[str, ...]:
    """Whom a vendor has paged by itself in this ringing, by the names the catalog knows where it does."""
    start = incident.rounds[-1].started_at
    names = [name for sent in incident.vendor_pages if sent.at >= start for name in sent.people]
    if len(incident.rounds) == 1:
        names += [name for alert in incident.opened.alerts for name in alert.paged]
    return known(incident, names)


def known(incident: Incident, names: Iterable[str]) -> tuple[str, ...]:
    """These people, each once, by the ids of the catalog where it knows them."""
    found = ((incident.catalog.person_called(name), name) for name in names)
    return tuple(dict.fromkeys(person.id if person else name for person, name in found))


def covered(incident: Incident, step: LadderStep, paged: tuple[str, ...]) -> bool:
    """ACK-3: whether the vendor has already paged this level by itself; the endless last level is always ours."""
    if step.rung >= len(incident.policy.ladder):
        return False
    level = incident.catalog.teams[incident.service.team].levels[incident.policy.level(step.rung)]
    people = level.on_call(step.started_at)
    return bool(set(people) & set(paged)) if people else len(paged) > step.rung


def _page(incident: Incident, step: LadderStep) -> Page:
    level = incident.policy.level(step.rung)
    who = incident.catalog.teams[incident.service.team].levels[level]
    why = ": nobody has acknowledged" if step.rung else ""
    return Page(
        key=f"page/{step.name}",
        incident=incident.id,
        clause="ACK-2" if step.rung else "ACK-1",
        summary=f"page {level} on-call for {incident.service.title}{why}",
        level=level,
        people=incident.people(who.on_call(step.started_at)),
        schedule=who.schedule,
        service=incident.service.at(incident.catalog.vendor("pager", incident.service.name)),
        title=f"{incident.mark}{incident.id} {incident.title.inside}{why}",
        text=incident.description.inside,
        severity=incident.likely,
        impact=incident.policy.severities[incident.likely].impact,
        links=incident.opened.links,
        fired_at=incident.opened.fired_at,
    )


def ladder(incident: Incident, number: int, paged: tuple[str, ...]) -> Iterator[Clock]:
    """ACK-2 after a miss of ACK-1: when the next level is due, and our own promise to page each level in time."""
    ringing = incident.rounds[number]
    start, end = _begins_at(incident, number), ringing.acknowledged_at or next_ringing(incident, number)
    yield from wait_chain(incident, ACK_2, start=start, until=end, runs=(nth(number),))
    for step in _steps(incident, number):
        if step.rung and not covered(incident, step, paged):
            sent, what = incident.pages.get(step.name), f"page {incident.policy.level(step.rung)}"
            start, stop, about = step.started_at, sent.at if sent else None, f"page-{step.name}"
            yield from our_promise(incident, ACK_2, start=start, stop=stop, until=step.until, about=about, what=what)


def pages_of_ladder(incident: Incident) -> Iterator[Duty]:
    """The pages that the present ringing owes, level by level."""
    paged = vendor_paged(incident)
    for step in _steps(incident, len(incident.rounds) - 1):
        if step.until is None and not covered(incident, step, paged):
            yield _page(incident, step)


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
            title=f"{incident.mark}{incident.id} {incident.title.inside}{f': {asked.reason}' if asked.reason else ''}"[
                :250
            ],
            text=incident.description.inside,
            severity=incident.likely,
            impact=incident.policy.severities[incident.likely].impact,
            links=incident.opened.links,
            fired_at=incident.opened.fired_at,
        )


def level_of(incident: Incident, page: str) -> str:
    """The level that a page was for, by what its key is about: a step of the ladder, or what somebody asked for."""
    rung = page.rpartition("-")[2]
    return BY_HAND if is_by_hand(page) else incident.policy.level(int(rung)) if rung.isdecimal() else page


def is_by_hand(page: str) -> bool:
    """Whether somebody asked for a page, by what its key is about; such pages ring on after the acknowledgement."""
    return page.startswith(HAND)


def _paged(incident: Incident, event: Event, done: Done) -> None:
    incident.pages[done.about] = Sent(event.at, done.outcome.ref, done.outcome.people)


def _tell_page(incident: Incident, event: Event, done: Done) -> Message:
    who = ", ".join(map(incident.called, done.outcome.people)) or "whoever is on call"
    return Message(text=f"{event.clause} paged {who} ({level_of(incident, done.about)})")


def _explain_ladder(policy: Policy) -> list[str]:
    return [f"The levels, in turn: {', '.join(policy.ladder)}; the last one again and again, until somebody answers."]


ACK_2 = Clause(
    "ACK-2",
    "No acknowledgement at 5 minutes: the secondary on-call is paged; then every 5 minutes the next level"
    " (engineering manager, then the policy's last resort, again and again). It never stops quietly.",
    promise=Promise(
        "page the next level",
        counted_from="the miss of ACK-1, and again from each level paged",
        asked_by=always("a missed ACK-1 starts it"),
        explained_as="page the next level of the ladder",
        started_by=LADDER_AFTER,
    ),
    judged_by="its clocks: each level that was reached was paged in time",
    explain=_explain_ladder,
)
ACK_3 = Clause(
    "ACK-3",
    "If the paging vendor has escalated by itself, nobody is paged twice for the same level.",
    judged_by="the vendor escalated by itself and was noted",
    judge=happened(PagedByVendor),
)
RULES = Ruleset(
    clauses=(ACK_2, ACK_3),
    duties=duties,
    brings_about={Page: _paged},
    tell={Page: _tell_page},
)
