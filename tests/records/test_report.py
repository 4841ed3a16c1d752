"""The bundle's page for people, and a sample of its incidents that can be drawn again (SOC-1)."""

import hashlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from records.chain import GENESIS, chained
from records.derived import SCORECARD, Derived
from records.record import Stored
from records.report import REPORT, _table
from records.sample import draw, population
from records.store import Records
from tests.domain.learn.case import CONTENTS, NOON, Case, days, fought
from tests.records.test_export import LATER, exported, lived, read, told

pytestmark = pytest.mark.sop("SOC-1")


class Outline(HTMLParser):
    """The rows of the tables of each section, and whether every element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.sections: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            return
        self.open.append(tag)
        self.sections += [str(dict(attrs)["id"])] if tag == "section" else []
        self.links += [str(dict(attrs)["href"])] if tag == "a" else []
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
    assert any(row[:2] == ["ACK-1", "overdue"] for row in page.rows)
    [declared, *_] = [row for row in page.rows if row[3:4] and row[3].startswith("severity declared: ")]
    assert (declared[1], "severity: P1" in declared[3]) == ("TRI-3", True)
    assert any("completion asked" in row[3] and row[5] for row in page.rows if len(row) == 6)
    assert any(
        row[:3] == ["DET-1", "kept", "held by construction: opened by a monitor or a pager"] for row in page.rows
    )
    assert page.links == [f"#{one}" for one in page.sections]


def test_an_incident_that_cannot_be_told_is_said_to_be_unreadable_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def torn(*_: object, **__: object) -> Iterator[str]:
        yield "<section>"
        raise KeyError("auditor")

    derived, whole = Derived(NOON, LATER, LATER), Derived(NOON, LATER, LATER)
    incident = lived()[0].incident
    chain = chained(incident.id, GENESIS, map(Stored.of, incident.events))
    whole.take(chain)
    monkeypatch.setattr("records.report._section", torn)
    derived.take(chain)
    page = Outline("\n".join(derived.files()[REPORT]))
    assert (page.open, page.sections) == ([], [])
    assert ["unreadable (in no figure)", "1"] in page.rows
    assert any("could not be read: 'auditor'" in line for line in derived.files()[SCORECARD])
    assert Outline("\n".join(whole.files()[REPORT])).sections == [chain[0].incident]


def test_what_the_end_made_void_says_why() -> None:
    derived = Derived(NOON, LATER, LATER)
    incident = fought().incident
    derived.take(chained(incident.id, GENESIS, map(Stored.of, incident.events)))
    rows = Outline("\n".join(derived.files()[REPORT])).rows
    [said] = [row for row in rows if row[1:2] == ["COM-2/1 publish the next status page update"]]
    assert said == ["COM-2", said[1], "2026-03-03 12:32:00", "2026-03-03 12:20:00", "resolved"]


@pytest.mark.sop("GDP-2", "RES-1")
def test_whatever_reason_somebody_gave_stands_among_the_exceptions() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.acts("resolve", "jonas", summary="Rolled back.", despite="the alert is stale")
    case.acts("join", "mira")
    case.acts("answer_breach", "mira", breach=True, reason="400 addresses", aware_at=NOON)
    case.passes(days(4))
    assert case.acts(
        "record_notification", "mira", reference="LDA-7", late_reason="it was known late", **CONTENTS
    ).accepted
    derived = Derived(NOON, LATER, LATER)
    derived.take(chained(case.incident.id, GENESIS, map(Stored.of, case.incident.events)))
    rows = Outline("\n".join(derived.files()[REPORT])).rows
    told = {(row[1], row[3], row[4]) for row in rows if len(row) == 5}
    assert ("RES-1", "resolved", "the alert is stale") in told
    assert ("GDP-2", "notification recorded", "it was known late") in told


def test_a_verdict_that_is_bad_stands_out_and_no_other_word() -> None:
    [_, told, _] = _table("", ("clause", "verdict"), [("latency of checkout", "5 min late")])
    assert told == '<tr><td>latency of checkout</td><td><span class="late">5 min late</span></td></tr>'


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
