"""What the workflows ask of the house's own activities, and of each other."""

from datetime import timedelta
from typing import Any, ClassVar

from pydantic import Field, field_serializer

from domain.alerting.alert import Alert
from domain.drill import DrillOptions
from domain.incident.event import Event
from domain.port.any_duty import AnyDuty
from domain.port.chat import ShowHeadline
from domain.port.duty import Outcome
from domain.port.pager import Page
from domain.report.view import View
from domain.value.model import Instant, Model, by_default, unsaid
from domain.value.portion import portions


class OpenIncidentRequest(Model):
    """Open an incident for these alerts; `seed` makes its id, and tells a second attempt from another incident."""

    group: str
    service: str
    alerts: tuple[Alert, ...]
    seed: str
    by: str = "standfast"
    beside: str = Field(default="", exclude_if=unsaid)
    """The incident that it is linked to (DET-4)."""
    rehearsal: DrillOptions | None = None
    """What makes it a drill; a real incident has none."""


class AlertsForwarded(Model):
    """Alerts that the group passes on to its incident."""

    alerts: tuple[Alert, ...]
    count: int = 1
    unseen: int | None = by_default(None)
    """How many more fire that are not told one by one; None where nobody counted."""
    group: str = Field(default="", exclude_if=unsaid)
    """The group that tells it, where that is not the incident's own (DET-7)."""

    def messages(self) -> "tuple[AlertsForwarded, ...]":
        """The same in messages that each fit; all the duplicates are counted in the first."""
        parts = [tuple(part) for part in portions(self.alerts)] or [()]
        first = self.model_copy(update={"alerts": parts[0]})
        return (first, *(self.model_copy(update={"alerts": part, "count": 0}) for part in parts[1:]))


class AlertsReturned(Model):
    """Alerts that reached an incident after its end, on their way back to the group."""

    incident: str
    alerts: tuple[Alert, ...]
    merged_into: str = Field(default="", exclude_if=unsaid)
    """The incident that has them from now on (DET-7)."""


class DutyBatch(Model):
    """Duties that one vendor is asked for at once; those `in_order` one after the other."""

    duties: tuple[AnyDuty, ...]


class DutyEnded(Model):
    """What came of one try of a duty, or why nothing did."""

    outcome: Outcome | None = by_default(None)
    said: str = Field(default="", exclude_if=unsaid)
    retryable: bool = by_default(True)
    retry_after: timedelta | None = by_default(None)
    """How long the vendor wants to be left alone."""
    begun: bool = by_default(True)
    """Whether it was tried at all: what goes in order is not, where the one before could not be done."""


class EventBatch(Model):
    """Events on their way to the records, and the incident as it stands after them."""

    incident: str
    events: tuple[Event, ...]
    view: View

    @field_serializer("view")
    def _said(self, view: View) -> dict[str, Any]:
        """Without what every release takes for said where it is not."""
        return view.model_dump(mode="json", exclude_defaults=True)


class Recorded(Model):
    """How far the records have an incident's events, and what they disagree about, if anything."""

    up_to: int
    said: str = ""


class Alarm(Model):
    """Something that stands still, and the page that says so; `vendor` is the pager of its service."""

    key: str
    page: Page
    vendor: str

    @property
    def duty(self) -> Page:
        """What says it."""
        return self.page


class CompanyFinding(Model):
    """A file of the company that was changed into what cannot be used, and what tells #incidents so."""

    prefix: ClassVar[str] = "unfit/"
    """How its key begins."""
    key: str
    headline: ShowHeadline
    vendor: str

    @property
    def duty(self) -> ShowHeadline:
        """What says it."""
        return self.headline


class TroublesSaid(Model):
    """What the watchman has said: of what still stands still, and of files that cannot be used."""

    said: tuple[str, ...] = ()


class SuppressedAlerts(Model):
    """Alerts that opened nothing, and why (SCP-2)."""

    group: str
    alerts: tuple[Alert, ...]
    reason: str
    at: Instant
    service: str = Field(default="", exclude_if=unsaid)
    """Whose alerts they are: those who fight an incident of it hear of them."""
