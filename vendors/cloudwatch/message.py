"""An alarm as CloudWatch writes it into a message of SNS.

`Region` is a display name there, and an alarm's own ARN is missing before about 2020, so both come from the topic's.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from vendors.cloudwatch.alarm import Alarm
from vendors.cloudwatch.envelope import Arn
from vendors.door import parse
from vendors.said import NEVER, Objects, Pairs, Text, Told, When, part, text


class _Metric(Told):
    """A metric."""

    MetricName: Text = ""
    Namespace: Text = ""
    Dimensions: Pairs = Field(default_factory=dict)

    @property
    def labels(self) -> dict[str, str]:
        """What runbooks are matched on and people look at."""
        named = {"namespace": self.Namespace, "metric": self.MetricName} if self.MetricName else {}
        return self.Dimensions | named


class _Trigger(_Metric):
    """What an alarm watches: a metric, or several to calculate with."""

    Metrics: Objects = ()

    @property
    def watched(self) -> dict[str, str]:
        """The labels of the metric, or of the first that is calculated with."""
        stats = (part(query.get("MetricStat")) for query in self.Metrics)
        metrics = (part(stat.get("Metric")) for stat in stats if stat)
        return self.labels or next((parse(_Metric, metric).labels for metric in metrics if metric), {})


class _Message(Told):
    """An alarm's change. A composite alarm has no trigger but children."""

    AlarmName: Text
    AlarmDescription: Text = ""
    AWSAccountId: Text = ""
    NewStateValue: Text
    NewStateReason: Text = ""
    StateChangeTime: When = NEVER
    AlarmArn: Text = ""
    Trigger: Annotated[_Trigger | None, BeforeValidator(part)] = None
    TriggeringChildren: Objects = ()


def is_alarm(content: Mapping[str, Any]) -> bool:
    """Whether this is an alarm at all: topics are shared with deployments, budgets and people."""
    return "AlarmName" in content and "NewStateValue" in content


def read(content: Mapping[str, Any], topic: Arn | None) -> Alarm:
    """Take the alarm out of the message."""
    told = parse(_Message, content, "Message")
    labels = told.Trigger.watched if told.Trigger else {}
    return Alarm(
        arn=told.AlarmArn or _arn(told, topic),
        name=told.AlarmName,
        value=told.NewStateValue,
        description=told.AlarmDescription or "",
        reason=told.NewStateReason,
        labels=labels,
        children=tuple(text(child["Arn"]) for child in told.TriggeringChildren if child.get("Arn")),
        fired_at=told.StateChangeTime,
        at=told.StateChangeTime,
    )


def _arn(told: _Message, topic: Arn | None) -> str:
    """The alarm's own name, or what can be known of it."""
    if topic is None:
        return f"{told.AWSAccountId}:{told.AlarmName}"
    return f"arn:{topic.partition}:cloudwatch:{topic.region}:{told.AWSAccountId}:alarm:{told.AlarmName}"
