"""What Instatus's answers hold that we use, and the reference by which we know our own words again."""

import re

from pydantic import AwareDatetime, Field

from vendors.page import BEGINNING, PageIncident, PageUpdate
from vendors.said import Part

REFERENCE = re.compile(r"\s*Reference: (INC-[0-9A-HJKMNP-TV-Z]{5})/(\d+)\s*\Z")
"""The last line of every message of ours: our incident and the number of the update."""


def referenced(body: str, incident: str, number: int) -> str:
    """A message with its reference, which customers may quote."""
    return f"{body}\n\nReference: {incident}/{number}"


class Site(Part):
    """A status page of the account."""

    id: str
    name: str = ""


class Prepared(Part):
    """A text that the company prepared on its page."""

    name: str | None = None
    type: str | None = None
    message: str | None = None
    status: str | None = None


class Update(PageUpdate):
    """One text of an incident."""

    message: str | None = None
    started: AwareDatetime | None = None
    created_at: AwareDatetime | None = Field(None, alias="createdAt")

    @property
    def words(self) -> str:
        return REFERENCE.sub("", self.message or "")

    @property
    def reference(self) -> tuple[str, int] | None:
        """Our incident and the number of the update, where these are our words."""
        found = REFERENCE.search(self.message or "")
        return (found[1], int(found[2])) if found else None


class Incident(PageIncident):
    """An incident of the page."""

    began_at: AwareDatetime | None = Field(None, alias="started")
    updates: tuple[Update, ...] | None = None

    @property
    def references(self) -> set[tuple[str, int]]:
        """Every update of ours that is in it."""
        return {update.reference for update in self.updates or () if update.reference}

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for incident, number in self.references for name in (incident, f"{incident}/{number}"))

    @property
    def newest(self) -> Update | None:
        """The last update by its time, and then by its place."""
        told = enumerate(self.updates or ())
        last = max(told, key=lambda one: (one[1].created_at or one[1].started or BEGINNING, one[0]), default=None)
        return last[1] if last else None
