"""An alarm as CloudWatch tells it to EventBridge, and as it hands it to a Lambda function.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from domain.alerting.alert import WebhookContent
from vendors.cloudwatch import finding, health, outcome_event, watch
from vendors.cloudwatch.alarm import Alarm
from vendors.door import Unreadable, parse
from vendors.said import NEVER, Objects, Pairs, Text, Texts, Told, When, objects, part, text

CHANGE = "CloudWatch Alarm State Change"
CONFIGURED = "CloudWatch Alarm Configuration Change"


class _State(Told):
    """A state of the alarm."""

    value: Text = ""
    reason: Text = ""
    timestamp: When = NEVER
    actionsSuppressedBy: Text = ""
    reasonData: Text = ""

    @property
    def children(self) -> tuple[str, ...]:
        """The alarms that made a composite one change, which stand as JSON in a text."""
        try:
            told = part(json.loads(self.reasonData)) or {}
        except (ValueError, RecursionError):
            return ()
        return tuple(text(one["arn"]) for one in objects(told.get("triggeringAlarms")) if one.get("arn"))


class _Metric(Told):
    """A metric."""

    name: Text = ""
    namespace: Text = ""
    dimensions: Pairs = Field(default_factory=dict)


class _Configuration(Told):
    """How the alarm is made."""

    description: Text = ""
    metrics: Objects = ()
    actionsEnabled: Any = True

    @property
    def labels(self) -> dict[str, str]:
        """What runbooks are matched on: of the first metric."""
        stats = (part(query.get("metricStat")) for query in self.metrics)
        found = next((told for stat in stats if stat and (told := part(stat.get("metric")))), None)
        metric = parse(_Metric, found) if found else None
        return metric.dimensions | {"namespace": metric.namespace, "metric": metric.name} if metric else {}


class _Detail(Told):
    """What happened to the alarm."""

    alarmName: Text
    state: Annotated[_State, BeforeValidator(lambda value: part(value) or {})] = _State()
    previousState: Annotated[_State | None, BeforeValidator(part)] = None
    configuration: Annotated[_Configuration, BeforeValidator(lambda value: part(value) or {})] = _Configuration()
    operation: Text = ""


class _Event(Told):
    """The event."""

    resources: Texts = ()
    arn: Text = Field(default="", validation_alias="alarmArn")
    account: Text = Field(default="", validation_alias=AliasChoices("account", "accountId"))
    region: Text = ""
    time: When = NEVER
    detail: _Detail = Field(validation_alias=AliasChoices("detail", "alarmData"))

    @property
    def alarm_arn(self) -> str:
        """The alarm's name."""
        made = f"arn:aws:cloudwatch:{self.region}:{self.account}:alarm:{self.detail.alarmName}"
        return self.arn or next(iter(self.resources), "") or made


def is_event(content: Mapping[str, Any]) -> bool:
    """Whether this comes from EventBridge, or is what an alarm hands to a Lambda function."""
    return "detail-type" in content or "alarmData" in content


def read(content: Mapping[str, Any]) -> WebhookContent:
    """Hear an alarm's change. One whose actions AWS suppresses does not fire here either; its end is always heard."""
    kind = text(content.get("detail-type", CHANGE))
    if not kind:
        raise Unreadable("detail-type", "nothing", "what the event is about")
    if finding.is_finding(kind):
        return finding.read(content, kind)
    if kind in watch.STATES:
        return watch.read(content, kind)
    if kind in health.KINDS:
        return health.read(content)
    if kind not in (CHANGE, CONFIGURED):
        return outcome_event.read(content, kind)
    event = parse(_Event, content)
    name, state = event.detail.alarmName, event.detail.state
    if kind == CONFIGURED:
        return _configured(event)
    if state.actionsSuppressedBy and state.value.upper() != "OK":
        return WebhookContent(
            remark=f"{name} is in {state.value}, but AWS suppresses its actions ({state.actionsSuppressedBy})"
        )
    if not name:
        raise Unreadable("detail.alarmName", "nothing", "the alarm's name")
    return WebhookContent(alerts=(_alarm(event).alert(),))


def _configured(event: _Event) -> WebhookContent:
    """An alarm that was deleted, or whose actions were switched off, tells its end to nobody any more."""
    name, operation = event.detail.alarmName, event.detail.operation.lower()
    silenced = text(event.detail.configuration.actionsEnabled) == "false"
    if operation != "delete" and not silenced:
        return WebhookContent(remark=f"The alarm {name} was changed ({operation or 'somehow'}), which is no alert")
    what = "The alarm was deleted" if operation == "delete" else "The alarm's actions were switched off"
    gone = f"{what}: nobody has seen a recovery, and none will be told."
    alarm = _alarm(event).model_copy(update={"gone": gone, "at": event.time, "fired_at": event.time})
    return WebhookContent(alerts=(alarm.alert(),))


def _alarm(event: _Event) -> Alarm:
    """A recovery tells since when the alarm fired."""
    detail, state, before = event.detail, event.detail.state, event.detail.previousState
    fired = before if before and before.value == "ALARM" and state.value == "OK" else state
    return Alarm(
        arn=event.alarm_arn,
        name=detail.alarmName,
        value=state.value,
        description=detail.configuration.description,
        reason=state.reason,
        labels=detail.configuration.labels,
        children=state.children,
        fired_at=fired.timestamp,
        at=state.timestamp,
    )
