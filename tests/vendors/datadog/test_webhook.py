"""Datadog's words, by our template, by the default one and as found in the wild, become ours or are refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.alerting.alert import Alert, WebhookContent
from tests.specs import spec
from tests.vendors.delivery import NOW, captured, delivery, samples, unread
from vendors.datadog.template import PAYLOAD
from vendors.datadog.webhook import Settings, read, verify
from vendors.door import DoorClosed, Unverified

FOLDER, FACTS = samples("datadog")
DOCUMENTED = json.loads(spec("inbound/datadog/template-variables.json").read_text())["variables"]
FIRED_AT = datetime(2026, 11, 23, 2, 54, tzinfo=UTC)


def settings(token: str) -> Settings:
    return Settings.model_validate({"datadog_webhook_token": token})


def sample(name: str) -> Alert:
    [alert] = read(captured(FOLDER / name)).alerts
    return alert


def changed(**changes: Any) -> WebhookContent:
    """Our template's first alert, with changes to it."""
    body = json.loads((FOLDER / "recommended.triggered.p1.json").read_text())
    return read(delivery(json.dumps(body | changes)))


@pytest.mark.parametrize("name", FACTS)
def test_every_sample_says_what_its_facts_say(name: str) -> None:
    facts, alert = FACTS[name], sample(name)
    assert alert.state == facts["signal"]
    for fact, field in (("severity_raw", "severity"), ("service", "service"), ("env", "environment")):
        if fact in facts:
            assert getattr(alert, field) == (facts[fact] or "")
    if "fired_at" in facts:
        assert alert.fired_at == datetime.fromisoformat(facts["fired_at"])
    if "correlate" in facts:
        told = facts["correlate"]
        assert alert.key == f"{told['org']}:{told['monitor']}:{told.get('scope') or told['group']}"
        assert alert.episode == told.get("cycle", "")
    if "same_incident_as" in facts:
        first = sample(facts["same_incident_as"])
        assert (alert.key, alert.episode) == (first.key, first.episode)
        assert alert.at > first.at
    if "host" in facts:
        assert alert.labels["host"] == facts["host"]


def test_every_sample_was_read() -> None:
    assert set(FACTS) == {path.name for path in FOLDER.glob("*.json")} - {"facts.json"}


def test_our_template_and_the_default_one_tell_of_the_same_alert() -> None:
    assert sample("default-payload.triggered.json").key == sample("recommended.triggered.p1.json").key
    assert sample("keep-template.triggered.json").key == sample("recommended.triggered.p1.json").key


def test_another_group_of_the_same_monitor_is_another_alert() -> None:
    assert sample("recommended.triggered.second-group.json").key != sample("recommended.triggered.p1.json").key


def test_the_order_in_which_a_scope_is_told_does_not_matter() -> None:
    [alert] = changed(scope="service:checkout, env:prod").alerts
    assert alert.key == sample("recommended.triggered.p1.json").key


def test_a_time_is_read_in_milliseconds_in_seconds_and_as_a_number_and_is_else_the_arrival() -> None:
    for date in ("1795402440000", "1795402440", 1795402440000, 1795402440):
        assert changed(date=date).alerts[0].fired_at == FIRED_AT
    for date in ("", "$DATE", "yesterday", "9" * 30, "-1", "²"):
        assert changed(date=date).alerts[0].fired_at == NOW


@pytest.mark.parametrize(
    ("transition", "state"),
    [
        ("Re-Triggered", "firing"),
        ("Warn", "firing"),
        ("Re-Warn", "firing"),
        ("Re-No Data", "no_data"),
        ("Escalated", "firing"),
        ("recovered", "resolved"),
        ("No Data Recovered", "resolved"),
        ("warning recovery", "resolved"),
    ],
)
def test_every_transition_has_a_state_and_an_unknown_one_fires(transition: str, state: str) -> None:
    assert changed(transition=transition).alerts[0].state == state


def test_a_reminder_that_data_is_missing_is_no_alarm() -> None:
    [alert] = changed(transition="Renotify", alert_title="[No Data on {env:prod}] Heartbeat").alerts
    assert (alert.state, alert.title) == ("no_data", "Heartbeat")


