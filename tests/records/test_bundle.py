"""An auditor needs the bundle and our public key, nothing else, to see that nothing in it was touched (SOC-1)."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from records.archive import Part
from records.bundle import verify_bundle
from records.chain import GENESIS, chained
from records.export import Draft
from records.key import public
from tests.records.case import INCIDENT, NOON, event, events
from tests.records.parcel import KEY, OTHER, OURS, Contents, contents, files, packed, verified, whole, write_bundle

pytestmark = pytest.mark.sop("SOC-1")


def test_a_bundle_holds_what_was_asked_for_and_nothing_is_found_in_it(tmp_path: Path) -> None:
    held = files(tmp_path)
    assert sorted(held) == [
        "checkpoints.jsonl",
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
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(whole()) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = bytearray(whole())
    changed[place] ^= 1 << bit
    assert verified(bytes(changed))


@given(st.data())
def test_any_changed_byte_of_an_event_names_its_record_or_its_line(data: st.DataObject) -> None:
    start = whole().index(b"events.jsonl") + len("events.jsonl")
    end = start + sum(len(record.line().encode()) + 1 for chain in contents().chains for record in chain)
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
        ("checkpoints.jsonl", lambda lines: [b"[]"], "checkpoints.jsonl line 1: altered"),
        ("checkpoints.jsonl", lambda lines: [b"?"], "checkpoints.jsonl line 1: altered: it cannot be read"),
        ("manifest.json", lambda lines: [b"{}"], "manifest.json: altered: it cannot be read"),
        ("manifest.json", lambda lines: [lines[0] + b" "], "manifest.json: altered: it is not written as it was"),
    ],
)
def test_what_was_done_to_a_file_is_named(tmp_path: Path, name: str, change: Change, said: str) -> None:
    held = files(tmp_path)
    lines = held[name].removesuffix(b"\n").split(b"\n")
    held[name] = b"".join(line + b"\n" for line in change(lines))
    found = verified(packed(held))
    assert any(one.startswith(said) for one in found), found


def test_a_file_that_is_missing_or_too_many_is_named(tmp_path: Path) -> None:
    held = files(tmp_path)
    for name in held:
        rest = {other: content for other, content in held.items() if other != name}
        assert f"{name}: removed" in verified(packed(rest))
    assert verified(packed({**held, "note.txt": b""})) == ["note.txt: inserted: the manifest does not know it"]


def test_a_forged_bundle_that_signs_itself_is_not_ours(tmp_path: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    write_bundle(tmp_path / "audit.zip", contents(), stranger)
    assert verify_bundle(tmp_path / "audit.zip", OURS).findings == [
        f"manifest.json: signed by a key that is not ours: {public(stranger)}"
    ]


def test_a_history_written_anew_before_the_export_contradicts_the_checkpoint(tmp_path: Path) -> None:
    forged = chained(INCIDENT, GENESIS, [event(number, by="eve") for number in range(1, 5)])
    other = chained(OTHER, GENESIS, events(2))
    write_bundle(tmp_path / "audit.zip", replace(contents(), chains=(forged, other)), KEY)
    said = f"{INCIDENT} record 3: altered: the chain up to here is not the one whose head was kept"
    assert verify_bundle(tmp_path / "audit.zip", OURS).findings == [said]


def test_an_incident_left_out_of_the_export_is_missed_by_the_checkpoint(tmp_path: Path) -> None:
    chain = chained(INCIDENT, GENESIS, events(4))
    write_bundle(tmp_path / "audit.zip", replace(contents(), chains=(chain,)), KEY)
    said = f"{OTHER} record 1: removed: missing from the chain with those up to 2"
    assert verify_bundle(tmp_path / "audit.zip", OURS).findings == [said]


def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path) -> None:
    assert "cannot be read" in verify_bundle(tmp_path / "nothing.zip").findings[0]
    assert "the archive cannot be read" in verified(b"hello")[0]
    assert verified(whole()[:-30])
    assert verified(whole() + b"\0")


def test_a_bundle_without_incidents_is_whole(tmp_path: Path) -> None:
    write_bundle(tmp_path / "audit.zip", Contents(chains=()), KEY)
    assert verify_bundle(tmp_path / "audit.zip", OURS).findings == []


def test_a_bundle_that_somebody_zipped_anew_is_told_from_ours_though_its_contents_are_whole(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "again.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(tmp_path).items():
            archive.writestr(name, content)
    said = "the archive: altered: its bytes are not those that its files give"
    assert verify_bundle(tmp_path / "again.zip", OURS).findings == [said]


def test_files_too_large_for_the_plain_format_are_found_in_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    write_bundle(tmp_path / "audit.zip", contents(), KEY)
    assert verify_bundle(tmp_path / "audit.zip", OURS).findings == []
    assert len((tmp_path / "audit.zip").read_bytes()) > len(whole())


def test_a_bundle_that_cannot_be_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    with Draft(tmp_path / "audit.zip", NOON, NOON, NOON) as draft:
        draft.add(contents().chains[0])
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_read_in_pieces_and_its_lines_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.archive.PIECE", 7)
    (tmp_path / "audit.zip").write_bytes(whole())
    assert verify_bundle(tmp_path / "audit.zip", OURS).findings == []
    assert list(Part.holding(b"one\n\nthree, which is long\nend").lines()) == [
        b"one",
        b"",
        b"three, which is long",
        b"end",
    ]
    assert list(Part.holding(b"").lines()) == []
