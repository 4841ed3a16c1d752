"""The policy is refused where it does not fit, explained in plain words, and described for editors."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from config.company import load
from domain.check import lint
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.procedure.sop import PROCEDURE
from domain.report.explanation import explain
from tests import yaml
from tests.console.company import ROOT, spoilt
from tests.console.conftest import Standfast


def test_the_shipped_policy_and_catalog_can_be_kept(standfast: Standfast) -> None:
    told = standfast("policy", "check")
    said, to_see_to, *rest = told.stdout.splitlines()
    assert (told.exit_code, said) == (0, "Policy and catalog fit, and every promise in them can be kept.")
    assert to_see_to == "To be seen to:"
    assert rest[0].startswith("approved.matrix: found no approval, expected `by`, `at`, `review_by`")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("clocks.COM-1.owner", "press", "clocks.COM-1.owner: found 'press', expected one of commander"),
        ("roles.comms.chased", False, "clocks.COM-1.owner: found 'comms', a role nobody holds"),
        ("clocks.ACK-1.tell", ["boss"], "clocks.ACK-1.tell: found 'boss', expected one of commander"),
        ("clocks.WAR-4.within", "25m", "clocks.WAR-4.within: found 25m, expected at most 20m at P1"),
        ("clocks.COM-2.within", "2h", "clocks.COM-2.within: found 2h, expected at most 1h at P1"),
        ("clocks.COM-2.every", "45m", "clocks.COM-2.every: found 45m, expected at most 30m"),
        ("clocks.ACK-1.remind", "5m", "clocks.ACK-1.remind: found 5m, expected less than 5m"),
        ("clocks.GDP-2.remind", ["80h", "6h"], "clocks.GDP-2.remind: found 3d8h, expected less than 3d"),
        ("clocks.ACK-9", {"within": "1m", "owner": "on_call"}, "clocks.ACK-9: found a clock that no rule"),
        ("clocks.WAR-5.within", {"P1": "1h"}, "clocks.WAR-5: found a clock that can never start"),
        ("clocks.COM-1.within", {"P9": "1h"}, "clocks.COM-1.within: found 'P9', expected one of P1"),
        ("clocks.ACK-1", None, "clocks.ACK-2: found a clock that can never start, expected the clock ACK-1"),
        ("updates.templates.monitoring", None, "updates.templates: found nothing for 'monitoring'"),
        ("updates.drafts.resolved", None, "updates.drafts: found nothing for 'resolved'"),
        ("may.dance", ["anyone"], "may.dance: found no act of the procedure, expected one of acknowledge"),
        ("may.resolve", ["captain"], "may.resolve: found 'captain', expected one of commander"),
        ("alerts.default_service", "warehouse", "alerts.default_service: found 'warehouse', expected one of checkout"),
        ("ladder", ["primary", "ceo"], "teams.payments.levels.ceo: found nothing, expected people or a schedule"),
        ("name", ["x"], "name: found"),
        ("item_due", "15d", "item_due: found 15d, expected at most 14d, as ACT-2 has it"),
        ("updates.final", "{service} works, {when}.", "updates.final: found '{when}', expected one of {service}"),
        ("mail.body", "We write to [customer].", "mail.body: found '[customer]', expected one of {service}"),
        ("alerts.not_security", "(s+)+ breach", "alerts.not_security: found '(s+)+ breach', expected a pattern"),
    ],
)
def test_a_policy_whose_promises_cannot_be_kept_is_refused(
    standfast: Standfast, tmp_path: Path, path: str, value: Any, said: str
) -> None:
    told = standfast("policy", "check", str(spoilt(tmp_path, "policy.yaml", {path: value})))
    assert told.exit_code == 1
    assert said in told.stdout


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            "people.dana.slack",
            "dana",
            "people.dana.slack: found 'dana', expected an id as slack writes it, such as U012",
        ),
        (
            "people.dana.pagerduty",
            "PSAM002",
            "people.dana.pagerduty: found 'PSAM002', as sam has it, expected their own",
        ),
        ("people.dana.slack", "", "people.dana.slack: found nothing, expected the person's Slack id"),
        ("services.billing.team", "nobody", "services.billing.team: found 'nobody', expected one of"),
        ("teams.payments.levels.primary", {"people": []}, "teams.payments.levels.primary: found nobody"),
        ("teams.payments.levels.secondary", None, "teams.payments.levels.secondary: found nothing"),
        ("vendors.pager", "pigeon", "vendors.pager: found 'pigeon', expected one of opsgenie, pagerduty"),
        ("vendors.room", "jira", "vendors.room: found 'jira', expected one of practice, slack"),
    ],
)
def test_a_catalog_that_reaches_nobody_is_refused(
    standfast: Standfast, tmp_path: Path, path: str, value: Any, said: str
) -> None:
    told = standfast("policy", "check", str(spoilt(tmp_path, "catalog.yaml", {path: value})))
    assert told.exit_code == 1
    assert said in told.stdout


def test_a_maintenance_window_of_no_service_is_found() -> None:
    policy, catalog = load(ROOT / "policy.yaml", Policy), load(ROOT / "catalog.yaml", Catalog)
    window = {"service": "chekout", "starts_at": "2026-03-03T03:00Z", "ends_at": "2026-03-03T04:00Z", "reason": "x"}
    spoiled = Catalog.model_validate(catalog.model_dump() | {"maintenance": [window]})
    [finding] = lint(policy, spoiled)
    assert str(finding) == "maintenance.0.service: found 'chekout', expected a service, or '*' for all"


def test_findings_come_as_json_and_a_file_that_is_not_there_is_one(standfast: Standfast, tmp_path: Path) -> None:
    told = standfast("policy", "check", str(tmp_path / "none.yaml"), "--json")
    assert told.exit_code == 1
    [finding] = json.loads(told.stdout)["findings"]
    assert finding.endswith("could not be read: No such file or directory")


def test_a_clause_is_explained_with_owner_span_reminder_and_miss(standfast: Standfast) -> None:
    told = standfast("policy", "explain", "com-1")
    assert told.exit_code == 0
    for words in (
        "communications lead must publish the first",
        "10 min at P1",
        "4 min before",
        "told to the incident commander",
    ):
        assert words in told.stdout


def test_every_clock_of_the_shipped_policy_has_words_and_a_start() -> None:
    policy = load(ROOT / "policy.yaml", Policy)
    assert set(policy.clocks) <= set(PROCEDURE.promises)
    assert explain("COM-4", policy) == [
        "A missed status page update is chased until a person approves one; nothing is posted by itself."
    ]


def test_an_unknown_clause_is_refused_with_those_there_are(standfast: Standfast) -> None:
    told = standfast("policy", "explain", "XYZ-1")
    assert told.exit_code == 2
    assert "expected one of ACK-1, ACK-2" in told.stderr


@pytest.mark.parametrize("name", ["policy", "catalog"])
def test_the_printed_schema_accepts_the_shipped_file_and_refuses_a_spoilt_one(standfast: Standfast, name: str) -> None:
    schema = json.loads(standfast("policy", "schema").stdout)[name]
    Draft202012Validator.check_schema(schema)
    data = yaml.safe_load((ROOT / f"{name}.yaml").read_text())
    validator = Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(data)] == []
    assert not validator.is_valid(data | {"surprise": 1})
    assert validator.is_valid(data | {"extends": "other.yaml"})
