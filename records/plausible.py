"""What no export by itself brings about: rows that stand twice, are of another time, or that no checkpoint covers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from domain.value.model import said_count
from records.checkpoint import Signed
from records.contradiction import contradictions, recorded_at
from records.delivery import DoorDay, NotTaken
from records.manifest import Manifest
from records.overview import SuppressedRow
from records.record import Head, Record

COVERED = timedelta(days=1)
"""How old an event is that a checkpoint must speak of: they are made every hour."""
SKEW = timedelta(hours=1)
"""How far the clocks of those who recorded and exported may be apart."""


class Plausible:
    """Takes in what a bundle holds, and says what of it cannot be so, and what would have to be believed."""

    def __init__(self, manifest: Manifest, seen: Mapping[str, Sequence[Head]]) -> None:
        self._manifest = manifest
        self._covered = {incident: max(head.number for head in heads) for incident, heads in seen.items()}
        self._bare: list[str] = []
        self._wrong: list[str] = []
        self._last: tuple[datetime, str] | None = None

    def take(self, chain: Sequence[Record]) -> None:
        """One incident: whether its end is covered, and when it was recorded."""
        self._wrong += contradictions(chain)
        self._note(max(map(recorded_at, chain)), f"an event of {chain[0].incident}")
        covered = self._covered.get(chain[0].incident, chain[-1].number)
        if any(record.number > covered and is_long_since(record, self._manifest.written_at) for record in chain):
            self._bare.append(chain[0].incident)

    def findings(self, checkpoints: Iterable[Signed]) -> Iterator[str]:
        """What contradicts itself in it, and that it holds what is younger than itself."""
        yield from self._wrong
        for one in checkpoints:
            self._note(one.checkpoint.at, f"checkpoint {one.checkpoint.number}")
        if self._last and self._last[0] > self._manifest.written_at + SKEW:
            at, what = self._last
            yield f"manifest.json: says that it was written at {self._manifest.written_at}, before {what} of {at}"

    @property
    def unproved(self) -> list[str]:
        """Which ends no checkpoint speaks of, though there was time for some."""
        return how_it_went_on(self._bare)

    def _note(self, at: datetime, what: str) -> None:
        if self._last is None or at > self._last[0]:
            self._last = at, what


def how_it_went_on(bare: Sequence[str]) -> list[str]:
    """That the ends of these incidents would have to be believed."""
    several = f"{said_count(len(bare), 'incident')}, {bare[0]} first" if bare else ""
    return [f"how it went on with {several}: no checkpoint speaks of events that are older than a day"] if bare else []


def is_long_since(record: Record, as_of: datetime) -> bool:
    """Whether a checkpoint should speak of an event at a moment."""
    return recorded_at(record) < as_of - COVERED


def at_odd_moments(checkpoints: Iterable[Signed]) -> Iterator[str]:
    """Which checkpoints say that they were made before what they speak of; a clock may have been wrong."""
    before: Signed | None = None
    for one in checkpoints:
        made = one.checkpoint
        late = next((head for head in made.heads if head.at > made.at + SKEW), None)
        if late:
            what = f"the event of {late.at} in {late.incident}"
            yield f"when checkpoint {made.number} was made: at {made.at}, before {what}"
        elif before and before.checkpoint.at > made.at + SKEW:
            yield f"when checkpoint {made.number} was made: at {made.at}, before the one that it follows"
        before = one


def suppressed_twice_or_outside(rows: Sequence[SuppressedRow], manifest: Manifest) -> Iterator[str]:
    """Alerts that opened nothing which stand twice, in another order, or are not of the period."""
    known = set[str]()
    for before, row in pairwise(rows):
        if row.at < before.at:
            yield f"suppressed.jsonl: reordered: {row.key} stands after {before.key}"
    for row in rows:
        if row.key in known:
            yield f"suppressed.jsonl: inserted: {row.key} stands twice"
        if not manifest.since <= row.at < manifest.until:
            yield f"suppressed.jsonl: inserted: {row.key} is not of the period"
        known.add(row.key)


def days_twice_or_outside(days: Sequence[DoorDay], manifest: Manifest) -> Iterator[str]:
    """Days of a door that are counted twice, do not add up, or that the period does not touch."""
    first = manifest.since.astimezone(UTC).date()
    last = (manifest.until - timedelta(microseconds=1)).astimezone(UTC).date()
    known = set[tuple[object, str]]()
    for before, one in pairwise(days):
        if (one.day, one.door) < (before.day, before.door):
            yield f"deliveries.jsonl: reordered: {one.door} on {one.day} stands after {before.door} on {before.day}"
    for one in days:
        if one.taken + one.empty + one.unreadable + one.waiting > one.received or one.repeated > one.received:
            yield f"deliveries.jsonl: altered: more came of {one.door} on {one.day} than was received"
        if (one.day, one.door) in known:
            yield f"deliveries.jsonl: inserted: {one.door} on {one.day} stands twice"
        if not first <= one.day <= last:
            yield f"deliveries.jsonl: inserted: {one.door} on {one.day} is not of the period"
        known.add((one.day, one.door))


def words_outside(words: Sequence[NotTaken], manifest: Manifest) -> Iterator[str]:
    """Words that nothing took any more which did not arrive in the period, or stand in another order."""
    for before, one in pairwise(words):
        if one.at < before.at:
            yield f"not-taken.jsonl: reordered: one for {one.receiver} stands after one for {before.receiver}"
    for one in words:
        if not manifest.since <= one.at < manifest.until:
            yield f"not-taken.jsonl: inserted: one for {one.receiver} is not of the period"
