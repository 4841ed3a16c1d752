"""ACK-2, ACK-3: the call for the on-call engineer, and whom the pager woke by itself."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from domain.incident.clock import Clock
from domain.incident.effects import Done
from domain.incident.entry import PageSent
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.office import paged_from, unpaged_since
from domain.incident.pages import WAKE, call_of, is_by_hand, is_for_role, pager
from domain.incident.ringing import PagedByVendor
from domain.port.any_duty import AnyDuty
from domain.port.message import Message
from domain.port.pager import Page
from domain.procedure.ladder import (
    LADDER_AFTER,
    Call,
    LadderStep,
    climbing,
    kept_in_time,
    page,
    steps,
    to_judge,
)
from domain.procedure.page_by_hand import BY_HAND, asked_for
from domain.procedure.rung import Rung, there
from domain.rule.act import Decision, IncidentAct
from domain.rule.clause import Clause, happened
from domain.rule.reckoned import reckoned
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth
from domain.value.key import ClockKey


class PageEscalated(IncidentAct):
    """The paging vendor has paged somebody else by itself (ACK-3); `people` in the vendor's or the catalog's names."""

    makes = (PagedByVendor,)
    object = "people"
    people: tuple[str, ...]
    page: str = ""
    """The page that was escalated, where a pager says which."""

    def decide(self, incident: Incident) -> Decision:
        """ACK-3: remember whom the vendor paged by itself, so that we don't; of a page taken back it says nothing."""
        if incident.corrections.is_released(self.page):
            return ()
        people = known(incident, self.people)
        if incident.over or set(people) <= set(vendor_paged(incident)):
            return ()
        return (PagedByVendor(people=people),)


def next_ringing(incident: Incident, number: int) -> datetime | None:
    """When the incident rings again after this ringing; None when it does not."""
    return incident.rounds[number + 1].started_at if number + 1 < len(incident.rounds) else None


def on_call(incident: Incident, number: int) -> Call | None:
    """The call for the on-call engineer of a ringing; None while its severity wakes nobody (ACK-6)."""
    return reckoned(incident, f"on call/{number}", incident.ticked, lambda: [_on_call(incident, number)])[0]


def _on_call(incident: Incident, number: int) -> Call | None:
    ringing, end = incident.rounds[number], next_ringing(incident, number)
    start = paged_from(incident, ringing.started_at, ringing.severity)
    if start is None or (end and end <= start):
        return None
    unpaged = None if ringing.severity else unpaged_since(incident)
    over = min((at for at in (ringing.acknowledged_at, end, unpaged) if at), default=None)
    missed = incident.passed.get(ClockKey.of(LADDER_AFTER, nth(number)))
    levels = incident.catalog.teams[incident.service.team].levels
    named = [name for name in incident.policy.ladder if name in levels] or list(levels)
    rungs = there(incident, tuple(Rung(name, levels[name]) for name in named), start)
    once = incident.policy.paging.each_once
    return Call(nth(number), rungs, start, over, missed, leads=True, around_the_clock=False, once=once)


def rang_through(incident: Incident) -> bool:
    """Whether the present ringing went through every level of the ladder once, and nobody answered the last either."""
    call = on_call(incident, len(incident.rounds) - 1)
    return call is not None and any(step.repeated for step in steps(incident, call))


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


def covered(step: LadderStep, paged: tuple[str, ...]) -> bool:
    """ACK-3: whether the vendor has already paged this level by itself; the endless last level is always ours."""
    if step.repeated:
        return False
    people = step.people
    return bool(set(people) & set(paged)) if people else len(paged) > step.number


def ladder(incident: Incident, call: Call, paged: tuple[str, ...]) -> Iterator[Clock]:
    """ACK-2 after a miss of ACK-1: when the next level is due, and our own promise to page each level in time."""
    yield from climbing(incident, call)
    for step in to_judge(steps(incident, call)):
        if step.number and not covered(step, paged):
            yield from kept_in_time(incident, step)


