"""An event of AWS Health as EventBridge tells it: trouble of AWS's own is an alert, a notice of planned work is none.

https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
"""

from collections.abc import Mapping
from typing import Any

from domain.alerting.alert import Alert, WebhookContent
from vendors.door import parse
from vendors.said import NEVER, Objects, Text, Texts, Told, When, text

NOTICES = ("scheduledChange", "accountNotification")
"""What is planned or for the account's owner to know; whatever else is trouble."""
KINDS = ("AWS Health Event", "AWS Health Abuse Event")


class _Detail(Told):
    """What is the matter, with which of AWS's services."""

    eventArn: Text = ""
    service: Text = ""
    eventTypeCode: Text = ""
    eventTypeCategory: Text = ""
    statusCode: Text = ""
    startTime: When = NEVER
    endTime: When = NEVER
    eventDescription: Objects = ()


class _Event(Told):
    """The event around it; each update of the same matter is an event of its own."""

    account: Text = ""
    region: Text = ""
    time: When = NEVER
    resources: Texts = ()
    detail: _Detail


def read(content: Mapping[str, Any]) -> WebhookContent:
    """Hear an issue or an investigation, and its end; how bad it is for anybody AWS does not say."""
    event = parse(_Event, content)
    told = event.detail
    if told.eventTypeCategory in NOTICES:
        return WebhookContent(remark=f"AWS Health tells of {told.eventTypeCode}, which is no outage")
    labels = {"aws_service": told.service, "type": told.eventTypeCode, "account": event.account}
    labels |= {"region": event.region, "resources": ",".join(event.resources)}
    over = told.statusCode == "closed"
    alert = Alert(
        source="cloudwatch",
        key=told.eventArn or f"{told.eventTypeCode}:{event.region}",
        state="resolved" if over else "firing",
        title=f"AWS {told.service} in {event.region}: {told.eventTypeCode}",
        description="\n".join(text(one.get("latestDescription")) for one in told.eventDescription),
        labels={name: value for name, value in labels.items() if value},
        fired_at=told.startTime if told.startTime != NEVER else event.time,
        at=(told.endTime if over and told.endTime != NEVER else event.time),
    )
    return WebhookContent(alerts=(alert,))
