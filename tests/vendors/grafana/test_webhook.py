"""Grafana's words, of three generations, become ours or are refused with a reason."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.alerting.alert import Alert, WebhookContent
from tests.vendors.delivery import NOW, captured, delivery, samples, unread
from vendors.grafana.webhook import read

FOLDER, FACTS = samples("grafana")
READABLE = [name for name, facts in FACTS.items() if facts["signal"] != "unreadable"]
MEANT = {"error": {"no_data"}, "mixed": {"firing", "resolved"}}
"""A data source that fails is the third state too: nobody knows how things are."""
UNSEEN = "v12.resolved.missing-series.json"


def sample(name: str) -> WebhookContent:
    return read(captured(FOLDER / name))


def only(name: str) -> Alert:
    [alert] = sample(name).alerts
    return alert


def changed(**changes: Any) -> Alert:
    """The first alert of version 12, with changes to it."""
    body = json.loads((FOLDER / "v12.firing.json").read_text())
    body["alerts"][0].update(changes)
    [alert] = read(delivery(json.dumps(body))).alerts
    return alert


@pytest.mark.parametrize("name", READABLE)
def test_every_sample_says_what_its_facts_say(name: str) -> None:
    facts, alerts = FACTS[name], sample(name).alerts
    expected = {"merged"} if name == UNSEEN else MEANT.get(facts["signal"], {facts["signal"]})
    assert {alert.state for alert in alerts} == expected
    for told, alert in zip(facts.get("alerts", []), alerts, strict="alerts" in facts):
        assert alert.state == told["state"]
        assert alert.key.endswith(f":{told['fingerprint']}")
        for fact, field in (("severity_raw", "severity"), ("service", "service"), ("env", "environment")):
            assert told.get(fact, getattr(alert, field)) == getattr(alert, field)
        if "fired_at" in told:
            assert alert.fired_at == datetime.fromisoformat(told["fired_at"])
        if "resolved_at" in told:
            assert alert.at == datetime.fromisoformat(told["resolved_at"])
        assert told.get("rule", "") in alert.key
    if "rule_name" in facts:
        assert facts["rule_name"] in alerts[0].title
    if "correlate" in facts:
        assert alerts[0].key == f"{facts['correlate']['org']}:rule {facts['correlate']['ruleId']}"
    if "same_incident_as" in facts:
        first = only(facts["same_incident_as"])
        assert [(one.key, one.episode) for one in alerts] == [(first.key, first.episode)]


def test_every_sample_was_read() -> None:
    known = {path.name for path in FOLDER.glob("*.json")} - {"facts.json", "signature-vectors.json"}
    assert set(FACTS) == known


def test_a_custom_payload_rings_with_what_to_do() -> None:
    said = unread(sample("custom-payload.text-only.json")).expected
    assert "leave the contact point's custom payload empty" in said


def test_an_upgrade_of_grafana_does_not_make_the_same_alert_another_one() -> None:
    assert only("v8.firing.no-values.json").key == only("v12.firing.json").key


def test_a_series_that_vanished_is_calm_but_nobody_saw_it_recover() -> None:
    alert, fired = only(UNSEEN), only("v12.firing.json")
    assert (alert.state, alert.key, alert.episode) == ("merged", fired.key, fired.episode)
    assert "MissingSeries" in alert.description
    assert alert.at > fired.at
    several = changed(status="resolved", annotations={"grafana_state_reason": "MissingSeries, KeepLast"})
    assert several.state == "merged"


def test_missing_data_and_a_failing_source_are_alerts_of_their_own_for_the_same_rule() -> None:
    keys = {only(f"v12.{name}.json").key for name in ("firing", "datasource-nodata", "datasource-error")}
    assert len(keys) == 3
    assert {key.split(":")[1] for key in keys} == {"aeq1b7x0s2ww1a"}
    error = only("v12.datasource-error.json")
    assert error.title.startswith("CheckoutLatencyP99: the data source fails")
    assert "context deadline exceeded" in error.description


def test_a_truncated_group_says_how_many_it_leaves_out() -> None:
    assert "left 7 more alerts" in only("v12.truncated.json").description


def test_people_are_led_to_the_dashboard_the_panel_the_query_the_silence_and_the_runbook() -> None:
    links = {link.label: link.url for link in only("v12.firing.json").links}
    assert list(links) == ["Dashboard", "Panel", "Rule and its query", "Silence", "Runbook"]
    assert "viewPanel=4" in links["Panel"]
    assert links["Silence"].startswith("https://grafana.acme.example/alerting/silence/new?")
    assert [link.label for link in only("legacy-v7.alerting.json").links] == ["Panel and its rule", "Graph"]


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    labels = [link.label for link in changed(panelURL="javascript:alert(1)", dashboardURL="").links]
    assert labels == ["Rule and its query", "Silence", "Runbook"]


def test_times_are_read_as_relays_print_them_too() -> None:
    alert = changed(startsAt="2026-11-23 02:53:10.678 +0000 UTC m=+12.345", status="")
    assert alert.fired_at == datetime(2026, 11, 23, 2, 53, 10, 678000, UTC)
    assert alert.state == "firing"


def test_a_resolved_alert_that_does_not_say_when_ended_when_it_arrived() -> None:
    assert changed(status="resolved").at == NOW
    assert changed(status="resolved", endsAt="0001-01-01T00:00:00+14:00").at == NOW


def test_missing_data_that_ended_is_resolved() -> None:
    labels = {"alertname": "DatasourceNoData", "rulename": "CheckoutLatencyP99"}
    assert changed(labels=labels, status="resolved").state == "resolved"


def test_a_panels_rule_fired_when_it_arrived_and_takes_its_service_from_what_it_found() -> None:
    alert = only("legacy-v7.alerting.json")
    assert (alert.fired_at, alert.service, alert.environment) == (NOW, "checkout", "prod")
    assert alert.severity == "critical"


def test_a_panels_rule_that_is_paused_is_a_remark_and_its_test_button_a_test() -> None:
    body = json.loads((FOLDER / "legacy-v7.alerting.json").read_text())
    paused = read(delivery(json.dumps(body | {"state": "paused", "evalMatches": None})))
    assert (paused.alerts, paused.remark) == ((), "Grafana says that Checkout latency alert is paused")
    [test] = read(delivery(json.dumps(body | {"ruleName": "Test notification"}))).alerts
    assert test.state == "test"


def test_a_message_without_alerts_is_a_remark() -> None:
    assert read(delivery('{"status": "resolved", "alerts": []}')).remark == "a message of Grafana without alerts"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("[]", "alerts"),
        ("{}", "alerts"),
        ('"text"', "alerts"),
        ("not json", "byte 0"),
        ('{"alerts": {}, "status": "odd"}', "alerts"),
    ],
)
def test_what_is_no_message_of_grafana_is_unreadable(body: str, path: str) -> None:
    refused = unread(read(delivery(body)))
    assert refused.path == path


@pytest.mark.parametrize(
    "changes",
    [
        {"startsAt": "0001-01-01T00:00:00+14:00"},
        {"startsAt": "yesterday"},
        {"fingerprint": None},
        {"labels": {"alertname": 7}},
        {"values": None, "silenceURL": None, "dashboardURL": 7, "imageURL": []},
        {"annotations": None},
    ],
)
def test_an_odd_ornament_decides_nothing(changes: dict[str, Any]) -> None:
    assert changed(**changes).state == "firing"


@pytest.mark.sop("DET-1", "DET-5")
def test_a_payload_of_ones_own_that_names_a_service_is_heard_with_its_end() -> None:
    own = {"title": "Errors", "id": "c1", "service": "checkout", "severity": "critical"}
    fired, over = (read(delivery(json.dumps(own | {"status": state}))).alerts[0] for state in ("firing", "resolved"))
    assert (fired.service, fired.state, over.state, fired.key == over.key) == ("checkout", "firing", "resolved", True)


@pytest.mark.sop("DET-1")
def test_what_a_template_left_unfilled_names_no_service_and_common_labels_do() -> None:
    told = {"status": "firing", "labels": {"service": "{{ $labels.service }}", "app": "[no value]", "job": "checkout"}}
    whole = {"orgId": 1, "status": "firing", "alerts": [told], "commonLabels": {"severity": "critical"}}
    (alert,) = read(delivery(json.dumps(whole))).alerts
    assert (alert.service, alert.severity) == ("checkout", "critical")
