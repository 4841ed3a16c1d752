"""What PagerDuty says of an incident that somebody changed: its urgency, or that it is open again."""

import json
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from domain.procedure.findings import Note
from domain.procedure.matrix import HearSeverity
from tests.vendors.delivery import delivery
from vendors.pagerduty.webhook import read

PERSON = {"id": "PDANA", "type": "user_reference", "summary": "Dana Ops"}


def reading(kind: str, data: dict[str, Any], agent: Any = None) -> WebhookContent:
    """What is heard of an event made up here."""
    event = {"id": "E1", "event_type": kind, "occurred_at": "2026-11-23T03:00:00.000Z", "agent": agent, "data": data}
    return read(delivery(json.dumps({"event": event})))


@pytest.mark.sop("TRI-3")
def test_a_priority_and_a_service_that_a_relay_passes_on_by_name_alone_count() -> None:
    (alert,) = reading("incident.triggered", {"id": "Q1", "priority": "P1", "service": "Checkout API (prod)"}).alerts
    assert (alert.severity, alert.service) == ("P1", "Checkout API (prod)")


@pytest.mark.sop("TRI-6")
@pytest.mark.parametrize(
    ("by", "urgency", "said"), [("PDANA", "high", True), ("PDANA", "low", False), ("", "high", False)]
)
def test_an_urgency_that_a_person_raises_takes_the_low_back(by: str, urgency: str, said: bool) -> None:
    data = {"id": "Q1", "type": "incident", "title": "Errors", "urgency": urgency, "service": {"id": "PCHECKOUT"}}
    heard = reading("incident.urgency_updated", data, PERSON if by else None)
    acts = [one.act for one in heard.acts]
    assert bool(heard.remark) is not said
    assert [(one.word, one.lifted) for one in acts if isinstance(one, HearSeverity)] == [("high urgency", True)] * said


@pytest.mark.sop("RES-3")
def test_a_reopening_is_later_than_the_resolution_before_it_also_where_only_the_event_says_when() -> None:
    data = {"id": "Q1", "type": "incident", "title": "Errors", "service": {"summary": "Checkout"}}
    (alert,) = reading("incident.reopened", data).alerts
    assert (alert.state, alert.service, alert.episode) == ("firing", "Checkout", "2026-11-23T03:00:00+00:00")
    assert alert.fired_at == alert.at


@pytest.mark.sop("WAR-6")
@pytest.mark.parametrize(
    ("kind", "more", "text"),
    [
        ("incident.responder.added", {"message": "Please help"}, "Sam was asked in PagerDuty to help: Please help"),
        ("incident.responder.replied", {"state": "accepted"}, "Sam answered in PagerDuty: accepted"),
        ("incident.status_update_published", {"message": "We are on it"}, "Status update in PagerDuty: We are on it"),
    ],
)
def test_whom_somebody_asks_for_and_what_stakeholders_read_there_is_in_the_timeline(
    kind: str, more: dict[str, Any], text: str
) -> None:
    data = {"incident": {"id": "Q1"}, "user": {"id": "PSAM", "summary": "Sam"}, **more}
    (said,) = reading(kind, data, PERSON).acts
    assert isinstance(said.act, Note)
    assert (said.alert, said.act.text, said.act.by) == ("Q1", text, "PDANA")
    assert reading(kind, data).acts == ()
