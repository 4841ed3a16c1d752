"""The bundle's page for people, and a sample of its incidents that can be drawn again (SOC-1)."""

import hashlib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from records.report import REPORT
from records.sample import draw, population
from records.store import Records
from tests.records.test_export import exported, lived, read, told

pytestmark = pytest.mark.sop("SOC-1")


class Outline(HTMLParser):
    """The rows of the tables of each section, and whether every element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.sections: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            return
        self.open.append(tag)
        self.sections += [str(dict(attrs)["id"])] if tag == "section" else []
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open:
            self.rows[-1][-1] += data


async def test_the_page_has_population_scorecards_approvals_with_their_proof_and_reasons(
    records: Records, tmp_path: Path
) -> None:
    await told(records)
    await exported(records, tmp_path / "audit.zip")
    page = Outline(read(tmp_path / "audit.zip", REPORT))
    assert page.open == []
    assert page.sections == sorted(one.incident.id for one in lived())
    assert ["suppressed: staging is not production", "1"] in page.rows
    assert ["drill (in no figure)", "1"] in page.rows
    assert any(row[:2] == ["ACK-1", "missed"] for row in page.rows)
    [declared, *_] = [row for row in page.rows if row[2:3] and row[2].startswith("severity declared: ")]
    assert "severity: P1" in declared[2]
    assert any("postmortem completed" in row[2] for row in page.rows if len(row) == 5)


async def test_the_same_seed_draws_the_same_sample_and_a_larger_one_holds_it(records: Records, tmp_path: Path) -> None:
    await told(records)
    await exported(records, tmp_path / "audit.zip")
    among = population(tmp_path / "audit.zip")
    assert {one.incident for one in among} == {one.incident.id for one in lived()[:2]}
    [first] = draw(reversed(among), "march", 1)
    assert draw(among, "march", 5)[0] == first
    assert first.incident == min(
        (one.incident for one in among), key=lambda id: hashlib.sha256(f"march/{id}".encode()).hexdigest()
    )
    assert population(tmp_path / "audit.zip", "P4") == []
