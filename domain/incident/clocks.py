"""What the passing of time turned into: reminders, promises kept and missed, waits that ended."""

from typing import TYPE_CHECKING, Literal

from domain.incident.fact import Fact
from domain.value.model import ClauseId, Moment

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class Reminded(Fact):
    """The owner of a deadline was to be reminded before it."""

    told = True
    kind: Literal["reminded"] = "reminded"
    clause: ClauseId
    key: str
    owner: str
    due_at: Moment
    says: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """When its owner was last reminded."""
        incident.reminded[self.key] = event.at


class Kept(Fact):
    """A promise was kept: done at `stopped_at`, due at `due_at`."""

    kind: Literal["kept"] = "kept"
    clause: ClauseId
    key: str
    owner: str
    due_at: Moment
    stopped_at: Moment
    says: str


class Missed(Fact):
    """A deadline passed, for the nth time it is said; or a promise was kept late (`stopped_at`)."""

    told = True
    kind: Literal["missed"] = "missed"
    clause: ClauseId
    key: str
    owner: str
    due_at: Moment
    times: int = 1
    stopped_at: Moment | None = None
    broken: bool = False
    """Whether what stopped it was not that it was done."""
    says: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """How often its passing was said, and when first; a deadline that passed is moved no more."""
        if self.stopped_at is None:
            incident.passed.setdefault(self.key, self.due_at)
        first = incident.missed[self.key][1] if self.key in incident.missed else event.at
        incident.missed[self.key] = (self.times, first)


class Rang(Fact):
    """A waiting time of the procedure is over and its consequence follows."""

    kind: Literal["rang"] = "rang"
    clause: ClauseId
    key: str
    due_at: Moment
    says: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Its consequence follows once."""
        incident.rung[self.key] = event.at
