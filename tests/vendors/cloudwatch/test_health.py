"""Trouble of AWS's own is an alert until AWS says that it is over; planned work is none (DET-1, DET-5)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.alerting.alert import WebhookContent
from vendors.cloudwatch.webhook import read
from vendors.door import Request

NOW = datetime(2026, 3, 2, 3, 5, tzinfo=UTC)


def told(status: str, category: str = "issue", **detail: Any) -> WebhookContent:
    """AWS's own sample, in another status."""
    event = {
        "version": "0",
        "id": "7bf73129",
        "detail-type": "AWS Health Event",
        "source": "aws.health",
        "account": "123456789012",
        "time": "2026-03-02T03:04:00Z",
        "region": "eu-west-1",
        "resources": ["i-1"],
        "detail": {
            "eventArn": "arn:aws:health:eu-west-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/1",
            "service": "EC2",
            "eventTypeCode": "AWS_EC2_OPERATIONAL_ISSUE",
            "eventTypeCategory": category,
            "startTime": "Mon, 2 Mar 2026 03:00:00 GMT",
            "statusCode": status,
            "eventDescription": [{"language": "en_US", "latestDescription": "Elevated error rates"}],
            **detail,
        },
    }
    return read(Request(headers={}, body=json.dumps(event).encode(), received_at=NOW))


@pytest.mark.sop("DET-1", "DET-5")
def test_an_outage_of_awss_own_is_an_alert_until_aws_says_that_it_is_over() -> None:
    [began], [over] = told("open").alerts, told("closed", endTime="Mon, 2 Mar 2026 03:03:00 GMT").alerts
    assert began.title == "AWS EC2 in eu-west-1: AWS_EC2_OPERATIONAL_ISSUE"
    assert (began.state, began.fired_at.minute, began.description) == ("firing", 0, "Elevated error rates")
    assert (over.key, over.state, over.at.minute) == (began.key, "resolved", 3)


@pytest.mark.parametrize("category", ["scheduledChange", "accountNotification"])
def test_planned_work_of_awss_own_is_no_alert(category: str) -> None:
    heard = told("upcoming", category)
    assert (heard.alerts, "no outage" in heard.remark) == ((), True)
