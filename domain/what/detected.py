"""What alerts and acknowledgements turned into (SCP, DET, ACK)."""

from typing import Literal

from pydantic import Field

from domain.alert import Alert, State, unsaid
from domain.catalog import Catalog, Link
from domain.policy import Policy
from domain.repeat import Repeat
from domain.shape import Clause, IncidentId, Moment, Severity, Shape, Word


class AlertSeen(Shape):
    """An alert as the incident remembers it."""

    key: str
    episode: str = ""
    state: State
    title: str
    severity: str = ""
    """The sender's word, so that another policy's matrix can be asked about it."""
    at: Moment
    page: str = ""
    paged: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    source: str = ""
    ticket: str = ""

    @classmethod
    def of(cls, alert: Alert) -> "AlertSeen":
        """Keep what the procedure needs of an alert."""
        return cls.model_validate(alert.model_dump(include=set(cls.model_fields)))


class Opened(Shape):
    """The incident exists, under a frozen policy and the company as it was then (DET-1, DET-2)."""

    kind: Literal["opened"] = "opened"
    clause: Clause = "DET-1"
    incident: IncidentId
    group: str = ""
    title: str
    description: str = ""
    service: Word
    environment: str = "production"
    source: str
    security: bool = False
    drill: bool = False
    alerts: tuple[AlertSeen, ...] = ()
    fired_at: Moment
    proposed: Severity
    because: str
    runbooks: tuple[Link, ...] = ()
    words: str = ""
    """What the alerts said, for the notebook's library; empty where no notebook plays a part (TRI-2)."""
    links: tuple[Link, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    """Earlier incidents of the service with the same failure mode: what may be happening again (REP-1)."""
    catalog: Catalog
    policy: Policy


class AlertsJoined(Shape):
    """Alerts of the same service joined the incident, or changed their state (DET-4)."""

    kind: Literal["alerts_joined"] = "alerts_joined"
    clause: Clause = "DET-4"
    alerts: tuple[AlertSeen, ...]
    count: int = 1
    unseen: int = Field(default=0, exclude_if=unsaid)
    """How many more fire that were counted and not told one by one."""


class Recovered(Shape):
    """Every alert of the incident has recovered (DET-5)."""

    kind: Literal["recovered"] = "recovered"
    clause: Clause = "DET-5"


class Acknowledged(Shape):
    """Somebody is investigating (ACK-1)."""

    kind: Literal["acknowledged"] = "acknowledged"
    clause: Clause = "ACK-1"


class PagedByVendor(Shape):
    """The paging vendor escalated by itself (ACK-3)."""

    kind: Literal["paged_by_vendor"] = "paged_by_vendor"
    clause: Clause = "ACK-3"
    people: tuple[str, ...]


class PageAsked(Shape):
    """A person had somebody paged (ACK-2); `level` is a level of the ladder, or says that one person was meant."""

    kind: Literal["page_asked"] = "page_asked"
    clause: Clause = "ACK-2"
    level: str
    people: tuple[Word, ...] = ()
    schedule: str = ""
    reason: str = ""
