"""What we read of PagerDuty's answers."""

from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from domain.role import VendorError

Model = TypeVar("Model", bound=BaseModel)


class Reference(BaseModel):
    """Something PagerDuty names by its id."""

    id: str


class Assignment(BaseModel):
    """Who has an incident."""

    assignee: Reference


class Incident(BaseModel):
    """What we read of an incident."""

    id: str
    status: str
    html_url: str | None = None
    assignments: tuple[Assignment, ...] = ()


class One(BaseModel):
    """The answer about one incident."""

    incident: Incident


class Listed(BaseModel):
    """The answer about several incidents."""

    incidents: tuple[Incident, ...]


class Oncall(BaseModel):
    """One person on call at one level."""

    user: Reference | None = None
    escalation_level: int = 0


class Oncalls(BaseModel):
    """One page of who is on call."""

    oncalls: tuple[Oncall, ...]
    more: bool = False


class Error(BaseModel):
    """The part of a refusal that is for programs."""

    code: int = 0


class Refused(BaseModel):
    """A REST refusal."""

    error: Error = Error()


def read(model: type[Model], response: httpx.Response) -> Model:
    """Read an answer; one that is no such thing (a proxy's page) is worth another try."""
    try:
        return model.model_validate_json(response.content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        asked = f"{response.request.method} {response.request.url.path}: answered {response.status_code}"
        raise VendorError("PagerDuty", f"{asked}, {where}: {first['msg']}", retryable=True) from None


def code(response: httpx.Response) -> int:
    """The program's number of a refusal, 0 when it has none."""
    try:
        return Refused.model_validate_json(response.content).error.code
    except ValidationError:
        return 0
