"""WAR-1, WAR-5: the war room, who is in it, and when the manager is brought in."""

from collections.abc import Iterator
from datetime import datetime

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.grade import Span
from domain.incident.incident import Incident
from domain.incident.secrecy import Left
from domain.port.any_duty import Duty
from domain.port.chat import ArchiveRoom, InvitePeople, OpenRoom, SetTopic, ShowCard
from domain.procedure.headline import card, links, quiet_until, topic
from domain.rule.clause import Clause, Promise, severities
from domain.rule.explain import asked_at, title_of
from domain.rule.judge import has_room
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, our_promise, spells, wait, within
from domain.value.key import ClockKey
from domain.value.model import write_span

PRIVATE = "room/private"
"""The key of the room that an incident moves into when it is marked as a security incident."""


def clocks(incident: Incident) -> Iterator[Clock]:
    """WAR-1 is our own promise, while a room must be there."""
    for number, (since, until) in enumerate(_room_runs(incident)):
        runs, stop, what = (nth(number, "s"),), incident.done.get("room"), "open the war room"
        yield from our_promise(incident, WAR_1, start=since, stop=stop, until=until, runs=runs, what=what)
    for since, until in _private_runs(incident)[:1]:
        about, stop, what = "private", incident.done.get(PRIVATE), "open a private war room"
        yield from our_promise(incident, WAR_1, start=since, stop=stop, until=until, about=about, what=what)


def _room_name(incident: Incident) -> str:
    name = incident.policy.room.name.format(id=incident.id.removeprefix("INC-").lower())
    return f"drill-{name}" if incident.opened.drill else name


def _room_runs(incident: Incident) -> list[tuple[datetime, datetime | None]]:
    """The spans in which there must be a war room; a security incident has one from its beginning (SCP-3)."""
    if not _has_room(incident):
        return []
    if incident.opened.security:
        return [(incident.opened_at, None)]
    marked = next((since for since, _ in _private_runs(incident)), None)
    return list(within(incident.runs("war_room"), incident.opened_at, marked))


def _private_runs(incident: Incident) -> list[Span]:
    """The spans in which an incident that was opened as any other is marked as a security incident (SCP-3)."""
    secret = incident.secrecy.spans(incident.opened_at, incident.opened.security)
    return [] if incident.opened.security or not _has_room(incident) else secret


def _has_room(incident: Incident) -> bool:
    return incident.catalog.vendor("room", incident.service.name) != "none"


def _wants_room(incident: Incident) -> bool:
    if not _has_room(incident) or (incident.over and not incident.secrecy.left):
        return False
    return bool(incident.secret or incident.secrecy.left or incident.since("war_room"))


def manager_clocks(incident: Incident) -> Iterator[Clock]:
    """WAR-5: brought in at once, or when the incident has lasted; then within our own grace."""
    if incident.rule and incident.rule.manager == "after_clock":
        for number, (start, until) in enumerate(incident.runs("manager")):
            for count, (begin, end) in enumerate(spells(incident, start, until)):
                runs = (nth(number, "s"), nth(count))
                yield from wait(incident, WAR_5, start=begin, until=end, about="wait", runs=runs)
    seen: list[str] = []
    for since, until in _manager_runs(incident) if _has_room(incident) and incident.policy.role("manager") else ():
        for person, start, end in _tenures(incident, since, until):
            about, run = person or "vacant", nth(seen.count(person), "s")
            stop = _invited_at(incident, person) if person else None
            seen.append(person)
            yield from our_promise(incident, WAR_5, start=start, stop=stop, until=end, about=about, runs=(run,))


def _manager_runs(incident: Incident) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans in which the manager belongs in: from a severity that asks at once, or from the end of the wait."""
    rules = incident.policy.severities
    asked = [at for at, severity in incident.severities if rules[severity].manager == "at_once"]
    asked += [at for key, at in incident.rung.items() if ClockKey(key).clause == WAR_5.id]
    for start, until in incident.runs("manager"):
        inside = [at for at in asked if at >= start and (until is None or at < until)]
        if inside:
            yield min(inside), until


def _manager_since(incident: Incident) -> datetime | None:
    """Since when the manager belongs in; None when the present severity does not ask for them, or not yet."""
    return next((since for since, until in _manager_runs(incident) if until is None), None)


def _tenures(
    incident: Incident, since: datetime, until: datetime | None
) -> Iterator[tuple[str, datetime, datetime | None]]:
    """Who holds the manager's role in a span, from when until when; nobody at first where it was vacant."""
    role = incident.policy.role("manager")
    taken = [(incident.events[number - 1].at, person) for number, person, held in incident.taken if held == role]
    turns = [(since, ""), *((max(at, since), person) for at, person in taken)]
    ends = [*(at for at, _ in turns[1:]), None]
    for (start, person), end in zip(turns, ends, strict=True):
        stop = min((at for at in (end, until) if at), default=None)
        if stop is None or start < stop:
            yield person, start, stop


def invited(incident: Incident) -> tuple[str, ...]:
    """WAR-1, WAR-5: everybody who belongs in the war room by now."""
    team = incident.catalog.teams[incident.service.team]
    names = [name for role, name in incident.holders.items() if role != incident.policy.role("manager")]
    names += [incident.opened_by, *team.comms[:1], *team.commanders[:1]]
    names += [name for one in incident.relations.taken_in.values() for name in one.people]
    names += [offer.to for offer in incident.presence.offers if offer.ended_at is None]
    names += [incident.holder("manager")] if _manager_since(incident) else []
    names += [task.to for task in incident.work.left]
    if incident.secrecy.left:
        names += [event.by for event in incident.events if event.what.sign_of_life]
    return tuple(person.id for person in incident.people(names))


