"""Bundles that contradict themselves nowhere, signed by whoever has the key, and what of them is found all the same."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.incident.relation import CLOSING
from records.bundle import verify_bundle
from records.overview import overview
from records.record import Stored
from records.store import Records
from tests.domain.learn.case import NOON, Case, days, fought, hours
from tests.records.forger import Forger
from tests.records.test_evidence import tamper
from tests.records.test_export import KEY, OURS, exported, lived, told
from tests.tables import lay

pytestmark = pytest.mark.sop("SOC-1")


@pytest.fixture(scope="module")
async def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A period that is whole."""
    folder = tmp_path_factory.mktemp("forged")
    async with await Records.open(lay(folder / "records.db")) as records:
        await told(records)
        await exported(records, folder / "audit.zip")
    return folder / "audit.zip"


def silent() -> Case:
    """Open long before the period, with nothing happening in it."""
    case = Case(seed="silent", at=NOON - days(9))
    case.passes(hours(1))
    return case


async def test_an_incident_that_was_open_and_silent_is_not_left_out_unnoticed(records: Records, tmp_path: Path) -> None:
    case = silent()
    await records.append(case.incident.id, [Stored.of(event) for event in case.incident.events], overview(case.view))
    await records.checkpoint(KEY, NOON - days(8))
    await told(records)
    await exported(records, tmp_path / "audit.zip")
    assert verify_bundle(tmp_path / "audit.zip", OURS).whole
    forger = Forger(tmp_path / "audit.zip")
    del forger.chains[case.incident.id]
    found = verify_bundle(forger.sign(tmp_path / "forged.zip"), OURS).findings
    assert [one.partition(" with")[0] for one in found] == [
        f"{case.incident.id} record 1: removed: missing from the chain"
    ]


async def test_a_row_that_says_an_open_incident_is_over_takes_it_out_of_no_bundle(
    records: Records, tmp_path: Path
) -> None:
    case = silent()
    await records.append(case.incident.id, [Stored.of(event) for event in case.incident.events], overview(case.view))
    await tamper(records, "UPDATE incident SET closed_at = opened_at")
    await records.checkpoint(KEY, NOON - days(8))
    await told(records)
    await exported(records, tmp_path / "audit.zip")
    assert case.incident.id in Forger(tmp_path / "audit.zip").chains


async def test_what_was_over_before_the_period_is_not_expected_in_it(records: Records, tmp_path: Path) -> None:
    case = Case(seed="over", at=NOON - days(9))
    case.acts("close_as", "dana", how="false_alarm", reason="a test of the sensor")
    assert case.incident.events[-1].what.kind in CLOSING or case.incident.phase == "closed"
    await records.append(case.incident.id, [Stored.of(event) for event in case.incident.events], overview(case.view))
    await records.checkpoint(KEY, NOON - days(8))
    await told(records)
    await exported(records, tmp_path / "audit.zip")
    assert verify_bundle(tmp_path / "audit.zip", OURS).whole
    assert case.incident.id not in Forger(tmp_path / "audit.zip").chains


def test_a_bundle_of_another_period_than_was_asked_for_is_found(bundle: Path, tmp_path: Path) -> None:
    forger = Forger(bundle)
    asked = forger.since, forger.until
    assert verify_bundle(bundle, OURS, asked=asked).whole
    assert verify_bundle(bundle, OURS, asked=(forger.since, None)).whole
    forger.since -= days(3)
    [found] = verify_bundle(forger.sign(tmp_path / "forged.zip"), OURS, asked=asked).findings
    assert found == f"manifest.json: the period begins at {forger.since}, not at {asked[0]}"


def test_an_incident_of_another_period_is_found(bundle: Path, tmp_path: Path) -> None:
    forger = Forger(bundle)
    blip = Case(seed="over", at=NOON + days(31))
    forger.rewrite(blip.incident.id, [*map(Stored.of, blip.incident.events)])
    said = f"{blip.incident.id}: inserted: it was not open in the period"
    assert said in verify_bundle(forger.sign(tmp_path / "forged.zip"), OURS).findings


async def test_the_records_say_which_ends_no_checkpoint_speaks_of(records: Records) -> None:
    first, *_ = lived()
    stored = [Stored.of(event) for event in first.incident.events]
    await records.append(first.incident.id, stored[:-1], None)
    await records.checkpoint(KEY, NOON + days(3))
    assert await records.unproved(OURS, NOON + days(9)) == []
    await records.append(first.incident.id, stored[-1:], overview(first.view))
    last = first.incident.events[-1].at
    assert await records.unproved(OURS, last + timedelta(hours=23)) == []
    [said] = await records.unproved(OURS, last + timedelta(hours=25))
    assert said.startswith(f"how it went on with 1 incident, {first.incident.id} first")
    other = fought(seed="ended")
    await records.append(other.incident.id, [Stored.of(event) for event in other.incident.events], overview(other.view))
    assert any(other.incident.id in one for one in await records.unproved(OURS, last))
