"""An alarm as CloudWatch tells it to EventBridge.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from domain.alerting.alert import Heard
from domain.value.model import Moment
from vendors.cloudwatch.alarm import Alarm, Value
from vendors.door import parse

CHANGE = "CloudWatch Alarm State Change"


class _Part(BaseModel):
    """A part of the event; others are passed over."""

    model_config = ConfigDict(frozen=True)


class _State(_Part):
    """A state of the alarm."""

    value: Value
    reason: str = ""
    timestamp: Moment
    actionsSuppressedBy: str = ""


class _Metric(_Part):
    """A metric."""

    name: str = ""
    namespace: str = ""
    dimensions: dict[str, str] = Field(default_factory=dict)


class _Statistic(_Part):
    """What is calculated of a metric."""

    metric: _Metric


class _Query(_Part):
    """One of the metrics an alarm watches, or the calculation."""

    metricStat: _Statistic | None = None


class _Configuration(_Part):
    """How the alarm is made."""

    description: str | None = None
    metrics: tuple[_Query, ...] = ()

    @property
    def labels(self) -> dict[str, str]:
        """What runbooks are matched on: of the first metric."""
        metric = next((query.metricStat.metric for query in self.metrics if query.metricStat), None)
        return metric.dimensions | {"namespace": metric.namespace, "metric": metric.name} if metric else {}


class _Detail(_Part):
    """What happened to the alarm."""

    alarmName: str
    state: _State
    previousState: _State | None = None
    configuration: _Configuration = _Configuration()


class _Event(_Part):
    """The event."""

    resources: tuple[str, ...] = Field(min_length=1)
    detail: _Detail


def read(content: Mapping[str, Any]) -> Heard:
    """Hear an alarm's change. One whose actions AWS suppresses does not fire here either; its end is always heard."""
    kind = content["detail-type"]
    if kind != CHANGE:
        return Heard(remark=f"EventBridge says {kind!r}, which is no alert")
    event = parse(_Event, content)
    name, state = event.detail.alarmName, event.detail.state
    if state.actionsSuppressedBy and state.value != "OK":
        return Heard(remark=f"{name} is in {state.value}, but AWS suppresses its actions ({state.actionsSuppressedBy})")
    return Heard(alerts=(_alarm(event).alert(),))


def _alarm(event: _Event) -> Alarm:
    """A recovery tells since when the alarm fired."""
    detail, state, before = event.detail, event.detail.state, event.detail.previousState
    fired = before if before and before.value == "ALARM" and state.value == "OK" else state
    return Alarm(
        arn=event.resources[0],
        name=detail.alarmName,
        value=state.value,
        description=detail.configuration.description or "",
        reason=state.reason,
        labels=detail.configuration.labels,
        fired_at=fired.timestamp,
        at=state.timestamp,
    )
