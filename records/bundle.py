"""The audit bundle as an auditor checks it: what is wrong with it, without us and without the records (SOC-1)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from cryptography.x509 import Certificate

from records.anchor import forgotten
from records.archive import Part, unpack
from records.checkpoint import Signed, Silent, anchors, counted, erasures, examine_checkpoints, unproved
from records.delivery import Deliveries, read_deliveries, read_not_taken
from records.derived import DERIVATION, DERIVED, Derived
from records.erasure import Erasure, latest
from records.manifest import NAME, Manifest, SignedManifest, differences, read_manifest
from records.overview import SuppressedRow
from records.plausible import (
    Plausible,
    at_odd_moments,
    days_twice_or_outside,
    suppressed_twice_or_outside,
    words_outside,
)
from records.record import Record, readable
from records.stamp import examine_stamps, read_stamps
from records.suppression import count_days
from records.trail import examine_events

EVENTS = "events.jsonl"
CHECKPOINTS = "checkpoints.jsonl"
STAMPS = "stamps.jsonl"
SUPPRESSED = "suppressed.jsonl"
DELIVERIES = "deliveries.jsonl"
NOT_TAKEN = "not-taken.jsonl"
"""Only where something was: releases before it know no such file, and say of it that it follows from nothing."""
KNOWN = frozenset({EVENTS, CHECKPOINTS, STAMPS, SUPPRESSED, DELIVERIES, NOT_TAKEN, *DERIVED})
"""The files that a bundle has, of each of which it is known what it follows from or is held by."""
NOTHING = Part.holding(b"")
Asked = tuple[datetime | None, datetime | None]
"""The first moment of a period and the first after it; None where nobody said."""


class Verification(NamedTuple):
    """What a bundle says of itself, what is wrong with it, and what it does not prove."""

    manifest: SignedManifest | None
    findings: list[str]
    unproved: list[str]
    erased: Sequence[Erasure] = ()
    """What was taken out of it on request."""
    stamped: Sequence[str] = ()
    """What time-stamp authorities say of it."""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong and nothing is left to believe."""
        return not self.findings and not self.unproved


def verify_bundle(
    path: Path,
    keys: Collection[str] = (),
    memory: Sequence[Signed] = (),
    *,
    trusted: Sequence[Certificate] = (),
    asked: Asked = (None, None),
) -> Verification:
    """Check a bundle; each finding says the file, line or record it is about, and none is there when nothing is wrong.

    Works on the file alone. `keys` are the public keys known to be ours, learnt by another way than the bundle:
    without them the bundle only shows that nobody changed it after whoever signed it. `memory` are the checkpoints
    that were anchored outside the database, `trusted` the certificates of time-stamp authorities. `asked` is the period
    that whoever checks asked for: another one, signed by us, leaves out what they wanted to see.
    """
    try:
        files, found = unpack(path)
        made = _verify(files, found, keys, memory)
        other = _another_period(made.manifest.manifest, asked) if made.manifest else []
        return _stamped(made._replace(findings=[*other, *made.findings]), files, trusted)
    except OSError as error:
        return Verification(None, [f"{path}: cannot be read: {error.strerror}"], [])


def _another_period(manifest: Manifest, asked: Asked) -> list[str]:
    """That it is of other moments than whoever checks asked for."""
    pairs = zip(("begins", "ends"), asked, (manifest.since, manifest.until), strict=True)
    return [
        f"{NAME}: the period {how} at {at}, not at {wanted}" for how, wanted, at in pairs if wanted not in (None, at)
    ]


def _verify(files: dict[str, Part], found: list[str], keys: Collection[str], memory: Sequence[Signed]) -> Verification:
    sealed, wrong = read_manifest(files[NAME].content() if NAME in files else None, keys)
    manifest = sealed.manifest if sealed else None
    found += wrong + (_file_findings(manifest, files) if manifest else [])
    checkpoints, wrong = _read_checkpoints(files.get(CHECKPOINTS, NOTHING))
    found += wrong + examine_checkpoints(checkpoints, keys)
    found += forgotten(checkpoints, [one for one in memory if manifest and one.checkpoint.at < manifest.written_at])
    ends = {head.incident: head for head in manifest.heads} if manifest else {}
    expected, seen = _expected(manifest, checkpoints) if manifest else set(), anchors(checkpoints)
    derived = Derived(manifest.since, manifest.until, manifest.written_at) if manifest and _ours(manifest) else None
    plausible = Plausible(manifest, seen) if manifest else None

    def take(chain: Sequence[Record]) -> None:
        for one in (derived, plausible):
            if one:
                one.take(chain)

    erased = erasures(checkpoints)
    if derived:
        derived.erase(*erased)
    wrong, doubted = _read_population(files, derived, manifest, checkpoints) if derived and manifest else ([], [])
    found += wrong
    found += examine_events(files.get(EVENTS, NOTHING), ends, seen, expected, take=take, erased=latest(erased))
    found += _not_following(manifest, derived, files) if manifest and derived else []
    elsewhere = sorted(derived.elsewhere - expected) if derived else ()
    found += [f"{incident}: inserted: it was not open in the period" for incident in elsewhere]
    found += plausible.findings(checkpoints) if plausible else []
    believed = _unproved(manifest, checkpoints, keys) if manifest else []
    believed += [*(derived.unheard if derived else []), *(plausible.unproved if plausible else []), *doubted]
    believed += at_odd_moments(checkpoints)
    reached = [one for one in erased if any(incident in ends for incident in one.incidents)]
    return Verification(sealed, list(dict.fromkeys(found)), believed, reached)


