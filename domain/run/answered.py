"""What the room was asked and somebody has answered becomes its answer there, and its presses go (WAR-4).

An answer that calls somebody, or that everybody is to read, is said anew; the question stands above it as it was asked.
So does a digest of what is overdue, until the next one or the end.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.clocks import Missed
from domain.incident.effects import Done
from domain.incident.entry import SaidAt
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.lifecycle import Resolved
from domain.incident.roles import RoleGivenUp, RoleVacated
from domain.port.chat import Say
from domain.port.message import Message
from domain.run.saying import is_gathered
from domain.run.telling import answer_to, notice
from domain.value.key import DutyKey
from domain.value.moment import clock_time

STANDS = "stands"
"""How the place of such a question is kept, before the number of its event."""


def remember(incident: Incident, event: Event, done: Done, at: datetime) -> None:
    """Where a question of the room stands, or the digest, of which an edit takes the place."""
    ref = done.outcome.ref
    if ref and is_gathered(incident, event):
        for key in [key for key, said in incident.said.items() if DutyKey(key).name == STANDS and said.ref == ref]:
            del incident.said[key]
    if ref and (event.what.answered_by or is_gathered(incident, event)):
        incident.said[DutyKey.of(STANDS, str(event.number))] = SaidAt(ref, at)


def answered(incident: Incident) -> Iterator[Say]:
    """Each question that has its answer by now and does not show it yet, in the place of the question."""
    if not incident.policy.room.asks_end or incident.closed_at:
        return
    moved_at = [at for at, _ in incident.secrecy.turns]
    for number, said in _standing(incident):
        key = f"answered/{number}"
        if key in incident.done or any(at >= said.at for at in moved_at):
            continue
        asked = incident.events[number - 1]
        last = _answer(incident, asked)
        words = _in_its_place(incident, asked, last) if last else None
        if words:
            yield Say(
                key=key,
                incident=incident.id,
                clause=asked.clause,
                summary=f"edit what was asked into its answer: {words.text.splitlines()[0][:120]}",
                room=incident.open_room,
                ref=said.ref,
                message=words,
            )


def _standing(incident: Incident) -> Iterator[tuple[int, SaidAt]]:
    """The number of each question's event, and where the question stands in the room."""
    for key, said in incident.said.items():
        if DutyKey(key).name == STANDS:
            yield int(DutyKey(key).parts[0]), said


def _in_its_place(incident: Incident, asked: Event, last: Event) -> Message | None:
    """The answer; nothing while the question has presses for something else too (WAR-7)."""
    if isinstance(last.what, Missed):
        return Message(
            text=f"{incident.mark}What is overdue is said anew at {clock_time(last.at)}.", moments=(last.at,)
        )
    if isinstance(asked.what, RoleVacated | RoleGivenUp):
        words = notice(incident, asked)
        if words is None or len({button.act for button in words.buttons}) != 1:
            return None
    return answer_to(incident, last)


def _answer(incident: Incident, asked: Event) -> Event | None:
    """The first event after the question that answers it; of a digest the next one, or the end."""
    if isinstance(asked.what, Missed):
        found = [incident.events[number - 1] for number, _ in _standing(incident)]
        found = [event for event in found if isinstance(event.what, Missed)]
        found += [event for event, _ in incident.all(Resolved)]
    else:
        found = [event for kind in asked.what.answered_by for event, _ in incident.all(kind)]
    role = getattr(asked.what, "role", "")
    after = (one for one in found if one.number > asked.number and getattr(one.what, "role", role) == role)
    return min(after, key=lambda event: event.number, default=None)
