"""What alerts an incident knows, and what becomes of them (DET)."""

from typing import TYPE_CHECKING

from pydantic import Field

from domain.alerting.alert import Alert, State
from domain.company.catalog import Link
from domain.incident.entry import CALM, PageSent
from domain.incident.fact import Fact
from domain.incident.lifecycle import Resolved
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Instant, Model, unsaid

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class AlertSeen(Model):
    """An alert as the incident remembers it."""

    key: str
    episode: str = ""
    state: State
    title: str
    severity: str = ""
    """The sender's word, so that another policy's matrix can be asked about it."""
    at: Instant
    page: str = ""
    paged: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    source: str = ""
    ticket: str = ""

    @classmethod
    def of(cls, alert: Alert) -> "AlertSeen":
        """Keep what the procedure needs of an alert."""
        return cls.model_validate(alert.model_dump(include=set(cls.model_fields)))


class AlertsJoined(Fact):
    """Alerts of the same service joined the incident, or changed their state (DET-4)."""

    told = True
    clause: ClauseId = "DET-4"
    alerts: tuple[AlertSeen, ...]
    count: int = 1
    unseen: int = Field(default=0, exclude_if=unsaid)
    """How many more fire that were counted and not told one by one."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The newest state of each alert, and whom the pager woke for it."""
        for alert in self.alerts:
            before = incident.alerts.get(alert.key)
            page = alert.page or (before.page if before else "")
            incident.alerts[alert.key] = alert.model_copy(update={"page": page})
        incident.unseen = self.unseen
        firing = [alert for alert in self.alerts if alert.state not in CALM]
        paged = tuple(name for alert in firing for name in alert.paged)
        if paged:
            incident.vendor_pages.append(PageSent(event.at, "", paged))

    def line(self, names: Names) -> Line:
        several = "s" * (self.count != 1)
        titles = ", ".join(alert.title for alert in self.alerts)
        return Line(f"{self.count} alert{several} joined or changed", titles, alone=True)


class Recovered(Fact):
    """Every alert of the incident has recovered (DET-5)."""

    answered_by = (Resolved,)
    told = True
    clause: ClauseId = "DET-5"
    ends: bool = Field(default=False, exclude_if=unsaid)
    """Whether it is over by that, before anybody acknowledged, and only to be asked about personal data (GDP-1)."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.calmed_at = event.at if self.ends else incident.calmed_at

    def line(self, names: Names) -> Line:
        return Line("every alert has recovered", tone="good", alone=True)
