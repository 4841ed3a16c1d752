"""An auditor needs the bundle and our public key, nothing else, to see that nothing in it was touched (SOC-1)."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from records.archive import pack
from records.bundle import Contents, verify_bundle, write_bundle
from records.chain import GENESIS, chained
from records.checkpoint import Checkpoint, Signed, signed
from records.key import public
from records.record import Head, Record
from records.store import Records
from tests.records.case import INCIDENT, NOON, events, overview

pytestmark = pytest.mark.sop("SOC-1")

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OURS = (public(KEY),)
OTHER = "INC-AAAAA"


def head(record: Record) -> Head:
    return Head(incident=record.incident, number=record.number, hash=record.hash, at=record.at)


def checkpoint(*records: Record) -> Signed:
    made = Checkpoint(number=1, at=NOON, previous=GENESIS, heads=tuple(head(record) for record in records))
    return signed(made, KEY)


def contents() -> Contents:
    chain, other = chained(INCIDENT, GENESIS, events(4)), chained(OTHER, GENESIS, events(2))
    return Contents(
        since=NOON,
        until=NOON + timedelta(days=90),
        written_at=NOON + timedelta(days=91),
        records=(*chain, *other),
        policies=({"version": 1, "title": "naïve"}, {"version": 2}, {"version": 3}),
        scorecard=({"clause": "ACK-1", "met": 9, "missed": -1}, {"clause": "=cmd()", "met": 2, "missed": 0}),
        kpi={"KPI-1": 0.97},
        checkpoints=(checkpoint(chain[2], other[1]),),
    )


@cache
def whole() -> bytes:
    with TemporaryDirectory() as folder:
        write_bundle(Path(folder, "audit.zip"), contents(), KEY)
        return Path(folder, "audit.zip").read_bytes()


def verified(data: bytes, keys: tuple[str, ...] = OURS) -> list[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "audit.zip")
        path.write_bytes(data)
        return verify_bundle(path, keys)


def files(tmp_path: Path) -> dict[str, bytes]:
    (tmp_path / "audit.zip").write_bytes(whole())
    with zipfile.ZipFile(tmp_path / "audit.zip") as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_bundle_holds_what_was_asked_for_and_nothing_is_found_in_it(tmp_path: Path) -> None:
    held = files(tmp_path)
    assert sorted(held) == [
        "checkpoints.json",
        "events.jsonl",
        "kpi.json",
        "manifest.json",
        "policies.jsonl",
        "scorecard.csv",
    ]
    assert [json.loads(line)["number"] for line in held["events.jsonl"].splitlines()] == [1, 2, 3, 4, 1, 2]
    assert held["scorecard.csv"] == b"clause,met,missed\nACK-1,9,-1\n'=cmd(),2,0\n"
    assert verified(whole()) == []
    assert verified(whole(), keys=()) == []


def test_the_same_contents_give_the_same_bytes_and_leave_nothing_else_behind(tmp_path: Path) -> None:
    for _ in range(2):
        write_bundle(tmp_path / "audit.zip", contents(), KEY)
        assert (tmp_path / "audit.zip").read_bytes() == whole()
    assert [path.name for path in tmp_path.iterdir()] == ["audit.zip"]


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(whole()) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = bytearray(whole())
    changed[place] ^= 1 << bit
    assert verified(bytes(changed))


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_any_changed_byte_of_an_event_names_its_record_or_its_line(data: st.DataObject) -> None:
    start = whole().index(b"events.jsonl") + len("events.jsonl")
    end = start + sum(len(record.line().encode()) + 1 for record in contents().records)
    place = data.draw(st.integers(start, end - 2))
    changed = bytearray(whole())
    changed[place] ^= 1
    line = whole()[start:place].count(b"\n") + 1
    name = f"{INCIDENT} record {line}" if line <= 4 else f"{OTHER} record {line - 4}"
    name_by_line = f"events.jsonl line {line}"
    found = verified(bytes(changed))
    assert any(one.startswith((name + ":", name_by_line)) for one in found), (found, name)


Change = Callable[[list[bytes]], list[bytes]]


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("events.jsonl", lambda lines: lines[:1] + lines[2:], f"{INCIDENT} record 2: removed"),
        ("events.jsonl", lambda lines: lines[:3] + lines[4:], f"{INCIDENT} record 4: removed"),
        (
            "events.jsonl",
            lambda lines: lines[:4],
            f"{OTHER} record 1: removed: missing from the chain with those up to 2",
        ),
        ("events.jsonl", lambda lines: [lines[1], lines[0], *lines[2:]], f"{INCIDENT} record 1: reordered"),
        ("events.jsonl", lambda lines: [*lines[4:], *lines[:4]], f"{INCIDENT} record 1: reordered"),
        ("events.jsonl", lambda lines: [lines[0], *lines], f"{INCIDENT} record 1: inserted"),
        ("events.jsonl", lambda lines: [b" " + lines[0], *lines[1:]], "events.jsonl line 1: altered"),
        ("events.jsonl", lambda lines: [*lines, b"{}"], "events.jsonl line 7: altered: it cannot be read"),
        ("policies.jsonl", lambda lines: [lines[0], b"{}", lines[2]], "policies.jsonl line 2: altered"),
        ("policies.jsonl", lambda lines: [lines[0], lines[2]], "policies.jsonl line 2: removed"),
        ("policies.jsonl", lambda lines: [*lines, b"{}"], "policies.jsonl line 4: inserted"),
        (
            "policies.jsonl",
            lambda lines: [lines[0], lines[2], lines[1]],
            "policies.jsonl line 2: reordered: it was line 3",
        ),
        ("scorecard.csv", lambda lines: [lines[0], b"ACK-1,10,0", lines[2]], "scorecard.csv line 2: altered"),
        ("kpi.json", lambda lines: [b"{}"], "kpi.json line 1: altered"),
        ("checkpoints.json", lambda lines: [b"[]"], "checkpoints.json line 1: altered"),
        ("checkpoints.json", lambda lines: [b"?"], "checkpoints.json: altered: it cannot be read"),
        ("manifest.json", lambda lines: [b"{}"], "manifest.json: altered: it cannot be read"),
        ("manifest.json", lambda lines: [lines[0] + b" "], "manifest.json: altered: it is not written as it was"),
    ],
)
def test_what_was_done_to_a_file_is_named(tmp_path: Path, name: str, change: Change, said: str) -> None:
    held = files(tmp_path)
    lines = held[name].removesuffix(b"\n").split(b"\n")
    held[name] = b"".join(line + b"\n" for line in change(lines))
    found = verified(pack(held))
    assert any(one.startswith(said) for one in found), found


def test_a_file_that_is_missing_or_too_many_is_named(tmp_path: Path) -> None:
    held = files(tmp_path)
    for name in held:
        rest = {other: content for other, content in held.items() if other != name}
        assert f"{name}: removed" in verified(pack(rest))
    assert verified(pack({**held, "note.txt": b""})) == ["note.txt: inserted: the manifest does not know it"]


def test_a_forged_bundle_that_signs_itself_is_not_ours(tmp_path: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    write_bundle(tmp_path / "audit.zip", contents(), stranger)
    assert verify_bundle(tmp_path / "audit.zip", OURS) == [
        f"manifest.json: signed by a key that is not ours: {public(stranger)}"
    ]


def test_a_history_written_anew_before_the_export_contradicts_the_checkpoint(tmp_path: Path) -> None:
    forged = chained(INCIDENT, GENESIS, [one.model_copy(update={"by": "eve"}) for one in events(4)])
    other = chained(OTHER, GENESIS, events(2))
    write_bundle(tmp_path / "audit.zip", contents().model_copy(update={"records": (*forged, *other)}), KEY)
    said = f"{INCIDENT} record 3: altered: the chain up to here is not the one whose head was kept"
    assert verify_bundle(tmp_path / "audit.zip", OURS) == [said]


def test_an_incident_left_out_of_the_export_is_missed_by_the_checkpoint(tmp_path: Path) -> None:
    chain = chained(INCIDENT, GENESIS, events(4))
    write_bundle(tmp_path / "audit.zip", contents().model_copy(update={"records": chain}), KEY)
    said = f"{OTHER} record 1: removed: missing from the chain with those up to 2"
    assert verify_bundle(tmp_path / "audit.zip", OURS) == [said]


def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path) -> None:
    assert "cannot be read" in verify_bundle(tmp_path / "nothing.zip")[0]
    assert "the archive cannot be read" in verified(b"hello")[0]
    assert verified(whole()[:-30])
    assert verified(whole() + b"\0")


def test_a_bundle_of_an_empty_period_is_whole(tmp_path: Path) -> None:
    empty = Contents(since=NOON, until=NOON, written_at=NOON, records=())
    write_bundle(tmp_path / "audit.zip", empty, KEY)
    assert verify_bundle(tmp_path / "audit.zip", OURS) == []


async def test_what_the_records_hold_becomes_a_bundle(records: Records, tmp_path: Path) -> None:
    await records.append(INCIDENT, events(3), overview())
    await records.checkpoint(KEY, NOON)
    await records.append(INCIDENT, events(5))
    await records.append("INC-00001", [one.model_copy(update={"at": NOON - timedelta(days=9)}) for one in events(2)])
    await records.checkpoint(KEY, NOON)
    chains, checkpoints = await records.evidence(NOON, NOON + timedelta(days=1))
    given = contents().model_copy(update={"records": chains, "checkpoints": checkpoints})
    manifest = write_bundle(tmp_path / "audit.zip", given, KEY).manifest
    assert [(one.incident, one.number) for one in manifest.heads] == [(INCIDENT, 5)]
    assert verify_bundle(tmp_path / "audit.zip", OURS) == []
