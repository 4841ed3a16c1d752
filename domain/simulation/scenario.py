"""What a scenario is made of: what monitors and people say, what people do, and which vendors are away meanwhile."""

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from domain.alerting.alert import Alert, State
from domain.company.catalog import Catalog, Link, Maintenance
from domain.company.policy import Policy
from domain.port.any_duty import AnyDuty
from domain.port.duty import Role
from domain.value.act import Act
from domain.value.merge import merged
from domain.value.model import Duration, Instant, Model, ShortText


class ScenarioAlert(Model):
    """An alert in one state, heard so long after the scenario's start."""

    after: Duration = timedelta()
    fired: Duration | None = None
    """When it fired at its source, where that was not when it was heard."""
    again: bool = False
    """Whether its sender repeats what it has said: that is news, however long ago it fired."""
    source: str = "monitor"
    key: str = "alert-1"
    episode: str = ""
    state: State = "firing"
    title: str = "Something is wrong"
    description: str = ""
    service: str = ""
    environment: str = "production"
    severity: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    links: tuple[Link, ...] = ()
    paged: tuple[str, ...] = ()
    page: str = ""
    ticket: str = ""
    count: int = 1
    by: str = ""
    """The person who reports it, where no monitor does (DET-2)."""

    def alert(self, starts_at: datetime) -> Alert:
        """The alert as its source would have said it."""
        said = self.model_dump(exclude={"after", "fired", "again", "count", "by"})
        fired = self.after if self.fired is None else self.fired
        return Alert.model_validate({**said, "fired_at": starts_at + fired, "at": starts_at + self.after})


class ScenarioAct(Model):
    """What somebody does, so long after the scenario's start."""

    after: Duration
    act: Act
    incident: int = 0
    """Which incident it is about, counted from 1; the newest one when 0."""


class Outage(Model):
    """A span in which the vendor of a role does none of its duties, none of one kind, or none for one person."""

    role: Role
    begins: Duration = timedelta()
    ends: Duration = timedelta(days=365)
    kind: str = ""
    person: str = ""
    said: str = "503 Service Unavailable"
    retryable: bool = True

    def hits(self, duty: AnyDuty, elapsed: timedelta) -> bool:
        """Whether this duty fails now."""
        meant = duty.role == self.role and self.kind in ("", duty.kind) and self.begins <= elapsed < self.ends
        return meant and (not self.person or self.person in duty.concerns())


class Window(Model):
    """A planned maintenance of the scenario's service (SCP-2)."""

    begins: Duration = timedelta()
    ends: Duration
    reason: ShortText = "planned work"
    service: str = ""


class Scenario(Model):
    """What happens to a company: alerts, what people do, and which vendors are away meanwhile."""

    name: str
    service: str
    starts_at: Instant
    lasts: Duration = timedelta(days=15)
    by: str = ""
    """Who opens the incident; the first alert's source when nobody does."""
    kind: Literal["incident", "drill"] = "incident"
    alerts: tuple[ScenarioAlert, ...] = Field(min_length=1)
    acts: tuple[ScenarioAct, ...] = ()
    outages: tuple[Outage, ...] = ()
    unwritten: tuple[tuple[Duration, tuple[str, ...]], ...] = ()
    """From when on nobody has written under which headings of the post-mortem; the last that has begun counts."""
    maintenance: tuple[Window, ...] = ()
    catalog: dict[str, Any] = Field(default_factory=dict)
    policy: dict[str, Any] = Field(default_factory=dict)

    def unwritten_at(self, moment: datetime) -> tuple[str, ...]:
        """The headings under which nobody has written by a moment."""
        said = (headings for after, headings in sorted(self.unwritten) if self.starts_at + after <= moment)
        return next(reversed([(), *said]))

    def ruled(self, policy: Policy) -> Policy:
        """The policy with the scenario's own lines in it."""
        return merged(policy, self.policy)

    def planned(self, catalog: Catalog) -> Catalog:
        """The company with the scenario's own lines in it, and its maintenance in the calendar."""
        catalog = merged(catalog, self.catalog)
        windows = tuple(
            Maintenance(
                service=one.service or self.service,
                starts_at=self.starts_at + one.begins,
                ends_at=self.starts_at + one.ends,
                reason=one.reason,
            )
            for one in self.maintenance
        )
        return catalog.model_copy(update={"maintenance": (*catalog.maintenance, *windows)})
