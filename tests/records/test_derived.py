"""A bundle proves its figures: what was forged in a table or in a signed file is found by whoever checks."""

import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.procedure.sop import PROCEDURE
from records.bundle import verify_bundle
from records.derived import DERIVATION, DERIVED, KPI, derivation
from records.export import Draft
from records.manifest import NAME
from records.record import Record
from records.store import Records
from tests.domain.learn.case import NOON, days
from tests.postgres import Cluster
from tests.records.test_export import KEY, LATER, OURS, exported, lived, told
from tests.tables import lay

pytestmark = pytest.mark.sop("SOC-1")
NOTHING: Mapping[str, str] = {}


def signed_anew(
    bundle: Path, path: Path, name: str, old: str, new: str, *, at: datetime = LATER, more: Mapping[str, str] = NOTHING
) -> Path:
    """The bundle with one file changed, sealed again by whoever has the key; `at` another moment, with `more` files."""
    with zipfile.ZipFile(bundle) as archive, Draft(path, NOON, NOON + days(30), at) as draft:
        chains: dict[str, list[Record]] = {}
        for line in archive.read("events.jsonl").decode().splitlines():
            record = Record.model_validate_json(line)
            chains.setdefault(record.incident, []).append(record)
        for chain in chains.values():
            draft.add(chain)
        for one in sorted(set(archive.namelist()) - {NAME, "events.jsonl"}):
            lines = archive.read(one).decode().removesuffix("\n")
            assert one != name or old in lines
            draft.write(one, *([lines.replace(old, new)] if one == name else [lines] if lines else []))
        for one, said in more.items():
            draft.write(one, said)
        draft.seal(KEY, DERIVED)
    return path


@pytest.fixture(scope="module")
async def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The period as an auditor has it; which database it came from is not to be seen."""
    folder = tmp_path_factory.mktemp("bundle")
    async with await Records.open(lay(folder / "records.db")) as records:
        await told(records)
        await exported(records, folder / "audit.zip")
    return folder / "audit.zip"


FORGED = [
    ("kpi.json", '"judged":2', '"judged":1'),
    ("scorecard.csv", "never kept", "kept"),
    ("clauses.csv", "ACK-1", "ACK-9"),
    ("policies.jsonl", '"at_least":1.0', '"at_least":0.1'),
    ("report.html", ">missed", ">late"),
]


@pytest.mark.parametrize(("name", "old", "new"), FORGED)
def test_a_file_that_does_not_follow_from_the_events_is_found_whoever_signed_it(
    bundle: Path, tmp_path: Path, name: str, old: str, new: str
) -> None:
    forged = signed_anew(bundle, tmp_path / "forged.zip", name, old, new)
    assert [found.partition(" line")[0] for found in verify_bundle(forged, OURS).findings] == [name]


def test_a_bundle_that_was_only_signed_anew_has_no_finding(bundle: Path, tmp_path: Path) -> None:
    name, old, _ = FORGED[0]
    assert verify_bundle(signed_anew(bundle, tmp_path / "same.zip", name, old, old), OURS).findings == []


def test_what_a_bundle_does_not_prove_is_said(bundle: Path) -> None:
    assert verify_bundle(bundle, OURS).whole
    [unproved] = verify_bundle(bundle).unproved
    assert "no key was given" in unproved


@pytest.mark.parametrize("theirs", ["", derivation(()), "0-of-before"])
def test_what_another_release_derived_otherwise_is_not_proved_and_no_finding(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theirs: str
) -> None:
    monkeypatch.setattr("records.export.DERIVATION", theirs)
    other = signed_anew(bundle, tmp_path / "other.zip", "clauses.csv", "ACK-1", "ACK-9")
    found = verify_bundle(other, OURS)
    assert found.findings == []
    assert found.unproved == [
        "policies, scorecard and key figures: a release wrote them that derives them otherwise than this one"
    ]


def test_a_clause_that_is_new_or_says_something_else_is_another_derivation() -> None:
    clauses = list(PROCEDURE.clauses.values())
    known = {derivation(clauses), derivation(clauses[1:]), derivation([*clauses[:-1], clauses[0]])}
    assert (len(known), derivation(clauses)) == (3, DERIVATION)


async def test_a_forged_row_changes_no_figure_of_the_bundle_and_is_found(records: Records, tmp_path: Path) -> None:
    await told(records)
    _, ignored, _ = (one.incident.id for one in lived())
    await exported(records, tmp_path / "true.zip")
    async with records.engine.begin() as connection:
        await connection.execute(text("UPDATE incident SET left_out = 'drill' WHERE id = :id"), {"id": ignored})
        await connection.execute(text("UPDATE part SET kept = 1 WHERE incident = :id"), {"id": ignored})
    await exported(records, tmp_path / "forged.zip")
    assert kpi(tmp_path / "forged.zip") == kpi(tmp_path / "true.zip")
    [found] = await records.verify_all(OURS)
    assert found.startswith(f"{ignored}: the row for lists and figures is not what its events say: left_out, parts")


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["DELETE FROM part", "DELETE FROM incident"], "the row for lists and figures is missing"),
        (["UPDATE incident SET opened_at = '2031-01-01 00:00:00.000000'"], "not what its events say: opened_at"),
        (["UPDATE incident SET service = 'search', team = 'core'"], "not what its events say: service, team"),
        (["UPDATE incident SET commander = 'nobody'"], "not what its events say: commander"),
        (
            ["INSERT INTO part VALUES ('INC-00000', 'KPI-1', 9, 9, 0, 0, 0, 0)"],
            "INC-00000: a row for lists and figures",
        ),
    ],
)
async def test_what_hides_moves_or_invents_an_incident_in_the_figures_of_the_database_is_found(
    records: Records, statements: list[str], said: str
) -> None:
    await told(records)
    assert await records.verify_all(OURS) == []
    async with records.engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    assert any(said in found for found in await records.verify_all(OURS))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE incident SET left_out = 'drill', gravest = 'P4'", "the row for lists and figures is not what its"),
        ("UPDATE part SET judged = 0, kept = 0", "the row for lists and figures is not what its events say: parts"),
        ("DELETE FROM part", "the row for lists and figures is not what its events say: parts"),
        ("UPDATE head SET number = number - 1", "inserted: the chain ends at"),
    ],
)
async def test_what_the_role_of_the_worker_can_write_over_is_found_and_is_in_no_bundle(
    cluster: Cluster, tmp_path: Path, statement: str, said: str
) -> None:
    url = await cluster.fresh()
    role = f"forger{url.partition('?')[0].rpartition('records')[2]}"
    async with await Records.open(url) as owner:
        await owner.migrate()
        await cluster.run(str(owner.engine.url.database), f"CREATE ROLE {role} LOGIN")
        await owner.grant(role)
    async with await Records.open(url.replace("owner@", f"{role}@")) as worker:
        await told(worker)
        await exported(worker, tmp_path / "true.zip")
        async with worker.engine.begin() as connection:
            await connection.execute(text(statement))
        assert any(said in one for one in await worker.verify_all(OURS))
        if "head" not in statement:
            await exported(worker, tmp_path / "forged.zip")
            assert kpi(tmp_path / "forged.zip") == kpi(tmp_path / "true.zip")


def kpi(bundle: Path) -> object:
    with zipfile.ZipFile(bundle) as archive:
        return json.loads(archive.read(KPI))
