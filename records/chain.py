"""The hash chain of an incident: how it is made, and what is wrong with one that was tampered with."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise
from typing import Literal

from domain.value.model import Model
from records.erasure import Marks
from records.record import Head, Record, Stored, canonical

GENESIS = "0" * 64
"""What the first record of an incident is chained to."""


class Finding(Model):
    """One record that is not as it was recorded."""

    incident: str
    number: int
    kind: Literal["altered", "removed", "inserted", "reordered"]
    said: str

    def __str__(self) -> str:
        return f"{self.incident} record {self.number}: {self.kind}: {self.said}"


def digest(record: Record) -> str:
    """SHA-256 over the record's line without its hash: incident, number, previous hash, and all of the content."""
    return hashlib.sha256(canonical(record.model_dump(mode="json", exclude={"hash"})).encode()).hexdigest()


def is_whole(record: Record) -> bool:
    """Whether a record's content gives its hash."""
    return digest(record) == record.hash


def is_left(record: Record, marks: Marks) -> bool:
    """Whether a record is what an erasure left of it."""
    mark = marks.get(record.number)
    return mark is not None and (mark.hash, mark.left) == (record.hash, digest(record))


def chained(incident: str, previous_hash: str, events: Iterable[Stored]) -> tuple[Record, ...]:
    """Chain events to what came before them."""
    records: list[Record] = []
    for event in events:
        loose = Record(**event.model_dump(), incident=incident, previous_hash=previous_hash, hash=GENESIS)
        previous_hash = digest(loose)
        records.append(loose.model_copy(update={"hash": previous_hash}))
    return tuple(records)


def examine(
    incident: str,
    records: Sequence[Record],
    end: Head | None = None,
    anchors: Iterable[Head] = (),
    unreadable: Collection[int] = (),
    *,
    erased: Marks | None = None,
) -> tuple[Finding, ...]:
    """Find what was altered, removed, inserted or reordered among an incident's records, in the order they stand.

    The chain alone cannot know that its end is missing or that all of it was written anew. `end` says where it ends,
    `anchors` where it once did; they are worth what they are kept by. `unreadable` numbers are there, but no records.
    `erased` says what is left of which: such an event is whole as it is left, and in no other way.
    """
    marks = erased or {}
    sounds = {id(record): is_whole(record) or is_left(record, marks) for record in records}

    def sound(record: Record) -> bool:
        return sounds[id(record)]

    own = [record for record in records if record.incident == incident]
    strangers = [
        _inserted(record, f"found among those of {incident}") for record in records if record.incident != incident
    ]
    fitting, extra = _one_per_number(own, sound)
    heads = [head for head in (*anchors, *([end] if end else ())) if head.incident == incident]
    whole = [record for record in fitting if sound(record)]
    wrong = [*_content([record for record in fitting if not sound(record)], len(fitting)), *_back_again(fitting, marks)]
    there = [*_out_of_place(own, sound), *wrong, *_links(whole), *_ends(whole, heads)]
    last = max((0, *(head.number for head in heads), *(one.number for one in whole if not end)))
    missing = _gaps(incident, {*unreadable, *(record.number for record in fitting)}, last)
    found = (*strangers, *extra, *there, *missing, *(_beyond(fitting, end) if end else ()))
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.number))


def _inserted(record: Record, said: str) -> Finding:
    return Finding(incident=record.incident, number=record.number, kind="inserted", said=said)


def _altered(record: Record, said: str) -> Finding:
    return Finding(incident=record.incident, number=record.number, kind="altered", said=said)


def _one_per_number(records: Sequence[Record], sound: Callable[[Record], bool]) -> tuple[list[Record], list[Finding]]:
    """Of several records with one number the one whose content and predecessor fit stays; the others were inserted."""
    kept: dict[int, Record] = {}
    extra: list[Finding] = []
    for record in sorted(records, key=lambda record: (record.number, not sound(record))):
        before = kept.get(record.number - 1)
        rival = kept.get(record.number)
        if rival is None:
            kept[record.number] = record
            continue
        if before and rival.previous_hash != before.hash == record.previous_hash:
            kept[record.number] = record
        extra.append(_inserted(record, "the number stands more than once"))
    return list(kept.values()), extra


def _out_of_place(records: Sequence[Record], sound: Callable[[Record], bool]) -> list[Finding]:
    """Records that stand after a whole one with a greater number."""
    found: list[Finding] = []
    highest = 0
    for record in records:
        if record.number < highest:
            said = f"found after record {highest}"
            found.append(Finding(incident=record.incident, number=record.number, kind="reordered", said=said))
        highest = max(highest, record.number) if sound(record) else highest
    return found


def _content(records: Sequence[Record], many: int) -> list[Finding]:
    """What records are whose content does not give their hash: moved here from another number, or altered."""
    found: list[Finding] = []
    for record in records:
        home = next((n for n in range(1, many + 2) if _was(record, n)), None)
        if home is None:
            found.append(_altered(record, "its content does not give its hash"))
            continue
        said = f"recorded as {home}, found as {record.number}"
        found.append(Finding(incident=record.incident, number=record.number, kind="reordered", said=said))
    return found


def _back_again(records: Sequence[Record], marks: Marks) -> list[Finding]:
    """Records that stand as they were before somebody was erased from them."""
    said = "it was erased on request, and stands as it was before"
    return [_altered(record, said) for record in records if record.number in marks and is_whole(record)]


def _was(record: Record, number: int) -> bool:
    return is_whole(record.model_copy(update={"number": number}))


def _links(records: Sequence[Record]) -> list[Finding]:
    """Whole records that were given a new hash to match: their successor remembers another one."""
    found: list[Finding] = []
    for before, after in pairwise(records):
        if after.number == before.number + 1 and after.previous_hash != before.hash:
            found.append(_altered(before, f"record {after.number} was chained to another content"))
    if records and records[0].number == 1 and records[0].previous_hash != GENESIS:
        found.append(_altered(records[0], "the first record is chained to something before it"))
    return found


def _gaps(incident: str, there: Collection[int], last: int) -> list[Finding]:
    """Numbers up to the last that nobody has; a run of them is one finding."""
    found: list[Finding] = []
    for before, after in pairwise(sorted({0, last + 1, *(number for number in there if number <= last)})):
        if after - before > 1:
            many = f" with those up to {after - 1}" if after - before > 2 else ""
            said = f"missing from the chain{many}"
            found.append(Finding(incident=incident, number=before + 1, kind="removed", said=said))
    return found


def _ends(records: Sequence[Record], heads: Sequence[Head]) -> list[Finding]:
    """Whole records that contradict any kept head: the chain up to there was written anew."""
    said = "the chain up to here is not the one whose head was kept"
    kept = {(head.number, head.hash) for head in heads}
    hashes = {record.number: record.hash for record in records}
    wrong = {number for number, kept_hash in kept if hashes.get(number, kept_hash) != kept_hash}
    return [_altered(record, said) for record in records if record.number in wrong]


def _beyond(records: Sequence[Record], end: Head) -> list[Finding]:
    """Records after the known end: nobody recorded them through the front door."""
    return [_inserted(record, f"the chain ends at {end.number}") for record in records if record.number > end.number]
