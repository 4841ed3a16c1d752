"""More monitors in their own shapes: what each calls its state, severity and service is found by its kind of name."""

import json
from typing import Any

import pytest

from domain.alerting.alert import Alert
from domain.alerting.grouping import group_of
from tests.domain.story import catalog, policy
from tests.vendors.generic.test_translation import ISO, NOW, SECONDS
from vendors.door import Request
from vendors.generic.webhook import read

Body = dict[str, Any]


def heard(body: Body) -> Alert:
    [alert] = read(Request(headers={}, body=json.dumps(body).encode(), received_at=NOW)).alerts
    return alert


CHECKLY = {"check_name": "Checkout", "check_id": "b68", "service": "checkout", "started_at": ISO}
SOLARWINDS = {"AlertName": "Node down", "AlertID": "55", "AlertSeverity": "Critical", "Service": "checkout"}
ITSI = {"title": "Degraded", "event_id": "a-1", "severity": "6", "severity_label": "Critical", "service": "checkout"}
KIBANA = {"rule": {"id": "7ad", "name": "Errors", "type": ".es-query"}, "service": "checkout", "severity": "critical"}
ROLLBAR = {"id": 275, "title": "TypeError", "level": 40, "level_string": "error", "service": "checkout"}
CRONITOR = {"key": "n3d", "name": "nightly", "url": "https://cronitor.io/app/x", "tags": ["service:checkout"]}
SERVICENOW = {"number": "INC0010023", "short_description": "Down", "priority": "1 - Critical", "cmdb_ci": "checkout"}
HETRIX = {"monitor_id": "m1", "monitor_name": "checkout", "timestamp": SECONDS}
FRESHPING = {"check_id": 11, "check_name": "checkout", "request_start_time": ISO}
UPDOWN = {"token": "ngg8", "url": "https://checkout.acme.example", "alias": "checkout"}
OH_DEAR = {"id": 1, "url": "https://checkout.acme.example", "label": "Checkout", "tags": ["service:checkout"]}
INCIDENT = {"id": "01F", "name": "Down", "severity": {"name": "Critical", "rank": 3}, "service": "checkout"}
ROOTLY = {"id": "i1", "title": "Down", "severity": {"name": "SEV1"}, "services": [{"name": "checkout"}]}
SCANNED = {"number": 10, "html_url": "https://github.com/a/checkout/1", "severity": "critical"}
INSTANA = {"id": "5365", "severity": 10, "text": "Error rate", "link": "https://x.instana.io/1", "service": "checkout"}
SUMO = {"Type": "Monitor", "MonitorName": "5xx", "service": "checkout", "QueryURL": "https://s.example/1"}
NETDATA = {"message": "cpu is high", "alert": "10min_cpu_usage", "node": "web1", "service": "checkout"}
ATLAS = {"id": "5b", "groupId": "g", "eventTypeName": "OUTSIDE_METRIC_THRESHOLD", "service": "checkout"}
PRTG = {"sensorid": "2001", "sensor": "HTTP", "device": "web1", "priority": "5", "service": "checkout"}
CORALOGIX = {"alert_id": "a", "name": "Errors", "service": "checkout", "fields": [{"key": "team", "value": "pay"}]}
LIBRENMS = {"title": "Device down", "alert_id": "5", "hostname": "web1", "service": "checkout"}
OBSERVIUM = {"ALERT_ID": "5", "ALERT_MESSAGE": "Down", "ALERT_SEVERITY": "Critical", "SERVICE": "checkout"}
SENDERS: dict[str, tuple[str, Body, Body]] = {
    "checkly": ("", {"alert_type": "ALERT_FAILURE", **CHECKLY}, {"alert_type": "ALERT_RECOVERY", **CHECKLY}),
    "solarwinds": ("P1", {"AlertStatus": "Active", **SOLARWINDS}, {"AlertStatus": "Reset", **SOLARWINDS}),
    "splunk itsi": ("P1", {"status_label": "New", **ITSI}, {"status_label": "Closed", **ITSI, "severity": "2"}),
    "kibana": (
        "P1",
        {**KIBANA, "alert": {"id": "checkout", "actionGroup": "query matched"}},
        {**KIBANA, "alert": {"id": "checkout", "actionGroup": "recovered"}},
    ),
    "rollbar": (
        "P2",
        {"event_name": "new_item", "data": {"item": {**ROLLBAR, "status": 1}}},
        {"event_name": "resolved_item", "data": {"item": {**ROLLBAR, "status": 2}}},
    ),
    "cronitor": ("", {**CRONITOR, "type": "ALERT"}, {**CRONITOR, "type": "RECOVERY"}),
    "healthchecks": (
        "",
        {"name": "nightly", "code": "5bf", "status": "down", "tags": "service:checkout env:prod"},
        {"name": "nightly", "code": "5bf", "status": "up", "tags": "service:checkout env:prod"},
    ),
    "servicenow": (
        "P1",
        {**SERVICENOW, "state": "1", "incident_state": "New"},
        {**SERVICENOW, "state": "6", "incident_state": "Resolved"},
    ),
    "hetrixtools": ("", {**HETRIX, "monitor_status": "offline"}, {**HETRIX, "monitor_status": "online"}),
    "freshping": (
        "",
        {"webhook_event_data": {**FRESHPING, "check_state_name": "Not Responding"}},
        {"webhook_event_data": {**FRESHPING, "check_state_name": "Available"}},
    ),
    "updown": (
        "",
        {"event": "check.down", "description": "DOWN", "check": {**UPDOWN, "down": True}},
        {"event": "check.up", "description": "DOWN", "check": {**UPDOWN, "down": False}},
    ),
    "oh dear": (
        "",
        {"type": "uptimeCheckFailedNotification", "site": OH_DEAR},
        {"type": "uptimeCheckRecoveredNotification", "site": OH_DEAR},
    ),
    "incident.io": (
        "P1",
        {"event_type": "incident_created_v2", "incident": {**INCIDENT, "incident_status": {"category": "live"}}},
        {"event_type": "status_updated_v2", "incident": {**INCIDENT, "incident_status": {"category": "closed"}}},
    ),
    "rootly": ("P1", {"data": {**ROOTLY, "status": "started"}}, {"data": {**ROOTLY, "status": "resolved"}}),
    "github code scanning": (
        "P1",
        {"action": "created", "alert": {**SCANNED, "state": "open"}, "repository": {"name": "checkout"}},
        {"action": "fixed", "alert": {**SCANNED, "state": "fixed"}, "repository": {"name": "checkout"}},
    ),
    "sumo logic": ("", {"TriggerType": "Critical", **SUMO}, {"TriggerType": "ResolvedCritical", **SUMO}),
    "netdata": ("", {"severity": "critical", **NETDATA}, {"severity": "clear", **NETDATA}),
    "mongodb atlas": (
        "",
        {"status": "OPEN", "currentValue": {"number": 99.5, "units": "RAW"}, **ATLAS},
        {"status": "CLOSED", "currentValue": {"number": 12, "units": "RAW"}, **ATLAS},
    ),
    "prtg": ("", {"status": "Down", "message": "timeout", **PRTG}, {"status": "Up", **PRTG}),
    "coralogix": ("", {"alert_action": "trigger", **CORALOGIX}, {"alert_action": "resolve", **CORALOGIX}),
    "librenms": ("P1", {"state": 1, "severity": "critical", **LIBRENMS}, {"state": 0, "severity": "ok", **LIBRENMS}),
    "observium": ("P1", {"ALERT_STATE": "ALERT", **OBSERVIUM}, {"ALERT_STATE": "RECOVER", **OBSERVIUM}),
    "instana": ("P1", {"issue": {**INSTANA, "state": "OPEN"}}, {"issue": {**INSTANA, "state": "CLOSED"}}),
}


