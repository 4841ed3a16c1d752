"""An alarm as CloudWatch writes it into a message of SNS.

`Region` is a display name there, and an alarm's own ARN is missing before about 2020, so both come from the topic's.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.value.model import Moment
from vendors.cloudwatch.alarm import Alarm, Value
from vendors.cloudwatch.envelope import Arn
from vendors.door import Unreadable, parse


class _Part(BaseModel):
    """A part of the message; others are passed over."""

    model_config = ConfigDict(frozen=True)


class _Pair(_Part):
    """A dimension."""

    name: str
    value: str


class _Metric(_Part):
    """A metric."""

    MetricName: str = ""
    Namespace: str = ""
    Dimensions: tuple[_Pair, ...] = ()

    @property
    def labels(self) -> dict[str, str]:
        """What runbooks are matched on and people look at."""
        named = {"namespace": self.Namespace, "metric": self.MetricName} if self.MetricName else {}
        return {pair.name: pair.value for pair in self.Dimensions} | named


class _Statistic(_Part):
    """What is calculated of a metric."""

    Metric: _Metric


class _Query(_Part):
    """One of the metrics an alarm calculates with, or the calculation."""

    MetricStat: _Statistic | None = None


class _Trigger(_Metric):
    """What an alarm watches: a metric, or several to calculate with."""

    Metrics: tuple[_Query, ...] = ()

    @property
    def watched(self) -> dict[str, str]:
        """The labels of the metric, or of the first that is calculated with."""
        return self.labels or next((query.MetricStat.Metric.labels for query in self.Metrics if query.MetricStat), {})


class _Child(_Part):
    """An alarm that made a composite one change."""

    Arn: str


class _Message(_Part):
    """An alarm's change. A composite alarm has no trigger but children."""

    AlarmName: str
    AlarmDescription: str | None = None
    AWSAccountId: str
    NewStateValue: Value
    NewStateReason: str = ""
    StateChangeTime: Moment
    AlarmArn: str = ""
    Trigger: _Trigger | None = None
    TriggeringChildren: tuple[_Child, ...] = ()


def is_alarm(content: Mapping[str, Any]) -> bool:
    """Whether this is an alarm at all: topics are shared with deployments, budgets and people."""
    return "AlarmName" in content and "NewStateValue" in content


def read(content: Mapping[str, Any], topic: Arn | None) -> Alarm:
    """Take the alarm out of the message."""
    told = parse(_Message, content, "Message")
    children = ",".join(child.Arn for child in told.TriggeringChildren)
    labels = told.Trigger.watched if told.Trigger else {}
    return Alarm(
        arn=told.AlarmArn or _arn(told, topic),
        name=told.AlarmName,
        value=told.NewStateValue,
        description=told.AlarmDescription or "",
        reason=told.NewStateReason,
        labels=labels | ({"children": children} if children else {}),
        fired_at=told.StateChangeTime,
        at=told.StateChangeTime,
    )


def _arn(told: _Message, topic: Arn | None) -> str:
    if topic is None:
        raise Unreadable("Message.AlarmArn", "nothing", "the alarm's ARN, or the topic's")
    return f"arn:{topic.partition}:cloudwatch:{topic.region}:{told.AWSAccountId}:alarm:{told.AlarmName}"
