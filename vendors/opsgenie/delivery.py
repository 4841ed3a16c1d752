"""What an Opsgenie webhook holds that we use; nearly everything may be missing, and times come in two units."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AliasChoices, AwareDatetime, BeforeValidator, Field, StringConstraints

from vendors import said
from vendors.opsgenie.client import OURS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PROGRAMS = frozenset({"api", "system"})
"""Types of source that are no person; what we do through the API comes back as one."""


def _tags(value: Any) -> tuple[str, ...]:
    """The tags, in a list or with commas between them."""
    listed = value.split(",") if isinstance(value, str) else said.several(value)
    return tuple(said.text(one).strip() for one in listed)


class _Named(said.Told):
    """Somebody or something with a name."""

    type: said.Text = ""
    name: said.Text = ""


_Maybe = Annotated[_Named | None, BeforeValidator(said.part)]


class _Alert(said.Told):
    """The alert an action was done to; an escalation's step says its id only."""

    id: Annotated[str, BeforeValidator(said.text), StringConstraints(min_length=1)] = Field(alias="alertId")
    alias: said.Text = ""
    message: said.Text = ""
    description: said.Text = ""
    note: said.Text = ""
    entity: said.Text = ""
    source: said.Text = ""
    username: said.Text = ""
    priority: Any = None
    tags: Annotated[tuple[str, ...], BeforeValidator(_tags)] = ()
    details: said.Pairs = Field(default_factory=dict, validation_alias=AliasChoices("details", "extraProperties"))
    responders: Annotated[tuple[_Named, ...], BeforeValidator(said.objects)] = ()
    created_at: said.When = Field(said.NEVER, alias="createdAt")
    updated_at: said.When = Field(said.NEVER, alias="updatedAt")

    @property
    def facts(self) -> dict[str, str]:
        """What the tags of the form `name:value` and the details say; the details are the more deliberate word."""
        tagged = (tag.partition(":") for tag in self.tags if ":" in tag)
        return {name.lower(): value for name, _, value in tagged} | {
            name.lower(): value for name, value in self.details.items()
        }

    @property
    def environment(self) -> str:
        """The sender's word for the environment, which by convention is a tag or a detail."""
        return said.environment(self.facts)

    @property
    def rank(self) -> str:
        """P1 to P5; the numbers of old accounts have no confirmed meaning."""
        return "" if isinstance(self.priority, int) else said.word(self.priority)

    @property
    def severity(self) -> str:
        """The priority, or the sender's own word where there is none."""
        return self.rank or said.severity(self.facts)

    @property
    def paged(self) -> tuple[str, ...]:
        """Whom Opsgenie has paged already: users by name, and teams, of whom it does not say who."""
        return tuple(one.name for one in self.responders if one.name)

    @property
    def labels(self) -> dict[str, str]:
        """What runbooks are matched on and people look at."""
        tags = ", ".join(tag for tag in self.tags if ":" not in tag)
        more = {"alias": self.alias, "entity": self.entity, "source": self.source, "tags": tags}
        return self.facts | {name: value for name, value in (more | {"priority": self.rank}).items() if value}


class Delivery(said.Told):
    """The whole body. `received_at` is ours, for what carries no time."""

    action: str = Field(min_length=1)
    alert: _Alert
    source: _Maybe = None
    escalation: said.Text = Field("", alias="escalationName")
    escalation_id: said.Text = Field("", alias="escalationId")
    notify: _Maybe = Field(None, alias="escalationNotify")
    after: said.Text = Field("", alias="escalationTime")
    repeat: said.Text = Field("", alias="repeatCount")
    received_at: AwareDatetime = EPOCH

    @property
    def own(self) -> str:
        """Our incident whose page this is; empty when it is none of ours."""
        found = OURS.fullmatch(self.alert.alias)
        return found.group(1) if found else ""

    @property
    def page(self) -> str:
        """Which of our incident's pages it is; empty when it is none of ours."""
        found = OURS.fullmatch(self.alert.alias)
        return found.group(2) if found else ""

    @property
    def person(self) -> str:
        """The username of the person who did this, an e-mail address; empty for programs and for Opsgenie itself."""
        name = self.alert.username
        program = self.source is not None and self.source.type.lower() in PROGRAMS
        return name if "@" in name and not program else ""

    @property
    def service(self) -> str:
        """The sender's word for the service: detail, tag, entity, the team that has it, or the escalation."""
        teams = [one.name for one in self.alert.responders or () if one.type == "team" and one.name]
        words = (said.service(self.alert.facts), self.alert.entity, *teams, self.escalation)
        return next((word for word in words if word), "")

    @property
    def at(self) -> datetime:
        """When it was done; an escalation's step does not say."""
        told = (self.alert.updated_at, self.alert.created_at)
        return next((at for at in told if at != said.NEVER), self.received_at)

    @property
    def mark(self) -> str:
        """Names this action for ever, so that two deliveries, also by two integrations, are one."""
        moment = self.alert.updated_at.isoformat() if self.alert.updated_at != said.NEVER else ""
        step = (self.escalation_id, self.after, self.repeat, self.notify and self.notify.name)
        parts = [self.alert.id, self.action, moment, self.alert.note, self.escalation, *step]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]
