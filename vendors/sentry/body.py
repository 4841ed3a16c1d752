"""What a webhook of Sentry holds that we use; stack frames, requests and users are personal data and passed over."""

import re
from datetime import datetime as Moment
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from vendors import said

PROJECT = re.compile(r"/projects/[^/]+/([^/]+)/")


class Rule(said.Told):
    """The rule of a metric alert."""

    name: said.Text = ""
    query: said.Text = ""
    aggregate: said.Text = ""
    environment: said.Text = ""
    """Nothing means all of them."""
    projects: said.Texts = ()


class MetricAlert(said.Told):
    """A metric that has crossed its line."""

    id: said.Text
    title: said.Text = ""
    projects: said.Texts = ()
    alert_rule: Annotated[Rule, BeforeValidator(lambda value: said.part(value) or {})] = Rule()
    date_started: said.When = said.NEVER
    date_detected: said.When = said.NEVER
    date_closed: said.When = said.NEVER


class Event(said.Told):
    """The event that set an issue alert off. `project` is a number there; the addresses have its name."""

    issue_id: said.Text = ""
    title: said.Text = ""
    level: said.Text = ""
    culprit: said.Text = ""
    release: said.Text = ""
    environment: said.Text = ""
    tags: said.Pairs = Field(default_factory=dict)
    url: said.Text = ""
    web_url: said.Text = ""
    datetime: said.When = said.NEVER
    timestamp: said.When = said.NEVER

    @property
    def project_slug(self) -> str:
        """The project's name."""
        found = PROJECT.search(self.url)
        return found.group(1) if found else ""

    @property
    def at(self) -> Moment:
        """When it happened; `NEVER` when that is not said."""
        return self.datetime if self.datetime != said.NEVER else self.timestamp


class Issue(said.Told):
    """An issue."""

    id: said.Text = ""
    shortId: said.Text = ""
    title: said.Text = ""
    level: said.Text = ""
    issueCategory: said.Text = ""
    """What kind it is of: an error, something that is slow, something that is down."""
    project: Any = None
    permalink: said.Text = ""
    firstSeen: said.When = said.NEVER

    @property
    def project_slug(self) -> str:
        """The project's name."""
        return said.text((said.part(self.project) or {}).get("slug"))


class Data(said.Told):
    """What the webhook is about: one of three."""

    metric_alert: Annotated[MetricAlert | None, BeforeValidator(said.part)] = None
    event: Annotated[Event | None, BeforeValidator(said.part)] = None
    issue: Annotated[Issue | None, BeforeValidator(said.part)] = None
    description_text: said.Text = ""
    description_title: said.Text = ""
    web_url: said.Text = ""
    triggered_rule: said.Text = ""
    issue_alert: Any = None

    @property
    def settings(self) -> dict[str, str]:
        """What people have chosen at the rule for this integration."""
        return said.pairs((said.part(self.issue_alert) or {}).get("settings"))


class Body(said.Told):
    """The whole."""

    action: said.Text = ""
    data: Annotated[Data, BeforeValidator(lambda value: said.part(value) or {})] = Data()
