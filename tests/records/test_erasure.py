"""Somebody is erased on request: the chain, the figures and every bundle stay whole, and nobody can do it unseen."""

import json
import zipfile
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from domain.company.deployment import Deployment
from records.anchor import remembered
from records.bundle import verify_bundle
from records.deployment import DEPLOYMENT
from records.derived import KPI, SCORECARD, TOTALS
from records.erasing import Plan
from records.erasure import Request
from records.overview import overview
from records.record import Stored
from records.redaction import Redaction, names, parts
from records.refusal import NotErased, RecordsUnready
from records.report import REPORT
from records.store import Records
from records.table import EVENT, SUPPRESSED
from tests.domain.learn.case import NOON, Case, completed, days, fought, hours
from tests.postgres import Cluster
from tests.records.test_evidence import tamper
from tests.records.test_export import KEY, LATER, OURS, exported, read

pytestmark = pytest.mark.sop("SOC-1")

ASKED = Request(request="DSR-7", by="mira", seconded_by="jonas", reason="Article 17, left in May")
INSTEAD = "erased-1f"


@cache
def over() -> Case:
    """An incident that dana fought, and that is closed."""
    case = fought(seed="first")
    case.passes(hours(20))
    completed(case)
    case.acts("close_item", "jira", item="item-1")
    case.passes(days(30))
    assert case.phase == "closed"
    return case


async def told(records: Records, *cases: Case) -> None:
    for case in cases:
        await records.append(case.incident.id, [Stored.of(one) for one in case.incident.events], overview(case.view))
    await records.suppress('{"title":"paged dana@harbourline.example"}', "staging is not production", NOON, "disk-1")
    await records.checkpoint(KEY, NOON + days(31))


async def redaction(records: Records) -> Redaction:
    return Redaction({"dana", *names(await records.known("dana"))}, INSTEAD)


async def erase(records: Records, memory: Path | None = None, *, over_only: bool = False) -> Plan:
    found = await redaction(records)
    plan, _ = await records.erase(found, ASKED, key=KEY, at=NOON + days(32), memory=memory, over_only=over_only)
    return plan


def judged(bundle: Path) -> list[str]:
    """What a bundle counts and judges, without the names in it."""
    return [read(bundle, name).replace(INSTEAD, "dana") for name in (KPI, TOTALS, SCORECARD)]


async def test_somebody_is_gone_and_chain_figures_and_old_bundles_stay_whole(records: Records, tmp_path: Path) -> None:
    memory = tmp_path / "anchors.jsonl"
    await told(records, over())
    await exported(records, tmp_path / "before.zip")
    plan = await erase(records, memory)
    assert await records.verify_all(OURS, remembered(memory)) == []
    assert await records.unproved(OURS, LATER) == []
    await exported(records, tmp_path / "after.zip")
    for name in ("before.zip", "after.zip"):
        assert verify_bundle(tmp_path / name, OURS).whole
    assert judged(tmp_path / "before.zip") == judged(tmp_path / "after.zip")
    with zipfile.ZipFile(tmp_path / "after.zip") as archive:
        assert [name for name in archive.namelist() if b"dana" in archive.read(name).lower()] == []
    assert (plan.events > 5, list(plan.alerts)) == (True, ["disk-1"])


async def test_a_bundle_of_after_says_what_was_erased_by_whom_and_why(records: Records, tmp_path: Path) -> None:
    await told(records, over())
    plan = await erase(records)
    await exported(records, tmp_path / "after.zip")
    [erased] = verify_bundle(tmp_path / "after.zip", OURS).erased
    assert str(erased.asked) == "DSR-7, by mira, jonas agreed: Article 17, left in May"
    assert (len(erased.events), erased.incidents) == (plan.events, (over().incident.id,))
    page = read(tmp_path / "after.zip", REPORT)
    assert f"<td>DSR-7</td><td>mira</td><td>jonas</td><td>Article 17, left in May</td><td>{plan.events}</td>" in page
    assert list(await records.erasures()) == [erased]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE event SET body = replace(body, 'erased-1f', 'eve')", "altered: its content does not give its hash"),
        ("UPDATE event SET hash = previous_hash WHERE number = 3", "record 3: altered"),
        ("DELETE FROM checkpoint WHERE number = 2", "altered: its content does not give its hash"),
    ],
)
async def test_what_is_erased_is_not_a_place_to_hide_in(records: Records, statement: str, said: str) -> None:
    await told(records, over())
    await erase(records)
    await tamper(records, statement)
    assert any(said in one for one in await records.verify(over().incident.id, OURS))


