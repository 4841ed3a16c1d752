"""The audit bundle as an auditor checks it: what is wrong with it, without us and without the records (SOC-1)."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from records.archive import Part, unpack
from records.checkpoint import Signed, anchors, examine_checkpoints
from records.manifest import NAME, Manifest, SignedManifest, differences, read_manifest
from records.trail import examine_events

EVENTS = "events.jsonl"
CHECKPOINTS = "checkpoints.jsonl"
NOTHING = Part.holding(b"")


class Verification(NamedTuple):
    """What a bundle says of itself, and what is wrong with it."""

    manifest: SignedManifest | None
    findings: list[str]


def verify_bundle(path: Path, keys: Collection[str] = ()) -> Verification:
    """Check a bundle; each finding says the file, line or record it is about, and none is there when nothing is wrong.

    Works on the file alone. `keys` are the public keys known to be ours, learnt by another way than the bundle:
    without them the bundle only shows that nobody changed it after whoever signed it.
    """
    try:
        files, found = unpack(path)
        return _verify(files, found, keys)
    except OSError as error:
        return Verification(None, [f"{path}: cannot be read: {error.strerror}"])


def _verify(files: dict[str, Part], found: list[str], keys: Collection[str]) -> Verification:
    sealed, wrong = read_manifest(files[NAME].content() if NAME in files else None, keys)
    manifest = sealed.manifest if sealed else None
    found += wrong + (_file_findings(manifest, files) if manifest else [])
    checkpoints, wrong = _read_checkpoints(files.get(CHECKPOINTS, NOTHING))
    found += wrong + examine_checkpoints(checkpoints, keys)
    ends = {head.incident: head for head in manifest.heads} if manifest else {}
    missing = _unmentioned(manifest, checkpoints) if manifest else set()
    found += examine_events(files.get(EVENTS, NOTHING), ends, anchors(checkpoints), missing)
    return Verification(sealed, list(dict.fromkeys(found)))


def _file_findings(manifest: Manifest, files: dict[str, Part]) -> list[str]:
    """How the files differ from the manifest."""
    found = [f"{name}: inserted: the manifest does not know it" for name in files.keys() - manifest.files - {NAME}]
    for name, sealed in manifest.files.items():
        found += differences(name, sealed, files[name]) if name in files else [f"{name}: removed"]
    return found


def _read_checkpoints(content: Part) -> tuple[list[Signed], list[str]]:
    read: list[Signed] = []
    found: list[str] = []
    for number, line in enumerate(content.lines(), 1):
        try:
            read.append(Signed.model_validate_json(line))
        except ValidationError as error:
            said = error.errors(include_url=False)[0]["msg"]
            found.append(f"{CHECKPOINTS} line {number}: altered: it cannot be read as a checkpoint: {said}")
    return read, found


def _unmentioned(manifest: Manifest, checkpoints: Sequence[Signed]) -> set[str]:
    """Incidents of which a checkpoint knows an event in the period; a bundle without them is not whole."""
    heads: Iterable[str] = (
        head.incident
        for one in checkpoints
        for head in one.checkpoint.heads
        if manifest.since <= head.at < manifest.until
    )
    return set(heads)
