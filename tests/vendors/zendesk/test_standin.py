"""The stand-in posts what Zendesk would post: valid by its schemas, one ticket from escalation to solution."""

import json
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from domain.alerting.alert import WebhookContent
from standins.zendesk.standin import Standin, Way
from tests.specs import spec
from vendors.door import Request
from vendors.zendesk.webhook import Settings, read, verify

NOW = datetime(2026, 11, 23, 2, 58, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)
SETTINGS = Settings.model_validate({"zendesk_webhook_secret": "s3cr3t"})
SCHEMAS = {
    way: json.loads(spec(f"inbound/zendesk/{name}.schema.json").read_text())
    for way, name in (("trigger", "trigger-template"), ("event", "event"))
}


def heard(request: Request, way: Way) -> WebhookContent:
    """What a message says; it is proved and valid, and reads the same twice."""
    verify(request, SETTINGS)
    ours = {"schema": SCHEMAS[way]["properties"]["schema"]["const"]} if way == "trigger" else {}
    jsonschema.validate(json.loads(request.body) | ours, SCHEMAS[way])
    assert read(request) == read(request)
    return read(request)


@pytest.mark.parametrize("way", ["trigger", "event"])
def test_an_escalation_is_heard_once_and_its_solution_ends_nothing(way: Way) -> None:
    desk = Standin("s3cr3t", way=way)
    desk.press_create(NOW, "5158", "Checkout is down", "service_checkout")
    [alert] = heard(desk.press_escalate(LATER, "5158"), way).alerts
    assert (alert.key, alert.service, alert.severity) == ("22129848:5158", "checkout", "S1")
    assert (alert.title, alert.fired_at) == ("Checkout is down", LATER)
    solved = heard(desk.press_solve(LATER, "5158"), way)
    assert (solved.alerts, "5158 is solved" in solved.remark) == ((), True)


def test_a_new_ticket_is_a_remark() -> None:
    created = heard(Standin("s3cr3t", way="event").press_create(NOW, "5158", "A question"), "event")
    assert (created.alerts, "ticket.created" in created.remark) == ((), True)


def test_the_test_button_is_a_remark() -> None:
    assert "tried" in heard(Standin("s3cr3t").press_test(NOW), "trigger").remark


def test_what_is_not_there_cannot_be_solved() -> None:
    with pytest.raises(KeyError):
        Standin("s3cr3t").press_solve(NOW, "1")
