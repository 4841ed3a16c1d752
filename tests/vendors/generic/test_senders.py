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
SNITCH = {"token": "c2", "name": "checkout", "tags": ["nightly"]}
AXIOM = {"monitorID": "m1", "title": "Errors", "queryEndTime": ISO, "value": 0}
FAULT = {"id": 3, "klass": "RuntimeError", "component": "users", "action": "show", "environment": "production"}
BADGER = {"message": "RuntimeError: oops", "project": {"id": 1, "name": "checkout", "environments": [{"name": "eu"}]}}
ILERT = {"id": 66, "summary": "Errors", "alertSource": {"id": 5, "name": "checkout"}, "service": {"name": "checkout"}}
WAVEFRONT = {"alertId": "1", "alertName": "Errors", "severity": "SEVERE", "service": "checkout"}
CHECKMK = {"NOTIFY_HOSTNAME": "web1", "NOTIFY_SERVICEDESC": "HTTP", "NOTIFY_SERVICE": "checkout"}
COMPONENT = {"id": "c1", "name": "checkout"}
SENSU = {"entity": {"metadata": {"name": "web1", "labels": {"service": "checkout"}}}}
GRAYLOG = {"event_definition_id": "5d", "event_definition_title": "Errors"}
SQUADCAST = {
    "id": "61",
    "message": "Errors",
    "tags": {"severity": {"value": "critical"}},
    "service": {"name": "checkout"},
}
SENDERS: dict[str, tuple[str, Body, Body]] = {
    "dead man's snitch": (
        "",
        {"type": "snitch.missing", "data": {"snitch": {**SNITCH, "status": "missing", "previous_status": "healthy"}}},
        {"type": "snitch.reporting", "data": {"snitch": {**SNITCH, "status": "healthy", "previous_status": "missing"}}},
    ),
    "axiom": (
        "",
        {"action": "Open", "event": {**AXIOM, "service": "checkout"}},
        {"action": "Closed", "event": {**AXIOM, "service": "checkout"}},
    ),
    "honeybadger": (
        "",
        {"event": "occurred", **BADGER, "fault": {**FAULT, "resolved": False}},
        {"event": "resolved", **BADGER, "fault": {**FAULT, "resolved": True}},
    ),
    "ilert": (
        "",
        {"eventType": "alert-created", "alert": {**ILERT, "status": "PENDING"}},
        {"eventType": "alert-resolved", "alert": {**ILERT, "status": "RESOLVED"}},
    ),
    "wavefront": ("P1", {"reason": "ALERT_OPENED", **WAVEFRONT}, {"reason": "ALERT_RESOLVED", **WAVEFRONT}),
    "checkmk by its environment": (
        "P1",
        {"NOTIFY_NOTIFICATIONTYPE": "PROBLEM", "NOTIFY_SERVICESTATE": "CRITICAL", **CHECKMK},
        {"NOTIFY_NOTIFICATIONTYPE": "RECOVERY", "NOTIFY_SERVICESTATE": "OK", **CHECKMK},
    ),
    "a component of a supplier's status page": (
        "",
        {
            "page": {"id": "p", "status_description": "Partial outage"},
            "component_update": {"id": "u1", "new_status": "major_outage", "old_status": "operational"},
            "component": {**COMPONENT, "status": "major_outage"},
        },
        {
            "page": {"id": "p", "status_description": "All good"},
            "component_update": {"id": "u2", "new_status": "operational", "old_status": "major_outage"},
            "component": {**COMPONENT, "status": "operational"},
        },
    ),
    "graylog": (
        "P1",
        {**GRAYLOG, "event": {"id": "01", "priority": 4, "alert": True, "fields": {"service": "checkout"}}},
        {**GRAYLOG, "event": {"id": "01", "priority": 4, "status": "ok", "fields": {"service": "checkout"}}},
    ),
    "squadcast": (
        "P1",
        {"event_type": "incident_triggered", "status": "triggered", **SQUADCAST},
        {"event_type": "incident_resolved", "status": "resolved", **SQUADCAST},
    ),
    "appoptics": (
        "",
        {"alert": {"id": 6, "name": "checkout"}, "incident_key": "f", "violations": {}},
        {"alert": {"id": 6, "name": "checkout"}, "incident_key": "f", "clear": "normal"},
    ),
    "argo cd": (
        "",
        {"app": "checkout", "project": "default", "health": "Degraded", "sync": "Synced"},
        {"app": "checkout", "project": "default", "health": "Healthy", "sync": "Synced"},
    ),
    "sensu": (
        "",
        {"id": "e1", **SENSU, "check": {"metadata": {"name": "http"}, "state": "failing", "status": 2}},
        {"id": "e2", **SENSU, "check": {"metadata": {"name": "http"}, "state": "passing", "status": 0}},
    ),
    "a dyno of heroku": (
        "",
        {"id": "e1", "action": "update", "data": {"id": "d1", "state": "crashed", "app": {"name": "checkout"}}},
        {"id": "e2", "action": "update", "data": {"id": "d1", "state": "up", "app": {"name": "checkout"}}},
    ),
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
        ({"data": {"context": {"activityLog": {"operationName": "vm/delete"}}}}, "vm/delete", ""),
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
    [
        {"service": {"name": "x", "status": "down"}},
        {"health": "Healthy", "sync": "failed"},
        {"previous_state": "UP"},
        {"http_status": "OK"},
        {"agent_status": "up", "check_status": "failed"},
    ],
)
def test_another_state_beside_the_alerts_own_ends_nothing(beside: Body) -> None:
    assert heard({"name": "Checkout", "id": "c1", **beside}).state == "firing"


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize("event", ["Checkout is not up", "NOT_OK", "Recovery failed", "SYNTHETIC_TEST_FAILED"])
def test_a_mark_that_denies_an_end_or_names_a_test_among_other_words_ends_nothing(event: str) -> None:
    assert heard({"name": "Checkout", "id": "c1", "event_type": event}).state == "firing"


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    "body",
    [
        {"heartbeat": None, "monitor": None, "msg": "Standfast Testing"},
        {"text": "Hello World! This is a test message sent from https://cloudflare.example."},
        {"title": "Testing transport from LibreNMS", "alert_id": "0", "severity": "critical"},
        {"issueTitle": "Test notification", "issueId": "i", "state": "ACTIVATED"},
        {"event": "assigned", **BADGER, "fault": FAULT},
        {"event": "deployed", "message": "checkout to production", "deploy": {"environment": "production"}},
        {"eventType": "AssignedToUser", "error": {"message": "Null"}, "application": {"name": "checkout"}},
        {"eventType": "alert-accepted", "alert": {**ILERT, "status": "ACCEPTED"}},
        {"incident": {"id": "m", "name": "Database upgrade", "status": "scheduled"}},
    ],
)
def test_a_trial_and_what_people_did_about_an_alert_ring_nobody(body: Body) -> None:
    told = read(Request(headers={}, body=json.dumps(body).encode(), received_at=NOW))
    assert told.alerts == ()
    assert "no firing and no recovery" in told.remark


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize(
    "body",
    [
        {"title": "Test message queue is full", "id": "q"},
        {"title": "Test environment database is down", "id": "d"},
        {"heartbeat": {"status": 0}, "monitor": {"name": "Checkout"}, "msg": "Load Testing"},
        {"kind": "alert", "key": "k", "title": "Test alert"},
    ],
)
def test_what_only_speaks_of_a_test_rings_and_so_does_whoever_tries_our_own_shape(body: Body) -> None:
    assert heard(body).state == "firing"
