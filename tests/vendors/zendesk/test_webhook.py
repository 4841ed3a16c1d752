"""Support's escalations open an incident; everything else that a ticket goes through does not (DET-2)."""

import json
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from tests.specs import spec
from tests.vendors.delivery import NOW, captured, delivery, samples, unread
from vendors.zendesk.template import PAYLOAD
from vendors.zendesk.webhook import read

FOLDER, FACTS = samples("zendesk")
RECOMMENDED = json.loads(spec("inbound/zendesk/recommended-trigger-template.json").read_text())["body"]


def sample(name: str) -> WebhookContent:
    return read(captured(FOLDER / name))


def changed(name: str, **changes: Any) -> WebhookContent:
    """A sample with changes to its ticket."""
    body = json.loads((FOLDER / name).read_text())
    body.get("detail", body).update(changes)
    return read(delivery(json.dumps(body)))


@pytest.mark.parametrize("name", [name for name, facts in FACTS.items() if facts["signal"] != "unreadable"])
def test_every_sample_says_what_its_facts_say(name: str) -> None:
    facts, heard = FACTS[name], sample(name)
    if facts["signal"] != "customer_report":
        assert (heard.alerts, heard.acts) == ((), ())
        assert "5158" in heard.remark
        return
    [alert] = heard.alerts
    assert (alert.state, alert.severity, alert.service) == ("firing", "S1", facts.get("service", "checkout"))
    assert (alert.labels["kind"], alert.labels["ticket"]) == ("escalation", "5158")
    if "correlate" in facts:
        assert alert.key == f"{facts['correlate'].get('account', '')}:{facts['correlate']['ticket']}"
    if "severity_raw" in facts:
        assert alert.labels["priority"] == facts["severity_raw"].lower()
    if "same_incident_as" in facts:
        [first] = sample(facts["same_incident_as"]).alerts
        assert (alert.key, alert.episode) == (first.key, first.episode)


def test_every_sample_was_read() -> None:
    known = {path.name for path in FOLDER.glob("*.json")} - {"facts.json", "signature-vectors.json"}
    assert set(FACTS) == known


def test_a_template_that_a_customers_text_has_broken_is_an_s1_all_the_same() -> None:
    [alert] = sample("wild.trigger.unescaped-newline.request.json").alerts
    assert (alert.ticket, alert.severity) == ("5158", "S1")


@pytest.mark.parametrize(
    "title", ['He said "down"', "two\nlines", '", "x', "back\\slash", 'a "quoted", "list"', "tab\there", "“” é 🙈"]
)
def test_any_title_in_our_template_is_an_s1_with_all_its_other_words(title: str) -> None:
    known = {"ticket.id": "41", "ticket.title": title, "ticket.tags": "s1 service_checkout", "ticket.status": "Open"}
    body = json.dumps(PAYLOAD)
    for name, value in known.items():
        body = body.replace("{{" + name + "}}", value)
    [alert] = read(delivery(body)).alerts
    assert (alert.ticket, alert.severity, alert.service, alert.state) == ("41", "S1", "checkout", "firing")
    assert alert.title


def test_a_trigger_and_an_event_of_the_same_account_tell_of_the_same_alert() -> None:
    raw = (FOLDER / "trigger.s1.json").read_bytes()
    [triggered] = read(delivery(raw, x_zendesk_account_id="22129848")).alerts
    [subscribed] = sample("event.ticket.tags_changed.s1.json").alerts
    assert triggered.key == subscribed.key


def test_people_are_led_to_the_ticket_and_its_text_is_not_kept() -> None:
    [alert] = sample("trigger.s1.json").alerts
    assert [(link.label, link.url) for link in alert.links] == [
        ("Ticket", "https://acme.zendesk.com/agent/tickets/5158")
    ]
    assert alert.labels["customer"] == "BigCo"
    told = sample("event.ticket.tags_changed.s1.json").model_dump_json()
    assert "All of our checkouts fail" not in told


def test_an_urgent_ticket_is_no_s1_by_itself() -> None:
    heard = changed("event.ticket.priority_changed.urgent.json", tags=["enterprise"])
    assert (heard.alerts, "no escalation" in heard.remark) == ((), True)


@pytest.mark.parametrize("tags", [["S1"], ["sev1"], "severity_1 enterprise", "vip,s1"])
def test_each_tag_for_an_s1_counts_whatever_its_case(tags: Any) -> None:
    assert changed("event.ticket.created.json", tags=tags).alerts[0].severity == "S1"


@pytest.mark.parametrize("status", ["SOLVED", "Closed", "solved"])
def test_a_ticket_that_is_solved_escalates_nothing_and_resolves_nothing(status: str) -> None:
    for name in ("trigger.s1.json", "event.ticket.tags_changed.s1.json"):
        heard = changed(name, status=status)
        assert (heard.alerts, "goes on until it is resolved" in heard.remark) == ((), True)


def test_an_s1_that_support_takes_back_is_told_to_people() -> None:
    body = json.loads((FOLDER / "event.ticket.tags_changed.s1.json").read_text())
    body["detail"]["tags"], body["event"] = [], {"tags_added": [], "tags_removed": ["s1"]}
    assert "is no S1 any more" in read(delivery(json.dumps(body))).remark


def test_an_environment_may_be_a_tag_and_a_missing_time_is_the_arrival() -> None:
    [alert] = changed("trigger.s1.json", tags="s1 env_staging", updated_at="{{ticket.updated_at}}").alerts
    assert (alert.service, alert.environment, alert.fired_at) == ("", "staging", NOW)


def test_placeholders_that_were_not_replaced_are_somebodys_test() -> None:
    heard = read(delivery(json.dumps(PAYLOAD)))
    assert (heard.alerts, "tried" in heard.remark) == ((), True)


def test_an_event_about_something_else_is_a_remark() -> None:
    assert "about no ticket" in read(delivery('{"type": "zen:event-type:user.created"}')).remark


def test_our_template_asks_for_nothing_that_the_published_one_does_not() -> None:
    assert {key: value for key, value in PAYLOAD.items() if key != "schema"}.items() <= RECOMMENDED.items()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("[]", "ticket_id"),
        ("{}", "ticket_id"),
        ('{"type": "other"}', "ticket_id"),
        ('{"type": "zen:event-type:ticket.created"}', "detail"),
    ],
)
def test_what_is_no_message_of_zendesk_is_unreadable(body: str, path: str) -> None:
    refused = unread(read(delivery(body)))
    assert refused.path == path


@pytest.mark.parametrize("changes", [{"tags": {"s1": True}}, {"updated_at": 7}, {"ticket_id": None}, {"status": None}])
def test_an_odd_ornament_decides_nothing(changes: dict[str, Any]) -> None:
    heard = changed("trigger.s1.json", **changes)
    assert ([alert.severity for alert in heard.alerts], heard.unread) == (["S1"], ())
