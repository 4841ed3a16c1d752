"""What an Opsgenie webhook holds that we use; nearly everything may be missing, and times come in two units."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from vendors.opsgenie.client import OURS

NANOSECONDS = 10**17
"""A count above this is of nanoseconds; as milliseconds it would be three million years away."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PROGRAMS = frozenset({"api", "system"})
"""Types of source that are no person; what we do through the API comes back as one."""


def _moment(value: Any) -> Any:
    """Read a count since the epoch, in milliseconds or nanoseconds by its magnitude."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    try:
        return EPOCH + timedelta(microseconds=value // 1000 if value > NANOSECONDS else value * 1000)
    except OverflowError:
        raise ValueError("a time since the epoch in milliseconds or nanoseconds") from None


Count = Annotated[AwareDatetime, BeforeValidator(_moment)]


class _Sent(BaseModel):
    """A part of what is sent: frozen, and silent about the fields we have no use for."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class _Named(_Sent):
    """Somebody or something with a name."""

    type: str = ""
    name: str | None = None


class _Alert(_Sent):
    """The alert an action was done to; an escalation's step says its id only."""

    id: str = Field(alias="alertId", min_length=1)
    alias: str | None = None
    message: str | None = None
    description: str | None = None
    note: str | None = None
    entity: str | None = None
    source: str | None = None
    username: str | None = None
    priority: str | int | None = None
    tags: tuple[str, ...] | None = None
    details: dict[str, Any] | None = None
    responders: tuple[_Named, ...] | None = None
    created_at: Count | None = Field(None, alias="createdAt")
    updated_at: Count | None = Field(None, alias="updatedAt")

    @property
    def facts(self) -> dict[str, str]:
        """What the tags of the form `name:value` and the details say; the details are the more deliberate word."""
        tagged = (tag.partition(":") for tag in self.tags or () if ":" in tag)
        return {name.lower(): value for name, _, value in tagged} | {
            name.lower(): str(value) for name, value in (self.details or {}).items()
        }

    @property
    def environment(self) -> str:
        """The sender's word for the environment, which by convention is a tag or a detail."""
        return self.facts.get("environment") or self.facts.get("env") or ""

    @property
    def severity(self) -> str:
        """P1 to P5; the numbers of old accounts have no confirmed meaning."""
        return self.priority if isinstance(self.priority, str) else ""

    @property
    def paged(self) -> tuple[str, ...]:
        """Whom Opsgenie has paged already: users by name, and teams, of whom it does not say who."""
        return tuple(one.name for one in self.responders or () if one.name)

    @property
    def labels(self) -> dict[str, str]:
        """What runbooks are matched on and people look at."""
        tags = ", ".join(tag for tag in self.tags or () if ":" not in tag)
        more = {"alias": self.alias, "entity": self.entity, "source": self.source, "tags": tags}
        return self.facts | {name: value for name, value in (more | {"priority": self.severity}).items() if value}


class Delivery(_Sent):
    """The whole body. `received_at` is ours, for what carries no time."""

    action: str = Field(min_length=1)
    alert: _Alert
    source: _Named | None = None
    escalation: str = Field("", alias="escalationName")
    escalation_id: str = Field("", alias="escalationId")
    notify: _Named | None = Field(None, alias="escalationNotify")
    after: int | None = Field(None, alias="escalationTime")
    repeat: int | None = Field(None, alias="repeatCount")
    received_at: AwareDatetime = EPOCH

    @property
    def own(self) -> str:
        """Our incident whose page this is; empty when it is none of ours."""
        found = OURS.fullmatch(self.alert.alias or "")
        return found.group(1) if found else ""

    @property
    def person(self) -> str:
        """The username of the person who did this, an e-mail address; empty for programs and for Opsgenie itself."""
        name = self.alert.username or ""
        program = self.source is not None and self.source.type.lower() in PROGRAMS
        return name if "@" in name and not program else ""

    @property
    def service(self) -> str:
        """The sender's word for the service: detail, tag, entity, the team that has it, or the escalation."""
        teams = [one.name for one in self.alert.responders or () if one.type == "team" and one.name]
        words = (self.alert.facts.get("service"), self.alert.entity, *teams, self.escalation)
        return next((word for word in words if word), "")

    @property
    def at(self) -> datetime:
        """When it was done; an escalation's step does not say."""
        return self.alert.updated_at or self.alert.created_at or self.received_at

    @property
    def mark(self) -> str:
        """Names this action for ever, so that two deliveries, also by two integrations, are one."""
        moment = self.alert.updated_at.isoformat() if self.alert.updated_at else ""
        step = (self.escalation_id, self.after, self.repeat, self.notify and self.notify.name)
        parts = [self.alert.id, self.action, moment, self.alert.note, self.escalation, *step]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]
