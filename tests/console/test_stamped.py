"""Whoever checks brings the authority's root, and a stamp that is not that authority's is named (SOC-1)."""

import asyncio
import base64
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from records.checkpoint import Signed
from records.stamp import Stamp, answered, question
from records.store import Records
from tests.authority import Authority
from tests.console.conftest import Standfast
from tests.records.test_export import OURS, exported, told

pytestmark = pytest.mark.sop("SOC-1")
LEFT = "time stamp of checkpoint 1: "


def stamp(authority: Authority, one: Signed) -> Stamp:
    """The authority's answer about a checkpoint, of the minute at which it was made."""
    authority.now, asked = one.checkpoint.at, question(one)
    return answered(one, asked, authority="an authority", response=authority.answer(asked.as_bytes()))


def spoilt(kept: Stamp, place: int) -> Stamp:
    """The same with one byte another."""
    content = bytearray(base64.b64decode(kept.response))
    content[place] ^= 1
    return kept.model_copy(update={"response": base64.b64encode(content).decode()})


class Checked:
    """A folder with stamped records, a bundle of them and a root, on the command line."""

    def __init__(self, folder: Path, standfast: Standfast) -> None:
        self.folder, self._standfast = folder, standfast
        self.authority = Authority()
        self.url = f"sqlite:///{folder}/records.db"
        (folder / "authority.pem").write_bytes(self.authority.pem)

    async def keep(self, change: str = "") -> None:
        """Record, stamp and export; `change`: what becomes of the stamp before the export."""
        async with await Records.open(self.url) as records:
            await records.migrate()
            await told(records)
            newest = await records.unstamped()
            assert newest
            kept = stamp(Authority() if change == "unknown" else self.authority, newest)
            await records.keep_stamp(spoilt(kept, int(change)) if change.lstrip("-").isdigit() else kept)
            if change == "elsewhere":
                async with records.engine.begin() as connection:
                    await connection.execute(text("DROP TRIGGER stamp_no_update"))
                    moved = kept.model_copy(update={"number": 9}).text()
                    await connection.execute(text("UPDATE stamp SET stamped = :moved"), {"moved": moved})
            await exported(records, self.folder / "audit.zip")

    def said(self, *words: str) -> tuple[int, dict[str, object]]:
        """How `audit verify` ends, and what it says."""
        done = self._standfast("audit", "verify", *words, "--key", *OURS, "--json")
        return done.exit_code, json.loads(done.stdout)


@pytest.fixture
def checked(tmp_path: Path, standfast: Standfast, monkeypatch: pytest.MonkeyPatch) -> Checked:
    """Nothing is kept yet."""
    monkeypatch.setenv("STANDFAST_DATABASE_URL", f"sqlite:///{tmp_path}/records.db")
    return Checked(tmp_path, standfast)


def test_a_stamp_of_the_authority_is_told_of_a_bundle_and_of_the_records(checked: Checked) -> None:
    asyncio.run(checked.keep())
    root = ("--tsa-root", f"{checked.folder}/authority.pem")
    code, bundle = checked.said(f"{checked.folder}/audit.zip", *root)
    assert (code, bundle["whole"], bundle["findings"]) == (0, True, [])
    assert str(bundle["stamped"]).startswith("['stamped by others: checkpoint 1, and so all before it, was there at ")
    assert checked.said(*root)[1]["findings"] == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("unknown", LEFT + "not by an authority whose root was given"),
        ("-3", LEFT + "not by an authority whose root was given"),
        ("8", LEFT),
        ("elsewhere", "time stamp of checkpoint 9: removed: the checkpoint is not there"),
    ],
)
def test_a_stamp_that_was_tampered_with_or_is_a_strangers_is_named(checked: Checked, change: str, found: str) -> None:
    asyncio.run(checked.keep(change))
    root = ("--tsa-root", f"{checked.folder}/authority.pem")
    for words in ((f"{checked.folder}/audit.zip", *root), root):
        code, told = checked.said(*words)
        findings = told["findings"]
        assert isinstance(findings, list)
        assert code == 1
        assert any(str(one).startswith(found) for one in findings), findings


def test_a_root_that_is_none_is_refused_before_anything_is_checked(checked: Checked, standfast: Standfast) -> None:
    (checked.folder / "own.pem").write_bytes(checked.authority.own_pem)
    for name in ("own.pem", "away.pem"):
        refused = standfast("audit", "verify", "--tsa-root", f"{checked.folder}/{name}")
        assert (refused.exit_code, "--tsa-root" in refused.stderr) == (2, True)


def test_what_is_refused_before_a_command_begins_is_a_sentence(checked: Checked, standfast: Standfast) -> None:
    for words in (
        ("audit", "verify", "--anchors", f"{checked.folder}/away.jsonl"),
        ("audit", "erase", "ines", "--request", "", "--reason", "Article 17", "--by", "jonas"),
    ):
        refused = standfast(*words)
        assert (refused.exit_code, "Traceback" in refused.output, refused.stderr.count("\n")) == (2, False, 1)
