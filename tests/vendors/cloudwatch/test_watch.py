"""What other watchers of AWS's tell through EventBridge, and alarms in a sentence of one's own (DET-1, DET-5)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from vendors.cloudwatch.webhook import read
from vendors.door import Request

NOW = datetime(2026, 3, 2, 3, 5, tzinfo=UTC)


def heard(kind: str, detail: Any) -> WebhookContent:
    body = {
        "detail-type": kind,
        "account": "1",
        "region": "eu-west-1",
        "time": "2026-03-02T03:00:00Z",
        "detail": detail,
    }
    return read(Request(headers={}, body=json.dumps(body).encode(), received_at=NOW))


INSIGHT = {"insightId": "AAA", "insightSeverity": "high", "insightDescription": "5XX in checkout"}
CANARY = {"canary-name": "checkout", "canary-id": "c1", "message": "Test run failed"}


@pytest.mark.sop("DET-1", "DET-5")
@pytest.mark.parametrize(
    ("fires", "ends", "detail", "title"),
    [
        ("DevOps Guru New Insight Open", "DevOps Guru Insight Closed", INSIGHT, "5XX in checkout"),
        (
            "Synthetics Canary TestRun Failure",
            "Synthetics Canary TestRun Successful",
            CANARY,
            "The canary checkout fails",
        ),
    ],
)
def test_what_a_watcher_found_is_an_alert_until_it_says_that_it_is_over(
    fires: str, ends: str, detail: Any, title: str
) -> None:
    (began,), (over,) = heard(fires, detail).alerts, heard(ends, detail).alerts
    assert (began.state, began.title, over.state, over.key) == ("firing", title, "resolved", began.key)


@pytest.mark.sop("SCP-3", "DET-1")
def test_the_newer_security_hub_says_a_finding_otherwise() -> None:
    told = {"severity": "Critical", "status": "New", "finding_info": {"uid": "u1", "title": "Exposure", "desc": "d"}}
    (alert,) = heard("Findings Imported V2", {"findings": [told]}).alerts
    assert (alert.key, alert.title, alert.description, alert.severity) == ("u1", "Exposure", "d", "critical")
    assert heard("Findings Imported V2", {"findings": [{**told, "status": "Resolved"}]}).alerts == ()


@pytest.mark.sop("DET-1")
def test_a_report_of_abuse_is_an_issue_of_awss() -> None:
    detail = {"service": "ABUSE", "eventTypeCode": "AWS_ABUSE_DOS_REPORT", "eventTypeCategory": "issue"}
    (alert,) = heard("AWS Health Abuse Event", detail).alerts
    assert "AWS_ABUSE_DOS_REPORT" in alert.title


@pytest.mark.sop("DET-1")
def test_an_alarm_in_a_sentence_of_ones_own_rings() -> None:
    def said(words: str) -> WebhookContent:
        return read(Request(headers={}, body=json.dumps(words).encode(), received_at=NOW))

    (alert,) = said("The alarm checkout changed to ALARM").alerts
    assert alert.labels["kind"] == "unreadable"
    assert said("The alarm checkout changed to OK").alerts == ()
