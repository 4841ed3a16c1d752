"""How many alerts opened nothing on a day, and which: checkpoints say it, so that none is left out (SCP-2)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from domain.value.model import Model
from records.overview import SuppressedRow
from records.record import Hash, canonical

ONE = timedelta(days=1)


class SuppressedDay(Model):
    """The suppressed alerts of one day (UTC), as they were when it was over."""

    day: date
    count: int
    sha256: Hash
    """Over their lines, sorted."""


BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def days_over(before: datetime | None, at: datetime) -> tuple[datetime, datetime]:
    """From where until where a checkpoint counts, after another of `before`: nothing where no day has ended between.

    Each day is counted twice: an alert may be kept late.
    """
    end = midnight(at)
    if before is None:
        return BEGINNING, end
    return midnight(before) - ONE if midnight(before) < end else end, end


def midnight(at: datetime) -> datetime:
    """Where the day of a moment begins."""
    return datetime.combine(at.astimezone(UTC).date(), time(), UTC)


def count_days(rows: Iterable[SuppressedRow]) -> tuple[SuppressedDay, ...]:
    """What there is of each day."""
    lines: dict[date, list[str]] = {}
    for row in rows:
        lines.setdefault(row.at.astimezone(UTC).date(), []).append(canonical(row))
    return tuple(
        SuppressedDay(day=day, count=len(said), sha256=hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest())
        for day, said in sorted(lines.items())
    )


class Counted:
    """What checkpoints say of days; of several the last one says it."""

    def __init__(self) -> None:
        self._days: dict[date, tuple[int, SuppressedDay]] = {}
        self._erased_after = 0
        """The last checkpoint of an erasure that reached such alerts: what was counted before reads otherwise."""

    def take(self, number: int, days: Iterable[SuppressedDay], *, erased: bool) -> None:
        """One checkpoint, in order."""
        self._days |= {one.day: (number, one) for one in days}
        self._erased_after = number if erased else self._erased_after

    def findings(self, found: Sequence[SuppressedDay], since: datetime, until: datetime) -> Iterator[str]:
        """Where fewer are there than were counted, or others, on days that lie within a period."""
        there = {one.day: one for one in found}
        for day, (number, counted) in sorted(self._within(since, until).items()):
            one = there.get(day)
            count = one.count if one else 0
            if count < counted.count:
                yield f"suppressed alerts of {day}: removed: {count} here, {counted.count} known to checkpoint {number}"
            elif one and count == counted.count and one.sha256 != counted.sha256 and number > self._erased_after:
                yield f"suppressed alerts of {day}: altered: they are not those that checkpoint {number} counted"

    def unproved(self, found: Iterable[SuppressedDay], since: datetime, until: datetime) -> list[str]:
        """Where more are there than were counted."""
        known = self._within(since, until)
        more = [one.day for one in found if one.day in known and one.count > known[one.day][1].count]
        return [f"that more alerts were suppressed on {more[0]} than a checkpoint knows of"] if more else []

    def _within(self, since: datetime, until: datetime) -> Mapping[date, tuple[int, SuppressedDay]]:
        def whole(day: date) -> bool:
            begins = datetime.combine(day, time(), UTC)
            return since <= begins and begins + ONE <= until

        return {day: counted for day, counted in self._days.items() if whole(day)}
