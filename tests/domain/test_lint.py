"""What can never work is found before it is needed: ladders that end, clocks that never stop, hours with gaps."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.check import lint
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from tests.domain.company import catalog_of, policy_of
from tests.domain.story import catalog, policy

OFFICE = {"zone": "Europe/Lisbon", "begins": "09:00", "ends": "17:00"}


def bent(model: Any, *changes: tuple[str, Any]) -> Any:
    """A policy or a catalog with entries changed, or taken out with None, and checked again."""
    data = model.model_dump()
    for path, value in changes:
        *above, key = path.split(".")
        place = data
        for step in above:
            place = place[step]
        if value is None:
            del place[key]
        else:
            place[key] = value
    return type(model).model_validate(data)


def found(rules: Policy, company: Catalog) -> list[str]:
    return [str(one) for one in lint(rules, company)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("secrecy", {"people": ["who"]})], "secrecy.people: found 'who', expected somebody of the catalog"),
        ([("secrecy", {"roles": ["guard"]})], "secrecy.roles: found 'guard', expected one of "),
        ([("clocks.ACK-2", None)], "clocks: found no ACK-2, expected a line for it, because a missed ACK-1 starts it"),
        ([("clocks.ACK-2.within", {"P1": "5m"})], "clocks.ACK-2.within: found nothing for P2, P3, P4, expected a span"),
        ([("clocks.COM-2.within", {"P1": "5m"})], "clocks.COM-2.within: found nothing for P2, expected a span there"),
        (
            [("severities.P3.chased", True), ("clocks.ACK-5", None)],
            "clocks: found no ACK-5, expected a line for it: P1",
        ),
        ([("clocks.GDP-2", None)], "clocks: found no GDP-2, expected a line for it, because every breach starts it"),
        ([("may.approve_update", [])], "clocks.COM-1: found a clock that can never stop: nobody may approve update"),
        ([("may.approve_update", [])], "may.approve_update: found nobody, expected one of commander"),
        (
            [("may.complete_postmortem", ["comms"]), ("may.take_role", ["comms"])],
            "clocks.PM-1: found a clock that can never stop: nobody may complete postmortem",
        ),
        (
            [("clocks.PM-1.within", "12h")],
            "clocks.PM-1.within: found 12h, which is due before it can exist, expected at",
        ),
        ([("clocks.PM-1.within", "30m")], "the resolution may be reopened until then (alerts.reopen_window)"),
        ([("clocks.GDP-1.within", "50h")], "clocks.GDP-1.within: found 2d2h, expected at most 2d at P1: without it"),
        ([("clocks.GDP-2.within", "96h")], "clocks.GDP-2.within: found 4d, expected at most 3d: GDPR Article 33"),
        ([("clocks.ACK-1.within", "10ms"), ("clocks.ACK-1.remind", None)], "clocks.ACK-1.within: found 10ms, expected"),
        ([("clocks.ACK-1.warn", ["boss"])], "clocks.ACK-1.warn: found 'boss', expected one of commander"),
        ([("waivable", ["ACK-1"])], "waivable: found 'ACK-1', expected another clause: nobody would be paged after"),
        ([("waivable", ["SCP-3"])], "waivable: found 'SCP-3', expected another clause: the checkpoint cannot be"),
        ([("waivable", ["DET-1"])], "waivable: found 'DET-1', expected one of ACK-2"),
        ([("roles.manager", None)], "severities.P1.manager: found at_once, expected a role with `plays: manager`"),
        ([("severities.P3.manager", "at_once")], "severities.P3.manager: found at_once, expected `war_room: true` in"),
        ([("room.name", "War room {id}")], "room.name: found 'War room {id}', expected a-z, 0-9"),
        ([("room.name", "x" * 60 + "{id}")], "expected a-z, 0-9, - and _, 64 characters at most with the id"),
        ([("alerts.environments", ["Production"])], "alerts.environments: found 'Production', expected 'production'"),
        ([("alerts.environments", [])], "alerts.environments: found none, expected at least one"),
        ([("targets.KPI-1.severities", ["P9"])], "targets.KPI-1.severities: found 'P9', expected one of P1"),
        ([("updates.drafts.paused", "x")], "updates.drafts.paused: found no state, expected one of investigating"),
        ([("calendars.office", OFFICE), ("clocks.ACK-1.hours", {"P7": "office"})], "clocks.ACK-1.hours: found 'P7'"),
        (
            [("calendars.office", OFFICE), ("clocks.COM-2.hours", "office")],
            "clocks.COM-2.hours: found 30m of office hours, which may be days, expected the hours of RES-2",
        ),
    ],
)
def test_a_policy_that_cannot_work_is_found_out(changes: list[tuple[str, Any]], said: str) -> None:
    assert any(one.startswith(said) or said in one for one in found(bent(policy(), *changes), catalog()))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"propose": "P1", "because": "all"}, {"propose": "P2", "because": "some"}], "matrix.1: found a row that is"),
        (
            [
                {"severity": ["warn", "error"], "propose": "P1", "because": "a"},
                {"severity": ["warn"], "propose": "P2", "because": "b"},
            ],
            "matrix.1: found a row that is never reached (b), expected it before row 0 (a), which fits first",
        ),
        (
            [{"severity": ["Critical"], "propose": "P1", "because": "a"}],
            "matrix.0.severity: found 'Critical', expected",
        ),
    ],
)
def test_a_row_of_the_matrix_that_no_alert_reaches_is_found(rows: list[dict[str, Any]], said: str) -> None:
    assert any(one.startswith(said) for one in found(bent(policy(), ("matrix", rows)), catalog()))


def test_rows_that_differ_in_what_they_ask_for_are_all_reached() -> None:
    rows = [{"tier": [1], "propose": "P1", "because": "a"}, {"severity": ["warn"], "propose": "P2", "because": "b"}]
    assert found(bent(policy(), ("matrix", rows)), catalog()) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("vendors.pager", "none")], "vendors.pager: found 'none', expected a pager: nobody would ever be paged"),
        ([("vendors.status_page", "none")], "severities.P1.status_page: found true, and nobody to do it, expected a"),
        ([("vendors.mailer", "none")], "severities.P1.mail: found true, and nobody to do it, expected a vendor under"),
        ([("vendors.room", "none")], "vendors.room: found 'none', expected a room, or no `remind`, `every` and `tell`"),
        ([("people.sam.pagerduty", "")], "people.sam.pagerduty: found nothing, expected their name at the pager"),
        ([("teams.payments.candidates", {"king": ["sam"]})], "teams.payments.candidates.king: found no role of the"),
    ],
)
def test_a_company_that_has_less_than_is_promised_is_found_out(changes: list[tuple[str, Any]], said: str) -> None:
    assert any(one.startswith(said) for one in found(policy(), bent(catalog(), *changes)))


def shifts(**over: Any) -> list[dict[str, Any]]:
    day = {"zone": "UTC", "begins": "00:00", "ends": "12:00", "people": ["sam"]}
    return [day, {**day, "begins": "12:00", "ends": "24:00", **over}]


@pytest.mark.parametrize(
    ("over", "more", "said"),
    [
        ({}, {}, []),
        ({"begins": "12:30"}, {"people": ["dana"]}, []),
        ({"begins": "12:30"}, {"schedule": "nights"}, []),
        ({"begins": "12:30"}, {}, ["found nobody from Thu 01 Jan 12:00 to Thu 01 Jan 12:30 UTC"]),
        ({"days": ["mon", "tue", "wed", "thu", "fri"]}, {}, ["found nobody from Sat 03 Jan 12:00 to Sun 04 Jan 00:00"]),
        ({"zone": "Europe/Lisbon"}, {}, ["found nobody from Sun 29 Mar 23:00 to Mon 30 Mar 00:00"]),
    ],
)
def test_shifts_that_leave_a_gap_are_found_unless_somebody_is_there_outside_of_them(
    over: dict[str, Any], more: dict[str, Any], said: list[str]
) -> None:
    level = {"shifts": shifts(**over), **more}
    told = found(policy(), bent(catalog(), ("teams.payments.levels.primary", level)))
    assert len(told) == len(said)
    assert all(
        one.startswith(f"teams.payments.levels.primary.shifts: {words}") for one, words in zip(told, said, strict=True)
    )


def test_an_owner_whom_only_the_catalog_names_can_be_told_and_is_no_finding() -> None:
    company = catalog_of("northgate")
    assert found(policy_of("northgate"), company) == []
    alone = bent(company, ("teams.banking.candidates", {}))
    assert any("'data_protection', a role nobody holds" in one for one in found(policy_of("northgate"), alone))


def test_a_role_that_only_a_war_room_would_chase_is_found_where_there_is_none() -> None:
    rules = bent(policy_of("tidepool"), ("roles.scribe", {"title": "scribe", "chased": True}))
    assert found(rules, catalog_of("tidepool")) == [
        "roles.scribe.chased: found true, and nothing chases it, expected a severity with `war_room: true` (WAR-3)"
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("clocks.PM-1.hours", "nights")], "clocks.PM-1.hours: found 'nights', expected the name of one"),
        ([("learn.hours", "nights")], "learn.hours: found 'nights', expected the name of one"),
        (
            [("calendars.office", OFFICE), ("clocks.GDP-2.hours", "office")],
            "clocks.GDP-2.hours: found 'office', expected nothing: the 72 hours of GDPR Article 33 count continuously",
        ),
        ([("calendars.office", {**OFFICE, "days": []})], "days: found none, expected at least one"),
        ([("calendars.office", {**OFFICE, "ends": "09:00"})], "found 09:00, expected another hour than `begins`"),
        ([("roles.boss", {"title": "x", "plays": "manager"})], "found manager and boss for the part 'manager'"),
        ([("clocks.ACK-2.within", "0s")], "expected a span longer than 0s"),
        ([("clocks.COM-1.every", "0s")], "expected a span longer than 0s"),
        ([("retry.first", "0s")], "expected a span longer than 0s"),
        ([("learn.read_items_every", "0s")], "expected a span longer than 0s"),
        ([("room.name", "war-{service}")], "expected {id} in it and no other braces"),
        ([("room.name", "war")], "expected {id} in it and no other braces"),
        ([("alerts.security", "(breach")], "expected a regular expression"),
        ([("severities", {}), ("matrix", [])], "severities"),
    ],
)
def test_what_could_crash_or_never_end_is_not_even_loaded(changes: list[tuple[str, Any]], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        bent(policy(), *changes)
    assert said in str(refused.value)


def test_a_runbook_whose_pattern_is_none_is_refused() -> None:
    broken = [{"title": "x", "url": "https://x", "matches": "("}]
    with pytest.raises(ValidationError, match="expected a regular expression"):
        bent(catalog(), ("runbooks", broken))
