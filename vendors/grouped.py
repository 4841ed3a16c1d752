"""Alertmanager's message: a group of alerts, each with a state of its own. Grafana says the same and more."""

from typing import Any

from pydantic import Field

from vendors import said

LONGEST_NAME = 500
"""Of what tells a message or its sender from others."""


class GroupedAlert(said.Told):
    """One alert of a message."""

    status: said.Text = ""
    """The message's own where it is missing."""
    labels: said.Pairs = Field(default_factory=dict)
    annotations: said.Pairs = Field(default_factory=dict)
    startsAt: said.When = said.NEVER
    endsAt: said.When = said.NEVER
    """The year 1 while the alert fires."""
    generatorURL: said.Text = ""
    fingerprint: said.Text = ""
    """Missing in version 3 of Alertmanager's."""


class Grouped(said.Told):
    """One group of alerts; `groupKey` names the message only: it changes when routes or policies are edited."""

    alerts: list[Any]
    status: said.Text = ""
    groupKey: Any = ""
    externalURL: said.Text = ""
    commonLabels: said.Pairs = Field(default_factory=dict)
    """What all its alerts have, and what one has that a proxy has shortened."""
    truncatedAlerts: said.Number = 0

    @property
    def left_out(self) -> int:
        """How many alerts of the group were left out while any of it fires."""
        return 0 if self.status == "resolved" else self.truncatedAlerts
