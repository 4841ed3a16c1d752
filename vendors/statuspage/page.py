"""What Statuspage's answers hold that we use; everything may be null there, whatever its document says."""

from typing import Any

from pydantic import AwareDatetime

from vendors.page import BEGINNING, PageIncident
from vendors.said import Part

OURS = "standfast"
"""The top-level key of our metadata; Statuspage wants an object under it."""


class Prepared(Part):
    """A text that the company prepared on its page."""

    name: str | None = None
    body: str | None = None
    update_status: str | None = None


class Update(Part):
    """One text of an incident, as customers read it."""

    status: str
    body: str | None = None
    created_at: AwareDatetime | None = None


class Postmortem(Part):
    """The account of what happened that stands beside an incident."""

    body: str | None = None
    published_at: AwareDatetime | None = None


class Incident(PageIncident):
    """An incident of the page."""

    created_at: AwareDatetime | None = None
    shortlink: str | None = None
    metadata: dict[str, Any] | None = None
    incident_updates: tuple[Update, ...] | None = None

    @property
    def marks(self) -> dict[str, str]:
        """What we wrote into the metadata: our incident's id and the key of every update we published."""
        found = (self.metadata or {}).get(OURS)
        return found if isinstance(found, dict) else {}

    @property
    def newest(self) -> Update | None:
        """The last update; the order of the list is seen, not promised, so the time decides."""
        return max(self.incident_updates or (), key=lambda update: update.created_at or BEGINNING, default=None)
