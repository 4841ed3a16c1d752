"""What the board gives to spreadsheets and to paper."""

import csv
import io
from pathlib import Path

import httpx
import pytest

from ingress.board.asset import FOLDER
from tests.ingress.board.night import Night, busy, minutes, suppresses

FORMULA = '=HYPERLINK("https://elsewhere.example")'


async def rows(http: httpx.AsyncClient, path: str) -> list[dict[str, str]]:
    answer = await http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert 'attachment; filename="' in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_the_list_is_exported_as_it_is_searched(night: Night, http: httpx.AsyncClient) -> None:
    plays = busy(night)
    every = await rows(http, "/?format=csv")
    assert {one["id"] for one in every} == {play.incident.id for play in plays.values()}
    [billing] = await rows(http, "/?service=billing&format=csv")
    assert (billing["severity"], billing["commander"], billing["title"]) == (
        "P2",
        "Jonas Weber",
        plays["partial"].incident.opened.title,
    )
    assert billing["due_at"].endswith("Z")
    assert "customer export" not in str(every)


async def test_the_history_and_what_was_suppressed_are_exported(night: Night, http: httpx.AsyncClient) -> None:
    plays = busy(night)
    await night.archives()
    await night.has_a_past(days=150)
    await suppresses(night, "Disk of staging-3 is full", "Intrusion detected on staging")
    found = await rows(http, "/incidents?format=csv")
    assert len(found) == 119 + len(plays)
    [breach] = [one for one in found if one["kind"] == "security"]
    assert breach["title"] == "security incident, private"
    assert [one["title"] for one in await rows(http, "/suppressed?format=csv")] == [
        "Disk of staging-3 is full", "security incident, private",
    ]  # fmt: skip


async def test_a_timeline_is_exported_whole_to_those_who_may_read_it(night: Night, http: httpx.AsyncClient) -> None:
    plays = busy(night)
    outage = plays["outage"].incident
    found = await rows(http, f"/incidents/{outage.id}?format=csv")
    assert [int(one["number"]) for one in found] == [event.number for event in outage.events]
    [first] = [one for one in found if one["what"] == "found"][:1]
    assert (first["by"], first["detail"]) == ("Dana Okafor", "The new fraud check times out on every order.")
    private = await http.get(f"/incidents/{plays['breach'].incident.id}?format=csv")
    assert private.headers["content-type"].startswith("text/html")


async def test_a_title_that_is_a_formula_is_text_in_a_spreadsheet(night: Night, http: httpx.AsyncClient) -> None:
    night.alert("hostile", minutes(2), title=FORMULA)
    [one] = await rows(http, "/?format=csv")
    assert one["title"] == f"'{FORMULA}"


@pytest.mark.parametrize("part", [".bar nav", ".filters", ".acts"])
def test_paper_has_no_use_for_what_is_pressed(part: str) -> None:
    paper = Path(FOLDER, "board.css").read_text().partition("@media print")[2]
    assert part in paper.partition("display: none")[0]
