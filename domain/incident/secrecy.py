"""What a security mark means for an incident: since when it is secret, what is asked, where its talk stood before."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class Left:
    """A room that anybody can read and that the talk has left, with the card that stands in it."""

    room: str
    card: str = ""


@dataclass(frozen=True, slots=True)
class CustomersAnswer:
    """Whether customers are to be told of a security incident now."""

    at: datetime
    tell: bool
    reason: str


@dataclass(slots=True)
class Secrecy:
    """The marks of one incident (SCP-3), in their order."""

    turns: list[tuple[datetime, bool]] = field(default_factory=list)
    """When it was marked, and when the mark was taken back."""
    asked: str = ""
    """Why somebody asks to take the mark back; empty while nobody does."""
    asked_by: str = ""
    answers: list[CustomersAnswer] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    private_room: bool = False
    """Whether the present room is one that only those invited can read."""

    def holds(self, from_start: bool) -> bool:
        """Whether it is secret now."""
        return self.turns[-1][1] if self.turns else from_start

    def spans(self, opened_at: datetime, from_start: bool) -> list[tuple[datetime, datetime | None]]:
        """From when until when it was secret; the last may be open."""
        turns = [(opened_at, True), *self.turns] if from_start else self.turns
        ends = (at for at, _ in turns[1:])
        return [(at, end) for (at, secret), end in zip_longest(turns, ends) if secret]

    @property
    def answer(self) -> CustomersAnswer | None:
        """What was said last of telling customers, since the last mark."""
        since = max((at for at, secret in self.turns if secret), default=None)
        last = self.answers[-1] if self.answers else None
        return last if last and (since is None or last.at >= since) else None