async def test_words_that_are_taken_out_without_a_signed_request_are_an_alteration(records: Records) -> None:
    await told(records, over())
    await tamper(records, "UPDATE event SET body = replace(body, 'dana', 'eve')")
    assert any("altered: its content does not give its hash" in one for one in await records.verify_all(OURS))


async def test_what_was_altered_before_is_not_laundered(records: Records) -> None:
    await told(records, over())
    await tamper(records, "UPDATE event SET body = replace(body, '\"P1\"', '\"P2\"') WHERE number > 1")
    with pytest.raises(NotErased, match="altered: its content does not give its hash"):
        await erase(records)


async def test_who_was_put_back_is_found(records: Records) -> None:
    await told(records, over())
    [first, *_] = await records.events(over().incident.id)
    await erase(records)
    await tamper(records)
    async with records.engine.begin() as connection:
        await connection.execute(update(EVENT).where(EVENT.c.number == 1).values(body=first.body))
    [found] = await records.verify(over().incident.id, OURS)
    assert found.endswith("record 1: altered: it was erased on request, and stands as it was before")


async def test_an_incident_that_is_not_over_stands_in_the_way_or_is_left(records: Records) -> None:
    running = fought(seed="second", at=NOON + days(1))
    await told(records, over(), running)
    before = await records.events(running.incident.id)
    with pytest.raises(NotErased, match=f"not over yet: {running.incident.id}"):
        await erase(records)
    assert await records.erasures() == ()
    plan = await erase(records, over_only=True)
    assert plan.running == [running.incident.id]
    assert await records.events(running.incident.id) == before


async def test_what_is_under_a_legal_hold_is_left(records: Records) -> None:
    held = fought(seed="second", at=NOON + days(1))
    held.passes(hours(20))
    completed(held)
    held.acts("close_item", "jira", item="item-1")
    held.passes(days(30))
    await told(records, over(), held)
    before, hold = await records.events(held.incident.id), {held.incident.id: "litigation 7"}
    plan, _ = await records.erase(await redaction(records), ASKED, key=KEY, at=NOON + days(62), held=hold)
    assert (plan.held, len(plan.cleaned)) == ([f"{held.incident.id}: litigation 7"], 1)
    assert await records.events(held.incident.id) == before
    with pytest.raises(NotErased, match=f"held: {held.incident.id}: litigation 7"):
        await records.erase(await redaction(records), ASKED, key=KEY, at=NOON + days(62), held=hold)


async def test_who_was_last_known_when_is_told_and_the_erased_are_nobody(records: Records) -> None:
    later = fought(seed="second", at=NOON + days(1))
    await told(records, over(), later)
    known = (await records.last_known())["dana"]
    assert known[later.incident.id] == max(known.values()) == later.incident.events[0].at
    assert len(known) == 2
    await erase(records, over_only=True)
    assert not any(one.startswith("erased") for one in await records.last_known())


async def test_a_word_by_which_figures_go_is_refused(records: Records) -> None:
    await told(records, over())
    with pytest.raises(NotErased, match="figures or verdicts would change"):
        await records.erase(Redaction({"checkout"}, INSTEAD), ASKED, key=KEY, at=NOON + days(32))
    named = ASKED.model_copy(update={"reason": "Dana has left"})
    with pytest.raises(NotErased, match="the request names whom it erases"):
        await records.erase(Redaction({"dana"}, INSTEAD), named, key=KEY, at=NOON + days(32))
    with pytest.raises(NotErased, match="nobody is named so"):
        await records.erase(Redaction({"nobody-knows"}, INSTEAD), ASKED, key=KEY, at=NOON + days(32))


