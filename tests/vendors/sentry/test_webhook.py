"""Sentry's webhooks: who is believed, and what each of them says."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from standins.sentry.standin import Standin
from tests.vendors.delivery import NOW, delivery, samples, unread, vectors
from vendors.door import Request, Unverified
from vendors.sentry.webhook import Settings, read, verify

FOLDER, FACTS = samples("sentry")
VECTORS = vectors("sentry")
SENTRY = Standin("k")


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_a_signature_is_believed_as_the_vector_says(vector: dict[str, Any]) -> None:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    request = Request(headers=headers, body=vector["body"].encode(), received_at=NOW)
    settings = Settings.model_validate({"sentry_webhook_secret": vector["secret"]})
    if vector["expect"].startswith("accept"):
        return verify(request, settings)
    with pytest.raises(Unverified):
        verify(request, settings)
    return None


@pytest.mark.parametrize("name", [name for name, fact in FACTS.items() if fact["signal"] != "control"])
def test_every_sample_says_what_its_facts_say(name: str) -> None:
    fact = FACTS[name]
    [alert] = read(delivery((FOLDER / name).read_bytes())).alerts
    assert alert.state == ("resolved" if fact["signal"] == "resolved" else "firing")
    assert alert.key.partition(":")[2] == fact.get("correlate", {}).get("issue", alert.key.partition(":")[2])
    for said, field in (("service", "service"), ("env", "environment"), ("severity_raw", "severity")):
        assert getattr(alert, field) == fact.get(said, getattr(alert, field))
    if "fired_at" in fact:
        assert alert.fired_at == datetime.fromisoformat(fact["fired_at"])
    if "same_incident_as" in fact:
        [known] = read(delivery((FOLDER / fact["same_incident_as"]).read_bytes())).alerts
        assert alert.key == known.key


def test_an_installation_is_a_remark() -> None:
    heard = read(SENTRY.press_install(NOW))
    assert (heard.alerts, heard.remark) == ((), "Sentry says installation created, which is no alert")


def test_a_metric_that_gets_worse_is_news_of_the_same_alert_and_its_end_is_heard() -> None:
    warned, worse, over = (SENTRY.press_metric(NOW, action) for action in ("warning", "critical", "resolved"))
    told = [read(one).alerts[0] for one in (warned, worse, over)]
    assert len({one.key for one in told}) == 1
    assert len({(one.state, one.episode) for one in told}) == 3
    assert [one.severity for one in told] == ["warning", "critical", ""]


@pytest.mark.parametrize(("action", "state"), [("resolved", "resolved"), ("archived", "merged"), ("ignored", "merged")])
def test_the_end_of_an_issue_ends_its_alert(action: str, state: str) -> None:
    [fired], [ended] = read(SENTRY.press_event(NOW)).alerts, read(SENTRY.press_issue(NOW, action)).alerts
    assert (ended.key, ended.state, ended.service) == (fired.key, state, fired.service)


@pytest.mark.parametrize("action", ["created", "assigned", "unresolved", "to come"])
def test_what_ends_no_issue_is_a_remark(action: str) -> None:
    assert not read(SENTRY.press_issue(NOW, action)).alerts


def test_a_severity_chosen_at_the_rule_counts_before_the_events_level() -> None:
    [plain], [chosen] = read(SENTRY.press_event(NOW)).alerts, read(SENTRY.press_event(NOW, severity="sev1")).alerts
    assert (plain.severity, chosen.severity, plain.service) == ("error", "sev1", "checkout")


def test_the_words_of_the_event_are_kept_and_its_stack_and_users_are_not() -> None:
    request = SENTRY.press_event(NOW)
    body = json.loads(request.body)
    body["data"]["event"] |= {"user": {"ip_address": "203.0.113.9"}, "exception": {"values": [{"value": "secret"}]}}
    kept = read(delivery(json.dumps(body))).model_dump_json()
    assert ("203.0.113.9" in kept, "secret" in kept, "payment gateway" in kept) == (False, False, True)


@pytest.mark.parametrize("body", ["[]", "not json", '{"data": {"event": {"title": "x"}}}'])
def test_what_cannot_be_read_rings(body: str) -> None:
    assert unread(read(delivery(body)))


@pytest.mark.parametrize("changes", [{"date_detected": None, "date_started": 7}, {"projects": None}, {"title": []}])
def test_an_odd_ornament_decides_nothing(changes: dict[str, Any]) -> None:
    heard = read(SENTRY.press_metric(NOW, **changes))
    assert ([alert.state for alert in heard.alerts], heard.unread) == (["firing"], ())
    assert heard.alerts[0].at <= NOW + timedelta()


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize("category", ["uptime", "outage", "cron"])
def test_an_issue_that_something_is_down_fires_without_a_rule_and_its_end_ends_it(category: str) -> None:
    request = SENTRY.press_issue(NOW, "created")
    body = json.loads(request.body)
    body["data"]["issue"]["issueCategory"] = category
    [down] = read(delivery(json.dumps(body))).alerts
    [again] = read(delivery(json.dumps(body | {"action": "unresolved"}))).alerts
    [over] = read(delivery(json.dumps(body | {"action": "resolved"}))).alerts
    assert [one.state for one in (down, again, over)] == ["firing", "firing", "resolved"]
    assert (down.key, down.service) == (over.key, over.service) == (again.key, "checkout")
