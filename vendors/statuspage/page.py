"""What Statuspage's answers hold that we use; everything may be null there, whatever its document says."""

from typing import Any

from pydantic import AwareDatetime, Field

from vendors.page import BEGINNING, PageIncident, PageUpdate
from vendors.said import Part

OURS = "standfast"
"""The top-level key of our metadata; Statuspage wants an object under it."""

MAINTENANCE = frozenset({"scheduled", "in_progress", "verifying", "completed"})
"""The states of templates and of incidents that are for planned work (developer.statuspage.io, "IncidentTemplate")."""


class Prepared(Part):
    """A text that the company prepared on its page."""

    name: str | None = None
    body: str | None = None
    update_status: str | None = None


class Update(PageUpdate):
    """One text of an incident."""

    body: str | None = None
    created_at: AwareDatetime | None = None

    @property
    def words(self) -> str:
        return self.body or ""


class Postmortem(Part):
    """The account of what happened that stands beside an incident."""

    body: str | None = None
    published_at: AwareDatetime | None = None


class Incident(PageIncident):
    """An incident of the page."""

    began_at: AwareDatetime | None = Field(None, alias="created_at")
    metadata: dict[str, Any] | None = None
    incident_updates: tuple[Update, ...] | None = None

    @property
    def marks(self) -> dict[str, str]:
        """What we wrote into the metadata: our incident's id and the key of every update we published."""
        found = (self.metadata or {}).get(OURS)
        return found if isinstance(found, dict) else {}

    @property
    def names(self) -> frozenset[str]:
        return frozenset({*self.marks, *self.marks.values()})

    @property
    def newest(self) -> Update | None:
        return max(self.incident_updates or (), key=lambda update: update.created_at or BEGINNING, default=None)
