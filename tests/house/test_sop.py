"""`make sop` cannot be pleased by a missing, a forgotten or an invented proof."""

from pathlib import Path

from tests.house.source import ROOT
from tests.sop import DOCUMENT, collect, complaints, read, report

PAGE = """
| id | clause |
|---|---|
| ACK-1 | Somebody answers. |
| ACK-2 | Or the next one is paged. |
| PM-1 | Then it is learned from. |

# Not yet proved

* PM-1
"""
PROVED = {"ACK-1": ["tests/test_a.py::test_one"], "ACK-2": ["tests/test_a.py::test_two"]}
TESTS = """
import pytest

@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.sop("ACK-1", "ACK-2")
def test_many(number): ...

@pytest.mark.slow
@pytest.mark.sop("ACK-2")
def test_slow(): ...

@pytest.mark.skip
@pytest.mark.sop("PM-1")
def test_skipped(): ...

@pytest.mark.xfail
@pytest.mark.sop("PM-1")
def test_failing(): ...
"""


def test_a_page_with_a_test_for_every_clause_has_no_complaints() -> None:
    assert complaints(read(PAGE), PROVED) == []


def test_a_clause_without_a_test_is_a_complaint() -> None:
    [said] = complaints(read(PAGE), {"ACK-1": PROVED["ACK-1"]})
    assert said.startswith("ACK-2 has no test")


def test_a_clause_that_only_slow_tests_prove_is_a_complaint() -> None:
    [said] = complaints(read(PAGE), {**PROVED, "ACK-2": ["tests/test_a.py::test_two (make proof)"]})
    assert said.startswith("ACK-2 is proved by nothing that `make test` runs")


def test_a_proved_clause_on_the_list_of_the_unproved_is_a_complaint() -> None:
    [said] = complaints(read(PAGE), {**PROVED, "PM-1": ["tests/test_a.py::test_three"]})
    assert said.startswith("PM-1 is proved")


def test_a_marker_that_names_no_clause_is_a_complaint() -> None:
    [said] = complaints(read(PAGE), {**PROVED, "ACK-9": ["tests/test_a.py::test_nine"]})
    assert "ACK-9" in said
    assert "test_nine" in said


def test_an_unproved_clause_that_the_document_does_not_know_is_a_complaint() -> None:
    [said] = complaints(read(PAGE + "* PM-9\n"), PROVED)
    assert said.startswith("PM-9")


def test_the_report_shows_each_clause_with_its_tests() -> None:
    shown = report(read(PAGE), {"ACK-1": PROVED["ACK-1"]}).splitlines()
    assert shown == [
        "ACK-1  Somebody answers.",
        "       tests/test_a.py::test_one",
        "ACK-2  Or the next one is paged.",
        "       NO TEST",
        "PM-1   Then it is learned from.",
        "       not yet proved",
    ]


def test_only_tests_that_are_held_to_pass_prove_and_each_counts_once(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(TESTS)
    proofs = collect(str(tmp_path), "--rootdir", str(tmp_path), "-c", str(ROOT / "pyproject.toml"))
    assert proofs == {
        "ACK-1": ["test_a.py::test_many"],
        "ACK-2": ["test_a.py::test_many", "test_a.py::test_slow (make proof)"],
    }


def test_the_document_has_every_clause_once_with_its_text() -> None:
    sop = read(DOCUMENT.read_text())
    assert len(sop.clauses) > 50
    assert len(sop.unproved) == len(set(sop.unproved))
    assert all(text.endswith(".") for text in sop.clauses.values())
