"""Alertmanager's words, as captured and as found in the wild, become ours or are refused with a reason."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from tests.specs import spec
from tests.vendors.delivery import unread
from vendors.alertmanager.webhook import Settings, read, verify
from vendors.door import DoorClosed, Request, Unverified

FOLDER = spec("inbound/alertmanager")
SAMPLES = FOLDER / "samples"
FACTS = json.loads((SAMPLES / "facts.json").read_text())
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def request_of(body: bytes | str, **headers: str) -> Request:
    return Request(headers=headers, body=body.encode() if isinstance(body, str) else body, received_at=NOW)


def captured(path: Path) -> Request:
    wire = json.loads(path.read_text())
    headers = {name.lower(): value for name, value in wire["headers"]}
    return Request(headers=headers, body=wire["body"].encode(), received_at=NOW)


def sample(name: str) -> WebhookContent:
    return read(request_of((SAMPLES / name).read_bytes()))


def changed(**changes: Any) -> Request:
    """One firing alert, with changes to it."""
    body = json.loads((SAMPLES / "captured.firing.bearer-auth.json").read_text())
    body["alerts"][0].update(changes)
    return request_of(json.dumps(body))


@pytest.mark.parametrize("name", FACTS)
def test_every_sample_says_what_its_facts_say(name: str) -> None:
    facts, alerts = FACTS[name], sample(name).alerts
    assert {alert.state for alert in alerts} == {facts["signal"]}
    for told, alert in zip(facts.get("alerts", []), alerts, strict="alerts" in facts):
        assert (alert.state, alert.key) == (told["state"], told["fingerprint"])
    for fact, field in (("severity_raw", "severity"), ("service", "service"), ("env", "environment")):
        if fact in facts:
            assert {getattr(alert, field) for alert in alerts} == {facts[fact] or ""}
    if "truncated" in facts:
        assert f"left {facts['truncated']} more" in alerts[0].description
    if "fired_at" in facts:
        assert alerts[0].fired_at == datetime.fromisoformat(facts["fired_at"])
    if "same_incident_as" in facts:
        known = {(alert.key, alert.episode) for alert in sample(facts["same_incident_as"]).alerts}
        assert {(alert.key, alert.episode) for alert in alerts} <= known


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.request.json")), ids=lambda path: path.name)
def test_every_captured_request_reads_as_its_body_does(path: Path) -> None:
    body = sample(path.name.replace(".request", ""))
    raw = read(captured(path))
    assert [(a.key, a.episode, a.state, a.at) for a in raw.alerts] == [
        (a.key, a.episode, a.state, a.at) for a in body.alerts
    ]


def test_the_captured_bearer_opens_the_door_and_basic_or_nothing_does_not() -> None:
    settings = Settings.model_validate({"alertmanager_webhook_token": "old, s3cr3t-token"})
    verify(captured(SAMPLES / "captured.firing.bearer-auth.request.json"), settings)
    for name in ("captured.firing.basic-auth.truncated.request.json", "captured.firing.group-of-two.request.json"):
        with pytest.raises(Unverified):
            verify(captured(SAMPLES / name), settings)


@pytest.mark.parametrize("token", ["", " , "])
def test_without_a_token_the_door_is_closed(token: str) -> None:
    with pytest.raises(DoorClosed, match="ALERTMANAGER_WEBHOOK_TOKEN"):
        verify(
            request_of("{}", authorization="Bearer "), Settings.model_validate({"alertmanager_webhook_token": token})
        )


def test_a_token_in_no_alphabet_is_turned_away_and_breaks_nothing() -> None:
    settings = Settings.model_validate({"alertmanager_webhook_token": "s3cr3t"})
    with pytest.raises(Unverified):
        verify(request_of("{}", authorization="Bearer s3cr3t\xff"), settings)


def test_a_firing_alert_started_when_it_started_and_a_resolved_one_ended_when_it_ended() -> None:
    firing, resolved = sample("captured.firing.group-of-two.json"), sample("captured.resolved.last-of-group.json")
    assert firing.alerts[1].fired_at == firing.alerts[1].at == datetime(2026, 11, 23, 3, 11, 21, 143226, UTC)
    assert resolved.alerts[0].fired_at == firing.alerts[1].fired_at
    assert resolved.alerts[0].at == datetime(2026, 11, 23, 3, 11, 32, tzinfo=UTC)


def test_people_are_led_to_the_graph_the_runbook_and_the_silence() -> None:
    first, second = sample("captured.firing.group-of-two.json").alerts
    links = {link.label: link.url for link in first.links}
    assert links["Prometheus"] == "http://prom.example:9090/graph?g0.expr=rate"
    assert links["Runbook"] == "https://runbooks.example/he"
    assert links["Silence"].startswith("http://alertmanager.example:9093/#/silences/new?filter=%7Balertname%3D%22High")
    assert [link.label for link in second.links] == ["Silence"]


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    heard = read(changed(generatorURL="javascript:alert(1)"))
    assert [link.label for link in heard.alerts[0].links] == ["Silence"]


def test_without_a_fingerprint_the_labels_give_the_same_key() -> None:
    assert read(changed(fingerprint="")).alerts[0].key == "2992af10bda59677"


@pytest.mark.parametrize("labels", [{"alertname": "Watchdog"}, {"alertname": "Alive", "severity": "none"}])
def test_a_sign_of_life_is_a_remark_and_no_alert(labels: dict[str, str]) -> None:
    heard = read(changed(labels=labels))
    assert not heard.alerts
    assert [one.labels["alertname"] for one in heard.heartbeats] == [labels["alertname"]]
    assert labels["alertname"] in heard.remark


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("[]", "body"),
        ('["custom payload"]', "body"),
        ('"text"', "body"),
        ("{}", "alerts"),
        ("not json", "byte 0"),
        ("", "byte 0"),
        ("[" * 200_000, "byte 0"),
        (b"\xff\xfe", "byte 0"),
    ],
)
def test_what_is_no_message_of_alertmanager_is_unreadable(body: str | bytes, path: str) -> None:
    refused = unread(read(request_of(body)))
    assert refused.path == path


@pytest.mark.parametrize(
    "starts_at", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "yesterday", "2026-11-23T03:11:21", None, 7, {}]
)
def test_a_start_that_is_none_is_the_arrival_and_says_so(starts_at: Any) -> None:
    alert = read(changed(startsAt=starts_at)).alerts[0]
    assert (alert.state, alert.fired_at, alert.at) == ("firing", NOW, NOW)
    assert "the arrival counts" in alert.description


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "suppressed"},
        {"status": None},
        {"labels": {"alertname": 7, "up": True}},
        {"annotations": None},
        {"annotations": ["odd"]},
        {"generatorURL": None},
        {"endsAt": "soon"},
        {"fingerprint": None},
    ],
)
def test_an_odd_ornament_decides_nothing(changes: dict[str, Any]) -> None:
    heard = read(changed(**changes))
    assert ([alert.state for alert in heard.alerts], heard.unread) == (["firing"], ())


def test_what_is_no_alert_hides_none_of_its_neighbours_and_rings_itself() -> None:
    body = json.loads((SAMPLES / "captured.firing.bearer-auth.json").read_text())
    body["alerts"] = [None, *body["alerts"], "odd"]
    heard = read(request_of(json.dumps(body)))
    assert unread(heard).path == "alerts.0.body"
    assert len(heard.alerts) == 2
    assert [one.path for one in heard.unread] == ["alerts.0.body", "alerts.2.body"]


def test_a_resolved_alert_that_never_says_when_ended_when_it_arrived() -> None:
    alert = read(changed(status="resolved", endsAt="0001-01-01T00:00:00+14:00")).alerts[0]
    assert alert.at == NOW


@pytest.mark.parametrize("labels", [{"job": "kube-state-metrics"}, {"service": "stack-kube-state-metrics", "job": "x"}])
def test_an_exporter_that_watches_others_is_no_service(labels: dict[str, str]) -> None:
    told = {
        "status": "firing",
        "labels": {"alertname": "KubePodCrashLooping", **labels},
        "startsAt": "2026-03-03T03:00:00Z",
    }
    body = {"version": "4", "status": "firing", "alerts": [told]}
    (alert,) = read(Request(headers={}, body=json.dumps(body).encode(), received_at=NOW)).alerts
    assert alert.service == ""


@pytest.mark.sop("DET-1", "DET-5")
def test_a_list_is_what_prometheus_posts_itself_and_is_over_once_its_end_is_past() -> None:
    labels = {"alertname": "Down", "service": "checkout"}
    ends = {"a": "2026-11-23T04:04:00Z", "b": "2026-11-23T03:59:00Z"}
    told = [
        {"labels": {**labels, "pod": pod}, "startsAt": "2026-11-23T03:50:00Z", "endsAt": at} for pod, at in ends.items()
    ]
    heard = read(request_of(json.dumps(told)))
    assert {one.labels["pod"]: one.state for one in heard.alerts} == {"a": "firing", "b": "resolved"}


@pytest.mark.sop("TRI-2")
@pytest.mark.parametrize("where", ["annotations", "labels"])
@pytest.mark.parametrize("name", ["runbook_url", "runbook", "Runbook-URL", "playbook"])
def test_a_runbook_is_found_under_whatever_name_the_rule_gives_it(where: str, name: str) -> None:
    told = {"labels": {"alertname": "Down"}, "annotations": {}}
    told[where][name] = "https://runbooks.example/1"
    (alert,) = read(request_of(json.dumps({"groupLabels": {}, "alerts": [told]}))).alerts
    assert [link.url for link in alert.links if link.label == "Runbook"] == ["https://runbooks.example/1"]


def test_what_alertmanagers_own_list_says_is_silenced_is_not_heard() -> None:
    told = [{"labels": {"alertname": word}, "status": {"state": word}} for word in ("active", "suppressed")]
    assert [one.title for one in read(request_of(json.dumps(told))).alerts] == ["active"]
