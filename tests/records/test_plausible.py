"""What an exporter who has the key may try beside the chains: it is found, or said to be unproved."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from records.bundle import verify_bundle
from records.store import Records
from tests.domain.learn.case import NOON, days
from tests.records.parcel import KEY, checkpoint, contents, write_bundle
from tests.records.test_derived import signed_anew
from tests.records.test_export import OURS, exported, read, told
from tests.tables import lay

pytestmark = pytest.mark.sop("SOC-1")


@pytest.fixture(scope="module")
async def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A period that is whole."""
    folder = tmp_path_factory.mktemp("plausible")
    async with await Records.open(lay(folder / "records.db")) as records:
        await told(records)
        await exported(records, folder / "audit.zip")
    return folder / "audit.zip"


DAY = (NOON + days(1)).date().isoformat()
ROWS = [
    ("deliveries.jsonl", f'{{"day":"{DAY}"', '{"day":"2027-01-01"', "pagerduty on 2027-01-01 is not of the period"),
    ("deliveries.jsonl", f'{{"day":"{DAY}"', f'{{"day":"{NOON.date()}"', f"pagerduty on {NOON.date()} stands twice"),
    ("suppressed.jsonl", f'"at":"{NOON.year}', '"at":"2027', "disk-1 is not of the period"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), ROWS)
def test_rows_of_another_time_or_twice_are_found_whoever_signed_them(
    bundle: Path, tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    forged = signed_anew(bundle, tmp_path / "forged.zip", name, old, new)
    assert f"{name}: inserted: {said}" in verify_bundle(forged, OURS).findings


def test_an_alert_that_stands_twice_is_found(bundle: Path, tmp_path: Path) -> None:
    line = read(bundle, "suppressed.jsonl").splitlines()[0]
    forged = signed_anew(bundle, tmp_path / "forged.zip", "suppressed.jsonl", line, f"{line}\n{line}")
    assert "suppressed.jsonl: inserted: disk-1 stands twice" in verify_bundle(forged, OURS).findings


def test_a_bundle_is_not_older_than_what_is_in_it(bundle: Path, tmp_path: Path) -> None:
    line = read(bundle, "suppressed.jsonl").splitlines()[0]
    early = signed_anew(bundle, tmp_path / "early.zip", "suppressed.jsonl", line, line, at=NOON + days(2))
    assert any("before checkpoint 1 of" in found for found in verify_bundle(early, OURS).findings)
    slow = NOON + days(3) - timedelta(minutes=5)
    skewed = signed_anew(bundle, tmp_path / "skewed.zip", "suppressed.jsonl", line, line, at=slow)
    assert not [found for found in verify_bundle(skewed, OURS).findings if found.startswith("manifest.json")]


def test_a_file_that_follows_from_nothing_is_not_proved(bundle: Path, tmp_path: Path) -> None:
    line = read(bundle, "suppressed.jsonl").splitlines()[0]
    more = {"summary.html": "<h1>All met</h1>"}
    made = signed_anew(bundle, tmp_path / "more.zip", "suppressed.jsonl", line, line, more=more)
    assert verify_bundle(bundle, OURS).whole
    assert "summary.html: whether it is so, for it follows from nothing here" in verify_bundle(made, OURS).unproved


def test_what_no_checkpoint_speaks_of_for_a_day_is_not_proved(tmp_path: Path) -> None:
    held = contents()
    write_bundle(tmp_path / "cut.zip", held, KEY)
    said = "how it went on with 1 incident, INC-"
    assert any(one.startswith(said) for one in verify_bundle(tmp_path / "cut.zip", OURS).unproved)
    covered = (checkpoint(*(chain[-1] for chain in held.chains)),)
    write_bundle(tmp_path / "covered.zip", replace(held, checkpoints=covered), KEY)
    assert not any(one.startswith(said) for one in verify_bundle(tmp_path / "covered.zip", OURS).unproved)


def test_a_bundle_without_any_checkpoint_does_not_prove_that_nothing_was_left_out(tmp_path: Path) -> None:
    write_bundle(tmp_path / "empty.zip", replace(contents(), chains=(), checkpoints=()), KEY)
    assert "that nothing was left out: there is no checkpoint" in verify_bundle(tmp_path / "empty.zip", OURS).unproved