def pages_of_ladder(incident: Incident) -> Iterator[AnyDuty]:
    """The pages that the present ringing owes, level by level."""
    paged, call = vendor_paged(incident), on_call(incident, len(incident.rounds) - 1)
    for step in steps(incident, call) if call else ():
        if step.is_owed(incident) and not covered(step, paged):
            yield _page(incident, step, paged)


def _page(incident: Incident, step: LadderStep, paged: tuple[str, ...]) -> Page:
    """The page of a level."""
    why = ": nobody has acknowledged" if step.number else ""
    return page(
        incident,
        step,
        clause="ACK-2" if step.number else "ACK-1",
        summary=f"page {step.rung.title} on-call for {incident.service.title}{why}",
        why=why,
        urgent=incident.policy.severities[incident.rounds[-1].severity or incident.likely].page == "at_once",
        after=_after(incident, step, paged),
    )


def _after(incident: Incident, step: LadderStep, paged: tuple[str, ...]) -> timedelta | None:
    """ACK-3: how long a page waits for the pager's own escalation. ACK-6: the first one waits for its hour."""
    if step.number:
        return incident.policy.paging.grace if paged and not step.repeated else None
    return timedelta() if step.started_at > incident.rounds[-1].started_at else None


def level_of(incident: Incident, page: str) -> str:
    """The level that a page was for, in words, by what its key is about: a step of the ladder, a role, or by hand."""
    if is_by_hand(page):
        return BY_HAND
    if is_for_role(page):
        role = called_for(incident, page)
        return incident.policy.roles[role].title if role else page.removeprefix(WAKE)
    ringing, _, rung = page.rpartition("-")
    if not rung.isdecimal():
        return page
    call = on_call(incident, int(ringing.removeprefix("r") or 1) - 1)
    found = (step.rung.title for step in steps(incident, call) if step.number == int(rung)) if call else ()
    return next(iter(found), incident.policy.level(int(rung))).replace("_", " ")


def called_for(incident: Incident, page: str) -> str:
    """The role that a page is for; empty where it is for none."""
    roles = [role for role in incident.policy.roles if page.startswith(f"{WAKE}{role}-")]
    return max(roles, key=len, default="")


def _paged(incident: Incident, event: Event, done: Done) -> None:
    incident.pages[done.about] = PageSent(
        event.at, done.outcome.ref, done.outcome.people, done.vendor or pager(incident)
    )


def _tell_page(incident: Incident, event: Event, done: Done) -> Message | None:
    """Who was paged, once of each; that a page by hand goes on unanswered is told to who asked for it.

    Who is called for a role stands on the card.
    """
    if _is_again(incident, event, done) or is_for_role(done.about):
        return None
    who = ", ".join(map(incident.catalog.short, done.outcome.people)) or "whoever is on call"
    text, asked = f"{event.clause} Paged {who} ({level_of(incident, done.about)})", asked_for(incident, done.about)
    if asked and done.about.count("-") == 1:
        why = f": {asked.reason}" if asked.reason else ""
        return Message(text=f"{event.clause} *{incident.catalog.short(asked.by)} paged {who}*{why}")
    if asked and done.about.count("-") > 1:
        return Message(text=f"{text} again: nobody has answered", to=incident.people([asked.by]))
    return Message(text=text)


def _is_again(incident: Incident, event: Event, done: Done) -> bool:
    """Whether the same call has woken the same people before: a last level that rings on is no news.

    Who asked is told of the first time that it rings on, so the page that they asked for does not count.
    """
    call, people = call_of(done.about), done.outcome.people
    before = (sent for name, sent in incident.pages.items() if call_of(name) == call != name)
    return bool(people) and any(sent.people == people and sent.at < event.at for sent in before)


ACK_3 = Clause(
    "ACK-3",
    "If the paging vendor has escalated by itself, nobody is paged twice for the same level.",
    judged_by="the vendor escalated by itself and was noted",
    judge=happened(PagedByVendor),
    constructed=True,
)
RULES = Ruleset(
    clauses=(ACK_3,),
    brings_about={Page: _paged},
    tell={Page: _tell_page},
)
