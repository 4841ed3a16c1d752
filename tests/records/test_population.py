"""A bundle says how much arrived and what it came to, so that completeness can be tested (SOC-1, SCP-2)."""

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest

from records.bundle import DELIVERIES, verify_bundle
from records.delivery import Deliveries, DoorDay, read_deliveries
from records.derived import POPULATION
from records.population import Population
from records.report import REPORT
from records.store import Records
from tests.domain.learn.case import NOON, days
from tests.records.test_derived import signed_anew
from tests.records.test_export import OURS, RECEIVED, exported, lived, read, told

pytestmark = pytest.mark.sop("SOC-1", "SCP-2")
ALERT = json.dumps({"source": "grafana", "title": "disk"})


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(read(path, POPULATION).splitlines()))


async def test_each_day_and_door_says_what_came_and_what_it_was_to_incidents(records: Records, tmp_path: Path) -> None:
    await records.suppress(ALERT, "staging is not production", NOON + days(1), "disk-2")
    await told(records)
    await exported(records, tmp_path / "audit.zip")
    seen = {(row["day"], row["door"]): row for row in rows(tmp_path / "audit.zip")}
    first = seen[NOON.date().isoformat(), "alertmanager"]
    assert (first["received"], first["in incidents"], first["suppressed"]) == ("", "1", "0")
    kept_back = seen[(NOON + days(1)).date().isoformat(), "grafana"]
    assert (kept_back["in incidents"], kept_back["suppressed"]) == ("0", "1")
    assert seen[NOON.date().isoformat(), "pagerduty"]["received"] == "2"
    assert (NOON + days(2)).date().isoformat() not in {day for day, door in seen if door == "alertmanager"}
    assert "<td>pagerduty</td><td>6</td>" in read(tmp_path / "audit.zip", REPORT)
    assert verify_bundle(tmp_path / "audit.zip", OURS).whole


async def test_an_inbox_that_was_away_is_said_and_the_bundle_is_not_called_whole(
    records: Records, tmp_path: Path
) -> None:
    await told(records)
    await exported(records, tmp_path / "audit.zip", Deliveries(away="the inbox cannot be used"))
    found = verify_bundle(tmp_path / "audit.zip", OURS)
    assert (found.findings, found.whole) == ([], False)
    assert found.unproved == ["how much arrived, and that all of it is here: the inbox cannot be used"]
    assert "<td>not counted</td><td>the inbox cannot be used</td>" in read(tmp_path / "audit.zip", REPORT)


async def test_alerts_of_a_day_without_a_delivery_are_named(records: Records, tmp_path: Path) -> None:
    await told(records)
    await exported(records, tmp_path / "audit.zip", Deliveries())
    second = (NOON + days(1)).date()
    [said] = verify_bundle(tmp_path / "audit.zip", OURS).unproved
    assert said == f"how much arrived: alerts of {NOON.date()} and of 1 more day are here, and no delivery"
    only = Deliveries(days=tuple(one for one in RECEIVED.days if one.day != second))
    await exported(records, tmp_path / "other.zip", only)
    assert verify_bundle(tmp_path / "other.zip", OURS).unproved == [
        f"how much arrived: alerts of {second} are here, and no delivery"
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (DELIVERIES, '"received":2', '"received":1', POPULATION),
        (POPULATION, "pagerduty,2", "pagerduty,3", POPULATION),
        (DELIVERIES, '"received":2', '"received":-1', f"{DELIVERIES} line 1: altered"),
    ],
)
async def test_a_count_that_was_altered_is_found_whoever_signed_it(
    records: Records, tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    await told(records)
    await exported(records, tmp_path / "audit.zip")
    forged = signed_anew(tmp_path / "audit.zip", tmp_path / "forged.zip", name, old, new)
    assert any(found.startswith(said) for found in verify_bundle(forged, OURS).findings)


def test_an_alert_that_was_held_back_for_long_needs_no_delivery_of_its_day() -> None:
    population = Population(NOON - days(3), NOON + days(9))
    incident = lived()[0].incident
    population.take(incident)
    assert population.unproved()
    late = incident.opened.model_copy(
        update={"alerts": tuple(one.model_copy(update={"at": NOON - days(2)}) for one in incident.opened.alerts)}
    )
    held = Population(NOON - days(3), NOON + days(9))
    held._hear(late.alerts, NOON)
    assert held.unproved() == []


def test_the_lines_of_deliveries_are_read_back_as_they_were() -> None:
    for one in (
        Deliveries(),
        Deliveries(away="no"),
        Deliveries(days=(DoorDay(day=NOON.date(), door="d", received=1),)),
    ):
        assert read_deliveries(line.encode() for line in one.lines()) == one


def test_the_first_moment_of_a_period_may_have_been_delivered_before_it() -> None:
    population = Population(NOON, NOON + timedelta(hours=1))
    population.take(lived()[0].incident)
    assert population.unproved() == ["how much arrived: alerts of 2026-03-03 are here, and no delivery"]
    midnight = NOON.replace(hour=0, minute=0)
    at_midnight = Population(midnight, midnight + days(1))
    [alert] = lived()[0].incident.opened.alerts
    at_midnight._hear([alert.model_copy(update={"at": midnight})], midnight + timedelta(minutes=5))
    assert at_midnight.unproved() == []
