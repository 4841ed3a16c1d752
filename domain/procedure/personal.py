"""WAR-3, ACK-1: what somebody is told alone because it is theirs now: a page, or a role.

Who is woken reads the same beside the pager's call; who takes a role reads in one minute how it stands.
"""

from collections.abc import Container, Iterator
from datetime import datetime
from itertools import chain

from domain.company.catalog import Person
from domain.incident.effects import Done
from domain.incident.entry import PageSent
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.pages import call_of, is_by_hand, is_for_role, ringing_of
from domain.incident.ringing import PageAnswered
from domain.incident.roles import RoleTaken
from domain.incident.tenure import accepted, heard_since
from domain.port.any_duty import AnyDuty
from domain.port.chat import Say
from domain.port.message import Button, Message
from domain.procedure import sitrep
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.bypass import asks, unanswered
from domain.procedure.changes import answers_to_bypass
from domain.procedure.findings import PostFinding
from domain.procedure.paging import called_for
from domain.procedure.passing_on import DeclinePage, may_pass_on
from domain.procedure.roles import OfferRole, comes_with_it, is_taken_apart, take
from domain.procedure.update_clocks import COM_2
from domain.procedure.update_clocks import clocks as customer_clocks
from domain.procedure.waking import Join
from domain.rule.news import is_news, moved_at
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, numbered
from domain.value.model import ClauseId, said_span
from domain.value.moment import clock_time

PASSED = "You passed it on; the next is paged."
"""What who was paged reads in the place of the page once they can't."""
PRESSES = 3
"""As many has a message."""
WAITS = "Waits for you"
"""The fact that says what a manager is asked for since before they took the role."""


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """To whoever was just woken and was not heard from, and to whoever just took a role."""
    yield from _answers_to_pages(incident)
    if incident.over:
        return
    yield from _told_of_pages(incident)
    for number, holder, role in incident.taken:
        event = incident.events[number - 1]
        if _is_taken(incident, event, holder, role) and is_news(incident, event.at):
            for person in incident.people([holder]):
                ref = _answered(incident, role, person.id) if event.by == holder else ""
                yield from _told(incident, f"tell/role-{number}", person, _took(incident, role), "WAR-3", ref)


def _told_of_pages(incident: Incident) -> Iterator[Say]:
    """Once for each call and person, whichever of its pages reaches them first."""
    told: set[str] = set()
    for page, sent in chain(incident.pages.items(), _pages_of_the_pager(incident)):
        for person in incident.people(sent.people if is_news(incident, sent.at) else ()):
            key = f"tell/page-{call_of(page)}/{person.id}"
            if key in told or key in incident.done:
                continue
            if heard_since(incident, person.id, sent.at + datetime.resolution) is None:
                told.add(key)
                yield from _told(incident, key, person, _paged(incident, page, person))


def _answers_to_pages(incident: Incident) -> Iterator[Say]:
    """ACK-1, WAR-5: what told somebody of a page becomes what came of it, without its buttons."""
    if not incident.policy.paging.passed_on:
        return
    for page, sent in chain(incident.pages.items(), _pages_of_the_pager(incident)):
        for person in incident.people(sent.people):
            key = f"tell/page-{call_of(page)}/{person.id}"
            is_open = key in incident.done and f"{key}/answer" not in incident.done
            words = _came_of(incident, page, sent, person) if is_open else ""
            if words:
                ref = _ref(incident, {key})
                said = Message(text=f"{words} {incident.service.title}, {incident.title}.", small=incident.id)
                yield from _told(incident, f"{key}/answer", person, said, ref=ref)


def _came_of(incident: Incident, page: str, sent: PageSent, person: Person) -> str:
    """What became of a page, for whom it reached; empty while it is open."""
    if page in incident.reach.declined:
        return PASSED
    if is_for_role(page) or is_by_hand(page):
        return _came_of_call(incident, page, sent, person)
    taken_by = incident.rounds[ringing_of(page)].acknowledged_by
    if taken_by:
        return "You are on it." if taken_by == person.id else f"{incident.catalog.short(taken_by)} is on it."
    return "It is over." if incident.over else ""


def _came_of_call(incident: Incident, page: str, sent: PageSent, person: Person) -> str:
    """The same of a call for a role, or by hand; who took the role reads on in its place."""
    role = called_for(incident, page)
    took = (event.by for event, fact in incident.all(RoleTaken) if (fact.role, fact.person) == (role, person.id))
    if person.id in took:
        return ""
    here = heard_since(incident, person.id, sent.at + datetime.resolution)
    return "You are here." if here else "It is over." if incident.over else ""


def _pages_of_the_pager(incident: Incident) -> Iterator[tuple[str, PageSent]]:
    """ACK-3: what the pager sent by itself in the present ringing, as pages of its call."""
    number = len(incident.rounds) - 1
    page, start = numbered(0, nth(number)), incident.rounds[number].started_at
    if incident.policy.paging.told_too:
        by_alerts = (name for alert in incident.opened.alerts for name in alert.paged)
        first = PageSent(incident.opened_at, "", tuple(by_alerts))
        yield from ((page, sent) for sent in (first, *incident.vendor_pages) if sent.at >= start)