async def test_an_event_that_is_told_again_is_the_one_that_was_erased(records: Records) -> None:
    case = over()
    await told(records, case)
    await erase(records)
    stored = [Stored.of(event) for event in case.incident.events]
    assert await records.append(case.incident.id, stored, overview(case.view)) == 0


async def test_what_keeps_evidence_from_being_altered_is_back_afterwards(records: Records) -> None:
    await told(records, over())
    await erase(records)
    for table in (EVENT, SUPPRESSED):
        with pytest.raises(DBAPIError, match=f"{table} is append-only"):
            async with records.engine.begin() as connection:
                await connection.execute(update(table).values(at=table.c.at))


async def test_deployments_say_them_no_more_and_words_that_only_begin_so_are_told(records: Records) -> None:
    await told(records, over())
    place = {"repository": "acme/checkout", "environment": "production", "sha": "a" * 40}
    one = Deployment(source="github", id="1", state="succeeded", at=NOON, by="dana", **place)
    await records.keep_deployments([one], NOON, days(90))
    plan = await erase(records)
    assert list(plan.deployments) == [("github", "1", "succeeded")]
    async with records.engine.connect() as connection:
        assert [INSTEAD in body for body in await connection.scalars(select(DEPLOYMENT.c.body))] == [True]
    found = Redaction({"deploy"}, INSTEAD)
    assert "deployment" in (await records.would_erase(found, NOON + days(33))).longer


async def test_a_second_request_reaches_what_the_first_one_left(records: Records) -> None:
    await told(records, over())
    await erase(records)
    asked = ASKED.model_copy(update={"request": "DSR-8"})
    other = Redaction({"ines", *names(await records.known("ines"))}, "erased-2f")
    await records.erase(other, asked, key=KEY, at=NOON + days(33))
    assert await records.verify_all(OURS) == []
    assert [one.asked.request for one in await records.erasures()] == ["DSR-7", "DSR-8"]


async def test_the_role_that_the_worker_uses_erases_nobody(cluster: Cluster) -> None:
    url = await cluster.fresh()
    async with await Records.open(url) as owner:
        await owner.migrate()
        assert owner.engine.url.database
        await cluster.run(owner.engine.url.database, "CREATE ROLE eraser LOGIN")
        await owner.grant("eraser")
    async with await Records.open(url.replace("owner@", "eraser@")) as worker:
        await told(worker, over())
        with pytest.raises(RecordsUnready, match="must be owner"):
            await erase(worker)
        assert await worker.verify_all(OURS) == []
        assert await worker.erasures() == ()


def test_whole_words_go_in_any_case_and_what_they_are_a_part_of_stays() -> None:
    found = Redaction({"ada", "Ada Weiß", "ada@corp.example"}, "x")
    said = {
        "by": "ada",
        "ada": 1,
        "kind": "ada",
        "text": 'I\nADA: mail "ada@corp.example", Ada Weiß; canada, ada-service',
    }
    assert json.loads(found.body(json.dumps(said))) == {
        "by": "x",
        "x": 1,
        "kind": "ada",
        "text": 'I\nx: mail "x@erased.invalid", x; canada, ada-service',
    }
    assert found.body('{"b": 1}') == '{"b": 1}'
    assert Redaction({" ", ""}, "x").text("a  b") == "a  b"


def test_parts_of_a_name_are_told_apart_from_the_name() -> None:
    dana = over().incident.catalog.people["dana"]
    assert (dana.name in names([dana]), "Okafor" in names([dana])) == (True, False)
    assert parts([dana]) == {"Okafor"}