def test_without_a_transition_the_type_tells_that_it_is_over() -> None:
    [alert] = changed(transition="", alert_title="", event_title="Checkout", alert_type="success").alerts
    assert alert.state == "resolved"


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"priority": "P1 - Critical"}, "P1"),
        ({"priority": "", "severity": "critical"}, "critical"),
        ({"priority": "", "tags": "service:checkout,severity:critical"}, "critical"),
        ({"priority": "P2", "severity": "critical"}, "P2"),
    ],
)
def test_a_severity_is_the_monitors_priority_or_the_word_of_its_template_or_its_tags(
    said: dict[str, str], severity: str
) -> None:
    assert changed(event_title="[Triggered] Errors", **said).alerts[0].severity == severity


def test_the_events_priority_is_no_severity() -> None:
    assert changed(priority="normal", event_title="Checkout").alerts[0].severity == ""


def test_a_test_by_our_template_is_a_test_too() -> None:
    assert changed(event_title="[Triggered] [TEST] Checkout").alerts[0].state == "test"
    assert changed(text="Test notification triggered by oncall@acme.example.").alerts[0].state == "test"


def test_people_are_led_to_the_event_the_monitor_its_mute_button_and_the_graph() -> None:
    links = {link.label: link.url for link in sample("recommended.triggered.p1.json").links}
    assert links == {
        "Datadog event": "https://app.datadoghq.com/event/event?id=7716548234011234567",
        "Datadog monitor": "https://app.datadoghq.com/monitors/148275309?group=env%3Aprod%2Cservice%3Acheckout",
        "Edit or mute the monitor": "https://app.datadoghq.com/monitors/148275309/edit",
        "Graph": "https://p.datadoghq.com/snapshot/view/dd-snapshots-prod/org_421337/2026-11-23/ab12.png",
    }


@pytest.mark.parametrize("site", ["https://app.datadoghq.eu", "https://us5.datadoghq.com", "https://app.ddog-gov.com"])
def test_each_of_datadogs_sites_is_linked_to_as_itself(site: str) -> None:
    links = {link.label: link.url for link in changed(link=f"{site}/event/event?id=1").alerts[0].links}
    assert links["Edit or mute the monitor"] == f"{site}/monitors/148275309/edit"


def test_a_link_that_is_no_web_address_or_not_datadogs_leads_nowhere_else() -> None:
    [alert] = changed(link="javascript:alert(1)", snapshot="data:text/html,x").alerts
    assert alert.links == ()
    [alert] = changed(link="https://app.datadoghq.com.evil.example/x", snapshot="").alerts
    assert [link.label for link in alert.links] == ["Datadog event"]


def test_tags_are_read_with_and_without_a_space_and_with_several_values() -> None:
    tags = "env:prod, service:a,service:b,monitor"
    [alert] = changed(service="", env="", scope="", event_title="", alert_title="Disk", tags=tags).alerts
    assert (alert.service, alert.environment, alert.labels["service"]) == ("a", "prod", "a,b")


def test_our_template_uses_only_documented_variables() -> None:
    variables = {value for value in PAYLOAD.values() if value.startswith("$")}
    tagged = {value for value in variables if value.startswith("$TAGS[")}
    assert tagged == {"$TAGS[service]", "$TAGS[env]", "$TAGS[team]"}
    assert variables - tagged <= set(DOCUMENTED)


@pytest.mark.parametrize("token", ["tok-one", "tok-two"])
def test_while_tokens_change_either_is_believed(token: str) -> None:
    verify(delivery("{}", authorization=f"Bearer {token}"), settings("tok-one, tok-two"))


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer tok-onf", "tok-one", "Basic tok-one", "Bearer \xff"])
def test_another_token_or_none_is_turned_away(header: str) -> None:
    with pytest.raises(Unverified):
        verify(delivery("{}", authorization=header), settings("tok-one,tok-two"))


