"""The first event of an incident: what it is about, under which policy and company (DET-1, DET-2)."""

from pydantic import Field

from domain.alerting.alert import Alert
from domain.company.catalog import FrozenCatalog, Link
from domain.company.policy import FrozenPolicy
from domain.incident.alerts import AlertSeen
from domain.incident.fact import Fact
from domain.value.line import Line, Names
from domain.value.model import ClauseId, IncidentId, Instant, Severity, Slug, unsaid
from domain.value.repeat import Repeat

BY_HAND = {"cli": "the command line", "board": "the board", "oidc": "the board"}
"""What people call the ways by which they declare."""


class Opened(Fact):
    """The incident exists, under a frozen policy and the company as it was then (DET-1, DET-2)."""

    clause: ClauseId = "DET-1"
    incident: IncidentId
    group: str = ""
    title: str
    description: str = ""
    service: Slug
    environment: str = "production"
    source: str
    security: bool = False
    drill: bool = False
    beside: str = Field(default="", exclude_if=unsaid)
    """The incident that it is linked to from the beginning (DET-4)."""
    alerts: tuple[AlertSeen, ...] = ()
    fired_at: Instant
    proposed: Severity
    because: str
    runbooks: tuple[Link, ...] = ()
    words: str = ""
    """What the alerts said, for the notebook's library; empty where no notebook plays a part (TRI-2)."""
    links: tuple[Link, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    """Earlier incidents of the service with the same failure mode: what may be happening again (REP-1)."""
    catalog: FrozenCatalog
    policy: FrozenPolicy

    def remembered(self, seen: AlertSeen) -> Alert:
        """An alert as far as the incident remembers it."""
        said = seen.model_dump() | {"source": seen.source or self.source}
        rest = {"description": self.description, "service": self.service, "environment": self.environment}
        return Alert(fired_at=seen.at, **rest, **said)

    def may_tell(self) -> bool:
        """Only that it was there before (REP-1)."""
        return bool(self.repeats)

    def line(self, names: Names) -> Line:
        how = "opened it" if self.clause == "DET-1" else f"opened it from {BY_HAND.get(self.source, self.source)}"
        return Line(f"{how}; {self.proposed} proposed: {self.because}", self.title)