@pytest.mark.sop("DET-1", "DET-5", "TRI-3")
@pytest.mark.parametrize("sender", SENDERS)
def test_a_senders_alert_is_heard_with_its_service_and_severity_and_its_end_ends_it(sender: str) -> None:
    severity, fires, recovers = SENDERS[sender]
    began, again, over = heard(fires), heard(fires), heard(recovers)
    assert (began.state, again.state, over.state) == ("firing", "firing", "resolved")
    assert began.key == again.key == over.key
    assert group_of(began, catalog()).service == "checkout"
    if severity:
        assert policy().propose(began, catalog().services["checkout"], security=False)[0] == severity


@pytest.mark.sop("DET-1", "DET-5")
def test_a_mail_of_nagios_is_an_alert_and_the_mail_of_its_recovery_the_end() -> None:
    mail = {"from": "nagios@acme.example", "text": "***** Nagios *****", "headers": "x"}
    began = heard({**mail, "subject": "** PROBLEM Service Alert: checkout-1/HTTP is CRITICAL **"})
    over = heard({**mail, "subject": "** RECOVERY Service Alert: checkout-1/HTTP is OK **"})
    assert (began.title, began.severity.lower(), began.state) == ("HTTP on checkout-1", "critical", "firing")
    assert (over.key, over.state) == (began.key, "resolved")


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    ("body", "title", "key"),
    [
        ({"monitor": "Checkout", "trigger": "5xx", "severity": "1", "period_end": ISO}, "Checkout", ""),
        ({"alert_title": "Errors", "alert_severity": "HIGH", "account_id": 1}, "Errors", ""),
        ({"TestId": "5", "TestName": "Checkout", "NotificationLevel": "Critical"}, "Checkout", "alert:5"),
        ({"alertType": "APs went down", "alertId": "7", "deviceName": "AP 1", "level": "high"}, "AP", "alert:7"),
    ],
)
def test_a_name_behind_a_part_of_the_senders_own_is_found(body: Body, title: str, key: str) -> None:
    found = heard(body)
    assert (found.state, found.title[: len(title)]) == ("firing", title)
    assert found.key == key or not key


@pytest.mark.sop("DET-5")
@pytest.mark.parametrize(
    "beside",
    [{"previous_state": "UP"}, {"http_status": "OK"}, {"agent_status": "up", "check_status": "failed"}],
)
def test_another_state_beside_the_alerts_own_ends_nothing(beside: Body) -> None:
    assert heard({"name": "Checkout", "id": "c1", **beside}).state == "firing"
