"""The request bodies that the PagerDuty stand-in accepts; whatever else a client sends is refused."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.value.model import Model

Named = Annotated[str, StringConstraints(min_length=1)]
Key = Annotated[str, StringConstraints(max_length=255)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class User(Model):
    """A reference to a user."""

    id: Named
    type: Literal["user_reference"]


class Service(Model):
    """A reference to a service."""

    id: Named
    type: Literal["service_reference"]


class Assignment(Model):
    """Who is to have an incident."""

    assignee: User


class Details(Model):
    """What an incident says; PagerDuty takes text only here (docs/REST-API/15)."""

    type: Literal["incident_body"]
    details: str


class NewIncident(Model):
    """An incident to be created."""

    type: Literal["incident"]
    title: Title
    service: Service
    urgency: Literal["high", "low"] = "high"
    incident_key: Key = ""
    body: Details | None = None
    assignments: tuple[Assignment, ...] = ()


class Create(Model):
    """POST /incidents."""

    incident: NewIncident


class Change(Model):
    """What is to become of one incident."""

    id: Named
    type: Literal["incident", "incident_reference"]
    status: Literal["triggered", "acknowledged", "resolved"]
    resolution: str = ""


class Update(Model):
    """PUT /incidents."""

    incidents: tuple[Change, ...]


class Link(Model):
    """A link shown on the alert."""

    href: Named
    text: str = ""


class Image(Model):
    """A picture shown on the alert."""

    src: Named
    href: str = ""
    alt: str = ""


class Payload(Model):
    """What an event says."""

    summary: Title
    severity: Literal["critical", "error", "warning", "info"]
    source: Named
    timestamp: datetime | None = None
    component: str = ""
    group: str = ""
    class_: str = Field("", alias="class")
    custom_details: dict[str, Any] = Field(default_factory=dict)


class Event(Model):
    """POST /v2/enqueue."""

    routing_key: Annotated[str, StringConstraints(min_length=32, max_length=32)]
    event_action: Literal["trigger", "acknowledge", "resolve"]
    dedup_key: Key = ""
    payload: Payload | None = None
    client: str = ""
    client_url: str = ""
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_action_needs(self) -> Self:
        if self.event_action == "trigger" and self.payload is None:
            raise ValueError("payload is required for a trigger")
        if self.event_action != "trigger" and not self.dedup_key:
            raise ValueError("dedup_key is required unless the action is trigger")
        return self
