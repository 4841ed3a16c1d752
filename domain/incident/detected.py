"""What alerts and acknowledgements turned into (SCP, DET, ACK)."""

from typing import TYPE_CHECKING, Literal

from domain.alerting.alert import Alert, State
from domain.company.catalog import Catalog, Link
from domain.company.policy import Policy
from domain.incident.entry import CALM, Sent
from domain.incident.fact import Fact
from domain.value.model import Clause, IncidentId, Moment, Severity, Shape, Word
from domain.value.repeat import Repeat

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


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


class Opened(Fact):
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

    def may_tell(self) -> bool:
        """Only that it was there before (REP-1)."""
        return bool(self.repeats)


class AlertsJoined(Fact):
    """Alerts of the same service joined the incident, or changed their state (DET-4)."""

    told = True
    kind: Literal["alerts_joined"] = "alerts_joined"
    clause: Clause = "DET-4"
    alerts: tuple[AlertSeen, ...]
    count: int = 1

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The newest state of each alert; what fires takes a recovery back."""
        for alert in self.alerts:
            before = incident.alerts.get(alert.key)
            page = alert.page or (before.page if before else "")
            incident.alerts[alert.key] = alert.model_copy(update={"page": page})
        incident.joined += self.count
        firing = [alert for alert in self.alerts if alert.state not in CALM]
        paged = tuple(name for alert in firing for name in alert.paged)
        if paged:
            incident.vendor_pages.append(Sent(event.at, "", paged))
        if firing:
            incident.recovered_at = None


class Recovered(Fact):
    """Every alert of the incident has recovered (DET-5)."""

    told = True
    kind: Literal["recovered"] = "recovered"
    clause: Clause = "DET-5"

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Nothing fires any more."""
        incident.recovered_at = event.at


class Acknowledged(Fact):
    """Somebody is investigating (ACK-1)."""

    told = True
    kind: Literal["acknowledged"] = "acknowledged"
    clause: Clause = "ACK-1"

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The present ringing has been taken, by whoever was first."""
        ringing = incident.rounds[-1]
        if not ringing.acknowledged_at:
            ringing.acknowledged_at, ringing.acknowledged_by = event.at, event.by


class PagedByVendor(Fact):
    """The paging vendor escalated by itself (ACK-3)."""

    kind: Literal["paged_by_vendor"] = "paged_by_vendor"
    clause: Clause = "ACK-3"
    people: tuple[str, ...]

    def apply(self, incident: "Incident", event: "Event") -> None:
        """They need no page of ours."""
        incident.vendor_pages.append(Sent(event.at, "", self.people))


class PageAsked(Fact):
    """A person had somebody paged (ACK-2); `level` is a level of the ladder, or says that one person was meant."""

    sign_of_life = True
    kind: Literal["page_asked"] = "page_asked"
    clause: Clause = "ACK-2"
    level: str
    people: tuple[Word, ...] = ()
    schedule: str = ""
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It is owed from now on."""
        incident.asked_pages.append(self)
