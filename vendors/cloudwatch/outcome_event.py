"""What a service of AWS tells of its own work through EventBridge: a deployment, a database or a job failed.

https://docs.aws.amazon.com/eventbridge/latest/ref/events.html
"""

from collections.abc import Mapping
from typing import Any, Final

from domain.alerting.alert import Alert, State, WebhookContent
from vendors.outcome import outcome
from vendors.said import moment, part, several, text

STATED: Final = ("state", "status", "build-status", "eventType", "eventName", "EventCategories", "stopCode", "result")
"""Where services say what came of their work."""
MEANT: Mapping[str, State] = {
    "low storage": "firing",
    "recovery": "resolved",
    "SERVICE_DEPLOYMENT_COMPLETED": "resolved",
    "SERVICE_STEADY_STATE": "resolved",
}
NAMED: Final = (
    *("pipeline", "stage", "action", "project-name", "jobName", "application", "deploymentGroup", "SourceIdentifier"),
    *("AutoScalingGroupName", "stateMachineArn", "group"),
)
"""How services call what works there; what is run under it is new each time."""
TOLD: Final = ("Message", "reason", "stoppedReason", "StatusMessage", "errorMessage", "cause", "message", "eventName")


def read(content: Mapping[str, Any], kind: str) -> WebhookContent:
    """Hear a failure, and the success that ends it; anything else is no alert."""
    detail = part(content.get("detail")) or {}
    state = _state(kind, detail)
    if not state or "CloudTrail" in kind:
        return WebhookContent(remark=f"EventBridge says {kind!r}, which is no alert")
    what = kind.replace(" Unsuccessful", "").replace(" Successful", "")
    named = [_last(text(detail[name])) for name in NAMED if detail.get(name)]
    named = named or [_last(text(one)) for one in several(content.get("resources"))][:1]
    name = " ".join(named) or text(content.get("source"))
    told = next((text(detail[name]) for name in TOLD if detail.get(name)), "")
    alert = Alert(
        source="cloudwatch",
        key=f"{what}:{'/'.join(named)}",
        state=state,
        title=f"{name}: {told or f'{what} failed'}",
        description=what,
        service=named[0] if named else "",
        labels={"check": what, "account": text(content.get("account")), "region": text(content.get("region"))},
        fired_at=moment(content.get("time")),
        at=moment(content.get("time")),
    )
    return WebhookContent(alerts=(alert,))


def _state(kind: str, detail: Mapping[str, Any]) -> State | None:
    if kind.endswith("Unsuccessful"):
        return "firing"
    told = (detail.get(name) for name in STATED)
    words = [text(one) for value in told for one in (several(value) or [value])]
    for word in (kind.rpartition(" ")[2], *words):
        if meant := MEANT.get(word):
            return meant
        match outcome(word):
            case "firing" | "resolved" as came:
                return came
    return None


def _last(name: str) -> str:
    """The name at the end of an address of Amazon's."""
    return name.replace("/", ":").rpartition(":")[2]