def _answered(incident: Incident, role: str, person: str) -> str:
    """The message that called somebody for the role: who takes it by pressing there reads on in its place."""
    calls = [page for page in incident.pages if called_for(incident, page) == role]
    return _ref(incident, {f"tell/page-{call_of(page)}/{person}" for page in calls})


def _ref(incident: Incident, keys: Container[str]) -> str:
    """The message that was said by one of these keys."""
    return next((done.outcome.ref for _, done in incident.all(Done) if done.key in keys), "")


def _is_taken(incident: Incident, event: Event, holder: str, role: str) -> bool:
    """Whether somebody took a role, and has it still, otherwise than by declaring or acknowledging."""
    taken = isinstance(event.what, RoleTaken) and not comes_with_it(incident, event)
    return taken and incident.holders.get(role) == holder


def _paged(incident: Incident, page: str, person: Person) -> Message:
    where = f"{incident.service.title}, {incident.title}"
    since = clock_time(incident.opened.fired_at, moved_at(incident))
    role = called_for(incident, page)
    what = f"You are called as {incident.policy.roles[role].title}" if role else "You are paged"
    free = role and (role not in incident.holders or is_taken_apart(incident, role, person.id))
    here = Join.button() if role or is_by_hand(page) else Acknowledge.button()
    press = take(incident, role) if free else here
    books = () if incident.secret else incident.runbooks
    text, at = f"{what}: {where}, since {since}.", (incident.opened.fired_at,)
    passes = (DeclinePage.button(),) if may_pass_on(incident, page) else ()
    reads = tuple(Button(label="Runbook", url=book.url) for book in books[:1])
    return Message(text=text, links=books[1:], buttons=(press, *passes, *reads), small=incident.id, moments=at)


def _took(incident: Incident, role: str) -> Message:
    """The role in a sentence, then what its holder must know."""
    policy, about = incident.policy, f"{incident.service.title}, {incident.title}"
    does = {policy.role(part): words for part, words in sitrep.YOU.items()}
    what = does.get(role) or f"You are {policy.roles[role].title}"
    rest = _for_customers(incident) if policy.role("comms") == role else sitrep.state(incident)
    facts = sitrep.inside(incident) if policy.role("comms") != role else ()
    text = f"*{what}* now: {about}.\n{rest}"
    words = " ".join([text, *(value for _, value in facts)])
    hand = OfferRole.button("Hand it over", role=role)
    tell: tuple[Button, ...] = (PostFinding.button(),) if policy.role("on_call") == role else ()
    waits = unanswered(incident) if policy.role("manager") == role else None
    if waits and waits.by != incident.holders.get(role):
        said = f"{incident.catalog.short(waits.by)} {asks(waits.change)}: {waits.description}"
        facts, tell = ((WAITS, said), *facts), answers_to_bypass(str(waits.number))
    if (offered := accepted(incident, role)) and offered.note:
        facts = ((f"{incident.catalog.short(offered.by)} says", offered.note), *facts)
    there = Button(label="Open the room", url=incident.room_url)
    leads = (there,) if incident.open_room and there.url and len(tell) < PRESSES - 1 else ()
    buttons, moments = (*tell, *leads, hand), sitrep.named(incident, words)
    return Message(text=text, facts=facts, buttons=buttons, small=incident.id, moments=moments)


def _for_customers(incident: Incident) -> str:
    due = next((one.due_at for one in customer_clocks(incident) if one.running), None)
    rule = incident.policy.clock(COM_2.id)
    span = rule.span(incident.likely) if rule else None
    then = f", then every {said_span(span)}" if span else ""
    when = f"Their next words by {clock_time(due, moved_at(incident))}{then}. " if due else ""
    return f"{when}Say what they see, not why."


def _told(
    incident: Incident, key: str, person: Person, message: Message, clause: ClauseId = "ACK-1", ref: str = ""
) -> Iterator[Say]:
    """Alone, where the chat knows them and has not refused them for good; in the place of what `ref` names."""
    failure, vendor = incident.failures.get(key), incident.catalog.vendor("room", incident.service.name)
    if person.knows(vendor) and (failure is None or failure.retryable):
        yield Say(
            key=key,
            incident=incident.id,
            clause=clause,
            summary=f"tell {person.name}: {message.text.splitlines()[0][:100]}",
            person=person,
            ref=ref,
            message=message.model_copy(update={"text": f"{incident.mark}{message.text}"}),
        )


def _tell_here(incident: Incident, event: Event, here: PageAnswered) -> Message | None:
    """Who has a role stands on the card already."""
    said = f"{incident.catalog.short(event.by)} is here"
    return None if event.by in incident.holders.values() else Message(text=said)


RULES = Ruleset(duties=duties, tell={PageAnswered: _tell_here})
