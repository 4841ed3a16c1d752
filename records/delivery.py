"""What the inbox received, by door and day: the population against which completeness is tested (SOC-1, SCP-2)."""

from collections.abc import Iterable
from datetime import date

from pydantic import Field, ValidationError

from domain.value.model import Model, said_count
from records.record import M, Plain, StoredInstant, canonical

COUNTED = ("received", "taken", "empty", "unreadable", "waiting", "repeated")


class DoorDay(Model):
    """What came through one door on one day (UTC). A delivery is one request of a sender that proved itself."""

    day: date
    door: Plain
    received: int = Field(ge=0)
    taken: int = Field(default=0, ge=0)
    """Handed on: to the groups of its alerts, to an incident, or as a deployment to the records."""
    empty: int = Field(default=0, ge=0)
    """Read, with nothing in it for anybody: a test, an event without a use, something long past."""
    unreadable: int = Field(default=0, ge=0)
    """Set aside, to be seen by `standfast inbox list`."""
    waiting: int = Field(default=0, ge=0)
    """Not handed on yet, or waiting for a mend."""
    repeated: int = Field(default=0, ge=0)
    """How many of those received were byte for byte another of the same day and door."""


class NotTaken(Model):
    """One word for an incident that had ended, or an act while the engine was away, that nothing took any more."""

    at: StoredInstant
    """When it arrived; what it claims for itself stands in its words."""
    receiver: Plain
    """The incident, or the group of alerts."""
    by: str
    """Who it was, by whatever word is known of them."""
    said: str


class Deliveries(Model):
    """All of a period, or why nobody could count it: the inbox is another store than the records."""

    days: tuple[DoorDay, ...] = ()
    not_taken: tuple[NotTaken, ...] = ()
    away: str = ""

    def __str__(self) -> str:
        if self.away:
            return f"deliveries are not counted: {self.away}"
        sums = {name: sum(getattr(one, name) for one in self.days) for name in COUNTED}
        told = f"{sums['taken']} handed on, {sums['empty']} with nothing in them, {sums['unreadable']} unreadable"
        late = f"; {said_count(len(self.not_taken), 'word')} after the end not taken" if self.not_taken else ""
        what = "delivery" if sums["received"] == 1 else "deliveries"
        return f"{sums['received']} {what}: {told}, {sums['waiting']} waiting; {sums['repeated']} repeated{late}"

    def lines(self) -> list[str]:
        """The counts as a bundle holds them."""
        if self.away:
            return [canonical({"away": self.away})]
        return [canonical(one) for one in self.days]


def read_not_taken(lines: Iterable[bytes]) -> tuple[NotTaken, ...]:
    """The words back again; raises `ValueError` with the line that cannot be read."""
    return tuple(_read(NotTaken, number, line) for number, line in enumerate(lines, 1))


def read_deliveries(lines: Iterable[bytes]) -> Deliveries:
    """The lines back again; raises `ValueError` with the line that cannot be read."""
    days: list[DoorDay] = []
    for number, line in enumerate(lines, 1):
        if line.startswith(b'{"away"'):
            return _read(Deliveries, number, line)
        days.append(_read(DoorDay, number, line))
    return Deliveries(days=tuple(days))


def _read(kind: type[M], number: int, line: bytes) -> M:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"]
        raise ValueError(f"line {number}: altered: it cannot be read: {said}") from None
