"""The files that ship are the procedure: their numbers are the document's, and what does not fit is refused."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config.company import SHIPPED, InvalidFile, load
from domain.company.catalog import Catalog
from domain.company.policy import Policy, RetryRule
from domain.report.explanation import explain
from domain.value.model import format_duration, parse_duration
from tests.domain.story import catalog, changed, policy

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NUMBERS = [
    ("ACK-1", "P1", 5 * MINUTE),
    ("ACK-2", "P1", 5 * MINUTE),
    ("TRI-4", "P1", 10 * MINUTE),
    ("WAR-4", "P1", 15 * MINUTE),
    ("WAR-5", "P2", HOUR),
    ("WAR-5", "P1", None),
    ("COM-1", "P1", 10 * MINUTE),
    ("COM-1", "P2", 10 * MINUTE),
    ("COM-1", "P3", None),
    ("COM-2", "P1", 30 * MINUTE),
    ("COM-2", "P2", 30 * MINUTE),
    ("COM-2", "P3", None),
    ("RES-2", "P1", HOUR),
    ("RES-2", "P2", 4 * HOUR),
    ("RES-2", "P3", None),
]
ROLES = ["incident commander", "on-call engineer", "communications lead", "engineering manager"]


@pytest.mark.parametrize(("clause", "severity", "within"), NUMBERS)
def test_every_clock_has_the_documents_number(clause: str, severity: str, within: timedelta | None) -> None:
    assert policy().clocks[clause].span(severity) == within


@pytest.mark.sop("WAR-3", "ACK-2", "TRI-3")
def test_the_roles_the_ladder_and_the_severities_are_the_documents() -> None:
    assert [role.title for role in policy().roles.values()] == ROLES
    assert policy().ladder == ("primary", "secondary", "manager", "last_resort")
    assert list(policy().severities) == ["P1", "P2", "P3", "P4"]
    assert policy().item_span() == 14 * DAY


@pytest.mark.parametrize(
    ("wanted", "severities"),
    [
        ("war_room", {"P1", "P2"}),
        ("status_page", {"P1", "P2"}),
        ("post_mortem", {"P1", "P2"}),
        ("chased", {"P1", "P2"}),
        ("mail", {"P1"}),
    ],
)
def test_every_severity_asks_for_what_the_document_says(wanted: str, severities: set[str]) -> None:
    assert {name for name, rule in policy().severities.items() if getattr(rule, wanted)} == severities
    assert [rule.manager for rule in policy().severities.values()] == ["at_once", "after_clock", "no", "no"]


@pytest.mark.sop("TRI-2")
def test_the_library_knows_at_least_ten_failure_modes() -> None:
    assert len(catalog().runbooks) >= 10


def test_every_promise_of_the_policy_is_owed_by_a_role_that_exists() -> None:
    roles = {*policy().roles, "standfast"}
    named = {word for rule in policy().clocks.values() for word in (rule.owner, *rule.tell, *rule.warn)}
    assert named <= roles
    assert {word for words in policy().may.values() for word in words} <= {*roles, "anyone", "anyone_if_vacant"}


@pytest.mark.parametrize("team", ["payments", "platform"])
def test_every_team_has_somebody_on_every_rung_of_the_ladder(team: str) -> None:
    assert all(catalog().teams[team].levels[level].people for level in policy().ladder)


@pytest.mark.parametrize(
    ("over", "reason"),
    [
        ({"matrix": [{"propose": "P7", "because": "x"}]}, "found 'P7', expected one of"),
        ({"roles": {"king": {"title": "x"}}}, "expected a role named 'commander'"),
        ({"surprise": 1}, "surprise"),
        ({"grace": "soon"}, "grace"),
        ({"ladder": []}, "ladder"),
        ({"asks": {"pages_every": "1s"}}, "asks.pages_every"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused_with_the_reason(over: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Policy.model_validate({**policy().model_dump(), **over})


@pytest.mark.parametrize(
    ("over", "reason"),
    [
        ({"services__checkout__team": "nobody"}, "services.checkout.team: found 'nobody', expected one of"),
        ({"teams__payments__manager": "zoe"}, "teams.payments: found 'zoe', expected somebody under people"),
    ],
)
def test_a_catalog_that_refers_to_nobody_is_refused(over: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        changed(catalog(), **over)


def test_a_file_may_start_from_another_and_change_some_lines(tmp_path: Path) -> None:
    own = tmp_path / "policy.yaml"
    own.write_text(f"extends: {SHIPPED / 'policy.yaml'}\nclocks:\n  ACK-1: {{within: 3m}}\n")
    mine = load(own, Policy)
    assert mine.clocks["ACK-1"].within == 3 * MINUTE
    assert mine.clocks["ACK-1"].owner == "on_call"
    assert mine.clocks["COM-1"] == policy().clocks["COM-1"]


@pytest.mark.parametrize(
    ("text", "reason"), [("name: [", "not YAML"), ("{}", "name: Field required"), (None, "could not")]
)
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path, text: str | None, reason: str) -> None:
    own = tmp_path / "policy.yaml"
    if text is not None:
        own.write_text(text)
    with pytest.raises(InvalidFile, match=reason) as refused:
        load(own, Policy)
    assert str(own) in str(refused.value)


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("5m", 5 * MINUTE),
        ("1h30m", 90 * MINUTE),
        ("14d", 14 * DAY),
        ("300ms", timedelta(milliseconds=300)),
        ("0s", 0 * DAY),
    ],
)
def test_spans_are_written_as_people_write_them(words: str, span: timedelta) -> None:
    assert parse_duration(words) == span
    assert format_duration(span) == words


@pytest.mark.parametrize(("times", "pause"), [(1, 30), (2, 60), (3, 120), (4, 240), (5, 300), (99, 300)])
def test_pauses_between_tries_grow_to_their_longest(times: int, pause: int) -> None:
    assert RetryRule().pause(times, retryable=True) == timedelta(seconds=pause)
    assert RetryRule().pause(times, retryable=False) == 15 * MINUTE


@pytest.mark.parametrize(("times", "pause"), [(1, 1), (10, 1), (11, 5), (99, 5)])
def test_a_page_that_was_refused_is_tried_again_soon_where_the_policy_says_how_soon(times: int, pause: int) -> None:
    rule = RetryRule(waking=MINUTE)
    assert rule.pause(times, retryable=False, wakes=True) == pause * MINUTE
    assert rule.pause(times, retryable=False) == RetryRule().pause(times, retryable=False, wakes=True) == 15 * MINUTE


@pytest.mark.parametrize("word", ["checkout", "Checkout API", "CHECKOUT-API", " PSVCCHK ", "checkout api (PROD)"])
def test_a_service_is_known_by_every_word_its_senders_use(word: str) -> None:
    found = catalog().service_called(word)
    assert found is not None
    assert found.name == "checkout"
    assert catalog().service_called("") is None


@pytest.mark.parametrize("word", ["dana", "Dana Okafor", "dana@harbourline.example", "U01DANA", "PDANA01"])
def test_a_person_is_known_by_every_name_at_every_vendor(word: str) -> None:
    found = catalog().person_called(word)
    assert found is not None
    assert found.id == "dana"
    assert catalog().person_called("") is None


def test_an_incident_freezes_only_its_part_of_the_company() -> None:
    part: Catalog = catalog().slice("billing")
    assert (list(part.services), list(part.teams)) == (["billing"], ["payments", "platform"])
    assert [account.name for account in part.accounts] == ["Northwind Traders"]


@pytest.mark.sop("ACT-1", "ACT-2")
def test_one_line_says_how_long_action_items_may_take_and_one_more_gives_them_less() -> None:
    clock = policy().clocks["ACT-2"].model_copy(update={"within": 21 * DAY})
    longer = policy().model_copy(update={"clocks": {**policy().clocks, "ACT-2": clock}})
    assert longer.item_span() == 21 * DAY
    assert "21 days" in " ".join(explain("ACT-1", longer, catalog()) or ())
    assert "21 days" in " ".join(explain("ACT-2", longer, catalog()) or ())
    assert longer.model_copy(update={"item_due": 7 * DAY}).item_span() == 7 * DAY
