"""Reads the alerts of dashboards' panels, as Grafana sent them before version 11: one rule, one state, and no time.

Without a time in the body the arrival stands for it, and nothing tells one episode of a rule from the next but the
recovery between them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from domain.alerting.alert import Alert, State, WebhookContent
from vendors import said
from vendors.door import Unreadable, links, parse

STATES: dict[str, State] = {"alerting": "firing", "ok": "resolved", "no_data": "no_data"}
SILENT = ("pending", "paused", "unknown")
"""A rule that is pending or paused says nothing yet, or any more."""


class _Rule(said.Told):
    """What a rule says."""

    state: Annotated[str, BeforeValidator(lambda value: said.text(value).lower())]
    ruleId: said.Text
    ruleName: said.Text = ""
    ruleUrl: said.Text = ""
    imageUrl: said.Text = ""
    message: said.Text = ""
    title: said.Text = ""
    orgId: said.Text = ""
    tags: said.Pairs = Field(default_factory=dict)
    evalMatches: said.Objects = ()
    """The series that the rule found."""

    @property
    def labels(self) -> dict[str, str]:
        """The rule's tags, and those of the series it found; the rule's own word counts."""
        found = [said.pairs(match.get("tags")) for match in self.evalMatches]
        return {name: value for tags in reversed(found) for name, value in tags.items()} | self.tags


def read(body: Mapping[str, Any], received_at: datetime) -> WebhookContent:
    """Turn the rule's state into an alert."""
    rule = parse(_Rule, body)
    name, labels = rule.ruleName or rule.title or f"Grafana rule {rule.ruleId}", rule.labels
    if rule.state not in (*STATES, *SILENT):
        raise Unreadable("state", repr(rule.state)[:80], f"one of {', '.join(STATES)}")
    if rule.state in SILENT:
        return WebhookContent(remark=f"Grafana says that {name} is {rule.state}")
    alert = Alert(
        source="grafana",
        key=f"{rule.orgId}:rule {rule.ruleId}",
        state="test" if rule.ruleName == "Test notification" else STATES[rule.state],
        title=name,
        description=rule.message,
        service=said.service(labels),
        environment=said.environment(labels),
        severity=said.severity(labels),
        labels=labels,
        links=links(("Panel and its rule", rule.ruleUrl), ("Graph", rule.imageUrl)),
        fired_at=received_at,
        at=received_at,
    )
    return WebhookContent(alerts=(alert,))
