"""What lists, the board and the KPIs read."""

from datetime import timedelta
from typing import Any

from records.store import Records
from tests.records.case import INCIDENT, NOON, events, overview

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


async def test_an_overview_follows_the_events(records: Records) -> None:
    await records.append(INCIDENT, events(1), overview())
    later = overview(phase="resolved", severity="P1", resolved_at=NOON + HOUR, drill=True, items=3)
    await records.append(INCIDENT, events(2), later)
    assert await records.incident(INCIDENT) == later
    assert await records.incident("INC-00000") is None


async def test_an_overview_that_comes_late_does_not_undo_a_newer_one(records: Records) -> None:
    newer = overview(phase="resolved")
    await records.append(INCIDENT, events(3), newer)
    assert await records.append(INCIDENT, events(2), overview(phase="triage")) == 0
    assert await records.incident(INCIDENT) == newer
    mended = overview(phase="resolved", title="Checkout was down")
    await records.append(INCIDENT, [], mended)
    assert await records.incident(INCIDENT) == mended


async def test_incidents_are_listed_newest_first_and_page_by_page(records: Records) -> None:
    for place in range(5):
        at = NOON + HOUR * (place // 2)  # two open at the same moment: the id decides
        await records.append(f"INC-0000{place}", events(1), overview(f"INC-0000{place}", opened_at=at))
    seen: list[str] = []
    page = await records.incidents(limit=2)
    while page:
        seen += [one.id for one in page]
        page = await records.incidents(limit=2, after=seen[-1])
    assert seen == ["INC-00004", "INC-00003", "INC-00002", "INC-00001", "INC-00000"]
    period = await records.incidents(since=NOON + HOUR, until=NOON + 2 * HOUR)
    assert [one.id for one in period] == ["INC-00003", "INC-00002"]


async def test_open_incidents_are_those_not_closed(records: Records) -> None:
    await records.append("INC-00001", events(1), overview("INC-00001", phase="resolved", resolved_at=NOON))
    await records.append("INC-00002", events(1), overview("INC-00002", phase="closed", closed_at=NOON))
    assert [one.id for one in await records.incidents(open_only=True)] == ["INC-00001"]


async def test_kpis_count_what_ended_in_the_period(records: Records) -> None:
    await records.append("INC-00001", events(1), overview("INC-00001", ended_at=NOON, closed_at=NOON + 99 * HOUR))
    await records.append("INC-00002", events(1), overview("INC-00002", ended_at=NOON + HOUR))
    await records.append("INC-00003", events(1), overview("INC-00003"))
    await records.append("INC-00004", events(1), overview("INC-00004", ended_at=NOON + 2 * HOUR))
    rows = await records.kpi_rows(NOON, NOON + 2 * HOUR)
    assert [row.id for row in rows] == ["INC-00001", "INC-00002"]


async def test_a_reopened_incident_stays_in_the_month_of_its_first_end(records: Records) -> None:
    await records.append(INCIDENT, events(1), overview(resolved_at=NOON, ended_at=NOON))
    await records.append(INCIDENT, events(2), overview(ended_at=NOON))
    assert [row.id for row in await records.kpi_rows(NOON, NOON + HOUR)] == [INCIDENT]


async def test_a_title_with_a_nul_does_not_stop_the_records(records: Records) -> None:
    await records.append(INCIDENT, events(1), overview(title="disk\0full"))
    kept = await records.incident(INCIDENT)
    assert kept is not None
    assert kept.title == "disk\N{REPLACEMENT CHARACTER}full"


async def test_the_same_failure_mode_that_taught_something_or_was_today_is_found_newest_first(
    records: Records,
) -> None:
    known: dict[str, Any] = {"service": "checkout", "modes": ("a1", "b2"), "root_cause": "capacity"}
    rows = {
        "INC-00001": known | {"fired_at": NOON - 3 * DAY},
        "INC-00002": known | {"fired_at": NOON - 2 * DAY, "modes": ("b2", "c3"), "root_cause": None, "items": 1},
        "INC-00003": known | {"fired_at": NOON - 25 * HOUR, "root_cause": None},
        "INC-00004": known | {"fired_at": NOON - HOUR, "modes": ("a%",)},
        "INC-00005": known | {"fired_at": NOON - HOUR, "service": "billing"},
        "INC-00006": known | {"fired_at": NOON - HOUR, "drill": True},
        "INC-00007": known | {"fired_at": NOON},
        "INC-00008": known | {"fired_at": NOON - 9 * DAY},
        "INC-00009": known | {"fired_at": NOON - 23 * HOUR, "root_cause": None},
    }
    for incident, said in rows.items():
        await records.append(incident, events(1), overview(incident, **said))
    found = await records.alike("checkout", ["a1", "b2", "_"], NOON - 9 * DAY, NOON, 2)
    assert found == ("INC-00009", "INC-00002")
    assert await records.alike("checkout", ["b2"], NOON - 9 * DAY, NOON, 9) == (*found, "INC-00001", "INC-00008")
    assert await records.alike("checkout", [], NOON - 9 * DAY, NOON, 9) == ()
    kept = await records.incident("INC-00001")
    assert kept is not None
    assert kept.modes == ("a1", "b2")
