"""What the passing of time turned into: reminders, promises kept and missed, waits that ended."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from domain.incident.fact import Fact
from domain.value.line import Line, Names, in_words
from domain.value.model import ClauseId, Instant, Slug, said_outcome, unsaid

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class Reminded(Fact):
    """The owner of a deadline was to be reminded before it."""

    told = True
    minor = True
    clause: ClauseId
    key: str
    owner: str
    due_at: Instant
    says: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.reminded[self.key] = event.at

    def line(self, names: Names) -> Line:
        return Line(
            f"reminded {names.owner(self.owner)}, due {self.due_at:%d %b %H:%M} UTC",
            self.says,
            "warn",
            label=self.key,
            alone=True,
        )


class Kept(Fact):
    """A promise was kept: done at `stopped_at`, due at `due_at`."""

    minor = True
    clause: ClauseId
    key: str
    owner: str
    due_at: Instant
    stopped_at: Instant
    says: str

    def moves(self) -> bool:
        """Never: what kept it has moved what there was to move."""
        return False

    def line(self, names: Names) -> Line:
        became = said_outcome(self.due_at - self.stopped_at)
        return Line(became, in_words(self.says), "good", label=self.key, alone=True)


class Missed(Fact):
    """A deadline passed, for the nth time it is said; or a promise was kept late (`stopped_at`)."""

    told = True
    clause: ClauseId
    key: str
    owner: str
    due_at: Instant
    times: int = 1
    said: int | None = Field(default=None, exclude_if=unsaid)
    """How often that was said, where it was quiet meanwhile: after an end, in a standstill of ours."""
    stopped_at: Instant | None = None
    broken: bool = False
    """Whether what stopped it was not that it was done."""
    says: str

    @property
    def kept_late(self) -> bool:
        """A promise that was kept late is chased no more."""
        return self.stopped_at is not None

    def apply(self, incident: "Incident", event: "Event") -> None:
        """How often its passing was said, and when first; a deadline that passed is moved no more."""
        if self.stopped_at is None:
            incident.passed.setdefault(self.key, self.due_at)
            incident.presence.chased[self.key] = event.at
        first = incident.missed[self.key][1] if self.key in incident.missed else event.at
        incident.missed[self.key] = (self.times, first)

    def line(self, names: Names) -> Line:
        if self.stopped_at:
            became = said_outcome(self.due_at - self.stopped_at, self.broken)
            return Line(became, in_words(self.says), "bad", label=self.key, alone=True)
        times = self.said or self.times
        word = "overdue" if times == 1 else f"still overdue, said {times} times"
        return Line(
            f"{word}: {names.owner(self.owner)}, due {self.due_at:%d %b %H:%M} UTC",
            in_words(self.says),
            "bad",
            label=self.key,
            alone=True,
        )


class DeputyAsked(Fact):
    """What its owner has not answered in time is asked of the next who may answer it (WAR-7)."""

    told = True
    minor = True
    clause: ClauseId
    key: str
    person: Slug
    says: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.presence.deputised.setdefault(self.key, []).append(self.person)

    def line(self, names: Names) -> Line:
        return Line(
            f"asked {names.person(self.person)} to answer it as deputy", self.says, "warn", label=self.key, alone=True
        )


class WaitOver(Fact):
    """A waiting time of the procedure is over and its consequence follows."""

    minor = True
    kind: Literal["rang"] = "rang"
    clause: ClauseId
    key: str
    due_at: Instant
    says: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.rung[self.key] = event.at
        incident.reach.planned[self.key] = self.due_at

    def line(self, names: Names) -> Line:
        return Line("waited long enough", self.says, "quiet", label=self.key, alone=True)
