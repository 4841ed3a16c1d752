"""TRI-3, COM-3: the severity matrix and the texts for customers are approved, and looked at again."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.check import remarks
from domain.check.approval import mark_of
from domain.check.mistakes import ENDLESS
from domain.company.policy import Policy
from tests.domain.story import catalog, changed, policy
from tests.domain.test_lint import bent

pytestmark = [pytest.mark.sop("TRI-3"), pytest.mark.sop("COM-3")]
TODAY = date(2026, 3, 3)
GIVEN = {"by": "Mira Castellano", "at": "2026-01-10", "review_by": "2026-07-10"}


def said(rules: Policy, today: date = TODAY) -> list[str]:
    return [str(one) for one in remarks(rules, catalog(), today) if one.path.startswith("approved")]


def approved(**more: Any) -> Policy:
    both = {part: GIVEN | {"of": mark_of(policy(), part)} | more for part in ("matrix", "templates")}
    rules: Policy = changed(policy(), approved=both)
    return rules


def test_what_nobody_has_approved_is_said_with_the_mark_of_what_there_is_to_approve() -> None:
    matrix, templates = said(policy())
    assert "found no approval" in matrix
    assert mark_of(policy(), "matrix") in matrix
    assert mark_of(policy(), "templates") in templates


def test_an_approval_holds_until_the_day_on_which_it_is_looked_at_again() -> None:
    day = date(2026, 7, 10)
    assert said(approved(), day) == []
    late = said(approved(), day + timedelta(days=1))
    assert len(late) == 2
    assert "approved by Mira Castellano on 10 Jan 2026, to be looked at by 10 Jul 2026" in late[0]


def test_an_approval_is_of_what_was_read_and_of_nothing_that_was_changed_since() -> None:
    other = changed(approved(), updates__final="It works.")
    [only] = said(other)
    assert only.startswith("approved.templates.of: found the approval by Mira Castellano")
    assert said(changed(other, approved={"matrix": GIVEN, "templates": GIVEN})) == []


def test_the_approval_is_frozen_into_the_incident_and_a_policy_without_one_stays_as_it_was() -> None:
    assert Policy.model_validate_json(approved().model_dump_json()) == approved()
    assert "approved" not in policy().model_dump()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("teams.payments.comms", []), "teams.payments.comms"),
        (("teams.payments.commanders", []), "teams.payments.commanders"),
        (("teams.payments.levels.primary", {"people": ["dana"]}), "teams.payments.levels.primary"),
    ],
)
def test_what_the_procedure_presupposes_is_asked_for(change: tuple[str, Any], path: str) -> None:
    assert path in {one.path for one in remarks(policy(), bent(catalog(), change), TODAY)}


def test_ten_runbooks_or_a_notebook_are_asked_for() -> None:
    few = changed(catalog(), runbooks=catalog().model_dump()["runbooks"][:9], vendors__notebook="none")
    assert "runbooks" in {one.path for one in remarks(policy(), few, TODAY)}
    assert "runbooks" not in {one.path for one in remarks(policy(), catalog(), TODAY)}


@pytest.mark.parametrize(
    ("pattern", "endless"),
    [
        (r"(a+)+", True),
        (r"(?:\w+\s?)*", True),
        (r"([a-z]*)*$", True),
        (r"(\d{2,}){3,}", True),
        (r"(foo|bar)+", False),
        (r"(\w+,)*", False),
        (r"5xx|error rate|errors", False),
        (r"node.*(down|not ready)", False),
    ],
)
def test_a_repetition_of_repetitions_is_found(pattern: str, endless: bool) -> None:
    assert bool(ENDLESS.search(pattern)) is endless