@pytest.mark.parametrize("token", ["", " , "])
def test_without_a_token_the_door_is_closed(token: str) -> None:
    with pytest.raises(DoorClosed, match="DATADOG_WEBHOOK_TOKEN"):
        verify(delivery("{}", authorization="Bearer "), settings(token))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("[]", "body"),
        ("{}", "monitor_id"),
        ('{"monitor_id":"$ALERT_ID"}', "monitor_id"),
        ('{"monitor_id":{"a":1}}', "monitor_id"),
        ('{"text":"he said "down""}', "monitor_id"),
        (b"\xff", "byte 0"),
    ],
)
def test_what_is_no_notification_is_unreadable_and_says_where(body: bytes | str, path: str) -> None:
    refused = unread(read(delivery(body)))
    assert refused.path == path


@pytest.mark.parametrize(("body", "path"), [(b"no form", "body"), (b"\xff=1", "monitor_id")])
def test_what_is_no_form_is_unreadable(body: bytes, path: str) -> None:
    assert unread(read(delivery(body, content_type="application/x-www-form-urlencoded"))).path == path


@pytest.mark.parametrize(
    "body",
    [
        {"monitor_id": "7", "event_title": "[Monitor Modified] Checkout 5xx", "alert_type": "info"},
        {"monitor_id": "7", "alert_title": "[Muted] Checkout 5xx", "alert_type": "info"},
        {"monitor_id": "7", "event_title": "Downtime started on Checkout 5xx", "alert_type": "user_update"},
        {"monitor_id": "7", "event_title": "Scheduled downtime ended", "transition": ""},
        {"monitor_id": "7", "title": "Dana edited the monitor", "alert_type": "user_update"},
    ],
)
def test_what_a_monitor_says_about_itself_pages_nobody(body: dict[str, str]) -> None:
    heard = read(delivery(json.dumps(body)))
    assert (heard.alerts, heard.unread) == ((), ())
    assert heard.remark.startswith("a notice about the monitor itself")


@pytest.mark.parametrize(
    "body",
    [
        {"monitor_id": "7", "event_title": "[Triggered] Downtime budget is spent", "alert_type": "error"},
        {"monitor_id": "7", "transition": "Triggered", "alert_title": "mute button broken", "alert_type": "info"},
        {"monitor_id": "7", "title": "Checkout 5xx", "alert_type": "error"},
    ],
)
def test_an_alert_about_something_of_the_same_name_fires(body: dict[str, str]) -> None:
    assert [alert.state for alert in read(delivery(json.dumps(body))).alerts] == ["firing"]


def test_an_alert_of_several_environments_counts_as_production() -> None:
    body = {"monitor_id": "7", "title": "x", "tags": "env:staging,env:prod", "transition": "Triggered"}
    assert read(delivery(json.dumps(body))).alerts[0].environment == ""


@pytest.mark.sop("DET-1", "TRI-3")
def test_a_bare_number_is_the_priority_and_each_notification_of_a_list_is_heard() -> None:
    body = json.loads((FOLDER / "recommended.triggered.p1.json").read_text())
    heard = read(delivery(json.dumps([body | {"priority": 2}, 7, body | {"monitor_id": "8"}])))
    assert [alert.severity for alert in heard.alerts[:-1]] == ["P2", "P1"]
    assert unread(heard).path == "body.1"


@pytest.mark.sop("DET-1", "DET-5", "TRI-3")
def test_what_is_of_no_monitor_says_its_own_name_severity_and_end() -> None:
    def heard(**told: Any) -> Alert:
        (alert,) = read(delivery(json.dumps(told))).alerts
        return alert

    signal = heard(security_rule_name="Brute force", security_signal_severity="high", security_signal_id="x1")
    assert (signal.title, signal.severity, signal.state) == ("Brute force", "high", "firing")
    incident = {"incident_title": "Errors", "incident_severity": "SEV-1", "incident_public_id": "12"}
    began, over = (heard(incident_status=status, **incident) for status in ("active", "resolved"))
    assert (began.title, began.severity, over.state, over.key) == ("Errors", "SEV-1", "resolved", began.key)
