"""The key figures on the command line: for people, for programs, for a spreadsheet."""

import asyncio
import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console import period
from console.ending import CommandRefused
from domain.report.kpi import FIGURES
from records.overview import Overview
from records.store import Records
from tests.console.conftest import Standfast
from tests.domain.learn.rows import row
from tests.tables import lay

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ROWS = (
    row(id="INC-A0001", root_cause="capacity", items=2, items_due=2, items_in_time=2),
    row(id="INC-A0002", resolved_at=NOON + timedelta(hours=3), acknowledged_at=None, root_cause="capacity"),
    row(id="INC-A0003", severity="P2", service="billing", team="billing", repeat_of="INC-A0001", root_cause="capacity"),
    row(id="INC-A0004", drill=True, acknowledged_at=NOON + timedelta(hours=9)),
)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Records with a few incidents of March."""
    url = lay(tmp_path / "records.db")
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url)
    asyncio.run(_filled(url, ROWS))
    return url


async def _filled(url: str, rows: tuple[Overview, ...]) -> None:
    async with await Records.open(url) as records:
        for one in rows:
            await records.append(one.id, [], one)


@pytest.mark.usefixtures("database")
@pytest.mark.sop("KPI-1", "KPI-6")
def test_the_figures_are_shown_with_their_targets_and_what_they_were_counted_from(standfast: Standfast) -> None:
    told = standfast("kpi", "--from", "2026-03-01", "--to", "2026-03-31")
    assert told.exit_code == 0
    lines = {line[:5]: " ".join(line.split()) for line in told.stdout.splitlines()}
    assert "3 incidents from 2026-03-01 00:00 UTC until 2026-04-01 00:00 UTC, left out: 1 drill" in told.stdout
    assert lines["KPI-1"].endswith("3 min under 5 min kept 2 incidents, 2 of 2 in time, 1 never acknowledged")
    assert lines["KPI-2"].endswith("1 h 45 min under 1 h not kept 2 incidents, 1 of 2 in time")
    assert lines["KPI-4"].endswith("no data at least 100% - 0 of 0 post-mortems")
    assert lines["KPI-6"].endswith("33.3% under 5% not kept 1 of 3 incidents with a known cause")


@pytest.mark.usefixtures("database")
def test_a_part_of_the_house_has_figures_of_its_own(standfast: Standfast) -> None:
    told = standfast("kpi", "--by", "service")
    assert "service billing" in told.stdout
    only = json.loads(standfast("kpi", "--service", "billing", "--severity", "p2", "--json").stdout)
    assert (only["incidents"], only["figures"][2]["span"]) == (1, "30m")
    assert list(only["parts"]["team"]) == ["billing"]


@pytest.mark.usefixtures("database")
@pytest.mark.sop("KPI-1", "KPI-2")
def test_each_figure_is_told_month_by_month_up_to_the_end_of_the_period(standfast: Standfast) -> None:
    asked = ("kpi", "--to", "2026-04-30", "--by", "month")
    lines = {
        line[:5]: " ".join(line.split()) for line in standfast(*asked).stdout.partition("by month")[2].splitlines()
    }
    assert lines["claus"] == "clause 2025-11 2025-12 2026-01 2026-02 2026-03 2026-04"
    assert lines["KPI-1"] == "KPI-1 no data no data no data no data 3 min no data"
    march = json.loads(standfast(*asked, "--json").stdout)["months"][4]
    alone = json.loads(standfast("kpi", "--from", "2026-03-01", "--to", "2026-03-31", "--json").stdout)
    assert (march["figures"], march["incidents"]) == (alone["figures"], alone["incidents"])
    assert "month,2026-03" in standfast(*asked, "--csv").stdout
    long = standfast("kpi", "--from", "2025-04-01", "--to", "2026-03-31", "--by", "month", "--json")
    assert len(json.loads(long.stdout)["months"]) == 12


@pytest.mark.usefixtures("database")
def test_the_last_day_counts_and_the_day_after_does_not(standfast: Standfast) -> None:
    found = [
        json.loads(standfast("kpi", "--to", day, "--json").stdout)["incidents"] for day in ("2026-03-03", "2026-03-02")
    ]
    assert found == [3, 0]


@pytest.mark.usefixtures("database")
def test_a_spreadsheet_has_the_whole_and_every_part(standfast: Standfast) -> None:
    rows = list(csv.DictReader(standfast("kpi", "--csv", "--from", "2026-03-01").stdout.splitlines()))
    assert [row["clause"] for row in rows if row["part"] == "all"] == list(FIGURES)
    assert {(row["part"], row["name"]) for row in rows} == {
        ("all", ""),
        *(("service", name) for name in ("billing", "checkout")),
        *(("team", name) for name in ("billing", "payments")),
        *(("severity", name) for name in ("P1", "P2")),
    }
    [mtta] = [row for row in rows if (row["part"], row["clause"]) == ("all", "KPI-1")]
    assert (mtta["seconds"], mtta["met"], mtta["count"], mtta["not_counted"]) == ("180.0", "yes", "2", "1")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "yesterday"), "--from: found 'yesterday', expected a day such as 2026-07-01"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "--to: found 2026-03-02 00:00, expected a moment after"),
        (("--by", "colour"), "--by: found 'colour', expected service, team, severity, person or month"),
        (("--json", "--csv"), "take one"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_expected(
    standfast: Standfast, words: tuple[str, ...], said: str
) -> None:
    told = standfast("kpi", *words)
    assert told.exit_code == 2
    assert said in told.stderr


def test_records_that_are_not_there_are_not_made(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere.db")
    told = standfast("kpi")
    assert told.exit_code == 2
    assert "STANDFAST_DATABASE_URL" in told.stderr
    (tmp_path / "nowhere.db").touch()
    assert "worker makes the tables" in standfast("kpi").stderr


def test_a_moment_may_say_its_zone_and_is_utc_where_it_does_not() -> None:
    assert period.since("2026-03-01T02:00+02:00") == period.since("2026-03-01") == period.since("2026-03-01T00:00")
    assert period.until("2026-03-01T12:00") == NOON - timedelta(days=2)
    assert period.since("") is period.until("") is None
    with pytest.raises(CommandRefused, match="--to"):
        period.until("9999-12-31")
