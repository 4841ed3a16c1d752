"""Bundles to tamper with."""

import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records.archive import Part, pack
from records.bundle import verify_bundle
from records.chain import GENESIS, chained
from records.checkpoint import Checkpoint, Moved, Signed, signed
from records.derived import row
from records.export import Draft
from records.key import public
from records.manifest import SignedManifest
from records.record import Record
from tests.records.case import INCIDENT, NOON, events

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OURS = (public(KEY),)
OTHER = "INC-AAAAA"


def head(record: Record) -> Moved:
    return Moved(incident=record.incident, number=record.number, hash=record.hash, at=record.at)


def checkpoint(*records: Record) -> Signed:
    made = Checkpoint(number=1, at=NOON, previous=GENESIS, heads=tuple(head(record) for record in records))
    return signed(made, KEY)


@dataclass(frozen=True)
class Contents:
    """What a test puts into a bundle."""

    chains: tuple[tuple[Record, ...], ...]
    checkpoints: tuple[Signed, ...] = ()
    policies: tuple[str, ...] = ()
    scorecard: tuple[tuple[str | int, ...], ...] = ()
    kpi: str = "null"


def contents() -> Contents:
    chain, other = chained(INCIDENT, GENESIS, events(4)), chained(OTHER, GENESIS, events(2))
    return Contents(
        chains=(chain, other),
        policies=('{"title":"naïve","version":1}', '{"version":2}', '{"version":3}'),
        scorecard=(("clause", "met", "missed"), ("ACK-1", 9, -1), ("=cmd()", 2, 0)),
        kpi='{"KPI-1":0.97}',
        checkpoints=(checkpoint(chain[2], other[1]),),
    )


def write_bundle(path: Path, contents: Contents, key: Ed25519PrivateKey) -> SignedManifest:
    with Draft(path, NOON, NOON + timedelta(days=90), NOON + timedelta(days=91)) as draft:
        draft.write("checkpoints.jsonl", *(one.text() for one in contents.checkpoints))
        draft.write("policies.jsonl", *contents.policies)
        draft.write("scorecard.csv", *map(row, contents.scorecard))
        draft.write("kpi.json", contents.kpi)
        for chain in contents.chains:
            draft.add(chain)
        return draft.seal(key)


def packed(held: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    pack({name: Part.holding(content) for name, content in held.items()}, target)
    return target.getvalue()


@cache
def whole() -> bytes:
    with TemporaryDirectory() as folder:
        write_bundle(Path(folder, "audit.zip"), contents(), KEY)
        return Path(folder, "audit.zip").read_bytes()


def verified(data: bytes, keys: tuple[str, ...] = OURS) -> list[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "audit.zip")
        path.write_bytes(data)
        return verify_bundle(path, keys).findings


def files(tmp_path: Path) -> dict[str, bytes]:
    (tmp_path / "audit.zip").write_bytes(whole())
    with zipfile.ZipFile(tmp_path / "audit.zip") as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
