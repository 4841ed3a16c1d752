"""What we read of Opsgenie's answers."""

from datetime import datetime, timedelta

from pydantic import AliasPath, AwareDatetime, BaseModel, Field

from domain.port.duty import PageState
from domain.value.model import comma_list
from vendors.opsgenie.body import PAGED


class Status(BaseModel):
    """What became of a write."""

    success: bool = Field(False, alias="isSuccess")
    said: str = Field("", alias="status")
    alert: str = Field("", alias="alertId")


class Report(BaseModel):
    """When an alert was taken and ended, in milliseconds since it was made, and by whom."""

    taken_after: int | None = Field(None, alias="ackTime")
    taken_by: str = Field("", alias="acknowledgedBy")
    closed_after: int | None = Field(None, alias="closeTime")


class Alert(BaseModel):
    """What we read of an alert."""

    id: str
    alias: str = ""
    status: str = "open"
    acknowledged: bool = False
    details: dict[str, str] = Field(default_factory=dict)
    created_at: AwareDatetime | None = Field(None, alias="createdAt")
    report: Report = Report()

    def state(self, ref: str) -> PageState:
        """How the page of this reference stands; only a person is called by an e-mail address."""
        if self.status == "closed":
            return PageState(ref=ref, state="resolved", at=self._after(self.report.closed_after))
        by = self.report.taken_by if "@" in self.report.taken_by else ""
        if self.acknowledged:
            return PageState(ref=ref, state="acknowledged", by=by, at=self._after(self.report.taken_after))
        return PageState(ref=ref, state="ringing")

    def _after(self, milliseconds: int | None) -> datetime | None:
        if self.created_at is None or milliseconds is None:
            return None
        return self.created_at + timedelta(milliseconds=milliseconds)

    def has(self, action: str) -> bool:
        """Whether an action has nothing left to do here; what is closed needs no acknowledgement."""
        return self.status == "closed" or (action == "acknowledge" and self.acknowledged)

    @property
    def paged(self) -> tuple[str, ...]:
        """Whom we named when we made it."""
        return tuple(comma_list(self.details.get(PAGED, "")))


class Oncall(BaseModel):
    """Who is on call in a schedule."""

    recipients: tuple[str, ...] = Field((), alias="onCallRecipients")


class Period(BaseModel):
    """A span of a rotation, and whom it has."""

    start: AwareDatetime = Field(alias="startDate")
    end: AwareDatetime = Field(alias="endDate")
    recipient: str = Field("none", validation_alias=AliasPath("recipient", "type"))
    """Who is on call in it: a user, an escalation, a team, or `none`."""

    @property
    def is_covered(self) -> bool:
        """Whether it has somebody."""
        return self.recipient != "none"


class Rotation(BaseModel):
    """One of a schedule's rotations."""

    periods: tuple[Period, ...] = ()
