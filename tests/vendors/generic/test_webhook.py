"""Our own webhook takes what is signed and says what its documentation says; everything else is named and refused."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from standins.generic.standin import Standin
from tests.vendors.delivery import unread
from vendors.door import DoorClosed, Request, Unverified
from vendors.generic.webhook import Settings, read, schema, signature, verify

DOCS = Path(__file__).parents[3] / "docs"
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SETTINGS = Settings.model_validate({"generic_webhook_secret": "old-secret,new-secret"})


def alert(**changes: Any) -> dict[str, Any]:
    body = {"kind": "alert", "key": "disk", "title": "Disk full", "fired_at": NOW.isoformat(), **changes}
    return {name: value for name, value in body.items() if value is not ...}


def escalation(**changes: Any) -> dict[str, Any]:
    body = {"kind": "escalation", "ticket": "T-7", "title": "Cannot pay", "escalated_at": NOW.isoformat()}
    return {**body, **changes}


@pytest.mark.parametrize("secret", ["old-secret", "new-secret"])
def test_any_of_the_secrets_proves_a_sender_while_they_are_rotated(secret: str) -> None:
    verify(Standin(secret).sign(NOW, alert()), SETTINGS)


def test_two_signatures_in_one_header_let_the_sender_rotate_first() -> None:
    request = Standin("new-secret").sign(NOW, alert())
    both = "v1=" + "0" * 64 + ", " + request.headers["x-standfast-signature"]
    verify(request.model_copy(update={"headers": {**request.headers, "x-standfast-signature": both}}), SETTINGS)


def test_a_foreign_secret_proves_nobody() -> None:
    with pytest.raises(Unverified):
        verify(Standin("guess").sign(NOW, alert()), SETTINGS)


def test_a_changed_byte_proves_nobody() -> None:
    request = Standin("new-secret").sign(NOW, alert())
    with pytest.raises(Unverified):
        verify(request.model_copy(update={"body": request.body + b" "}), SETTINGS)


@pytest.mark.parametrize("away", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_a_recording_is_turned_away_after_five_minutes(away: timedelta) -> None:
    request = Standin("new-secret").sign(NOW, alert())
    with pytest.raises(Unverified):
        verify(request.model_copy(update={"received_at": NOW + away}), SETTINGS)


@pytest.mark.parametrize("stamp", ["", "now", "1e9", "-5", "٣", "9" * 40])
def test_a_timestamp_that_is_none_proves_nobody(stamp: str) -> None:
    body = b"{}"
    headers = {"x-standfast-timestamp": stamp, "x-standfast-signature": signature("new-secret", stamp, body)}
    with pytest.raises(Unverified):
        verify(Request(headers=headers, body=body, received_at=NOW), SETTINGS)


def test_without_a_secret_the_door_is_closed() -> None:
    with pytest.raises(DoorClosed, match="GENERIC_WEBHOOK_SECRET"):
        verify(Standin("").sign(NOW, alert()), Settings.model_validate({"generic_webhook_secret": ""}))


def test_an_alert_fires_and_resolves_under_one_key_and_episode() -> None:
    sender = Standin("new-secret")
    fired = read(sender.press_fire(NOW, "disk", "Disk full", service="checkout", severity="high")).alerts[0]
    again = read(sender.press_fire(NOW + timedelta(minutes=2), "disk", "Disk full")).alerts[0]
    over = read(sender.press_resolve(NOW + timedelta(minutes=3), "disk", "Disk full")).alerts[0]
    assert (fired.service, fired.severity, fired.environment) == ("checkout", "high", "")
    assert {(one.key, one.episode, one.fired_at) for one in (fired, again, over)} == {
        ("alert:disk", NOW.isoformat(), NOW)
    }
    assert (fired.state, over.state, over.at) == ("firing", "resolved", NOW + timedelta(minutes=3))


def test_a_resolution_without_a_moment_counts_from_its_arrival() -> None:
    request = Standin("new-secret").sign(NOW + timedelta(minutes=3), alert(state="resolved"))
    assert read(request).alerts[0].at == NOW + timedelta(minutes=3)


@pytest.mark.sop("DET-2")
def test_a_customer_report_escalated_as_s1_fires_as_an_alert_of_its_ticket() -> None:
    sender = Standin("new-secret")
    request = sender.press_escalate(NOW, "T-7", "Cannot pay", customer="Acme", url="https://desk.example/7")
    heard = read(request)
    assert heard == read(request)
    (told,) = heard.alerts
    assert told.labels == {"kind": "escalation", "ticket": "T-7", "customer": "Acme"}
    assert (told.key, told.state, told.severity, told.fired_at) == ("escalation:T-7", "firing", "S1", NOW)
    assert [link.url for link in told.links] == ["https://desk.example/7"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ([], "body"),
        ({}, "body"),
        (alert(kind="incident"), "body"),
        (alert(state="purple"), "alert.state"),
    ],
)
def test_what_the_schema_does_not_allow_is_named(body: Any, path: str) -> None:
    refused = unread(read(Standin("new-secret").sign(NOW, body)))
    assert refused.path == path


@pytest.mark.parametrize(
    "body",
    [
        alert(key=...),
        alert(title=""),
        alert(title=None, service=None, labels=None),
        alert(fired_at="2026-03-02T03:00:00"),
        alert(fired_at="0001-01-01T00:00:00+14:00"),
        alert(fired_at=NOW.timestamp()),
        alert(colour="red"),
        alert(links=[{"label": "x", "url": "javascript:alert(1)"}]),
        alert(labels={"a": 1}),
        alert(state="FIRING"),
        alert(title="\ud800"),
        alert(title="x" * 300_000),
        alert(severity=1),
        escalation(url="no address"),
    ],
)
def test_what_is_plainly_meant_is_heard(body: Any) -> None:
    heard = read(Standin("new-secret").sign(NOW, body))
    assert ([one.state for one in heard.alerts], heard.unread) == (["firing"], ())
    assert heard.alerts[0].fired_at == NOW
    assert 0 < len(heard.alerts[0].title) <= 250
    assert heard.model_dump_json()


def test_an_escalation_that_is_no_s1_opens_nothing() -> None:
    heard = read(Standin("new-secret").sign(NOW, escalation(severity="S2")))
    assert (heard.alerts, heard.remark) == ((), "an escalation of S2, which is no S1")


def test_the_published_schema_is_the_one_that_is_applied() -> None:
    assert json.loads((DOCS / "webhook.schema.json").read_text()) == schema()


@pytest.mark.parametrize("body", [alert(state="resolved"), escalation()])
def test_what_the_schema_allows_is_read(body: dict[str, Any]) -> None:
    jsonschema.validate(body, schema())
    assert read(Standin("new-secret").sign(NOW, body)).alerts[0].title == body["title"]


def test_the_documented_example_is_signed_as_documented() -> None:
    told = (DOCS / "webhook.md").read_text()
    body, stamp = told.split("```json\n")[1].split("\n```")[0].encode(), "1772420400"
    assert signature("s3cr3t", stamp, body) in told
    headers = {"x-standfast-timestamp": stamp, "x-standfast-signature": signature("s3cr3t", stamp, body)}
    request = Request(headers=headers, body=body, received_at=datetime.fromtimestamp(int(stamp), UTC))
    verify(request, Settings.model_validate({"generic_webhook_secret": "s3cr3t"}))
    assert read(request).alerts[0].key == "escalation:T-1042"


FIRES = ("PROBLEM", "down", "ACTIVATED", "Triggered", "open", "alarm")
ENDS = ("OK", "up", "CLOSED", "Recovered", "cleared", "inactive")


@pytest.mark.parametrize(("words", "state"), [(FIRES, "firing"), (ENDS, "resolved")])
def test_each_monitors_own_word_for_its_state_is_understood(words: tuple[str, ...], state: str) -> None:
    heard = [read(Standin("new-secret").sign(NOW, alert(state=word))) for word in words]
    assert [[one.state for one in each.alerts] for each in heard] == [[state]] * len(words)


@pytest.mark.sop("DET-2")
@pytest.mark.parametrize("word", ["s1", "SEV1", "Sev-1: Critical", "P1 - Critical", "1", "critical"])
def test_an_escalation_is_an_s1_in_whatever_spelling(word: str) -> None:
    (told,) = read(Standin("new-secret").sign(NOW, escalation(severity=word))).alerts
    assert told.severity == "S1"


@pytest.mark.parametrize("word", ["S2 - not critical", "urgent", "P3", "sev10"])
def test_what_is_called_otherwise_is_no_s1(word: str) -> None:
    assert read(Standin("new-secret").sign(NOW, escalation(severity=word))).alerts == ()


def test_a_body_that_does_not_say_its_kind_is_what_it_looks_like() -> None:
    both = (alert(kind=...), {"ticket": "T-7", "title": "Cannot pay"})
    assert [read(Standin("new-secret").sign(NOW, one)).alerts[0].key for one in both] == [
        "alert:disk",
        "escalation:T-7",
    ]


def test_every_alert_of_a_list_is_heard_and_a_wrong_one_hides_no_other() -> None:
    heard = read(Standin("new-secret").sign(NOW, [alert(), "odd", alert(key="cpu")]))
    assert [one.key for one in heard.alerts] == ["alert:disk", "alert:cpu", "unreadable/generic"]
    assert [one.path for one in heard.unread] == ["body"]


def test_what_stands_in_the_labels_or_under_a_monitors_own_name_counts_where_nothing_else_is_said() -> None:
    labels = {"service.name": "checkout", "env": "staging", "severity": "low"}
    by_label = read(Standin("new-secret").sign(NOW, alert(labels=labels))).alerts[0]
    assert (by_label.service, by_label.environment, by_label.severity) == ("checkout", "staging", "low")
    said = read(Standin("new-secret").sign(NOW, alert(labels=labels, priority="CRITICAL", service="billing"))).alerts[0]
    assert (said.service, said.severity) == ("billing", "low")
    assert read(Standin("new-secret").sign(NOW, alert(priority="CRITICAL"))).alerts[0].severity == "CRITICAL"


ZABBIX = {"links": [{"label": "Problem", "url": "https://zabbix.acme.example/tr_events.php?eventid=7"}]}
OF_NAGIOS, OF_OPENNMS = {"labels": {"monitoring_tool": "Nagios XI"}}, {"labels": {"opennms_node": "7"}}


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"severity": 5, **ZABBIX}, "disaster"),
        ({"severity": "4", "source": "Zabbix"}, "high"),
        ({"severity": "0", "labels": {"zabbix_host": "db-1"}}, "not classified"),
        ({"EVENT.NSEVERITY": 5}, "disaster"),
        ({"labels": {"event_nseverity": "2"}}, "warning"),
        ({"severity": "High", "source": "Zabbix"}, "High"),
        ({"severity": "7", "source": "Zabbix"}, "7"),
        ({"severity": 2, **OF_NAGIOS}, "critical"),
        ({"severity": "7", **OF_OPENNMS}, "critical"),
        ({"severity": 5}, "5"),
        ({"severity": 1, "title": "the Zabbix server is away"}, "1"),
    ],
)
def test_a_number_counts_on_the_scale_of_the_sender_that_says_who_it_is(said: dict[str, Any], meant: str) -> None:
    (heard,) = read(Standin("new-secret").sign(NOW, alert(**said))).alerts
    assert heard.severity == meant
