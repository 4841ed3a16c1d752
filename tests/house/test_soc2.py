"""docs/soc2.md sends an auditor to clauses, events, files and commands that exist."""

import ast
import re

import pytest

from domain.incident.fact import Fact
from domain.procedure.sop import PROCEDURE
from records import bundle, manifest
from tests.house.source import ROOT

PAGE = (ROOT / "docs/soc2.md").read_text()
CLAUSE = re.compile(r"\b(?!SHA|UTF)[A-Z]{2,3}-\d+\b")
ROW = re.compile(r"^\| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
ROWS = [row for row in ROW.findall(PAGE) if "---" not in row[0] and row[0] != "what is asked"]
KINDS = set(Fact.kinds)
FILES = bundle.KNOWN | {manifest.NAME}


HELD = re.compile(r"^\| ([A-Z]{2,3}-\d+) \| .+ \| `(tests/.+\.py)` `(test_\w+)` \|$", re.MULTILINE)


def quoted(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


@pytest.mark.sop("SOC-1")
def test_every_clause_and_event_that_an_auditor_is_sent_to_exists() -> None:
    assert len(ROWS) > 20
    assert set(CLAUSE.findall(PAGE)) - PROCEDURE.clauses.keys() == set()
    for _, clauses, events, where in ROWS:
        assert set(clauses.split()) <= PROCEDURE.clauses.keys()
        assert quoted(events) <= KINDS
        assert quoted(where) <= FILES
        assert clauses
        assert quoted(events)
        assert quoted(where)


def test_the_page_knows_every_file_of_a_bundle_and_no_other() -> None:
    named = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)
    assert sorted(named) == sorted(FILES)


def test_the_page_is_about_the_criteria_of_incidents() -> None:
    headings = re.findall(r"^## (CC\d\.\d)", PAGE, re.MULTILINE)
    assert headings == ["CC7.3", "CC7.4", "CC7.5", "CC7.2"]


@pytest.mark.sop("SOC-1")
def test_each_clause_that_is_held_by_construction_names_a_test_that_proves_it() -> None:
    named = HELD.findall(PAGE)
    assert [clause for clause, _, _ in named] == [one.id for one in PROCEDURE.clauses.values() if one.constructed]
    for clause, file, name in named:
        module = ast.parse((ROOT / file).read_text())
        [found] = [one for one in ast.walk(module) if getattr(one, "name", "") == name]
        marks = [ast.unparse(mark) for mark in getattr(found, "decorator_list", [])]
        marks += [ast.unparse(one) for one in module.body if isinstance(one, ast.Assign)]
        assert any("sop(" in mark and f"'{clause}'" in mark for mark in marks), (clause, file, name)
