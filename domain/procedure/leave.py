"""WAR-7: who holds a role is asked to hand it over when their leave begins, and relieved once nothing is heard of them.

The manager's role is left out: who stands in for a manager on leave acts, and is asked, without holding it.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.ringing import Unacknowledged
from domain.incident.roles import RoleVacated
from domain.incident.tenure import quiet_since
from domain.port.message import Message
from domain.procedure.relief import WAR_7, GiveUpRole
from domain.procedure.roles import OfferRole
from domain.rule.ruleset import Ruleset
from domain.rule.timer import Pause, nth, pause
from domain.value.key import ClockKey
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Slug, spoken

LEAVE, SILENCE = "leave", "absent"
"""What the two waits are about, with the role: that a leave begins, and that nothing is heard in it."""


class LeaveBegun(Fact):
    """The leave of somebody who holds a role has begun, and they were heard from lately: they are to hand it over."""

    told = True
    minor = True
    clause: ClauseId = "WAR-7"
    role: Slug
    person: str

    def line(self, names: Names) -> Line:
        words = f"the leave of {names.person(self.person)}, who is {names.role(self.role)}, has begun"
        return Line(words, tone="warn", alone=True)


def clocks(incident: Incident) -> Iterator[Clock]:
    """For each role: when a leave of its holder begins, and then how long they may be silent in it."""
    if incident.over or not incident.policy.absence.leave_relieves:
        return
    for role in _handed(incident):
        person = incident.holders[role]
        number, since = len(incident.presence.turns[role]) - 1, _held_since(incident, role)
        rang = [at for key, at in incident.rung.items() if _is(key, LEAVE, role)]
        begins = _next_leave(incident, person, max([since, *rang]))
        if begins:
            runs = (nth(number, "v"), nth(len(rang), "r"))
            what = f"the leave of {incident.called(person)} begins, who is {incident.policy.roles[role].title}"
            yield from _waits(incident, f"{LEAVE}-{role}", since, begins, runs=runs, what=what)
        yield from _silent(incident, role, person)


def _silent(incident: Incident, role: str, person: str) -> Iterator[Clock]:
    """Since they were asked, or their last word after it, where their leave goes on for as long."""
    asked = [event.at for event, fact in incident.all(LeaveBegun) if fact.role == role]
    quiet, relief = quiet_since(incident, role), incident.policy.absence.relief
    if not asked or quiet is None or asked[-1] < _held_since(incident, role):
        return
    quiet = max(quiet, asked[-1])
    due = quiet + relief
    if incident.catalog.people[person].is_away(due):
        what = f"{incident.called(person)} is relieved as {incident.policy.roles[role].title}, on leave and silent"
        yield from _waits(incident, f"{SILENCE}-{role}", quiet, due, runs=(nth(len(asked) - 1, "r"),), what=what)


def _waits(
    incident: Incident, about: str, start: datetime, due: datetime, *, runs: tuple[str, ...], what: str
) -> Iterator[Clock]:
    span = due - start
    yield from pause(incident, WAR_7, span, start=start, about=about, runs=runs, what=what, counting=Pause(span))


def _handed(incident: Incident) -> list[str]:
    """The roles whose holder the catalog knows, and which nobody acts in who does not hold them."""
    roles, people = incident.policy.roles, incident.catalog.people
    held = ((role, person) for role, person in incident.holders.items() if role in roles and person in people)
    return [role for role, _ in held if roles[role].starts_with != "team_manager"]


def _held_since(incident: Incident, role: str) -> datetime:
    """Since when the present holder of a role has it, or came back to it after a reopening."""
    return max([incident.presence.turns[role][-1].at, *incident.reopenings])


def _is(key: str, about: str, role: str) -> bool:
    return ClockKey(key).clause == WAR_7.id and ClockKey(key).about == f"{about}-{role}"


def _next_leave(incident: Incident, person: str, since: datetime) -> datetime | None:
    """When the next leave of somebody begins after a moment."""
    leaves = incident.catalog.people[person].away
    return min((one.starts_at for one in leaves if since < one.starts_at), default=None)


def expired(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """A leave has begun, or nothing was heard in it: they are asked to hand over, or relieved."""
    mine = (one for one in _handed(incident) if _is(key, LEAVE, one) or _is(key, SILENCE, one))
    role, at = next(mine, ""), incident.events[-1].at
    if not role or not incident.catalog.people[incident.holders[role]].is_away(at):
        return ()
    person, quiet = incident.holders[role], quiet_since(incident, role)
    if quiet is not None and at - quiet >= incident.policy.absence.relief:
        return tuple(_relieved(incident, role, person))
    return (LeaveBegun(role=role, person=person),) if _is(key, LEAVE, role) else ()


def _relieved(incident: Incident, role: str, person: str) -> Iterator[Fact]:
    """Nobody holds it any more; what they have taken rings again (ACK-6)."""
    reason = f"on leave, and not heard from for {spoken(incident.policy.absence.relief)}"
    if role == incident.policy.role("on_call") and incident.acknowledged_at and incident.policy.paging.left_rings:
        yield Unacknowledged(reason=f"{incident.called(person)} is {reason}")
    yield RoleVacated(role=role, person=person, how="relieved", reason=reason)


def _tell_begun(incident: Incident, event: Event, begun: LeaveBegun) -> Message:
    """WAR-7: who is at work hands over; without a word of theirs the role is vacant, and somebody is asked for it."""
    title, relief = incident.policy.roles[begun.role].title, spoken(incident.policy.absence.relief)
    text = f"WAR-7 {incident.called(begun.person)}, your leave has begun, and you are {title}. Hand it over"
    text += f"; after {relief} without a word of yours it is vacant, and somebody else is asked."
    answers = (OfferRole.button(role=begun.role), GiveUpRole.button(role=begun.role))
    return Message(text=text, to=incident.people([begun.person]), buttons=answers)


RULES = Ruleset(clocks=clocks, expired=expired, tell={LeaveBegun: _tell_begun})
