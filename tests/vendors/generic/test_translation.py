"""What other monitors say in their own shape is an alert with its service, severity, start and end (DET-1, DET-5)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.alerting.alert import Alert
from domain.alerting.scope import is_security
from standins.generic.standin import Standin
from tests.domain.story import policy
from vendors.generic.webhook import read

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(minutes=2)
SECONDS, ISO = int(BEGAN.timestamp()), BEGAN.strftime("%Y-%m-%dT%H:%M:%SZ")
Told = tuple[dict[str, Any], dict[str, Any]]


def azure(condition: str, **more: Any) -> dict[str, Any]:
    essentials: dict[str, Any] = {
        "alertId": "/subscriptions/1/alerts/b9",
        "alertRule": "Checkout 5xx",
        "severity": "Sev1",
    }
    essentials |= {"monitorCondition": condition, "firedDateTime": ISO, "configurationItems": ["vm-1"], **more}
    custom = {"service": "checkout"}
    schema = "azureMonitorCommonAlertSchema"
    return {"schemaId": schema, "data": {"essentials": essentials, "alertContext": None, "customProperties": custom}}


def google(state: str) -> dict[str, Any]:
    told = {"incident_id": "0.opq", "policy_name": "Checkout 5xx", "state": state, "severity": "CRITICAL"}
    labels = {"service": "checkout"}
    return {"incident": {**told, "started_at": SECONDS, "policy_user_labels": labels}, "version": "1.2"}


def new_relic(state: str) -> dict[str, Any]:
    told = {"id": "d6b9", "title": "Checkout 5xx", "priority": "CRITICAL", "state": state, "createdAt": SECONDS * 1000}
    return {**told, "labels": {"service": ["checkout"]}, "issueUrl": "https://newrelic.example/d6b9"}


def new_relic_issue(state: str) -> dict[str, Any]:
    told = {"issueId": "issue-1", "issueTitle": "Checkout 5xx", "priority": "CRITICAL", "state": state}
    entities = {"entities": [{"id": "e", "name": "App XYZ", "type": "APPLICATION"}]}
    found = {"conditionName": ["5xx"], "tag.service": ["checkout"]}
    return {**told, "createdAt": SECONDS * 1000, "entitiesData": entities, "accumulations": found}


def uptime_robot(kind: str) -> dict[str, Any]:
    told = {"monitorID": "78", "monitorFriendlyName": "Checkout 5xx", "alertType": kind, "alertDateTime": SECONDS}
    return {**told, "monitorURL": "https://checkout.example", "tags": "service:checkout,severity:critical"}


def azure_metric(status: str) -> dict[str, Any]:
    context = {"id": "/alertrules/x", "name": "Checkout 5xx", "severity": "1", "timestamp": ISO}
    data = {"status": status, "context": context, "properties": {"service": "checkout"}}
    return {"schemaId": "AzureMonitorMetricAlert", "data": data}


def dynatrace(state: str) -> dict[str, Any]:
    told = {"State": state, "ProblemID": "P-26", "ProblemTitle": "Checkout 5xx", "ProblemSeverity": "CRITICAL"}
    return {**told, "Tags": "service:checkout, env:prod", "StartTime": SECONDS * 1000}


def zabbix(value: str) -> dict[str, Any]:
    told = {"event_id": "4711", "event_value": value, "event_name": "Checkout 5xx", "event_nseverity": "5"}
    tags = json.dumps([{"tag": "service", "value": "checkout"}])
    return {**told, "event_severity": "Disaster", "event_tags": tags, "start": str(SECONDS)}


def uptime_kuma(status: int) -> dict[str, Any]:
    tags = [{"name": "service", "value": "checkout"}, {"name": "severity", "value": "critical"}]
    monitor = {"id": 7, "name": "Checkout 5xx", "tags": tags}
    return {"heartbeat": {"monitorID": 7, "status": status, "time": ISO}, "monitor": monitor, "msg": "[Checkout] x"}


def victorops(kind: str) -> dict[str, Any]:
    told = {"message_type": kind, "entity_id": "checkout/5xx", "entity_display_name": "Checkout 5xx"}
    return {**told, "state_start_time": SECONDS, "service": "checkout"}


def pagerduty_events(action: str) -> dict[str, Any]:
    payload = {"summary": "Checkout 5xx", "severity": "critical", "timestamp": ISO, "source": "web"}
    return {"event_action": action, "dedup_key": "k", "payload": {**payload, "custom_details": {"service": "checkout"}}}


SENDERS: dict[str, Told] = {
    "azure monitor": (azure("Fired"), azure("Resolved", resolvedDateTime=ISO)),
    "google cloud": (google("open"), google("closed")),
    "new relic": (new_relic("ACTIVATED"), new_relic("CLOSED")),
    "new relic's native issue": (new_relic_issue("ACTIVATED"), new_relic_issue("CLOSED")),
    "azure's older metric alert": (azure_metric("Activated"), azure_metric("Deactivated")),
    "uptime robot": (uptime_robot("1"), uptime_robot("2")),
    "dynatrace": (dynatrace("OPEN"), dynatrace("RESOLVED")),
    "zabbix": (zabbix("1"), zabbix("0")),
    "uptime kuma": (uptime_kuma(0), uptime_kuma(1)),
    "victorops": (victorops("CRITICAL"), victorops("RECOVERY")),
    "pagerduty's events": (pagerduty_events("trigger"), pagerduty_events("resolve")),
}


def only(body: Any) -> Alert:
    (alert,) = read(Standin("s").sign(NOW, body)).alerts
    return alert


@pytest.mark.sop("DET-1", "DET-5", "TRI-3", "ACK-4")
@pytest.mark.parametrize("name", SENDERS)
def test_an_alert_and_its_end_are_one_with_service_severity_and_start(name: str) -> None:
    fired, over = (only(body) for body in SENDERS[name])
    assert (fired.state, over.state, over.key) == ("firing", "resolved", fired.key)
    assert (fired.title, fired.service, fired.fired_at) == ("Checkout 5xx", "checkout", BEGAN)
    assert policy().severity_meant(fired.severity) in ("critical", "disaster", "sev1")


ROOTLY = {"id": "a1", "summary": "Errors", "services": [{"id": "s1", "name": "checkout"}], "source": "datadog"}
CORALOGIX = {"alert_id": "a1", "name": "Errors", "fields": [{"key": "applicationName", "value": "checkout"}]}
SUMO = {"Id": "a1", "Name": "Errors", "fields": [{"name": "service", "value": "checkout"}]}
CLOUDFLARE = {"alert_correlation_id": "a1", "name": "Errors", "alert_type": "pool_health", "service": "checkout"}
DYNATRACE = {"ProblemID": "a1", "PID": "-7", "ProblemTitle": "Errors", "Tags": "service:checkout"}


@pytest.mark.sop("DET-1", "DET-3", "DET-5", "TRI-3")
@pytest.mark.parametrize(
    ("fires", "ends", "severity", "state"),
    [
        (
            {"event": {"id": "e1", "type": "alert.created"}, "data": ROOTLY | {"status": "triggered"}},
            {"event": {"id": "e2", "type": "alert.resolved"}, "data": ROOTLY | {"status": "resolved"}},
            *("", "resolved"),
        ),
        (CORALOGIX | {"alert_action": "trigger"}, CORALOGIX | {"alert_action": "resolve"}, "", "resolved"),
        (SUMO | {"TriggerType": "Critical"}, SUMO | {"TriggerType": "ResolvedCritical"}, "critical", "resolved"),
        (
            CLOUDFLARE | {"alert_event": "ALERT_STATE_EVENT_START"},
            CLOUDFLARE | {"alert_event": "ALERT_STATE_EVENT_END"},
            *("", "resolved"),
        ),
        (DYNATRACE | {"State": "OPEN"}, DYNATRACE | {"State": "MERGED"}, "", "merged"),
    ],
)
def test_an_event_around_an_alert_and_pairs_within_it_are_told_from_its_own_words(
    fires: Any, ends: Any, severity: str, state: str
) -> None:
    fired, over = only(fires), only(ends)
    assert (fired.title, fired.service, fired.severity, fired.state) == ("Errors", "checkout", severity, "firing")
    assert (over.state, over.key) == (state, fired.key)


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    ("body", "title", "state"),
    [
        ({"check": {"state": "failing", "output": "down"}, "hostname": "web-1"}, "Host on web-1", "firing"),
        ({"HOSTNAME": "web-1", "SERVICEDESC": "HTTP", "NOTIFICATIONTYPE": "RECOVERY"}, "HTTP on web-1", "resolved"),
        ({"workflow_run": {"name": "Deploy", "status": "completed", "conclusion": "failure"}}, "Deploy", "firing"),
        ({"event_type": "POLICY_CLOSE_CRITICAL", "displayName": "Errors"}, "Errors", "resolved"),
        ({"title": "Errors", "end_time": ISO}, "Errors", "resolved"),
        ({"kind": "Event", "reason": "BackOff", "message": "Back-off restarting"}, "Back-off restarting", "firing"),
        ({"text": "Something is wrong"}, "Something is wrong", "firing"),
    ],
)
def test_a_name_and_a_state_are_found_where_a_sender_has_them(body: Any, title: str, state: str) -> None:
    alert = only(body)
    assert (alert.title, alert.state) == (title, state)


@pytest.mark.sop("DET-1")
def test_our_names_count_in_any_case_and_what_a_template_forgot_is_found_beside_them() -> None:
    body = {"Kind": "Alert", "Title": "Down", "status": "RESOLVED", "id": 7, "tags": ["service:checkout"], "labels": {}}
    alert = only(body)
    assert (alert.key, alert.state, alert.service) == ("alert:7", "resolved", "checkout")
    said = only({**body, "key": "own", "State": "firing", "service": "billing", "labels": {"status": "resolved"}})
    assert (said.key, said.state, said.service) == ("alert:own", "firing", "billing")


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    "said",
    [
        {"service": ["checkout"], "environment": {"name": "eu"}, "severity": ["critical", "page"]},
        {"labels": ["service=checkout", "env:eu", "severity: critical"]},
        {"labels": "service=checkout,env=eu,severity=critical"},
        {"labels": {"serviceName": ["checkout"], "Env": "eu", "severity": "critical"}},
    ],
)
def test_a_word_is_what_is_meant_in_a_list_an_object_or_a_text_of_pairs(said: dict[str, Any]) -> None:
    alert = only({"kind": "alert", "key": "k", "title": "Down", **said})
    assert (alert.service, alert.environment, alert.severity.split(",")[0]) == ("checkout", "eu", "critical")


@pytest.mark.sop("TRI-2")
def test_addresses_are_links_wherever_a_template_has_them() -> None:
    body = {"kind": "alert", "key": "k", "title": "Down"}
    assert [one.url for one in only({**body, "links": ["https://x.example/1"]}).links] == ["https://x.example/1"]
    (runbook,) = only({**body, "runbook_url": "https://x.example/2"}).links
    assert (runbook.label, runbook.url) == ("Runbook", "https://x.example/2")


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize("state", ["ACKNOWLEDGEMENT", "DOWNTIMESTART", "snoozed"])
def test_what_happens_between_beginning_and_end_is_a_remark(state: str) -> None:
    heard = read(Standin("s").sign(NOW, {"kind": "alert", "key": "k", "title": "Down", "state": state}))
    assert (heard.alerts, heard.remark) == ((), f"Down is {state.lower()}, which is no firing and no recovery")


@pytest.mark.sop("SCP-1")
def test_azures_target_says_the_service_where_nothing_else_does() -> None:
    body = azure("Fired", configurationItems=None, alertTargetIDs=["/subscriptions/1/providers/web/sites/checkout"])
    body["data"].pop("customProperties")
    assert only(body).service == "checkout"


@pytest.mark.sop("DET-3", "DET-5")
def test_without_an_id_what_an_alert_is_about_tells_it_from_others_and_finds_its_end() -> None:
    about: tuple[dict[str, Any], ...] = (
        {"service": "a"},
        {"service": "b"},
        {"host": "a"},
        {"labels": {"pod": "a"}},
        {"tags": ["pod:b"]},
        {},
    )
    keys = [only({"title": "CPU high", "time": ISO, "value": 97, **one}).key for one in about]
    assert len(set(keys)) == len(keys)
    over = [only({"title": "CPU high", "time": NOW.isoformat(), "status": "ok", **one}) for one in about]
    assert [(one.key, one.state) for one in over] == [(key, "resolved") for key in keys]


@pytest.mark.sop("DET-1")
def test_a_body_in_the_shape_of_a_monitor_with_a_door_of_its_own_is_read_as_there() -> None:
    told = {"status": "firing", "labels": {"alertname": "Down", "service": "checkout"}, "startsAt": ISO}
    message = {"title": "[FIRING:1]", "orgId": 1, "groupLabels": {}, "alerts": [told]}
    alert = only(message)
    assert (alert.source, alert.title, alert.service) == ("grafana", "Down", "checkout")


@pytest.mark.sop("SCP-3")
@pytest.mark.parametrize(
    "body",
    [
        azure("Fired", monitoringService="Microsoft Defender for Cloud"),
        {"rule": "Terminal shell in container", "priority": "Critical", "tags": ["shell", "mitre_execution"]},
    ],
)
def test_a_guard_is_known_by_its_name_or_its_tags(body: Any) -> None:
    assert is_security(only(body), policy().alerts)


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize("body", [{"hello": "world"}, {"items": [1, 2]}, {"notificationType": "Bounce", "mail": {}}])
def test_a_body_without_any_name_of_what_is_wrong_rings_as_unreadable(body: Any) -> None:
    heard = read(Standin("s").sign(NOW, body))
    assert [one.key for one in heard.alerts] == ["unreadable/generic"]


@pytest.mark.sop("DET-1")
def test_a_body_of_any_depth_and_width_is_read_in_bounds() -> None:
    deep: dict[str, Any] = {"title": "Deeper"}
    for _ in range(50):
        deep = {"x": deep}
    wide = {str(number): number for number in range(5000)}
    assert only({"name": "Down", "deep": deep, "wide": wide}).title == "Down"


@pytest.mark.sop("DET-5")
def test_an_event_that_ends_what_its_key_names_needs_no_other_word() -> None:
    payload = {"summary": "Errors", "source": "x", "severity": "critical", "custom_details": {"service": "checkout"}}
    fired, over = ({"event_action": "trigger", "payload": payload}, {"event_action": "resolve"})
    one, end = (read(Standin("s").sign(NOW, told | {"dedup_key": "d1"})).alerts[0] for told in (fired, over))
    assert (one.key, one.state, end.state) == (end.key, "firing", "resolved")
