"""Every running deadline of an incident: what keeps it, by when, who owes it, or who is asked while nobody does."""

from datetime import datetime

from pydantic import Field

from domain.incident.clock import Deadline
from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.procedure.sop import PROCEDURE
from domain.rule.clause import third
from domain.run.agenda import can_be_kept, deadlines
from domain.run.telling import owed_by
from domain.value.model import Instant, Model, unsaid


class Due(Model):
    """One running deadline: what, who owes it, when."""

    incident: str
    clause: str
    key: str
    says: str
    owner: str
    person: str
    due_at: Instant
    rings_at: Instant | None
    """When its timer rings next; of what is overdue and can still be done, when it rang. None: it stands last."""
    does: str = ""
    """What keeps it, as "tells the room": whoever owes it is said before it. Empty from an older worker."""
    called: str = ""
    """The name of whoever owes it; empty while nobody does."""
    asked: str = Field(default="", exclude_if=unsaid)
    """While nobody owes it: who is asked for it, in short."""

    @property
    def order(self) -> tuple[bool, datetime]:
        """Where it stands among others: overdue longest, then due next, and last what nobody is asked for any more."""
        return self.rings_at is None, self.due_at

    @property
    def doing(self) -> str:
        """What keeps it; in the words of the list where an older worker has no others."""
        return self.does or self.says


def due(incident: Incident) -> tuple[Due, ...]:
    """Every running deadline, the timer that rings next first."""
    return tuple(_due(incident, one) for one in deadlines(incident) if one.ring != "wait")


def _due(incident: Incident, one: Deadline) -> Due:
    promise = PROCEDURE.promises.get(one.clause)
    person = incident.holders.get(one.owner, one.owner if one.owner in incident.catalog.people else "")
    return Due(
        incident=incident.id,
        clause=one.clause,
        key=one.key,
        says=one.says,
        owner=one.owner,
        person=person,
        due_at=one.due_at,
        rings_at=one.rings_at or (one.due_at if can_be_kept(one) else None),
        does=promise.owed(one.says) if promise else third(one.says),
        called=incident.called(person) if person else "",
        asked="" if person or one.owner == STANDFAST else _asked(incident, one),
    )


def _asked(incident: Incident, one: Deadline) -> str:
    people = owed_by(incident, one.key, one.owner, incident.events[-1].at)
    return ", ".join(incident.catalog.short(person.id) for person in people)
