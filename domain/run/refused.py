"""What is refused stands in the list with its words (WAR-6), and who tried was there (ACK-5, WAR-7)."""

from datetime import datetime

from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.record import Refused
from domain.rule.act import words_of
from domain.rule.refusal import Refusal
from domain.run import read as fold
from domain.run.may import is_theirs
from domain.value.act import Act

SENDER = "somebody"
"""Who sent what does not say it."""


def noted(incident: Incident, act: Act, decided: Refusal) -> Refused:
    """The refusal of an act as it is kept."""
    heard = incident.policy.absence.tries_count and is_theirs(incident, act.kind, act.by, act.via)
    settled = decided.settled and incident.policy.room.settled_apart
    return Refused(act=act.kind, reason=decided.reason, words=words_of(act), heard=heard, settled=settled)


def not_read(incident: Incident, act: str, by: str, why: str, now: datetime) -> None:
    """Something that was sent and cannot be read is refused; people are told, once for the same words."""
    said = Refused(act=act, reason=why)
    before = any((one.act, one.reason) == (said.act, said.reason) for _, one in incident.all(Refused))
    person = incident.catalog.person_called(by)
    who = (person.id if person else by) or SENDER
    refused = said.model_copy(update={"unanswered": not before})
    fold.append(incident, Event(number=incident.number + 1, at=now, by=who, via="temporal", what=refused))
