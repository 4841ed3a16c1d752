"""GET /kpi: the six figures of a period by month against target, for people and for programs."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from domain.company.policy_follow_up import KpiTarget
from domain.incident.event import Event
from domain.incident.roles import RoleTaken
from domain.report.kpi import FIGURES, Scope, sentence
from ingress.board.period import MOST, Unclear, months, months_before, scope
from records.record import Stored
from tests.domain.learn.rows import row
from tests.domain.story import policy
from tests.ingress.board.night import HOSTILE, NOW, Night, suppresses

TOOK = (("on_call", "sam"), ("commander", "jonas"), ("on_call", "dana"))
ALL = ("KPI-1", "KPI-2", "KPI-3", "KPI-4", "KPI-5", "KPI-6", "KPI-7", "KPI-8")


async def figures(http: httpx.AsyncClient, **asked: str) -> dict[str, dict[str, Any]]:
    answer = await http.get("/kpi", params=asked, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return {one["clause"]: one for one in answer.json()["figures"]}


async def ended(night: Night, name: str, ago: timedelta, **said: Any) -> None:
    """An incident that was resolved half an hour after it fired."""
    fired = night.clock() - ago
    usual: dict[str, Any] = {
        "phase": "closed",
        "service": "checkout",
        "team": "payments",
        "severity": "P1",
        "fired_at": fired,
        "opened_at": fired,
        "acknowledged_at": fired + timedelta(minutes=4),
        "resolved_at": fired + timedelta(minutes=30),
        "closed_at": fired + timedelta(minutes=30),
    }
    took: tuple[tuple[str, str], ...] = said.pop("took", ())
    facts = [*((person, RoleTaken(role=role, person=person)) for role, person in took), *said.pop("facts", ())]
    events = [Event(number=number, at=fired, by=by, what=what) for number, (by, what) in enumerate(facts, start=1)]
    stored = [Stored.of(event) for event in events]
    await night.records.append(name, stored, row(id=name, **{**usual, **said}))


def charts_of(page: str) -> list[ElementTree.Element]:
    """The drawings of a page, by their clauses."""
    page = "".join(sorted(page.split('<section class="card')[1:], key=lambda one: one.partition('id="h-')[2]))
    return [ElementTree.fromstring(one) for one in re.findall(r"<svg class=\"chart\".*?</svg>", page, re.DOTALL)]  # noqa: S314 ours


def words(chart: ElementTree.Element, of: str) -> list[str]:
    """The words of one class in a drawing, in their order."""
    return [one.text or "" for one in chart.findall("text") if one.get("class") == of]


def read_off(chart: ElementTree.Element, height: float) -> float:
    """The value that stands at a height, by the two outer lines of the drawing and the words beside them."""
    lines = [one.get("d", "") for one in chart.findall("path") if one.get("class") == "grid"]
    low, *_, high = [float(one.removeprefix("M44 ").removesuffix("H352")) for one in lines]
    *_, most = [float(one.removesuffix("%")) for one in words(chart, "value-name")]
    return round(most * (low - height) / (low - high), 1)


def target_of(chart: ElementTree.Element) -> float:
    """The value at which the target is drawn."""
    [line] = [one.get("d", "") for one in chart.findall("path") if one.get("class") == "target"]
    return read_off(chart, float(line.removeprefix("M44 ").removesuffix("H352")))


@pytest.mark.sop(*ALL)
async def test_without_incidents_the_page_says_so_once_and_no_figure_is_kept(
    night: Night, http: httpx.AsyncClient
) -> None:
    page = (await http.get("/kpi")).text
    assert (page.count("No incident ended"), page.count('class="chart"')) == (1, 0)
    assert "✓ kept" not in page
    assert {one["count"] for one in (await figures(http)).values()} == {0}


@pytest.mark.sop(*ALL)
async def test_the_last_quarter_is_shown_with_the_count_behind_each_figure(
    night: Night, http: httpx.AsyncClient
) -> None:
    await ended(night, "INC-00001", timedelta(days=3))
    await ended(night, "INC-00002", timedelta(days=80), acknowledged_at=None)
    await ended(night, "INC-00003", timedelta(days=100))
    await ended(night, "INC-00004", timedelta(days=3), drill=True)
    found = await figures(http)
    assert (found["KPI-1"]["span"], found["KPI-1"]["count"], found["KPI-1"]["unknown"]) == ("4m", 1, 1)
    assert (found["KPI-2"]["span"], found["KPI-2"]["count"], found["KPI-2"]["met"]) == ("30m", 2, True)
    page = (await http.get("/kpi")).text
    assert "1 incident, 1 of 1 in time, 1 never acknowledged" in page
    assert "2 incidents from" in page


async def test_figures_are_asked_for_by_period_service_team_and_severity(night: Night, http: httpx.AsyncClient) -> None:
    await ended(night, "INC-00001", timedelta(days=3))
    await ended(night, "INC-00002", timedelta(days=3), service="billing", severity="P2")
    await ended(night, "INC-00003", timedelta(days=200), service="platform", team="platform")
    assert (await figures(http, service="billing"))["KPI-1"]["count"] == 1
    assert (await figures(http, severity="P2"))["KPI-3"]["count"] == 1
    assert (await figures(http, team="platform"))["KPI-1"]["count"] == 0
    assert (await figures(http, team="platform", **{"from": "2025-01-01"}))["KPI-1"]["count"] == 1
    assert (await figures(http, **{"from": "2026-02-28", "to": "2026-02-28"}))["KPI-1"]["count"] == 2
    assert (await figures(http, **{"from": "2026-02-27", "to": "2026-02-27"}))["KPI-1"]["count"] == 0


async def test_every_chart_has_the_months_the_target_and_a_table_that_says_the_same(
    night: Night, http: httpx.AsyncClient
) -> None:
    await night.has_a_past()
    page = (await http.get("/kpi")).text
    charts = charts_of(page)
    with_data = [one for one in page.split('<section class="card')[1:] if re.search(r"</th><td>(?!no data)", one)]
    assert 0 < len(charts) == page.count('role="img"') == len(with_data) < len(FIGURES), "what has no data is not drawn"
    assert page.count("<summary>Table<") == len(FIGURES)
    assert "KPI-1" not in charts[0].get("aria-label", "") != ""
    mtta, postmortems = charts[0], charts[3]
    bars = mtta.findall("rect")
    months = [(bar.findtext("title") or "").partition(":")[0] for bar in bars]
    assert (months[0], months[-1], len(months)) == ("April 2025", "March 2026", 12)
    assert words(mtta, "month-name")[:3] == ["Apr", "2025", "May"]
    assert {bar.get("fill") for bar in bars} == {None, "url(#missed-KPI-1)"}
    assert [bar.get("class") for bar in bars][-4:] == ["month"] * 4
    assert "month pale" in {bar.get("class") for bar in bars}
    assert (target_of(mtta), target_of(postmortems)) == (5.0, 100.0)
    assert all(float(bar.get("y", 0)) >= 18 for chart in charts for bar in chart.findall("rect"))
    assert '<th scope="row">Apr 2025</th>' in page


async def test_a_month_without_data_says_so_in_its_chart(night: Night, http: httpx.AsyncClient) -> None:
    await ended(night, "INC-00001", timedelta(days=1))
    page = (await http.get("/kpi")).text
    [mtta, *_] = charts_of(page)
    [bar] = mtta.findall("rect")
    assert words(mtta, "absent") == ["\N{EN DASH}"] * 11
    assert (bar.findtext("title") or "").startswith("March 2026: 4 min")
    assert read_off(mtta, float(bar.get("y", 0))) == 4.0


async def test_programs_get_json_or_csv_as_they_ask(night: Night, http: httpx.AsyncClient) -> None:
    await ended(night, "INC-00001", timedelta(days=3))
    by_name = await http.get("/kpi?format=json")
    assert by_name.json() == (await http.get("/kpi", headers={"accept": "application/json"})).json()
    assert [month["month"] for month in by_name.json()["months"]][-1] == "2026-03"
    assert by_name.json()["parts"]["service"]["checkout"]
    answer = await http.get("/kpi?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["clause"] for row in rows if row["part"] == "all"] == list(FIGURES)
    assert [row["seconds"] for row in rows if row["part"] == "team" and row["clause"] == "KPI-1"] == ["240.0"]
    assert len([row for row in rows if row["part"] == "month"]) == 12 * len(FIGURES)


@pytest.mark.parametrize(
    "asked",
    [{"from": "yesterday"}, {"to": HOSTILE}, {"from": "2026-03-09"}, {"from": "0001-01-01"}, {"to": "9999-12-31"}],
)
async def test_a_period_that_is_none_is_refused_with_what_was_found(
    http: httpx.AsyncClient, asked: dict[str, str]
) -> None:
    answer = await http.get("/kpi", params={**asked, "format": "json"})
    [(path, found)] = asked.items()
    assert (answer.status_code, answer.json()["path"], answer.json()["found"]) == (400, path, found[:40])
    page = await http.get("/kpi", params=asked)
    assert (page.status_code, "found" in page.text, "<script>document" in page.text) == (400, True, False)


async def test_a_filter_that_fits_nothing_finds_nothing_and_stays_text(night: Night, http: httpx.AsyncClient) -> None:
    await ended(night, "INC-00001", timedelta(days=3))
    page = (await http.get("/kpi", params={"service": HOSTILE})).text
    assert (page.count("No incident ended"), page.count('class="chart"')) == (1, 0)
    assert "<script>document" not in page


@pytest.mark.sop("KPI-1", "KPI-2")
async def test_each_figure_lists_who_did_not_keep_it(night: Night, http: httpx.AsyncClient) -> None:
    late = night.clock() - timedelta(days=3) + timedelta(minutes=6)
    await ended(night, "INC-00001", timedelta(days=3), acknowledged_at=late, commander="jonas", took=TOOK)
    await ended(night, "INC-00002", timedelta(days=2))
    await ended(night, "INC-00003", timedelta(days=3), acknowledged_at=late, kind="security", title="Keys stolen")
    await ended(night, "INC-00004", timedelta(days=3), acknowledged_at=late, drill=True)
    await ended(night, "INC-00005", timedelta(days=200), acknowledged_at=late)
    page = (await http.get("/kpi")).text
    first = page.partition("KPI-2")[0]
    assert re.findall(r'<li><a href="/incidents/(INC-\d{5})">', first) == ["INC-00001", "INC-00003"]
    assert "Checkout API · 6 min · Sam Lindqvist answered" in first
    assert '<details class="missed" open><summary>2 that did not keep it</summary>' in first
    assert "Somebody answers P1 and P2 in 5 min" in first
    assert "Keys stolen" not in page
    found = (await http.get("/kpi?format=json")).json()["missed"]
    assert {(one["figure"], one["id"]) for one in found} == {("KPI-1", "INC-00001"), ("KPI-1", "INC-00003")}


async def test_what_was_not_kept_is_first(night: Night, http: httpx.AsyncClient) -> None:
    await night.has_a_past()
    said = re.findall(r'<section class="card (\w*)"', (await http.get("/kpi")).text)
    assert said == sorted(said, key=lambda one: one != "bad")
    assert "bad" in said


def test_each_figure_of_the_shipped_policy_is_said_as_a_sentence_and_a_policys_own_by_its_title() -> None:
    targets = policy().targets
    said = {clause: sentence(clause, targets[clause]) for clause in FIGURES}
    assert not any("{" in one or one.lower() == targets[clause].title for clause, one in said.items())
    assert said["KPI-2"] == "Somebody solves P1 in 1 h"
    assert said["ACT-2"] == "Open action items are younger than 14 days"
    assert sentence("KPI-1", KpiTarget(title="answered", under=timedelta(minutes=5))) == (
        "Somebody answers every incident in 5 min"
    )
    assert sentence("KPI-1", KpiTarget(title="share answered in time", at_least=0.9)) == "Share answered in time"


async def test_one_count_serves_everybody_for_a_moment(night: Night, http: httpx.AsyncClient) -> None:
    assert (await figures(http))["KPI-1"]["count"] == 0
    await ended(night, "INC-00001", timedelta(days=3))
    assert (await figures(http))["KPI-1"]["count"] == 0
    assert (await figures(http, severity="P1"))["KPI-1"]["count"] == 1
    night.clock.passes(minutes=1)
    assert (await figures(http))["KPI-1"]["count"] == 1


def test_the_months_of_a_period_join_and_end_with_it() -> None:
    for asked in ({}, {"from": "2024-05-17"}, {"from": "2001-01-01"}, {"from": "2026-01-31", "to": "2026-02-28"}):
        whole = scope(asked, NOW)
        found = months(whole)
        assert 12 <= len(found) <= MOST
        assert all(one.until == later.since for one, later in pairwise(found))
        assert whole.until
        assert found[-1].until
        assert found[-1].until >= whole.until


def test_a_quarter_before_a_long_months_end_begins_at_the_end_of_a_short_one() -> None:
    assert months_before(datetime(2026, 5, 31, 9, tzinfo=UTC), 3) == datetime(2026, 2, 28, tzinfo=UTC)
    assert months_before(datetime(2026, 1, 15, tzinfo=UTC), 3) == datetime(2025, 10, 15, tzinfo=UTC)
    with pytest.raises(Unclear):
        scope({"from": "2026-13-01"}, NOW)
    assert scope({}, NOW) == Scope(since=datetime(2025, 12, 3, tzinfo=UTC), until=NOW)


@pytest.mark.sop("SCP-2")
async def test_suppressed_alerts_are_listed_with_the_reason(night: Night, http: httpx.AsyncClient) -> None:
    await suppresses(night, "Disk of staging-3 is full", HOSTILE, "Intrusion detected on staging")
    page = (await http.get("/suppressed")).text
    assert "environment &#39;staging&#39; is not production" in page
    assert page.index("Disk of staging-3 is full") < page.index("&lt;script&gt;")
    assert ("Intrusion" in page, "security incident, private" in page) == (False, True)


async def test_suppressed_alerts_are_searched_by_what_is_shown_of_them(night: Night, http: httpx.AsyncClient) -> None:
    await suppresses(night, "Disk of staging-3 is full", "Certificate expires soon", "Intrusion detected on staging")
    for search in ("q=disk", "service=checkout&source=alertmanager&q=staging-3"):
        page = (await http.get(f"/suppressed?{search}")).text
        assert ("Disk of staging-3" in page, "Certificate expires" in page) == (True, False)
    assert "No suppressed alert fits this search" in (await http.get("/suppressed?q=intrusion")).text
    assert "No suppressed alert fits this search" in (await http.get("/suppressed?service=billing")).text
