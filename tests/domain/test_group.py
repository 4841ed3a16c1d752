"""Alerts of one service and environment are one group, whatever their senders call it."""

from datetime import UTC, datetime

import pytest

from domain.alerting.alert import Alert, VendorAct
from domain.alerting.grouping import Group, group_of
from domain.company.catalog import Catalog
from domain.procedure.acknowledgement import Acknowledge

CATALOG = Catalog.model_validate(
    {
        "people": {"ada": {"name": "Ada"}},
        "teams": {"payments": {"name": "Payments", "levels": {}, "manager": "ada"}},
        "services": {"checkout": {"title": "Checkout", "team": "payments", "aliases": ["PSVC1", "shop-checkout"]}},
    }
)
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def alert(service: str = "", environment: str = "", **labels: str) -> Alert:
    words = {"service": service, "environment": environment}
    return Alert(source="test", key="k", title="t", labels=labels, fired_at=NOW, at=NOW, **words)


@pytest.mark.parametrize("word", ["checkout", " Checkout ", "psvc1", "shop-checkout"])
@pytest.mark.parametrize("environment", ["", "prod", "PRD", "Production"])
def test_all_words_for_a_service_and_for_production_are_one_group(word: str, environment: str) -> None:
    assert group_of(alert(word, environment), CATALOG) == Group("checkout/production", "checkout", "production")


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Mail Relay #2", "unknown-mail-relay-2/staging"),
        ("", "unknown/staging"),
        ("///", "unknown/staging"),
        ("ü" * 500, "unknown/staging"),
        ("x" * 500, f"unknown-{'x' * 60}/staging"),
    ],
)
def test_a_service_nobody_knows_has_a_group_of_its_own(word: str, key: str) -> None:
    assert group_of(alert(word, "stg"), CATALOG) == Group(key, "", "staging")


def test_the_policy_may_group_by_labels_too() -> None:
    grouping = ("service", "environment", "region")
    assert group_of(alert("checkout", region="EU 1"), CATALOG, grouping).key == "checkout/production/eu-1"
    assert group_of(alert("checkout"), CATALOG, grouping).key == "checkout/production/none"


def test_an_act_of_a_vendor_finds_the_group_of_its_alerts() -> None:
    act = VendorAct(alert="k", service="PSVC1", act=Acknowledge(by="ada"))
    assert group_of(act, CATALOG) == group_of(alert("checkout"), CATALOG)
