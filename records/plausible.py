"""What no export by itself brings about: rows that stand twice, are of another time, or that no checkpoint covers."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from domain.value.model import said_count
from records.checkpoint import Signed
from records.delivery import DoorDay
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
        self._last: tuple[datetime, str] | None = None

    def take(self, chain: Sequence[Record]) -> None:
        """One incident: whether its end is covered, and when it was recorded."""
        self._note(max(map(_recorded_at, chain)), f"an event of {chain[0].incident}")
        covered = self._covered.get(chain[0].incident, chain[-1].number)
        if any(record.number > covered and is_long_since(record, self._manifest.written_at) for record in chain):
            self._bare.append(chain[0].incident)

    def findings(self, checkpoints: Iterable[Signed]) -> Iterator[str]:
        """That it holds what is younger than itself."""
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
    return _recorded_at(record) < as_of - COVERED


def _recorded_at(record: Record) -> datetime:
    """When it was heard of, which an act that claims an earlier moment does not change."""
    try:
        arrived = json.loads(record.body).get("arrived_at")
        return datetime.fromisoformat(arrived) if arrived else record.at
    except (ValueError, TypeError, AttributeError):
        return record.at


def suppressed_twice_or_outside(rows: Iterable[SuppressedRow], manifest: Manifest) -> Iterator[str]:
    """Alerts that opened nothing which stand twice, or are not of the period."""
    known = set[str]()
    for row in rows:
        if row.key in known:
            yield f"suppressed.jsonl: inserted: {row.key} stands twice"
        if not manifest.since <= row.at < manifest.until:
            yield f"suppressed.jsonl: inserted: {row.key} is not of the period"
        known.add(row.key)


def days_twice_or_outside(days: Collection[DoorDay], manifest: Manifest) -> Iterator[str]:
    """Days of a door that are counted twice, or that the period does not touch."""
    first = manifest.since.astimezone(UTC).date()
    last = (manifest.until - timedelta(microseconds=1)).astimezone(UTC).date()
    known = set[tuple[object, str]]()
    for one in days:
        if (one.day, one.door) in known:
            yield f"deliveries.jsonl: inserted: {one.door} on {one.day} stands twice"
        if not first <= one.day <= last:
            yield f"deliveries.jsonl: inserted: {one.door} on {one.day} is not of the period"
        known.add((one.day, one.door))
