"""What a person is told of their act: what is true now, and what is due next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.incident.clock import Deadline
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.ringing import Acknowledged
from domain.incident.roles import RoleTaken
from domain.port.message import Button
from domain.procedure.findings import FindingPosted, undo
from domain.procedure.sop import PROCEDURE
from domain.rule.names import ToPeople
from domain.run.agenda import deadlines
from domain.value.clip import clipped
from domain.value.moment import clock_time

WORDS = 60
"""Characters of what somebody wrote that are said back to them."""


@dataclass(frozen=True, slots=True)
class ActResult:
    """What a person is told of their act."""

    accepted: bool
    text: str
    moments: tuple[datetime, ...] = ()
    """Moments that the text names in UTC (`clock_time`); who shows it says them in its reader's own time."""
    buttons: tuple[Button, ...] = ()
    """What may be pressed now by whoever did it: what takes it back."""


def answer(incident: Incident, by: str, facts: Iterable[Fact], now: datetime) -> ActResult:
    """The answer to an act that was taken: its facts as sentences, then the next deadline, first of all their own."""
    made = tuple(facts)
    on_it = any(isinstance(what, Acknowledged) for what in made)  # which says that it is their role by now
    said = [_sentence(incident, by, what) for what in made if not (on_it and isinstance(what, RoleTaken))]
    back = (undo(incident),) if any(isinstance(what, FindingPosted) for what in made) else ()
    if not said:
        return ActResult(True, "Nothing is new in that.")
    due = _next(incident, by, now)
    if due is None:
        return ActResult(True, " ".join(said), buttons=back)
    promise = PROCEDURE.promises.get(due.clause)
    does = promise.owed(due.says) if promise else due.says
    who = ToPeople(incident).owner(incident.holders.get(due.owner, due.owner))
    ahead = f"Next: {who} {does} by {clock_time(due.due_at, now)}."
    return ActResult(True, " ".join([*said, ahead]), (due.due_at,), back)


def _sentence(incident: Incident, by: str, what: Fact) -> str:
    names = ToPeople(incident)
    line = what.line(names)
    words = f"{line.words}; {what.remark}" if what.remark else line._replace(detail=clipped(line.detail, WORDS)).said
    said = line._replace(words=words, detail="").said_by(names.person(by))
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith(('.', '!', '?', '…')) else '.'}"


def _next(incident: Incident, by: str, now: datetime) -> Deadline | None:
    """What can still be kept in time and is due next: of theirs, else of anybody's."""
    ahead = [one for one in deadlines(incident) if one.ring != "wait" and one.due_at > now]
    own = [one for one in ahead if incident.holders.get(one.owner, one.owner) == by]
    return min(own or ahead, key=lambda one: one.due_at, default=None)
