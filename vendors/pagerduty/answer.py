"""What we read of PagerDuty's answers."""

from datetime import datetime

import httpx
from pydantic import AliasPath, AwareDatetime, BaseModel, Field, ValidationError

from domain.port.duty import PageState


class Reference(BaseModel):
    """Something PagerDuty names by its id."""

    id: str


class Agent(Reference):
    """Somebody or something that has an incident or acknowledged it."""

    type: str = ""

    @property
    def is_person(self) -> bool:
        """Programs acknowledge too, perhaps for us."""
        return self.type in ("user_reference", "user")


class Assignment(BaseModel):
    """Who has an incident."""

    assignee: Agent


class Acknowledgement(BaseModel):
    """Who took an incident; there are none while it is triggered or once it is resolved."""

    at: AwareDatetime
    acknowledger: Agent


class Incident(BaseModel):
    """What we read of an incident."""

    id: str
    status: str
    html_url: str | None = None
    assignments: tuple[Assignment, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    last_status_change_at: AwareDatetime | None = None
    resolve_reason: str = Field("", validation_alias=AliasPath("resolve_reason", "type"))
    """Why it is resolved, where it was not for itself."""

    def state(self, ref: str) -> PageState:
        """How the page of this reference stands."""
        taken = sorted((one for one in self.acknowledgements if one.acknowledger.is_person), key=lambda one: one.at)
        people = tuple(one.assignee.id for one in self.assignments if one.assignee.is_person)
        if self.status == "acknowledged":
            by, at = (taken[0].acknowledger.id, taken[0].at) if taken else ("", None)
            return PageState(ref=ref, state="acknowledged", by=by, at=at, people=people)
        if self.status != "resolved":
            return PageState(ref=ref, state="ringing", people=people)
        merged = self.resolve_reason == "merge_resolve_reason"
        return PageState(ref=ref, state="merged" if merged else "resolved", at=self.last_status_change_at)


class Oncall(BaseModel):
    """One person on call at one level."""

    user: Reference | None = None
    escalation_level: int = 0


class Oncalls(BaseModel):
    """One page of who is on call."""

    oncalls: tuple[Oncall, ...]
    more: bool = False


class Entry(BaseModel):
    """A span in which somebody is on call."""

    start: datetime
    end: datetime


class Refused(BaseModel):
    """A REST refusal."""

    code: int = Field(0, validation_alias=AliasPath("error", "code"))
    """For programs."""


def code(response: httpx.Response) -> int:
    """The program's number of a refusal, 0 when it has none."""
    try:
        return Refused.model_validate_json(response.content).code
    except ValidationError:
        return 0
