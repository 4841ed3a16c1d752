"""Bundles that contradict themselves nowhere, signed by whoever has the key, and what of them is found all the same."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from domain.incident.relation import CLOSING
from records.bundle import verify_bundle
from records.chain import GENESIS
from records.checkpoint import Checkpoint, Signed, signed
from records.overview import overview
from records.record import Record, Stored, canonical, write_moment
from records.store import Records
from tests.domain.learn.case import NOON, Case, days, fought, hours
from tests.records.forger import Forger
from tests.records.parcel import head
from tests.records.test_evidence import tamper
from tests.records.test_export import KEY, OURS, exported, lived, told
from tests.tables import lay

pytestmark = pytest.mark.sop("SOC-1")


@pytest.fixture(scope="module")
async def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A period that is whole."""
    folder = tmp_path_factory.mktemp("forged")
    async with await Records.open(lay(folder / "records.db")) as records:
        await told_with_more(records)
        await exported(records, folder / "audit.zip")
    return folder / "audit.zip"


Change = Callable[[Forger], object]
WORDS = "its event says otherwise"


def covered(forger: Forger) -> None:
    """Checkpoints that speak of the history that is there now, and of no other."""
    heads = tuple(head(chain[-1]) for chain in forger.chains.values())
    made = Checkpoint(number=1, at=NOON + days(3), previous=GENESIS, heads=heads)
    forger.files["checkpoints.jsonl"] = [signed(made, KEY).text()]


def another(forger: Forger, number: int, change: Callable[[Record], dict[str, object]]) -> None:
    """Another event in the place of one of the first incident."""
    first = lived()[0].incident.id
    chain = forger.chains[first]
    record = chain[number - 1]
    forger.rewrite(first, [*chain[: number - 1], record.model_copy(update=change(record)), *chain[number:]])
    covered(forger)


def backdated(record: Record) -> dict[str, object]:
    """An hour earlier, in its event too."""
    at = record.at - hours(1)
    return {"at": at, "body": canonical(json.loads(record.body) | {"at": write_moment(at)})}


def moved(forger: Forger) -> None:
    """An event of one incident in another."""
    first, second = (case.incident.id for case in lived()[:2])
    taken = forger.chains[first].pop(9)
    for incident, chain in ((first, forger.chains[first]), (second, [*forger.chains[second], taken])):
        forger.rewrite(incident, chain)
    covered(forger)


def renamed(forger: Forger) -> None:
    """A whole history under another name."""
    first = lived()[0].incident.id
    forger.rewrite("INC-YYYYY", forger.chains.pop(first))
    covered(forger)


def more_than_came(forger: Forger) -> None:
    """More was handed on than was received."""
    lines = forger.files["deliveries.jsonl"]
    forger.files["deliveries.jsonl"] = [line.replace('"taken":0', '"taken":50') for line in lines]


CHANGES: list[tuple[Change, str]] = [
    (lambda forger: another(forger, 8, lambda _: {"kind": "noted"}), f"record 8: altered: {WORDS}: kind"),
    (lambda forger: another(forger, 8, lambda _: {"by": "nobody"}), f"record 8: altered: {WORDS}: by"),
    (lambda forger: another(forger, 8, lambda one: {"at": one.at - hours(1)}), f"record 8: altered: {WORDS}: at"),
    (lambda forger: another(forger, 8, backdated), "record 8: reordered: it was heard of at"),
    (moved, f"record 10: altered: {WORDS}: number"),
    (renamed, f"INC-YYYYY record 1: altered: {WORDS}: incident"),
    (more_than_came, "deliveries.jsonl: altered: more came of pagerduty"),
    (lambda forger: forger.files["deliveries.jsonl"].reverse(), "deliveries.jsonl: reordered: pagerduty"),
    (
        lambda forger: forger.files["suppressed.jsonl"].pop(),
        "suppressed alerts of 2026-03-05: removed: 1 here, 2 known",
    ),
    (lambda forger: forger.files["suppressed.jsonl"].clear(), "suppressed alerts of 2026-03-05: removed: 0 here"),
    (lambda forger: forger.files["suppressed.jsonl"].reverse(), "suppressed.jsonl: reordered: disk-2"),
    (
        lambda forger: forger.files.update(
            {"suppressed.jsonl": [one.replace("staging", "a test") for one in forger.files["suppressed.jsonl"]]}
        ),
        "suppressed alerts of 2026-03-05: altered: they are not those that checkpoint 2 counted",
    ),
]


@pytest.mark.sop("SCP-2")
@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_what_contradicts_itself_or_a_checkpoint_is_found_whoever_signed_it(
    bundle: Path, tmp_path: Path, change: Change, said: str
) -> None:
    assert verify_bundle(bundle, OURS).whole
    forger = Forger(bundle)
    change(forger)
    findings = verify_bundle(forger.sign(tmp_path / "forged.zip"), OURS).findings
    assert any(said in one for one in findings), findings


def untimely(forger: Forger) -> None:
    """A checkpoint of before what it speaks of."""
    covered(forger)
    read = Signed.model_validate_json(forger.files["checkpoints.jsonl"][0]).checkpoint
    forger.files["checkpoints.jsonl"] = [signed(read.model_copy(update={"at": NOON - days(9)}), KEY).text()]


DOUBTED: list[tuple[Change, str]] = [
    (untimely, "when checkpoint 1 was made: at 2026-02-22"),
    (lambda forger: setattr(forger, "until", forger.at + days(1)), "how the period went on from"),
    (
        lambda forger: forger.files["suppressed.jsonl"].append(
            forger.files["suppressed.jsonl"][-1].replace("disk-3", "disk-9")
        ),
        "that more alerts were suppressed on 2026-03-05 than a checkpoint knows of",
    ),
]


@pytest.mark.parametrize(("change", "said"), DOUBTED)
def test_what_may_be_so_is_not_proved(bundle: Path, tmp_path: Path, change: Change, said: str) -> None:
    forger = Forger(bundle)
    change(forger)
    made = verify_bundle(forger.sign(tmp_path / "forged.zip"), OURS)
    assert any(said in one for one in made.unproved), made.unproved


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM suppressed WHERE key = 'disk-3'", "suppressed alerts of 2026-03-05: removed: 1 here, 2 known"),
        ("UPDATE suppressed SET reason = 'a test' WHERE key = 'disk-3'", "suppressed alerts of 2026-03-05: altered"),
        ("UPDATE incident SET title = 'A rehearsal'", "is not what its events say: title"),
        ("UPDATE incident SET kind = 'security', phase = 'closed'", "is not what its events say: kind, phase"),
    ],
)
async def test_what_was_done_to_the_database_is_found(records: Records, statement: str, said: str) -> None:
    await told_with_more(records)
    assert await records.verify_all(OURS) == []
    await tamper(records, statement)
    assert any(said in one for one in await records.verify_all(OURS))


async def told_with_more(records: Records) -> None:
    """Incidents, and alerts that opened nothing on a day of which a checkpoint was made when it was over."""
    await told(records)
    for number in (2, 3):
        at = NOON + days(2) + hours(number)
        await records.suppress('{"title":"disk"}', "staging is not production", at, f"disk-{number}")
    case = lived()[1]
    await records.append(
        case.incident.id, [Stored.of(event) for event in late(case).incident.events], overview(late(case).view)
    )
    await records.checkpoint(KEY, NOON + days(4))


@cache
def late(case: Case) -> Case:
    """The same incident, an hour on."""
    again = deepcopy(case)
    again.passes(hours(1))
    return again


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
