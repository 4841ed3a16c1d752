"""The worst that each sender can say, in its own word, is proposed as a P1 by the shipped matrix (TRI-3, DET-2)."""

import json
from collections.abc import Callable

import pytest

from config.company import SHIPPED, Company, Settings
from domain.alerting.alert import Alert
from standins.alertmanager.standin import Standin as Alertmanager
from standins.cast import Cast
from standins.cloudwatch.standin import Standin as CloudWatch
from standins.datadog.standin import Monitor
from standins.generic.standin import Standin as Generic
from standins.grafana.standin import Rule
from standins.grafana.standin import Standin as Grafana
from standins.sentry.standin import Standin as Sentry
from standins.stage import SECRETS
from standins.zendesk.standin import Standin as Zendesk
from tests.vendors.delivery import NOW
from vendors.directory import DIRECTORY
from vendors.door import Request

COMPANY = Company(Settings(standfast_policy=SHIPPED / "policy.yaml", standfast_catalog=SHIPPED / "catalog.yaml"))
CAST = Cast(COMPANY.catalog, SECRETS, lambda: NOW)
LABELS = {"service": "checkout", "severity": "critical"}
WORST: dict[str, Callable[[], Request]] = {
    "pagerduty": lambda: CAST.pagerduty().press_trigger("PSVCCHK", "Checkout 5xx", priority="P1"),
    "opsgenie": lambda: CAST.opsgenie().press_create("Checkout 5xx", priority="P1", entity="checkout"),
    "datadog": lambda: CAST.datadog().press_trigger(NOW, Monitor(1, "Errors", "P1", ("service:checkout",))),
    "grafana": lambda: Grafana("k").press_fire(NOW, Rule("r1", "Errors"), **LABELS),
    "alertmanager": lambda: Alertmanager("k").press_fire(NOW, alertname="Errors", **LABELS),
    "cloudwatch": lambda: CloudWatch().press_alarm(NOW, "Errors", description="sev=1 service=checkout"),
    "sentry": lambda: Sentry("k").press_metric(NOW),
    "zendesk": lambda: Zendesk("k").press_escalate(NOW, "7", "Cannot pay", "service_checkout"),
    "generic": lambda: Generic("k").press_escalate(NOW, "T-1", "Cannot pay", service="checkout"),
}


def proposed(alert: Alert) -> tuple[str, str]:
    service = COMPANY.catalog.service_called(alert.service) or COMPANY.catalog.services["platform"]
    return COMPANY.policy.propose(alert, service, security=False)


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize("name", WORST)
def test_the_worst_of_each_sender_is_a_p1_on_checkout(name: str) -> None:
    [alert] = DIRECTORY[name].part("webhook").read(WORST[name]()).alerts
    severity, because = proposed(alert)
    assert severity == "P1", because


@pytest.mark.sop("DET-2")
@pytest.mark.parametrize(
    "request_",
    [
        Zendesk("k").press_escalate(NOW, "7", "Nobody can log in"),
        Generic("k").press_escalate(NOW, "T-1", "Login fails"),
    ],
)
def test_an_s1_that_names_no_service_is_a_p1_all_the_same(request_: Request) -> None:
    name = "zendesk" if "x-zendesk-webhook-signature" in request_.headers else "generic"
    [alert] = DIRECTORY[name].part("webhook").read(request_).alerts
    assert (alert.service, proposed(alert)) == ("", ("P1", "a customer report that support has escalated as S1"))


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("[SEV1] Checkout is down", "SEV1"),
        ("CRITICAL: disk is full", "CRITICAL"),
        ("[prod] [P1] Checkout is down", "P1"),
        ("P1 - Checkout is down", "P1"),
        ("Checkout is slow (sev-2)", "sev-2"),
        ("Kritisch: Kasse", "Kritisch"),
        ("【緊急】決済", "緊急"),
    ],
)
def test_a_title_says_how_bad_it_is_where_nothing_else_does(title: str, meant: str) -> None:
    assert told(title) == meant
    assert told(title, severity="minor") == "minor"


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(
    "title",
    [
        *("Error: boom", "Alert: disk", "S3: access denied", "[Low] disk", "P4: disk", "[non-critical] disk"),
        *("[FIRING:1] Errors (checkout)", "Redis - critical memory", "TypeError: critical", "[P10] disk"),
    ],
)
def test_a_title_that_is_not_marked_with_what_is_grave_says_nothing(title: str) -> None:
    assert told(title) == ""


def told(title: str, **more: str) -> str:
    """The severity of an alert that the generic door hears."""
    body = json.dumps({"kind": "alert", "key": "k", "title": title, "service": "checkout", **more}).encode()
    [alert] = DIRECTORY["generic"].part("webhook").read(Request(headers={}, body=body, received_at=NOW)).alerts
    return str(alert.severity)
