"""What relays, gateways and queues pass on is heard as its sender said it, and what ends it ends it (DET-1, DET-5)."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from domain.alerting.alert import Alert, WebhookContent
from domain.alerting.grouping import group_of
from tests.domain.story import catalog, policy
from vendors.directory import DIRECTORY
from vendors.door import Request

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
ISO = "2026-03-02T02:58:00Z"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def heard(door: str, body: Any, headers: dict[str, str] | None = None) -> WebhookContent:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    found: WebhookContent = (
        DIRECTORY[door].part("webhook").read(Request(headers=headers or {}, body=raw, received_at=NOW))
    )
    return found


def only(door: str, body: Any, headers: dict[str, str] | None = None) -> Alert:
    (alert,) = heard(door, body, headers).alerts
    return alert


def packed(body: Any) -> str:
    return base64.b64encode(json.dumps(body).encode()).decode()


def prometheus(*fingerprints: str) -> dict[str, Any]:
    labels = {"alertname": "Errors", "service": "checkout", "severity": "critical"}
    alerts = [{"status": "firing", "labels": labels, "startsAt": ISO, "fingerprint": one} for one in fingerprints]
    return {"version": "4", "status": "firing", "groupKey": "k", "groupLabels": {}, "alerts": alerts}


OURS = {"key": "k", "title": "Errors", "service": "checkout", "severity": "critical", "fired_at": ISO}
GATEWAY = {"requestContext": {"stage": "prod-2", "accountId": "1"}, "headers": {"x": "y"}}
RELAYED: dict[str, tuple[str, Any, dict[str, str]]] = {
    "a function behind a gateway": ("generic", {**GATEWAY, "body": json.dumps(OURS)}, {}),
    "a gateway, in base64": ("generic", {**GATEWAY, "body": packed(OURS), "isBase64Encoded": True}, {}),
    "a subscription of Google's": ("generic", {"message": {"data": packed(OURS)}, "subscription": "s"}, {}),
    "a cloud event": ("generic", {"specversion": "1.0", "id": "9", "type": "alert", "data_base64": packed(OURS)}, {}),
    "a log's line": ("generic", {"@timestamp": ISO, "host": "h", "message": json.dumps(OURS)}, {}),
    "a form beside its token": ("generic", urlencode({"token": "t", "payload": json.dumps(OURS)}).encode(), FORM),
    "alertmanager's in a field": ("alertmanager", {"body": prometheus("k")}, {}),
    "alertmanager's in a text": ("alertmanager", {"payload": json.dumps(prometheus("k"))}, {}),
}


@pytest.mark.sop("DET-1", "TRI-3")
@pytest.mark.parametrize("relay", RELAYED)
def test_what_is_passed_on_is_heard_with_its_own_words(relay: str) -> None:
    alert = only(*RELAYED[relay])
    assert (alert.title, alert.service, alert.severity) == ("Errors", "checkout", "critical")
    assert alert.key in ("k", "alert:k")
    assert group_of(alert, catalog()).environment == "production"


@pytest.mark.sop("DET-1")
def test_of_several_messages_in_one_each_is_heard_and_what_cannot_be_read_of_them_rings_too() -> None:
    told = heard("alertmanager", [prometheus("a"), prometheus("b", "c"), {"alerts": "none"}])
    assert [alert.key for alert in told.alerts] == ["a", "b", "c", "unreadable/alertmanager"]


@pytest.mark.sop("DET-1", "TRI-3")
@pytest.mark.parametrize("place", ["alerts", "records"])
def test_a_message_that_is_nothing_but_several_alerts_is_each_of_them(place: str) -> None:
    told = [
        {"name": "Errors", "id": "1", "severity": "critical"},
        {"name": "Slow", "id": "2", "severity": "warning", "service": "search"},
    ]
    alerts = heard("generic", {"title": "2 alerts", "service": "checkout", place: told}).alerts
    assert [(one.title, one.service, one.severity) for one in alerts] == [
        ("Errors", "checkout", "critical"),
        ("Slow", "search", "warning"),
    ]
    assert len({one.key for one in alerts}) == 2


def test_alerts_beside_an_id_of_their_own_are_parts_of_one() -> None:
    parts = [{"id": "a1", "status": "critical"}, {"id": "a2", "status": "ok"}]
    assert only("generic", {"id": "i", "title": "Errors", "status": "active", "alerts": parts}).key == "alert:i"


def event(kind: str, reason: str, **more: Any) -> dict[str, Any]:
    thing = {"kind": kind, "namespace": "checkout", "name": "api-1"}
    return {"metadata": {"name": f"api-1.{reason}"}, "involvedObject": thing, "reason": reason, "message": "m", **more}


@pytest.mark.sop("DET-1", "DET-5")
def test_an_event_of_kubernetes_is_about_its_thing_however_often_it_comes() -> None:
    first = only("generic", event("Pod", "BackOff", type="Warning", firstTimestamp=ISO))
    again = only("generic", event("Pod", "BackOff", type="Warning", metadata={"name": "another"}))
    assert (first.title, first.key) == ("BackOff: Pod checkout/api-1", again.key)
    assert group_of(first, catalog()).service == "checkout"
    assert heard("generic", event("Pod", "Pulled", type="Normal")).alerts == ()


@pytest.mark.sop("DET-5")
def test_a_success_of_flux_ends_what_failed_and_other_news_ends_nothing() -> None:
    failed = only("generic", event("HelmRelease", "UpgradeFailed", severity="error", timestamp=ISO))
    over = only("generic", event("HelmRelease", "UpgradeSucceeded", severity="info", timestamp=ISO))
    assert (failed.state, over.state, over.key) == ("firing", "resolved", failed.key)
    for reason in ("Progressing", "RollbackSucceeded"):
        assert heard("generic", event("HelmRelease", reason, severity="info")).alerts == ()


def azure_health(stage: str) -> dict[str, Any]:
    essentials = {"alertId": f"/alerts/{stage}", "alertRule": "Health", "severity": "Sev4", "monitorCondition": "Fired"}
    about = {"title": f"SQL - {stage}", "service": "SQL", "trackingId": "VLB8", "stage": stage, "impactStartTime": ISO}
    return {"data": {"essentials": essentials, "alertContext": {"status": stage, "properties": about}}}


@pytest.mark.sop("DET-5", "SCP-1")
def test_azures_own_trouble_is_over_when_its_stage_says_so_and_a_stage_is_no_environment() -> None:
    began, over = only("generic", azure_health("Active")), only("generic", azure_health("Resolved"))
    assert (began.state, over.state, over.key) == ("firing", "resolved", began.key)
    assert (began.environment, over.environment) == ("", "")


def bugsnag(status: str, **more: Any) -> dict[str, Any]:
    told = {"id": "e1", "exceptionClass": "NoMethodError", "message": "undefined", "severity": "error"}
    return {"project": {"id": "2", "name": "checkout"}, "error": {**told, "status": status}, **more}


@pytest.mark.sop("DET-1", "DET-5")
def test_whose_account_it_is_names_no_alert() -> None:
    began = only("generic", bugsnag("open", account={"id": "1", "name": "Acme"}, trigger={"message": "New error"}))
    over = only("generic", bugsnag("fixed"))
    assert (began.title, began.key, began.service) == ("NoMethodError", "alert:e1", "checkout")
    assert (over.state, over.key) == ("resolved", began.key)


@pytest.mark.sop("DET-7")
@pytest.mark.parametrize(
    "body",
    [
        {"version": "test", "incident": {"incident_id": "12345", "policy_name": "p", "state": "open"}},
        {"event_name": "test", "data": {"message": "This is a test payload"}},
        {"event_name": "deploy", "data": {"deploy": {"id": 3, "environment": "production"}}},
    ],
)
def test_a_test_and_a_deployment_are_said_and_ring_nobody(body: Any) -> None:
    told = heard("generic", body)
    assert told.alerts == ()
    assert "no firing and no recovery" in told.remark


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    "body",
    [
        {"monitor": {"id": 1, "name": "Checkout"}, "heartbeat": {"status": 0}, "msg": "[Checkout] Down"},
        {"name": "nightly", "status": "down", "tags": "checkout eu"},
        {"name": "Page", "id": "7", "status": "down", "tags": ["web", "checkout"]},
        {"name": "Budget", "id": "b", "status": "TRIGGERED", "dataset": "checkout"},
    ],
)
def test_a_monitor_or_a_tag_that_is_just_called_like_a_service_is_about_it(body: Any) -> None:
    alert = only("generic", body)
    assert group_of(alert, catalog()).service == "checkout"
    assert policy().propose(alert, catalog().services["checkout"], security=False)
