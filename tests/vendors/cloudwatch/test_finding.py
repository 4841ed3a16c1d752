"""A grave finding of AWS's guards is an alert about security; one that is not grave, or is over, rings nobody."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from domain.alerting.scope import is_security
from tests.domain.story import policy
from vendors.cloudwatch.webhook import read
from vendors.door import Request

NOW = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
FOUND: dict[str, Any] = {"id": "f-1", "title": "Credentials are used from outside", "type": "Exfiltration"}


def heard(kind: str, source: str, detail: Any) -> WebhookContent:
    body = {"detail-type": kind, "source": source, "account": "1", "time": "2026-03-03T03:00:00Z", "detail": detail}
    return read(Request(headers={}, body=json.dumps(body).encode(), received_at=NOW))


@pytest.mark.sop("SCP-3", "DET-1")
def test_a_grave_finding_is_an_alert_about_security() -> None:
    (alert,) = heard("GuardDuty Finding", "aws.guardduty", {**FOUND, "severity": 8}).alerts
    assert (alert.key, alert.title, alert.severity, alert.at) == ("f-1", FOUND["title"], "high", NOW)
    assert is_security(alert, policy().alerts)


@pytest.mark.sop("SCP-3")
def test_of_security_hubs_findings_those_that_are_grave_and_open_are_heard() -> None:
    one = {"Title": "The root account was used", "Severity": {"Label": "CRITICAL"}}
    over = {"Id": "b", **one, "Workflow": {"Status": "RESOLVED"}}
    told = [{"Id": "a", **one}, over, {"Id": "c", **one, "Severity": {"Label": "LOW"}}]
    said = heard("Security Hub Findings - Imported", "aws.securityhub", {"findings": told})
    assert [(alert.key, alert.severity, is_security(alert, policy().alerts)) for alert in said.alerts] == [
        ("a", "critical", True)
    ]


@pytest.mark.parametrize("detail", [{**FOUND, "severity": 4.5}, {**FOUND, "severity": None}, None, []])
def test_what_is_not_grave_is_a_remark(detail: Any) -> None:
    said = heard("GuardDuty Finding", "aws.guardduty", detail)
    assert (said.alerts, said.remark) == ((), "GuardDuty Finding of no high severity")


@pytest.mark.sop("SCP-3", "DET-1")
@pytest.mark.parametrize(
    ("severity", "heard_as"),
    [("8.0", "high"), ("9.1", "critical"), ({"score": 3, "description": "High"}, "high"), ({"Label": "dire"}, "high")],
)
def test_a_number_as_text_and_a_word_that_nobody_knows_are_grave(severity: Any, heard_as: str) -> None:
    (alert,) = heard("GuardDuty Finding", "aws.guardduty", {**FOUND, "severity": severity}).alerts
    assert alert.severity == heard_as
