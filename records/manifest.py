"""The signed list of what an audit bundle holds, by which every file and every line of it is known again."""

import hashlib
from collections.abc import Collection
from difflib import SequenceMatcher

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field, ValidationError

from domain.value.model import Model, unsaid
from records.archive import Part
from records.key import doubts, public, sign
from records.record import Hash, Head, StoredInstant, canonical

NAME = "manifest.json"


class Seal(Model):
    """What one file is known by: its SHA-256, and a mark of each line, so that a line can be named."""

    sha256: Hash
    lines: tuple[str, ...] = ()


class Manifest(Model):
    """What the bundle holds; signed, it holds everything else."""

    format: int = 1
    since: StoredInstant
    until: StoredInstant
    written_at: StoredInstant
    files: dict[str, Seal]
    heads: tuple[Head, ...]
    """Where each chain ends."""
    derived: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """The files that follow from the events, and are made again by whoever checks; older bundles name none."""
    derivation: str = Field(default="", exclude_if=unsaid)
    """By which clauses and reckoning they follow; a release that reckons otherwise neither proves nor refutes them."""

    def text(self) -> str:
        """What is signed."""
        return canonical(self)


class SignedManifest(Model):
    """The manifest, whose key signed it, and how."""

    manifest: Manifest
    key: str
    signature: str

    def content(self) -> bytes:
        """The one way in which it is written."""
        return f"{canonical(self)}\n".encode()


def sign_manifest(manifest: Manifest, key: Ed25519PrivateKey) -> SignedManifest:
    """Sign a manifest."""
    return SignedManifest(manifest=manifest, key=public(key), signature=sign(key, manifest.text()))


def read_manifest(content: bytes | None, keys: Collection[str]) -> tuple[SignedManifest | None, list[str]]:
    """The manifest if it can be read, and what is wrong with it."""
    if content is None:
        return None, [f"{NAME}: removed"]
    try:
        read = SignedManifest.model_validate_json(content)
    except ValidationError as error:
        return None, [f"{NAME}: altered: it cannot be read: {error.errors(include_url=False)[0]['msg']}"]
    found: list[str] = []
    if read.content() != content:
        found.append(f"{NAME}: altered: it is not written as it was")
    return read, [*found, *doubts(NAME, read.key, read.signature, read.manifest.text(), keys)]


def seal(content: Part, by_line: bool = True) -> Seal:
    """What this file will be known by; `by_line` unless its lines are known by something better."""
    return Seal(sha256=_sha256(content), lines=_marks(content) if by_line else ())


def _sha256(content: Part) -> str:
    digest = hashlib.sha256()
    for piece in content.pieces():
        digest.update(piece)
    return digest.hexdigest()


def _marks(content: Part) -> tuple[str, ...]:
    return tuple(hashlib.sha256(line).hexdigest()[:32] for line in content.lines())


def differences(name: str, sealed: Seal, content: Part) -> list[str]:
    """How a file differs from what was sealed, line by line."""
    sha256 = _sha256(content)
    if sha256 == sealed.sha256:
        return []
    whole = f"{name}: altered: found sha256 {sha256}, expected {sealed.sha256}"
    return [whole, *(_changed_lines(name, sealed.lines, _marks(content)) if sealed.lines else [])]


def _changed_lines(name: str, then: tuple[str, ...], now: tuple[str, ...]) -> list[str]:
    """The lines that came, went, moved or changed where they are."""
    gone: set[int] = set()
    come: set[int] = set()
    for tag, then_first, then_end, now_first, now_end in SequenceMatcher(None, then, now, False).get_opcodes():
        if tag != "equal":
            gone |= set(range(then_first, then_end))
            come |= set(range(now_first, now_end))
    moved = {then[place]: place for place in gone}
    found: list[str] = []
    for place in sorted(come):
        home = moved.get(now[place])
        said = "altered" if place in gone else "inserted"
        said = said if home is None else f"reordered: it was line {home + 1}"
        found.append(f"{name} line {place + 1}: {said}")
    stayed = {now[place] for place in come}
    lost = [place for place in sorted(gone - come) if then[place] not in stayed]
    return [*found, *(f"{name} line {place + 1}: removed" for place in lost)]
