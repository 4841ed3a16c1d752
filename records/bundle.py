"""The audit bundle: what an auditor is given for a period, and how it is checked without us (SOC-1)."""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import JsonValue, TypeAdapter, ValidationError

from domain.shape import Shape
from records.archive import pack, unpack
from records.chain import examine
from records.checkpoint import Signed, anchors, examine_checkpoints
from records.manifest import NAME, Manifest, SignedManifest, differences, read_manifest, seal, sign_manifest
from records.record import Head, Instant, Record, canonical

EVENTS = "events.jsonl"
CHECKPOINTS = "checkpoints.json"
Cell = str | int | float | bool | None


class Contents(Shape):
    """What goes into a bundle, as plain data; who asks for it has made the readings."""

    since: Instant
    until: Instant
    written_at: Instant
    records: tuple[Record, ...]
    """The whole chains of the incidents of the period, and every checkpoint: `Records.evidence`."""
    policies: tuple[JsonValue, ...] = ()
    scorecard: tuple[dict[str, Cell], ...] = ()
    kpi: JsonValue = None
    checkpoints: tuple[Signed, ...] = ()


def write_bundle(path: Path, contents: Contents, key: Ed25519PrivateKey) -> SignedManifest:
    """Write the bundle, whole or not at all, and answer its manifest. The same contents give the same bytes."""
    records = sorted(contents.records, key=_place)
    files = _files(contents, records)
    manifest = Manifest(
        since=contents.since,
        until=contents.until,
        written_at=contents.written_at,
        files={name: seal(content, by_line=name != EVENTS) for name, content in files.items()},
        heads=tuple(_head(chain[-1]) for chain in _by_incident(records).values()),
    )
    sealed = sign_manifest(manifest, key)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(pack({**files, NAME: sealed.content()}))
    unfinished.replace(path)
    return sealed


def verify_bundle(path: Path, keys: Collection[str] = ()) -> list[str]:
    """What is wrong with a bundle, each finding with the file, line or record it is about; empty when nothing is.

    Works on the file alone. `keys` are the public keys known to be ours, learnt by another way than the bundle:
    without them the bundle only shows that nobody changed it after whoever signed it.
    """
    try:
        files, found = unpack(path.read_bytes())
    except OSError as error:
        return [f"{path}: cannot be read: {error.strerror}"]
    manifest, wrong = read_manifest(files.get(NAME), keys)
    found += wrong + (_file_findings(manifest, files) if manifest else [])
    checkpoints, wrong = _read_checkpoints(files.get(CHECKPOINTS, b""))
    found += wrong + examine_checkpoints(checkpoints, keys)
    found += _event_findings(files.get(EVENTS, b""), manifest, checkpoints)
    return list(dict.fromkeys(found))


def _place(record: Record) -> tuple[str, int]:
    return record.incident, record.number


def _by_incident(records: Iterable[Record]) -> dict[str, list[Record]]:
    """The records of each incident, in the order in which they stand."""
    chains: dict[str, list[Record]] = {}
    for record in records:
        chains.setdefault(record.incident, []).append(record)
    return chains


def _head(last: Record) -> Head:
    return Head(incident=last.incident, number=last.number, hash=last.hash, at=last.at)


def _files(contents: Contents, records: Sequence[Record]) -> dict[str, bytes]:
    return {
        EVENTS: _lines(record.line() for record in records),
        "policies.jsonl": _lines(canonical(policy) for policy in contents.policies),
        "scorecard.csv": _table(contents.scorecard),
        "kpi.json": _lines([canonical(contents.kpi)]),
        CHECKPOINTS: _lines([canonical([one.model_dump(mode="json") for one in contents.checkpoints])]),
    }


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _table(rows: Sequence[dict[str, Cell]]) -> bytes:
    """Rows as CSV, with the columns of the first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula is shown instead: alerts may carry anything."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _file_findings(manifest: Manifest, files: dict[str, bytes]) -> list[str]:
    """How the files differ from the manifest."""
    found = [f"{name}: inserted: the manifest does not know it" for name in files.keys() - manifest.files - {NAME}]
    for name, sealed in manifest.files.items():
        found += differences(name, sealed, files[name]) if name in files else [f"{name}: removed"]
    return found


def _read_checkpoints(content: bytes) -> tuple[list[Signed], list[str]]:
    try:
        return TypeAdapter(list[Signed]).validate_json(content), []
    except ValidationError as error:
        return [], [f"{CHECKPOINTS}: altered: it cannot be read: {error.errors(include_url=False)[0]['msg']}"]


def _event_findings(content: bytes, manifest: Manifest | None, checkpoints: Sequence[Signed]) -> list[str]:
    """What is wrong with the records: each line, their order, each chain, and incidents that are missing."""
    records, found = _read_events(content)
    found += _misplaced(records)
    chains = _by_incident(records)
    ends = {head.incident: head for head in manifest.heads} if manifest else {}
    missing = _unmentioned(manifest, checkpoints) if manifest else set()
    for incident in sorted({*chains, *ends, *missing}):
        seen = anchors(checkpoints, incident)
        found += [str(one) for one in examine(incident, chains.get(incident, []), ends.get(incident), seen)]
    return found


def _read_events(content: bytes) -> tuple[list[Record], list[str]]:
    records: list[Record] = []
    found: list[str] = []
    for number, line in enumerate(content.removesuffix(b"\n").split(b"\n") if content else [], 1):
        try:
            record = Record.model_validate_json(line)
        except ValidationError as error:
            said = error.errors(include_url=False)[0]["msg"]
            found.append(f"{EVENTS} line {number}: altered: it cannot be read as a record: {said}")
            continue
        records.append(record)
        if record.line().encode() != line:
            found.append(f"{EVENTS} line {number}: altered: {record.incident} record {record.number} is written anew")
    return records, found


def _misplaced(records: Sequence[Record]) -> list[str]:
    """Records that stand after one that should come later, be it of another incident."""
    found: list[str] = []
    furthest = ("", 0)
    for record in records:
        if _place(record) < furthest:
            said = f"found after {furthest[0]} record {furthest[1]}"
            found.append(f"{record.incident} record {record.number}: reordered: {said}")
        furthest = max(furthest, _place(record))
    return found


def _unmentioned(manifest: Manifest, checkpoints: Sequence[Signed]) -> set[str]:
    """Incidents of which a checkpoint knows an event in the period; a bundle without them is not whole."""
    heads = (head for one in checkpoints for head in one.checkpoint.heads)
    return {head.incident for head in heads if manifest.since <= head.at < manifest.until}
