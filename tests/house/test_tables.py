"""A table by clause, act or duty stands where its rule is; whoever opens what is private is on a list."""

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from domain.incident.fact import Fact
from domain.port.any_duty import DUTIES
from domain.procedure.sop import PROCEDURE
from domain.value.act import Act
from tests.house.source import PRODUCT, module, nodes

PHASES = {"alerting", "active", "resolved", "closed"}
"""Words of their own beside being kinds of facts."""
ELSEWHERE = ("standins.", "stage.", "vendors.", "records.", "demo.")
"""What vendors' words are turned into and from, stored tables, and a show that tells what it likes of an incident."""
CLAUSES = {
    "domain.company.policy",  # which clause's line another goes by, written in no policy yet
    "domain.company.policy_follow_up",  # the policy's own default of what nobody snoozes
    "domain.company.policy_text",  # the policy's own default of what is owed to others
    "domain.incident.office",  # the clauses of the pages
    "domain.procedure.update_clocks",  # the two clocks that it makes
}
ACTS = {
    "domain.company.alert_rule",  # what a rule of the policy does with alerts, in words of its own
    "ingress.chat.command",  # the bare commands
    "ingress.chat.word",
}
DUTIES_TOO = {
    "domain.procedure.public_update",  # what the page's vendor is asked
    "domain.replay.consequence",  # what of two readings is compared
    "ingress.board.incident_page",  # what only looks
}
OPENED = {
    "domain.procedure.correction",  # whether a title is another one
    "domain.procedure.headline",  # the card of the incident's own room
    "domain.procedure.ladder",  # whoever is woken must know
    "domain.procedure.page_text",
    "domain.procedure.postmortem_document",
    "domain.report.debrief",  # of a drill or a scenario
    "domain.report.view",  # shown to those who may read it
    "console.scene",  # of a simulation
    "console.simulate",
}


def known_by(node: ast.AST) -> set[str]:
    """The words that a literal or a `match` goes by."""
    match node:
        case ast.Dict(keys=found):
            parts: list[ast.AST | None] = [*found]
        case ast.Tuple(elts=found) | ast.List(elts=found) | ast.Set(elts=found):
            parts = [*found]
        case ast.Match(cases=cases):
            parts = [one.value for case in cases for one in ast.walk(case.pattern) if isinstance(one, ast.MatchValue)]
        case _:
            parts = []
    return {one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def tables(words: set[str]) -> Iterator[str]:
    """The modules in which a literal knows two of the words."""
    for path in PRODUCT:
        if not module(path).startswith(ELSEWHERE) and any(len(known_by(node) & words) > 1 for node in nodes(path)):
            yield module(path)


@pytest.mark.parametrize(
    ("words", "owners"),
    [(PROCEDURE.clauses, CLAUSES), (Act.kinds, ACTS), (DUTIES, DUTIES_TOO)],
    ids=["clauses", "acts", "duties"],
)
def test_no_table_by_kind_stands_away_from_its_rule(words: Mapping[str, object], owners: set[str]) -> None:
    assert len(words) > 20
    assert set(tables(set(words) - PHASES - Fact.kinds.keys())) == owners


def test_only_these_open_what_is_private() -> None:
    opens = re.compile(r"\.(title|description|summary|words)\.inside\b")
    assert {module(path) for path in PRODUCT if opens.search(path.read_text())} == OPENED