def _stamped(made: Verification, files: Mapping[str, Part], trusted: Sequence[Certificate]) -> Verification:
    """The same with what time-stamp authorities say."""
    if made.manifest is None or (not trusted and STAMPS not in files):
        return made
    checkpoints, _ = _read_checkpoints(files.get(CHECKPOINTS, NOTHING))
    lines = [line.decode(errors="replace") for line in files.get(STAMPS, NOTHING).lines()]
    stamps, unread = read_stamps(lines)
    seen = examine_stamps(stamps, checkpoints, trusted, made.manifest.manifest.written_at)
    findings = [*made.findings, *unread, *seen.findings]
    return made._replace(findings=findings, unproved=[*made.unproved, *seen.unproved], stamped=seen.said)


def _ours(manifest: Manifest) -> bool:
    """Whether its files follow from the events in the way in which we would make them again."""
    return bool(manifest.derived) and manifest.derivation == DERIVATION


def _not_following(manifest: Manifest, derived: Derived, files: dict[str, Part]) -> Iterator[str]:
    """Files that say otherwise than the events do."""
    for name, lines in derived.files().items():
        if name not in manifest.derived or name not in files:
            yield f"{name}: does not say that it follows from the events"
        elif (where := _first_difference(files[name], lines)) is not None:
            yield f"{name} line {where}: does not follow from the events"


def _first_difference(found: Part, lines: Iterable[str]) -> int | None:
    """The first line that is another; None where every byte is the same."""
    size = 0

    def expected() -> Iterator[bytes]:
        nonlocal size
        for line in lines:
            content = line.encode()
            size += len(content) + 1
            yield from content.split(b"\n")

    pairs = enumerate(zip_longest(found.lines(), expected()), 1)
    differs = next((number for number, (one, other) in pairs if one != other), None)
    return 1 if differs is None and found.size != size else differs


def _unproved(manifest: Manifest, checkpoints: Sequence[Signed], keys: Collection[str]) -> list[str]:
    """What somebody would have to believe who has nothing but this file."""
    said = unproved(anchors(checkpoints), [head.incident for head in manifest.heads], keys)
    if not _ours(manifest):
        said.append(
            "policies, scorecard and key figures: a release wrote them that derives them otherwise than this one"
        )
    unknown = sorted(manifest.files.keys() - KNOWN)
    said += [f"{', '.join(unknown)}: whether it is so, for it follows from nothing here"] if unknown else []
    if manifest.until > manifest.written_at:
        said.append(f"how the period went on from {manifest.written_at}, when it was written, until {manifest.until}")
    return said


def _file_findings(manifest: Manifest, files: dict[str, Part]) -> list[str]:
    """How the files differ from the manifest."""
    found = [f"{name}: inserted: the manifest does not know it" for name in files.keys() - manifest.files - {NAME}]
    for name, sealed in manifest.files.items():
        found += differences(name, sealed, files[name]) if name in files else [f"{name}: removed"]
    return found


def _read_checkpoints(content: Part) -> tuple[list[Signed], list[str]]:
    found: list[str] = []
    read = [one for *_, one in readable(Signed, content.lines(), CHECKPOINTS, "a checkpoint", found)]
    return read, found


def _read_population(
    files: Mapping[str, Part], derived: Derived, manifest: Manifest, signed: Sequence[Signed]
) -> tuple[list[str], list[str]]:
    """What arrived and opened nothing, and how much arrived at all: what is wrong with it, and what is not proved."""
    found: list[str] = []
    deliveries = Deliveries()
    try:
        deliveries = read_deliveries(files.get(DELIVERIES, NOTHING).lines())
        found += days_twice_or_outside(deliveries.days, manifest)
    except ValueError as error:
        found.append(f"{DELIVERIES} {error}")
    try:
        words = read_not_taken(files.get(NOT_TAKEN, NOTHING).lines())
        found += words_outside(words, manifest)
        deliveries = deliveries.model_copy(update={"not_taken": words})
    except ValueError as error:
        found.append(f"{NOT_TAKEN} {error}")
    derived.deliver(deliveries)
    lines = files.get(SUPPRESSED, NOTHING).lines()
    rows = [row for *_, row in readable(SuppressedRow, lines, SUPPRESSED, "an alert", found)]
    for row in rows:
        derived.suppress(row)
    known, there, period = counted(signed), count_days(rows), (manifest.since, manifest.until)
    found += [*suppressed_twice_or_outside(rows, manifest), *known.findings(there, *period)]
    return found, known.unproved(there, *period)


def _expected(manifest: Manifest, checkpoints: Sequence[Signed]) -> set[str]:
    """Incidents of which a checkpoint knows an event in the period, or that they were open in it."""
    silent, moved = Silent(manifest.since), set[str]()
    for one in checkpoints:
        silent.take(one)
        moved |= {head.incident for head in one.checkpoint.heads if manifest.since <= head.at < manifest.until}
    return moved | silent.incidents
