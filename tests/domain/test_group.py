"""Alerts of one service and environment are one group, whatever their senders call it."""

import re
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


@pytest.mark.parametrize("word", ["mail-relay-2", " Mail-Relay-2 ", "MAIL-RELAY-2"])
def test_a_service_nobody_knows_has_a_group_of_its_own(word: str) -> None:
    assert group_of(alert(word, "stg"), CATALOG) == Group("unknown-mail-relay-2/staging", "", "staging")


@pytest.mark.parametrize(
    "words",
    [
        ("支付网关", "用户登录"),
        ("оплата", "вход"),
        ("pay/api", "pay api", "pay-api", "pay:api"),
        ("x" * 60 + "1", "x" * 60 + "2", "x" * 60),
        ("ü" * 500, "ü" * 501),
        ("caffè", "caffé", "caffe"),
        ("a", "a.", "a-"),
        ("🔥", "💳"),
    ],
)
def test_two_words_for_services_nobody_knows_are_two_groups(words: tuple[str, ...]) -> None:
    keys = {group_of(alert(word), CATALOG).key for word in words}
    assert len(keys) == len(words)
    assert all(re.fullmatch(r"[a-z0-9_.-]{1,80}/production", key) for key in keys)


def test_the_same_word_in_two_encodings_is_one_group() -> None:
    assert group_of(alert("caff\u00e8"), CATALOG) == group_of(alert("caffe\u0300"), CATALOG)


@pytest.mark.parametrize("word", ["", "-", "///", "  "])
def test_alerts_that_name_no_service_are_grouped_by_what_raised_them(word: str) -> None:
    first, same, other = (alert(word, alertname=name) for name in ("CronTwice", "CronTwice", "NoOrders"))
    assert group_of(first, CATALOG) == group_of(same.model_copy(update={"key": "k2"}), CATALOG)
    assert group_of(first, CATALOG) != group_of(other, CATALOG)


def test_alerts_that_name_neither_service_nor_rule_are_groups_of_their_own() -> None:
    first, other = (alert().model_copy(update={"key": key}) for key in ("cron/twice", "orders/none"))
    assert group_of(first, CATALOG).key != group_of(other, CATALOG).key


def test_an_act_about_a_page_without_a_service_finds_the_group_of_its_alert() -> None:
    page = alert(alertname="Errors").model_copy(update={"page": "P1", "key": "P1"})
    act = VendorAct(alert="P1", act=Acknowledge(by="ada"))
    assert group_of(act, CATALOG) == group_of(page, CATALOG)


@pytest.mark.parametrize("word", ["生产", "prod eu", "x" * 59 + "1"])
def test_an_environment_keeps_its_word_and_has_a_key_that_is_safe(word: str) -> None:
    group = group_of(alert("checkout", word), CATALOG)
    assert group.environment == word
    assert re.fullmatch(r"checkout/[a-z0-9_.-]+", group.key)
    assert group != group_of(alert("checkout", f"{word[:-1]}2"), CATALOG)


def test_the_policy_may_group_by_labels_too() -> None:
    grouping = ("service", "environment", "region")
    assert group_of(alert("checkout", region="EU-1"), CATALOG, grouping).key == "checkout/production/eu-1"
    assert group_of(alert("checkout", region="EU 1"), CATALOG, grouping).key != "checkout/production/eu-1"
    assert group_of(alert("checkout"), CATALOG, grouping).key == "checkout/production/none"


def test_an_act_of_a_vendor_finds_the_group_of_its_alerts() -> None:
    act = VendorAct(alert="k", service="PSVC1", act=Acknowledge(by="ada"))
    assert group_of(act, CATALOG) == group_of(alert("checkout"), CATALOG)


def test_where_the_service_is_not_known_what_runs_there_says_whose_it_is() -> None:
    for labels in ({"container": "shop-checkout"}, {"deployment": "checkout", "namespace": "other"}):
        for word in ("", "kube-state"):
            assert group_of(alert(word, **labels), CATALOG).service == "checkout"
    assert group_of(alert("mail-relay", namespace="payments"), CATALOG).service == ""


def test_what_runs_there_never_parts_a_pagers_alert_from_its_acts() -> None:
    page = alert(container="checkout").model_copy(update={"page": "P1", "key": "P1"})
    assert group_of(page, CATALOG) == group_of(VendorAct(alert="P1", act=Acknowledge(by="ada")), CATALOG)
