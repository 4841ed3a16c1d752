"""The figures that the database counts are those of the rule, incident by incident."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from domain.procedure.figure_part import FigurePart
from domain.report.kpi import Scope, measured
from records.migration import upgrade
from records.overview import Overview, overview
from records.record import Stored
from records.store import Records
from records.table import INCIDENT, PART
from records.writing import parts
from records.writing import row as kept
from tests.domain.learn.case import days, fought, hours
from tests.domain.learn.rows import LATER, MINUTE, TARGETS, row
from tests.domain.learn.test_year import year
from tests.records.case import NOON

NEW = ("gravest", "left_out")
MIDYEAR = datetime(2025, 7, 1, tzinfo=UTC)
ODD = (
    row(id="INC-A0001", severity=None, resolved_at=None, closed_at=NOON, root_cause="", repeat_of="INC-00001"),
    row(id="INC-A0002", acknowledged_at=NOON - hours(1), fired_at=NOON, resolved_at=NOON + timedelta(microseconds=7)),
    row(id="INC-A0003", service="billing", team="billing", resolved_at=None, acknowledged_at=None),
    row(id="INC-A0004", service="billing", team="billing", root_cause="capacity", repeat_of="", items=3, items_due=2),
    row(id="INC-A0005", drill=True, root_cause="capacity", repeat_of="INC-00001"),
    row(
        id="INC-A0007",
        parts=(
            FigurePart(figure="ACK-6", judged=3, kept=2),
            FigurePart(figure="ACK-6/dana", judged=2, kept=2),
            FigurePart(figure="ACK-6/sam", judged=1),
            FigurePart(figure="PM-3", judged=1, kept=1, timed=1, spent=3),
            FigurePart(figure="ACT-2", timed=2, spent=2 * 10**14),
        ),
    ),
    row(id="INC-A0006", postmortem_due_at=LATER + MINUTE, resolved_at=NOON + timedelta(days=200)),
)


async def fill(records: Records, rows: Iterable[Overview]) -> None:
    async with records.engine.begin() as connection:
        known = list(rows)
        await connection.execute(insert(INCIDENT), [kept(one, 1) for one in known])
        await connection.execute(insert(PART), [part for one in known for part in parts(one)])


@pytest.mark.sop("KPI-1", "KPI-2", "KPI-3", "KPI-4", "KPI-5", "KPI-6")
async def test_the_database_counts_what_the_rule_counts(records: Records) -> None:
    rows: Sequence[Overview] = (*year(), *ODD)
    await fill(records, rows)
    for scope in (
        Scope(),
        Scope(since=MIDYEAR, until=MIDYEAR + days(90)),
        Scope(until=MIDYEAR, severity="P2"),
        Scope(service="billing"),
        Scope(since=NOON, team="payments"),
        Scope(service="nothing-there"),
    ):
        for as_of in (LATER, MIDYEAR):
            assert await records.sheet(TARGETS, scope, as_of) == measured(rows, TARGETS, scope, as_of)
    people = (await records.sheet(TARGETS, Scope(), LATER)).parts["person"]
    assert {name: [one.counted for one in found] for name, found in people.items()} == {
        "dana": ["0 of 2 pages"],
        "sam": ["1 of 1 page"],
    }
    assert {"ACK-6"} == {one.figure for one in await records.missed(Scope(), 500) if one.id == "INC-A0007"}


async def test_without_incidents_the_sheet_says_no_data(records: Records) -> None:
    made = await records.sheet(TARGETS, Scope(), LATER)
    assert (made.incidents, made.parts) == (0, {"service": {}, "team": {}, "severity": {}})
    assert {one.says for one in made.figures} == {"no data"}


async def test_rows_of_the_release_before_are_counted_after_the_migration(url: str) -> None:
    case = fought()
    old = {name: value for name, value in kept(overview(case.view), 1).items() if name not in NEW}
    async with await Records.open(url) as records:
        async with records.engine.begin() as connection:
            await connection.run_sync(upgrade, "0004")
            await connection.execute(insert(INCIDENT).values(old))
        await records.append(case.incident.id, [Stored.of(event) for event in case.incident.events])
        await records.migrate()
        made = {one.clause: one for one in (await records.sheet(TARGETS, Scope(), LATER)).figures}
        assert (made["KPI-1"].span, made["KPI-2"].span) == (2 * MINUTE, 20 * MINUTE)
