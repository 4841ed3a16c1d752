"""WAR-1: the war room, and who is in it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.company.catalog import Person
from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.grade import Span
from domain.incident.incident import Incident
from domain.incident.secrecy import Left
from domain.port.any_duty import AnyDuty
from domain.port.chat import ArchiveRoom, InvitePeople, OpenRoom, SetTopic, ShowCard
from domain.port.message import Message
from domain.procedure.headline import card, links, quiet_until, topic
from domain.procedure.manager_present import manager_since
from domain.rule.clause import Clause
from domain.rule.explain import asked_at
from domain.rule.judge import has_room
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, promised, spells, within
from domain.value.model import spoken

PRIVATE = "room/private"
"""The key of the room that an incident moves into when it is marked as a security incident."""


def clocks(incident: Incident) -> Iterator[Clock]:
    """WAR-1 is our own promise, while a room must be there."""
    ours = incident.policy.grace
    for number, (since, until) in enumerate(_room_runs(incident)):
        runs, stop, what = (nth(number, "s"),), incident.done.get("room"), "open the war room"
        yield from promised(incident, WAR_1, start=since, stop=stop, until=until, runs=runs, what=what, ours=ours)
    for since, until in _private_runs(incident)[:1]:
        about, stop, what = "private", incident.done.get(PRIVATE), "open a private war room"
        yield from promised(incident, WAR_1, start=since, stop=stop, until=until, about=about, what=what, ours=ours)


def _room_name(incident: Incident) -> str:
    name = incident.policy.room.name.format(id=incident.id.removeprefix("INC-").lower())
    return f"drill-{name}" if incident.opened.drill else name


def _room_runs(incident: Incident) -> list[tuple[datetime, datetime | None]]:
    """The spans in which there must be a war room; a security incident has one from its beginning (SCP-3)."""
    if not has_room(incident):
        return []
    if incident.opened.security:
        return [(incident.opened_at, None)]
    marked = next((since for since, _ in _private_runs(incident)), None)
    return list(within(incident.runs("war_room"), incident.opened_at, marked))


def _private_runs(incident: Incident) -> list[Span]:
    """The spans in which an incident that was opened as any other is marked as a security incident (SCP-3)."""
    secret = incident.secrecy.spans(incident.opened_at, incident.opened.security)
    return [] if incident.opened.security or not has_room(incident) else secret


def _wants_room(incident: Incident) -> bool:
    if not has_room(incident) or (incident.over and not incident.secrecy.left):
        return False
    return bool(incident.secret or incident.secrecy.left or incident.since("war_room"))


def is_opening(incident: Incident) -> bool:
    """Whether the war room is on its way: wanted, not refused, and not late."""
    hindered = WAR_1.id in incident.missed or any(key in incident.failures for key in ("room", PRIVATE))
    return _wants_room(incident) and not incident.room and not hindered


def awaits_card(incident: Incident) -> bool:
    """Whether a war room has just opened and its card is on its way: who comes in reads first how it stands."""
    asked = incident.policy.room.card_first and incident.open_room
    return bool(asked) and "card" not in incident.shown and "card/0" not in incident.failures


def invited(incident: Incident) -> tuple[str, ...]:
    """WAR-1, WAR-5: everybody who belongs in the war room by now."""
    team = incident.catalog.teams[incident.service.team]
    names = [name for role, name in incident.holders.items() if role != incident.policy.role("manager")]
    names += [incident.opened_by, *team.comms[:1], *team.commanders[:1]]
    names += [name for one in incident.relations.taken_in.values() for name in one.people]
    names += [offer.to for offer in incident.presence.offers if offer.ended_at is None]
    names += [incident.holder("manager")] if manager_since(incident) else []
    names += [*(task.to for task in incident.work.left), *incident.reach.let_in]
    if incident.secrecy.left:
        names += [event.by for event in incident.events if event.what.sign_of_life]
    return tuple(person.id for person in incident.people(names))


def _invitation_key(incident: Incident, name: str) -> str:
    """The key of an invitation: of one into the room to which the talk has moved it says so."""
    return f"invite/private/{name}" if incident.secrecy.left else f"invite/{name}"


def duties(incident: Incident) -> Iterator[AnyDuty]:
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


def _in_room(incident: Incident) -> Iterator[AnyDuty]:
    if not incident.policy.room.checklist:
        yield from pinned(incident)
    yield from _membership(incident)


def pinned(incident: Incident, clocks: Iterable[Clock] | None = None) -> Iterator[AnyDuty]:
    """WAR-1: the pinned card; its checklist hangs on every clock, which no ruleset knows."""
    card_shown = incident.shown.get("card")
    duty = ShowCard(
        key=f"card/{card_shown.count if card_shown else 0}",
        incident=incident.id,
        clause=WAR_1.id,
        summary="keep the pinned card up to date",
        room=incident.room,
        ref=card_shown.ref if card_shown else "",
        message=card(incident, clocks),
        links=links(incident),
        not_before=quiet_until(incident, "card"),
    )
    if not card_shown or card_shown.digest != duty.digest:
        yield duty


def titled(incident: Incident) -> Iterator[AnyDuty]:
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


def _membership(incident: Incident) -> Iterator[AnyDuty]:
    for name in invited(incident) if not incident.closed_at else ():
        if _invitation_key(incident, name) not in incident.done:
            yield _invitation(incident, incident.catalog.people[name])
    if incident.closed_at:
        yield ArchiveRoom(
            key="archive",
            incident=incident.id,
            clause=WAR_1.id,
            summary="archive the war room",
            room=incident.room,
            not_before=incident.closed_at + incident.policy.room.archive_after,
        )


def _invitation(incident: Incident, person: Person) -> InvitePeople:
    """WAR-5 where the severity brings the manager in; for a word to them alone it is an invitation like any other."""
    brought_in = person.id == incident.holder("manager") and manager_since(incident) is not None
    return InvitePeople(
        key=_invitation_key(incident, person.id),
        incident=incident.id,
        clause="WAR-5" if brought_in else WAR_1.id,
        summary=f"invite {person.name} to the war room",
        room=incident.room,
        people=(person,),
    )


def outside(incident: Incident, message: Message) -> Iterator[InvitePeople]:
    """Whom a message in the room calls by name who is not there: they are invited first, or would never hear of it."""
    coming = invited(incident) if not incident.closed_at else tuple(person.id for person in message.to)
    for person in dict.fromkeys(message.to):
        key = _invitation_key(incident, person.id)
        if key not in incident.done and key not in incident.failures and person.id not in coming:
            yield _invitation(incident, person)


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
        f"A war room named {policy.room.name} opens {when}, within {spoken(policy.grace)}.",
        *where,
        f"It is archived {spoken(policy.room.archive_after)} after the incident closes.",
    ]


WAR_1 = Clause(
    "WAR-1",
    "Declaring a P1/P2 (policy: P3 too) creates the Slack channel `#incident-{id}` with topic, pinned "
    "summary, links, and the right people invited.",
    still=True,
    judged_by="the war room exists",
    judge=_room,
    explain=_explain_room,
)
RULES = Ruleset(clauses=(WAR_1,), clocks=clocks, duties=duties, brings_about={OpenRoom: _opened})