def _invitation(incident: Incident, name: str) -> str:
    """The key of an invitation: of one into the room to which the talk has moved it says so."""
    return f"invite/private/{name}" if incident.secrecy.left else f"invite/{name}"


def _invited_at(incident: Incident, name: str) -> datetime | None:
    """When somebody was first invited, whichever room it was then."""
    return min((at for key in ("invite", "invite/private") if (at := incident.done.get(f"{key}/{name}"))), default=None)


def duties(incident: Incident) -> Iterator[Duty]:
    """The room, and what is kept up to date in it."""
    if _wants_room(incident) and not incident.room:
        moved = bool(incident.secrecy.left) or (incident.secret and not incident.opened.security)
        yield OpenRoom(
            key=PRIVATE if moved else "room",
            incident=incident.id,
            clause=WAR_1.id,
            summary="open the war room",
            name=f"{_room_name(incident)}-private" if moved else _room_name(incident),
            private=moved or incident.secret,
            topic=topic(incident),
        )
    if incident.open_room:
        yield from _in_room(incident)


def _in_room(incident: Incident) -> Iterator[Duty]:
    card_shown = incident.shown.get("card")
    pinned = ShowCard(
        key=f"card/{card_shown.count if card_shown else 0}",
        incident=incident.id,
        clause=WAR_1.id,
        summary="keep the pinned card up to date",
        room=incident.room,
        ref=card_shown.ref if card_shown else "",
        message=card(incident),
        links=links(incident),
        not_before=quiet_until(incident, "card"),
    )
    if not card_shown or card_shown.digest != pinned.digest:
        yield pinned
    yield from _membership(incident)


def titled(incident: Incident) -> Iterator[Duty]:
    """WAR-1: the topic. Each setting is a message in the room: it changes with severity, phase and command alone."""
    shown = incident.shown.get("topic")
    duty = SetTopic(
        key=f"topic/{shown.count if shown else 0}",
        incident=incident.id,
        clause=WAR_1.id,
        summary="keep the room's topic up to date",
        room=incident.room,
        topic=topic(incident),
        not_before=shown.at + incident.policy.room.topic_every if shown else None,
    )
    if incident.open_room and (not shown or shown.digest != duty.digest):
        yield duty


def _membership(incident: Incident) -> Iterator[Duty]:
    for name in invited(incident) if incident.phase != "closed" else ():
        person = incident.catalog.people[name]
        yield InvitePeople(
            key=_invitation(incident, name),
            incident=incident.id,
            clause=WAR_5.id if name == incident.holder("manager") else WAR_1.id,
            summary=f"invite {person.name} to the war room",
            room=incident.room,
            people=(person,),
        )
    if incident.closed_at:
        yield ArchiveRoom(
            key="archive",
            incident=incident.id,
            clause=WAR_1.id,
            summary="archive the war room",
            room=incident.room,
            not_before=incident.closed_at + incident.policy.room.archive_after,
        )


def _opened(incident: Incident, event: Event, done: Done) -> None:
    public = done.key != PRIVATE and not incident.opened.security
    if public and incident.secret:
        incident.secrecy.left.append(Left(done.outcome.ref))
        return
    incident.secrecy.private_room = not public
    incident.room, incident.room_name, incident.room_url = done.outcome.ref, done.outcome.text, done.outcome.url


def _room(incident: Incident) -> bool | None:
    fought = (one for since, until in incident.runs("war_room") for one in spells(incident, since, until))
    wanted = incident.secret or any(fought)
    return bool(incident.room) if wanted and has_room(incident) else None


def _explain_room(policy: Policy) -> list[str]:
    asks = asked_at(policy, lambda severity: policy.severities[severity].war_room)
    when = f"when {asks} is declared" if asks else "for a security incident alone"
    where = [] if asks else ["At every severity people talk in the thread under the headline in #incidents."]
    return [
        f"A war room named {policy.room.name} opens {when}, within {write_span(policy.grace)}.",
        *where,
        f"It is archived {write_span(policy.room.archive_after)} after the incident closes.",
    ]


def _explain_manager(policy: Policy) -> list[str]:
    at_once = asked_at(policy, lambda severity: policy.severities[severity].manager == "at_once")
    later = asked_at(policy, lambda severity: policy.severities[severity].manager == "after_clock")
    when = [f"at once for {at_once}"] if at_once else []
    when += [f"after this clock for {later}"] if later else []
    if not when:
        return ["At no severity a manager is brought in."]
    return [f"The {title_of('manager', policy)} is brought in {', and '.join(when)}."]


WAR_1 = Clause(
    "WAR-1",
    "Declaring a P1/P2 (policy: P3 too) creates the Slack channel `#incident-{id}` with topic, pinned "
    "summary, links, and the right people invited.",
    still=True,
    judged_by="the war room exists",
    judge=_room,
    explain=_explain_room,
)
WAR_5 = Clause(
    "WAR-5",
    "The engineering manager is brought in for every P1 at once and for any P2 that lasts over 1 hour.",
    promise=Promise(
        "bring in the manager",
        counted_from="the declaration",
        asked_by=severities(lambda rule: rule.manager == "after_clock", "manager: after_clock"),
        explained_as="bring in the {manager}",
    ),
    judged_by="its clock, once the manager is to be brought in",
    explain=_explain_manager,
)
RULES = Ruleset(clauses=(WAR_1,), clocks=clocks, duties=duties, brings_about={OpenRoom: _opened})
MANAGER = Ruleset(clauses=(WAR_5,), clocks=manager_clocks)
"""Apart, because its clocks come after those of the roles and the findings."""
