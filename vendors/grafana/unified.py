"""Reads Grafana's unified alerting, version 8 and later: a group of alerts, each with a state of its own.

Data that is missing and a data source that fails come as alerts of their own, with another name and fingerprint than
the rule's; both mean that nobody knows how things are, so both are the third state. A series that vanished, and a rule
that was paused, changed or deleted, end an alert without anybody having seen a recovery: such an alert is calm as a
merged one is, and closes nothing by itself.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from domain.alerting.alert import Alert, Heard, State
from domain.company.catalog import Link
from domain.value.model import Moment
from vendors.door import Unreadable, links, parse

SERVICE_LABELS = ("service", "app", "application", "app_kubernetes_io_name", "job")
ENVIRONMENT_LABELS = ("env", "environment", "deployment_environment", "stage")
"""Conventions only, best first; what the words mean is the catalog's to say."""
BLIND = {"DatasourceNoData": "no data", "DatasourceError": "the data source fails"}
"""The alerts that Grafana makes itself when it cannot evaluate a rule."""
UNSEEN = {"MissingSeries", "Paused", "RuleDeleted", "Updated"}
"""Reasons for which Grafana resolves an alert without having seen it recover."""
GO_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4})\b.*")
RULE = re.compile(r"/alerting/(?:grafana/)?([A-Za-z0-9_-]+)/(?:view|edit)\b")


def _from_go(value: Any) -> Any:
    """Some relays print times as Go does."""
    found = GO_TIME.fullmatch(value) if isinstance(value, str) else None
    return f"{found[1]}T{found[2]}{found[3]}" if found else value


_Time = Annotated[Moment, BeforeValidator(_from_go)]


class _Told(BaseModel):
    """One alert of a message. Releases add fields, so unknown ones are passed over."""

    model_config = ConfigDict(frozen=True)

    status: Literal["firing", "resolved", ""] = ""
    """Missing in some messages of version 8: the message's own then."""
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    startsAt: _Time
    endsAt: _Time | None = None
    """The year 1 while the alert fires, so it is never converted to another zone before it is known to be later."""
    generatorURL: str = ""
    fingerprint: str
    silenceURL: str = ""
    dashboardURL: str = ""
    panelURL: str = ""
    imageURL: str = ""
    ruleUID: str = ""
    orgId: int | None = None

    @property
    def name(self) -> str:
        """The rule's name, also where the alert is about its data."""
        return self.labels.get("rulename") or self.labels.get("alertname", "")

    @property
    def rule(self) -> str:
        """The rule's id; before version 12 it stands in the link to the rule only."""
        found = RULE.search(self.generatorURL)
        return self.ruleUID or (found.group(1) if found else "")

    @property
    def blind(self) -> str:
        """Why the rule could not be evaluated; empty when it was."""
        return BLIND.get(self.labels.get("alertname", ""), "")

    @property
    def is_test(self) -> bool:
        """Whether somebody pressed "Test" at the contact point."""
        return self.labels.get("alertname") == "TestAlert" and self.labels.get("instance") == "Grafana"

    def label(self, names: tuple[str, ...]) -> str:
        """The first of these labels that is there."""
        return next((self.labels[name] for name in names if self.labels.get(name)), "")


class _Message(BaseModel):
    """One group of alerts for one contact point; `groupKey` names the message only: it changes with the policies."""

    model_config = ConfigDict(frozen=True)

    status: Literal["firing", "resolved"]
    alerts: tuple[_Told, ...]
    orgId: int | None = None
    groupKey: Any = ""
    externalURL: Any = ""
    truncatedAlerts: int = 0

    @property
    def left_out(self) -> int:
        """How many alerts of the group were left out while any of it fires."""
        return 0 if self.status == "resolved" else self.truncatedAlerts


def read(body: Mapping[str, Any], received_at: datetime) -> Heard:
    """Turn each alert of the group into ours."""
    message = parse(_Message, body)
    alerts = [_alert(told, message, received_at, f"alerts.{place}") for place, told in enumerate(message.alerts)]
    return Heard(alerts=tuple(alerts), remark="" if alerts else "a message of Grafana without alerts")


def _alert(told: _Told, message: _Message, received_at: datetime, path: str) -> Alert:
    if told.startsAt.year < 1970:
        raise Unreadable(f"{path}.startsAt", told.startsAt.isoformat(), "the moment when the alert fired")
    fired_at, state = told.startsAt.astimezone(UTC), _state(told, message)
    ended_at = told.endsAt.astimezone(UTC) if told.endsAt and told.endsAt.year >= 1970 else received_at
    return Alert(
        source="grafana",
        key=f"{told.orgId or message.orgId or ''}:{told.rule}:{told.fingerprint}",
        episode=fired_at.isoformat(),
        state=state,
        title=_title(told),
        description=_description(told, message.truncatedAlerts),
        service=told.label(SERVICE_LABELS),
        environment=told.label(ENVIRONMENT_LABELS),
        severity=told.labels.get("severity", ""),
        labels=told.labels,
        links=_links(told),
        fired_at=fired_at,
        at=ended_at if state in ("resolved", "merged") else fired_at,
        restated=True,
        origin=(str(message.externalURL),) if message.externalURL else (),
        batch=f"{message.externalURL} {message.groupKey}",
        left_out=message.left_out,
    )


def _state(told: _Told, message: _Message) -> State:
    if told.is_test:
        return "test"
    if (told.status or message.status) == "resolved":
        return "merged" if told.annotations.get("grafana_state_reason") in UNSEEN else "resolved"
    return "no_data" if told.blind else "firing"


def _title(told: _Told) -> str:
    parts = (told.name, told.blind, told.annotations.get("summary", ""))
    return ": ".join(part for part in parts if part) or "An alert without a name"


def _description(told: _Told, left_out: int) -> str:
    """The annotations' words, why Grafana sees it so, and that this message does not tell the whole group."""
    reason = told.annotations.get("grafana_state_reason", "")
    words = [told.annotations.get("description", ""), told.annotations.get("Error", "")]
    words += [f"Grafana's reason for this state: {reason}."] if reason else []
    words += [f"Grafana left {left_out} more alerts of this group out; some may be firing."] if left_out else []
    return "\n".join(word for word in words if word)


def _links(told: _Told) -> tuple[Link, ...]:
    return links(
        ("Dashboard", told.dashboardURL),
        ("Panel", told.panelURL),
        ("Rule and its query", told.generatorURL),
        ("Silence", told.silenceURL),
        ("Runbook", told.annotations.get("runbook_url", "")),
        ("Graph", told.imageURL),
    )
