"""A period of real incidents, as an auditor is given it: made from the records, checked from the file alone (SOC-1)."""

import csv
import json
import zipfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.procedure.sop import PROCEDURE
from records.bundle import NOT_TAKEN, verify_bundle
from records.delivery import Deliveries, DoorDay, NotTaken
from records.export import Exported, export
from records.key import public
from records.overview import overview
from records.record import Stored
from records.store import Records
from tests.domain.learn.case import NOON, POLICY, Case, completed, days, fought, hours
from tests.house.test_soc2 import FILES
from tests.records.case import events

pytestmark = pytest.mark.sop("SOC-1")

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OURS = (public(KEY),)
LATER = NOON + days(40)


@cache
def lived() -> tuple[Case, ...]:
    """An incident in time, one under another policy that nobody acknowledged, and a drill."""
    learned = fought(seed="first")
    learned.passes(hours(20))
    completed(learned)
    learned.acts("close_item", "jira", item="item-1")
    strict = POLICY.model_copy(update={"name": "strict"})
    ignored = Case(seed="second", at=NOON + days(1), policy=strict)
    ignored.passes(timedelta(minutes=30))
    return learned, ignored, fought(seed="third", at=NOON + days(2), drill=True)


async def told(records: Records) -> None:
    """What the worker would have recorded of them."""
    for case in lived():
        stored = [Stored.of(event) for event in case.incident.events]
        await records.append(case.incident.id, stored, overview(case.view))
    await records.suppress('{"title":"disk"}', "staging is not production", NOON, "disk-1")
    await records.checkpoint(KEY, NOON + days(3))


RECEIVED = Deliveries(days=tuple(DoorDay(day=(NOON + days(n)).date(), door="pagerduty", received=2) for n in range(3)))


async def exported(records: Records, path: Path, deliveries: Deliveries = RECEIVED) -> Exported:
    async with records.evidence(NOON, NOON + days(30)) as evidence:
        return await export(evidence, path, KEY, LATER, deliveries=deliveries)


def read(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


@pytest.mark.sop("SOC-1", "SCP-2", "KPI-1")
async def test_the_bundle_of_a_period_has_everything_and_is_whole(records: Records, tmp_path: Path) -> None:
    await told(records)
    path = tmp_path / "audit.zip"
    made = await exported(records, path)
    assert verify_bundle(path, OURS).findings == []
    with zipfile.ZipFile(path) as archive:
        assert set(archive.namelist()) == FILES - {NOT_TAKEN}
    assert (made.incidents, made.policies, made.checkpoints, made.suppressed) == (3, 2, 1, 1)
    assert (
        made.events == len(read(path, "events.jsonl").splitlines()) == sum(len(one.incident.events) for one in lived())
    )
    policies = [json.loads(line) for line in read(path, "policies.jsonl").splitlines()]
    assert [(one["policy"]["name"], one["incidents"]) for one in policies] == [(POLICY.name, 2), ("strict", 1)]
    assert policies[0]["first_used_by"] == lived()[0].incident.id
    assert json.loads(read(path, "suppressed.jsonl"))["reason"] == "staging is not production"
    sheet = json.loads(read(path, "kpi.json"))
    assert (sheet["incidents"], sheet["running"], sheet["left_out"]) == (2, 1, {"drill": 1})
    assert (sheet["figures"][0]["span"], sheet["figures"][0]["judged"]) == ("2m", 2)


async def test_each_incident_says_of_each_clause_how_it_was_kept_and_drills_are_not_added_up(
    records: Records, tmp_path: Path
) -> None:
    await told(records)
    await exported(records, tmp_path / "audit.zip")
    learned, ignored, drill = (one.incident.id for one in lived())
    rows = {row["incident"]: row for row in csv.DictReader(read(tmp_path / "audit.zip", "scorecard.csv").splitlines())}
    assert set(rows) == {learned, ignored, drill}
    assert (rows[learned]["ACK-1"], rows[learned]["PM-1"]) == ("kept", "kept")
    assert (rows[ignored]["ACK-1"], rows[ignored]["phase"], rows[drill]["kind"]) == ("overdue", "alerting", "drill")
    totals = {row["clause"]: row for row in csv.DictReader(read(tmp_path / "audit.zip", "clauses.csv").splitlines())}
    assert list(totals) == list(PROCEDURE.clauses)
    assert [totals["ACK-1"][word] for word in ("met", "missed", "overdue")] == ["1", "0", "1"]


async def test_the_same_records_give_the_same_bytes(records: Records, tmp_path: Path) -> None:
    await told(records)
    for name in ("one.zip", "two.zip"):
        await exported(records, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


async def test_events_that_nobody_can_read_are_evidence_all_the_same(records: Records, tmp_path: Path) -> None:
    await records.append("INC-00001", [one.model_copy(update={"at": NOON, "body": "{}"}) for one in events(2)])
    made = await exported(records, tmp_path / "audit.zip")
    assert (made.incidents, made.events) == (1, 2)
    assert "its events could not be read" in read(tmp_path / "audit.zip", "scorecard.csv")
    assert verify_bundle(tmp_path / "audit.zip", OURS).findings == []


async def test_an_empty_period_is_a_bundle_too(records: Records, tmp_path: Path) -> None:
    made = await exported(records, tmp_path / "audit.zip")
    assert (made.incidents, made.events, made.policies) == (0, 0, 0)
    assert verify_bundle(tmp_path / "audit.zip", OURS).findings == []
    assert "standfast audit verify" in read(tmp_path / "audit.zip", "README.txt")


WORD = NotTaken(at=NOON + days(1), receiver="INC-7K3QF", by="dana", said='in pagerduty: "Add a note" was not taken')


@pytest.mark.sop("SOC-1", "WAR-6")
async def test_what_nothing_took_any_more_is_evidence_and_a_word_of_another_period_is_found(
    records: Records, tmp_path: Path
) -> None:
    await told(records)
    path = tmp_path / "audit.zip"
    await exported(records, path, RECEIVED.model_copy(update={"not_taken": (WORD,)}))
    assert verify_bundle(path, OURS).findings == []
    assert NotTaken.model_validate_json(read(path, "not-taken.jsonl")) == WORD
    assert "was not taken" in read(path, "report.html")
    late = WORD.model_copy(update={"at": NOON + days(40)})
    await exported(records, path, RECEIVED.model_copy(update={"not_taken": (late,)}))
    assert "not-taken.jsonl: inserted: one for INC-7K3QF is not of the period" in verify_bundle(path, OURS).findings
