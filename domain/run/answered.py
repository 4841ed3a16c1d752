"""What the room was asked and somebody has answered becomes its answer there, and its presses go (WAR-4).

An answer that calls somebody, or that everybody is to read, is said anew; the question stands above it as it was asked.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.alerts import Recovered
from domain.incident.effects import Done
from domain.incident.entry import SaidAt
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.lifecycle import Resolved
from domain.incident.ringing import Acknowledged, Unacknowledged
from domain.incident.roles import RoleGivenUp, RoleTaken, RoleVacated
from domain.port.chat import Say
from domain.procedure.quiet import StillQuiet
from domain.run.telling import answer_to, notice
from domain.value.key import DutyKey

STANDS = "stands"
"""How the place of such a question is kept, before the number of its event."""


def remember(incident: Incident, event: Event, done: Done, at: datetime) -> None:
    """Where a question of the room stands."""
    if isinstance(event.what, Recovered | StillQuiet | RoleVacated | RoleGivenUp | Unacknowledged) and done.outcome.ref:
        incident.said[DutyKey.of(STANDS, str(event.number))] = SaidAt(done.outcome.ref, at)


def answered(incident: Incident) -> Iterator[Say]:
    """Each question that has its answer by now, in the place of the question."""
    if not incident.policy.room.asks_end or incident.closed_at:
        return
    moved_at = [at for at, _ in incident.secrecy.turns]
    for key, said in incident.said.items():
        if DutyKey(key).name != STANDS or any(at >= said.at for at in moved_at):
            continue
        asked = incident.events[int(DutyKey(key).parts[0]) - 1]
        last, words = _answer(incident, asked), notice(incident, asked)
        if last and words and len({button.act for button in words.buttons}) == 1:
            yield Say(
                key=f"answered/{asked.number}",
                incident=incident.id,
                clause=asked.clause,
                summary=f"edit what was asked into its answer: {words.text.splitlines()[0][:120]}",
                room=incident.open_room,
                ref=said.ref,
                message=answer_to(incident, last),
            )


def _answer(incident: Incident, asked: Event) -> Event | None:
    """The first event after the question that answers it."""
    what, found = asked.what, list[Event]()
    if isinstance(what, Recovered | StillQuiet):
        found = [event for event, _ in incident.all(Resolved)]
    elif isinstance(what, RoleVacated | RoleGivenUp):
        found = [event for event, taken in incident.all(RoleTaken) if taken.role == what.role]
    elif isinstance(what, Unacknowledged):
        found = [event for event, _ in incident.all(Acknowledged)]
    return next((event for event in found if event.number > asked.number), None)
