"""Whom an event is told, and in which words. None means that this event needs no telling."""

from datetime import timedelta

from domain.company.catalog import Person
from domain.incident.clocks import Missed, Reminded
from domain.incident.effects import Failed
from domain.incident.entry import STANDFAST
from domain.incident.event import Event, clock_time
from domain.incident.incident import Incident
from domain.port.message import Button, Message
from domain.procedure.paging import vendor_paged
from domain.procedure.sop import PROCEDURE
from domain.rule.names import InRoom
from domain.rule.people import held_by, holders
from domain.value.key import ClockKey
from domain.value.model import spoken


def answers(clause: str, key: str) -> tuple[Button, ...]:
    """The presses that answer a reminder where it appears."""
    promise = PROCEDURE.promises.get(clause)
    return promise.buttons(ClockKey(key)) if promise else ()


def notice(incident: Incident, event: Event) -> Message | None:
    """The message for one event, or None: as its ruleset says, of a clock or a failure, or its line."""
    tell = PROCEDURE.tell(event)
    if tell:
        message = tell(incident, event, event.what)
    else:
        message = _about_time(incident, event) or _about_failures(incident, event) or _line(incident, event)
    return message.model_copy(update={"text": f"{incident.mark}{message.text}"}) if message else None


def _line(incident: Incident, event: Event) -> Message | None:
    """Its line, where that is enough."""
    if not event.what.told or isinstance(event.what, Missed | Reminded):
        return None
    who = "Standfast" if event.by == STANDFAST else incident.called(event.by)
    return Message(text=f"{event.clause} {event.what.line(InRoom(incident)).said_by(who)}")


def _about_time(incident: Incident, event: Event) -> Message | None:
    match event.what:
        case Reminded(clause=clause, key=key, owner=owner, due_at=due_at, says=says):
            left = spoken(due_at - event.at)
            text = f"{clause} {says}: due in {left}, at {clock_time(due_at, event.at)}"
            warn = incident.policy.clocks[clause].warn if clause in incident.policy.clocks else ()
            people = (*owed_by(incident, key, owner), *holders(incident, *warn))
            return Message(text=text, to=tuple(dict.fromkeys(people)), buttons=answers(clause, key))
        case Missed(clause=clause, key=key, owner=owner, due_at=due_at, says=says, stopped_at=None, times=times):
            tell = incident.policy.clocks[clause].tell if clause in incident.policy.clocks else ()
            late = "just now" if event.at - due_at < timedelta(seconds=1) else f"{spoken(event.at - due_at)} ago"
            again = f" (said {times} times)" if times > 1 else ""
            text = f"{clause} {says}: was due at {clock_time(due_at, event.at)}, {late}{again}"
            people = (*owed_by(incident, key, owner), *holders(incident, *tell))
            return Message(text=text, to=tuple(dict.fromkeys(people)), buttons=answers(clause, key))
    return None


def _about_failures(incident: Incident, event: Event) -> Message | None:
    match event.what:
        case Failed(summary=summary, said=said, by_hand=by_hand, times=1):
            hand = f"\nBy hand: {by_hand}" if by_hand else ""
            text = f"{event.clause} could not {summary}: {said}. It stays owed and is tried again.{hand}"
            return Message(text=text, to=held_by(incident, "commander", "on_call"))
    return None


def owed_by(incident: Incident, key: str, owner: str) -> tuple[Person, ...]:
    """The people who owe a clock: who holds the role, else who could, else the commander."""
    role = key.split("/")[1] if key.startswith("WAR-3/") else owner
    if key.startswith("ACT-2/"):
        return incident.people([owner]) or held_by(incident, "manager")
    if role == incident.policy.role("on_call") and role not in incident.holders:
        paged = [name for sent in incident.pages.values() for name in sent.people]
        return incident.people([*paged, *vendor_paged(incident)])
    return holders(incident, role) or incident.people(_candidates(incident, role)) or held_by(incident, "commander")


def _candidates(incident: Incident, role: str) -> tuple[str, ...]:
    """Who of the team could hold a vacant role."""
    team, policy = incident.catalog.teams[incident.service.team], incident.policy
    if role == policy.role("comms"):
        return team.comms
    if role == policy.role("commander"):
        return team.commanders or tuple(incident.holders.values())
    return team.candidates.get(role, ())
