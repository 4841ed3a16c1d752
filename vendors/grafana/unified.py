"""Reads Grafana's unified alerting, version 8 and later: a group of alerts, each with a state of its own.

Data that is missing and a data source that fails come as alerts of their own, with another name and fingerprint than
the rule's; both mean that nobody knows how things are, so both are the third state. A series that vanished, and a rule
that was paused, changed or deleted, end an alert without anybody having seen a recovery: such an alert is calm as a
merged one is, and closes nothing by itself.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.alerting.alert import Alert, State, WebhookContent
from domain.company.catalog import Link
from vendors import said
from vendors.door import Unreadable, links, parse
from vendors.grouped import LONGEST_NAME, Grouped, GroupedAlert
from vendors.hearing import each

BLIND = {"DatasourceNoData": "no data", "DatasourceError": "the data source fails"}
"""The alerts that Grafana makes itself when it cannot evaluate a rule."""
UNSEEN = {"MissingSeries", "Paused", "RuleDeleted", "Updated"}
"""Reasons for which Grafana resolves an alert without having seen it recover."""
RULE = re.compile(r"/alerting/(?:grafana/)?([A-Za-z0-9_-]+)/(?:view|edit)\b")


class _Told(GroupedAlert):
    """One alert of a message."""

    silenceURL: said.Text = ""
    dashboardURL: said.Text = ""
    panelURL: said.Text = ""
    imageURL: said.Text = ""
    ruleUID: said.Text = ""
    orgId: said.Text = ""

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


class _Message(Grouped):
    """The group for one contact point."""

    orgId: said.Text = ""


def read(body: Mapping[str, Any], received_at: datetime) -> WebhookContent:
    """Turn each alert of the group into ours."""
    message = parse(_Message, body)
    if message.status == "firing" and not message.alerts:
        raise Unreadable("alerts", "none", "the alerts of a group that fires")

    def heard(told: Any, path: str) -> Alert:
        one = parse(_Told, told, path)
        return _alert(one.model_copy(update={"labels": message.commonLabels | one.labels}), message, received_at)

    alerts, unread = each(message.alerts, heard, "alerts")
    return WebhookContent(
        alerts=tuple(alerts), unread=unread, remark="" if alerts else "a message of Grafana without alerts"
    )


def _alert(told: _Told, message: _Message, received_at: datetime) -> Alert:
    state, ended_at = _state(told, message), told.endsAt if told.endsAt.year >= 1970 else received_at
    return Alert(
        source="grafana",
        key=f"{told.orgId or message.orgId}:{told.rule}:{told.fingerprint or said.mark(told.labels)}",
        episode=told.startsAt.isoformat(),
        state=state,
        title=_title(told),
        description=_description(told, message.truncatedAlerts),
        service=said.service(told.labels),
        environment=said.environment(told.labels),
        severity=said.severity(told.labels),
        labels=told.labels,
        links=_links(told),
        fired_at=told.startsAt,
        at=ended_at if state in ("resolved", "merged") else told.startsAt,
        restated=True,
        origin=(message.externalURL[:LONGEST_NAME],) if message.externalURL else (),
        batch=f"{message.externalURL} {message.groupKey}"[:LONGEST_NAME],
        left_out=message.left_out,
    )


def _state(told: _Told, message: _Message) -> State:
    if told.is_test:
        return "test"
    if (told.status or message.status).lower() == "resolved":
        reasons = said.text(told.annotations.get("grafana_state_reason")).split(", ")
        return "merged" if UNSEEN & {*reasons} else "resolved"
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
