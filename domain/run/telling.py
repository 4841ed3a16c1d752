"""Whom an event is told, and in which words. None means that this event needs no telling."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from domain.company.catalog import Person
from domain.incident.clock import Deadline
from domain.incident.clocks import DeputyAsked, Kept, Missed, Reminded
from domain.incident.effects import Done, Failed, in_past
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.office import is_by_day
from domain.incident.pages import rings_on
from domain.port.message import Button, Message
from domain.procedure.paging import vendor_paged
from domain.procedure.roles import named
from domain.procedure.sop import PROCEDURE
from domain.rule.clause import asks_deputy
from domain.rule.deputies import deputies, owes_by_name, there, understudies
from domain.rule.names import ToPeople
from domain.rule.people import candidates, held_by, holders
from domain.rule.ruleset import Tell
from domain.run.stopped import asking, tell_stopped
from domain.value.key import ClockKey, DutyKey
from domain.value.line import in_words
from domain.value.model import said_span
from domain.value.moment import clock_time

CODE = re.compile(r"(?:([A-Z]{2,3}-\d+) )?(.*)", re.DOTALL)
"""A clause and the words about it."""
OVER = timedelta(minutes=5)
"""From when on how long it is overdue is said."""
ASKED = "asked"
LISTED = 3
"""What one message names of several things; it has a press for each."""


def answers(incident: Incident, clause: str, key: str) -> tuple[Button, ...]:
    """The presses that answer a reminder where it appears."""
    promise, titles = PROCEDURE.promises.get(clause), {name: rule.title for name, rule in incident.policy.roles.items()}
    return named(promise.buttons(ClockKey(key)) if promise else (), titles)


def notice(incident: Incident, event: Event) -> Message | None:
    """The message for one event, or None: as its ruleset says, as every clock and failure is told, or its line.

    The sentence comes first, and its clause last and small.
    """
    tell = PROCEDURE.tell(event) or OURS.get(type(event.what), _line)
    message = _with_left_out(tell(incident, event, event.what), event)
    return _set(incident, event, message) if message else None


def _set(incident: Incident, event: Event, message: Message) -> Message:
    clause, text = CODE.findall(message.text)[0]
    small = " · ".join(part for part in (message.small, clause or event.clause) if part)
    return message.model_copy(update={"text": f"{incident.mark}{text}", "small": small})


def digest(incident: Incident, running: Mapping[str, Deadline], at: datetime) -> Message:
    """Every promise that is overdue and could still be kept, in one message."""
    overdue = [one for key, one in running.items() if key in incident.missed]
    overdue.sort(key=lambda one: one.due_at)
    lines = [f"• {_owes(incident, one)}, since {clock_time(one.due_at, at)}" for one in overdue]
    lasted = said_span(at - incident.opened_at)
    buttons = {button.label: button for one in overdue for button in answers(incident, one.clause, one.key)[:1]}
    return Message(
        text="\n".join([f"{incident.mark}{lasted} in, {len(lines)} still overdue{_these(lines)}:", *lines[:LISTED]]),
        buttons=tuple(buttons.values())[:3],
        small=" · ".join(dict.fromkeys(one.clause for one in overdue)),
        moments=tuple(one.due_at for one in overdue),
    )


def _these(lines: list[str]) -> str:
    """Behind how many they are, where not all are named."""
    return ", these first" if len(lines) > LISTED else ""


def _owes(incident: Incident, one: Deadline) -> str:
    """Who was to do what, by name; where nobody holds the role somebody was."""
    holder = incident.catalog.person_called(incident.holders.get(one.owner, one.owner))
    who = incident.catalog.short(holder.id) if holder else "somebody"
    return f"{who} {asking(one.clause, one.says).owed(one.says)}"


def _line(incident: Incident, event: Event, what: Fact) -> Message | None:
    """Its line, where that is enough."""
    who = "Standfast" if event.by == STANDFAST else event.signed(ToPeople(incident))
    return Message(text=what.line(ToPeople(incident)).said_by(who)) if what.told else None


def answer_to(incident: Incident, event: Event) -> Message:
    """What became of a question, for whom it was asked alone, where nobody else is told of it any more."""
    line = event.what.line(ToPeople(incident))
    said = line._replace(words=in_past(line.words)).said_by(event.signed(ToPeople(incident)))
    said = f"{said[:1].upper()}{said[1:]}".rstrip(".")
    return Message(text=f"{incident.mark}{said}, at {clock_time(event.at)}.", small=event.clause, moments=(event.at,))


def _with_left_out(message: Message | None, event: Event) -> Message | None:
    """What a vendor would not take of an effect is said with it, or alone where the effect is no news."""
    done = event.what
    if not isinstance(done, Done) or not done.left_out:
        return message
    text = message.text if message else f"done: {done.summary}"
    return (message or Message(text=text)).model_copy(update={"text": f"{text}\n{done.left_out}"})


def _tell_reminded(incident: Incident, event: Event, what: Reminded) -> Message:
    says, due_at = what.says, what.due_at
    promise, left = asking(what.clause, says), said_span(due_at - event.at)
    text = f"{promise.asks_before(says, clock_time(due_at, event.at), left)}{promise.lacks(incident)}"
    rule = incident.policy.clock(what.clause)
    warn = rule.warn if rule else ()
    owners = owed_by(incident, what.key, what.owner, event.at)
    people, text = (*owners, *_holding(incident, warn, event.at)), f"{text}{_instead(incident, what.owner, owners)}"
    return _asked(text, people, due_at, answers(incident, what.clause, what.key), _where(incident))


def _tell_missed(incident: Incident, event: Event, what: Missed) -> Message:
    says = in_words(what.says)
    if what.stopped_at and what.broken:
        end = "at the end" if incident.over else "when it was given up"
        return Message(text=f"Never kept, {said_span(what.stopped_at - what.due_at)} over {end}: {says}.")
    if what.kept_late:
        return tell_stopped(incident, event, what)
    rule = incident.policy.clock(what.clause)
    tell = rule.tell if rule else ()
    promise, over = asking(what.clause, says), event.at - what.due_at
    text = promise.asks_after(says, clock_time(what.due_at, event.at), incident)
    text = f"{text} That is {said_span(over)} over." if over >= OVER else text
    text = f"{text}{promise.lacks(incident)}"
    owners = owed_by(incident, what.key, what.owner, event.at)
    people = (*owners, *_told_of_miss(incident, what.key, tell, event.at))
    text = f"{text}{_instead(incident, what.owner, owners)}"
    too = _asked_too(incident, people, event.at, over)
    names = " and ".join(incident.catalog.short(person.id) for person in too)
    text = f"{text} {names} {'is' if len(too) == 1 else 'are'} asked too." if too else text
    where = _where(incident) if incident.over else ""
    return _asked(text, (*people, *too), what.due_at, answers(incident, what.clause, what.key), where)


def _tell_deputy(incident: Incident, event: Event, what: DeputyAsked) -> Message:
    to, presses = incident.people([what.person]), answers(incident, what.clause, what.key)
    return Message(text=asks_deputy(what.says), to=to, buttons=presses, small=_where(incident))


def _tell_failed(incident: Incident, event: Event, what: Failed) -> Message | None:
    if what.times != 1 and not what.given_up:
        return None
    hand = f"\nBy hand: {in_words(what.by_hand)}" if what.by_hand else ""
    goes_on = "See there whether it has." if what.given_up else "It stays owed and is tried again."
    text = f"Standfast could not {in_words(what.summary)}: {what.said}. {goes_on}{hand}"
    known = held_by(incident, "commander", "on_call") or _in_charge(incident)
    to = dict.fromkeys([*incident.people([PROCEDURE.wanted_by(incident, what)]), *known])
    return Message(text=text, to=tuple(to), buttons=PROCEDURE.by_hand(what))


OURS: Mapping[type[Fact], Tell] = {
    Reminded: _tell_reminded,
    Kept: tell_stopped,
    Missed: _tell_missed,
    DeputyAsked: _tell_deputy,
    Failed: _tell_failed,
}
"""The message for what time and the software bring about, whichever clause it is of."""


def _asked(text: str, people: Iterable[Person], due_at: datetime, buttons: tuple[Button, ...], small: str) -> Message:
    to = tuple(dict.fromkeys(people))
    return Message(text=text, to=to, buttons=buttons, small=small, moments=(due_at,))


def _where(incident: Incident) -> str:
    """Which incident it is about, for who reads it outside its room."""
    return f"{incident.id} {incident.title}"


def alone(key: str, person: str) -> str:
    """What a message to one person about a clock is kept by."""
    return f"alone/{key}/{person}"


def asked(place: str, person: str) -> str:
    """What a question to one person is kept by, until its answer stands there; `place` is what it is about."""
    return DutyKey.of(ASKED, person, place)


def _told_of_miss(incident: Incident, key: str, roles: tuple[str, ...], at: datetime) -> tuple[Person, ...]:
    """Who is told of a miss: who holds these roles, else somebody who can hear it; after the fight once each."""
    people = _holding(incident, roles, at) or (_in_charge(incident) if roles else ())
    return tuple(one for one in people if not (incident.over and alone(key, one.id) in incident.said))


def _holding(incident: Incident, roles: tuple[str, ...], at: datetime) -> tuple[Person, ...]:
    """Who holds these roles, and who stands in for them while they are on leave (WAR-7)."""
    found = (there(incident, holders(incident, role), role, at) for role in roles)
    return tuple(dict.fromkeys(person for people in found for person in people))


def _asked_too(incident: Incident, people: Iterable[Person], at: datetime, over: timedelta) -> tuple[Person, ...]:
    """Who is asked beside its owner for what is overdue for days: the manager, else who stands in (PM-2, WAR-7)."""
    if not is_by_day(incident) or over < incident.policy.room.manager_after:
        return ()
    asked = tuple(people)
    others = incident.people([incident.holder("manager"), *deputies(incident, at)])
    return tuple(one for one in others if one not in asked and not (one.is_away(at) or one.left))[:1]


def together(incident: Incident, messages: list[Message]) -> Message:
    """What somebody owes in one message: a line and a press for each, the incident once."""
    said = [message.text.removeprefix(incident.mark).splitlines()[0] for message in messages]
    lines = [f"{number}. {text}" for number, text in enumerate(said, start=1)]
    clauses = dict.fromkeys(message.small.rpartition(" · ")[2] for message in messages)
    text = "\n".join([f"{incident.mark}{len(lines)} things wait for you{_these(lines)}:", *lines[:LISTED]])
    moments = tuple(dict.fromkeys(at for message in messages for at in message.moments))
    small = " · ".join([_where(incident), *clauses])
    return Message(text=text, buttons=tuple(_numbered(messages)), small=small, moments=moments)


def _numbered(messages: list[Message]) -> Iterator[Button]:
    """The presses for the first lines; those that read alike say which line they answer."""
    found = [(number, button) for number, one in enumerate(messages[:3], start=1) for button in one.buttons[:1]]
    labels = [button.label for _, button in found]
    for number, button in found:
        alike = labels.count(button.label) > 1
        yield button.model_copy(update={"label": f"{number}: {button.label}"}) if alike else button


def _in_charge(incident: Incident) -> tuple[Person, ...]:
    """Who can hear of something while nobody holds the roles that should: the manager, else whoever was woken."""
    woken = (name for sent in incident.pages.values() for name in sent.people)
    return held_by(incident, "commander", "on_call", "manager") or incident.people(woken)


def owed_by(incident: Incident, key: str, owner: str, at: datetime) -> tuple[Person, ...]:
    """The people who owe a clock at a moment: who holds the role, else who could, else the commander.

    Of who is on leave it is asked of whoever stands in (WAR-7).
    """
    about = ClockKey(key).about if ClockKey(key).clause == "WAR-3" else ""
    role = about if about in incident.policy.roles else owner
    if owner not in incident.policy.roles and owner != STANDFAST:
        return owes_by_name(incident, owner, at) or held_by(incident, "manager")
    if role == incident.policy.role("on_call") and role not in incident.holders:
        woken = incident.people([*_woken_to_acknowledge(incident, at), *vendor_paged(incident)])
        if woken:
            return woken
    could = incident.people(_candidates(incident, role, at)) or held_by(incident, "commander")
    return there(incident, holders(incident, role) or could, role, at, ClockKey(key))


def _instead(incident: Incident, owner: str, people: Iterable[Person]) -> str:
    """Whose it is, where it is asked of somebody in their place."""
    whose = incident.catalog.people.get(owner)
    if whose is None or whose in people:
        return ""
    return f" {whose.name}, whose it is, {'has left' if whose.left else 'is on leave'}."


def yet_to_ask(incident: Incident, due: Deadline, at: datetime) -> Iterator[str]:
    """Who is asked next as a deputy for what is overdue; nobody twice, and nobody who owes it and hears so (WAR-7)."""
    known = {*incident.presence.deputised.get(due.key, ())}
    if incident.policy.absence.asked_once:
        known |= {person.id for person in owed_by(incident, due.key, due.owner, at)}
    names = understudies(incident, due.owner, ClockKey(due.key), at)
    return (name for name in names if name not in known)


def _woken_to_acknowledge(incident: Incident, at: datetime) -> list[str]:
    """Whom we woke as on-call engineer in this ringing until then; who was called for something else owes nothing.

    Nor does whoever passed it on.
    """
    since, declined = incident.rounds[-1].started_at, incident.reach.declined
    gone = incident.corrections.is_released
    sent = [one for page, one in incident.pages.items() if not (rings_on(page) or gone(page) or page in declined)]
    return [name for one in sent if since <= one.at < at for name in one.people]


def _candidates(incident: Incident, role: str, at: datetime) -> tuple[str, ...]:
    """Who of the team could hold a vacant role; who holds another one, where nobody listed could command."""
    listed = candidates(incident, role)
    away = () if incident.policy.absence.counts_away else {one.id for one in incident.people(listed) if one.is_away(at)}
    is_commander = role == incident.policy.role("commander")
    return tuple(incident.holders.values()) if is_commander and {*listed} <= {*away} else listed
