"""What two more of AWS's watchers tell through EventBridge: an insight of DevOps Guru, a canary of Synthetics.

https://docs.aws.amazon.com/devops-guru/latest/userguide/working-with-eventbridge.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitoring-events-eventbridge.html
"""

from collections.abc import Mapping
from typing import Any

from domain.alerting.alert import Alert, State, WebhookContent
from vendors.door import links
from vendors.said import NEVER, moment, part, text

STATES: dict[str, State] = {
    "DevOps Guru New Insight Open": "firing",
    "DevOps Guru Insight Severity Upgraded": "firing",
    "DevOps Guru Insight Closed": "resolved",
    "Synthetics Canary TestRun Failure": "firing",
    "Synthetics Canary TestRun Successful": "resolved",
}


def read(content: Mapping[str, Any], kind: str) -> WebhookContent:
    """Hear what a watcher found, and its end."""
    told = {name: text(value) for name, value in (part(content.get("detail")) or {}).items()}
    canary, at = told.get("canary-name", ""), moment(content.get("time"))
    began = moment(told.get("startTime"))
    alert = Alert(
        source="cloudwatch",
        key=f"canary:{told.get('canary-id') or canary}" if canary else f"insight:{told.get('insightId') or kind}",
        state=STATES[kind],
        title=f"The canary {canary} fails" if canary else told.get("insightDescription") or kind,
        description=told.get("message", ""),
        severity=told.get("insightSeverity", ""),
        labels={
            "check": canary or kind,
            "account": text(content.get("account")),
            "region": text(content.get("region")),
        },
        links=links(("DevOps Guru", told.get("insightUrl", ""))),
        fired_at=began if began != NEVER else at,
        at=at,
    )
    return WebhookContent(alerts=(alert,))
