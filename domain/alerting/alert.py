"""What a monitor or a pager says, in our words."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from domain.company.catalog import Link
from domain.company.deployment import Deployment
from domain.value.act import Act
from domain.value.model import Instant, Model, unsaid

State = Literal["firing", "resolved", "merged", "no_data", "test"]
CALM = frozenset({"resolved", "merged"})
"""The states in which an alert is not firing; a merge says nothing about the outage but fires elsewhere."""


class Alert(Model):
    """One alert in one state, as its source said it.

    `key` says whether this is the same alert (correlation), `episode` which firing of it; `fired_at` is when the
    episode fired at its source (ACK-4), `at` the source's own time of this state. `service`, `environment` and
    `severity` are the sender's words: what they mean is the catalog's and the policy's to say.
    """

    source: str
    key: str
    episode: str = ""
    state: State = "firing"
    title: str
    description: str = ""
    service: str = ""
    environment: str = ""
    severity: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    links: tuple[Link, ...] = ()
    fired_at: Instant
    at: Instant
    paged: tuple[str, ...] = ()
    """Who the source has already paged, in its own names (ACK-3); empty when it pages nobody."""
    page: str = ""
    """The pager's reference of its page for this alert, so that it can be acknowledged and resolved there."""
    ticket: str = ""
    """The customer's ticket at the source that this escalates (DET-2)."""
    restated: bool = Field(default=False, exclude_if=unsaid)
    """Its source says it again while it is so, with its start and without the time of saying."""
    origin: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """Where its source stands, by each of its names: two alerts of one key that share none of them are two."""
    batch: str = Field(default="", exclude_if=unsaid)
    """The sender's name for the message it came in, where such a message may leave alerts out."""
    left_out: int = Field(default=0, exclude_if=unsaid)
    """How many alerts that message left out while any alert of it fired."""
    heard_at: Instant | None = Field(default=None, exclude_if=unsaid)
    """When it reached us; `hearing.heard` notes it."""
    alive_for: timedelta | None = Field(default=None, exclude_if=unsaid)
    """Of a heartbeat: it fires when it is not heard again within this time (DET-1)."""

    @property
    def said_at(self) -> datetime:
        """When its source said so: one that restates says so whenever we hear it."""
        return (self.heard_at or self.at) if self.restated else self.at


class VendorAct(Model):
    """An act that reached us through a vendor's webhook, and how to find the incident it is for.

    `incident` when the vendor carries our id (a page we sent); otherwise `alert`, the key of an alert it belongs to.
    """

    incident: str = ""
    alert: str = ""
    service: str = ""
    """The sender's word for the service, so that the group can be found."""
    environment: str = ""
    act: Act
    heard_at: Instant | None = Field(default=None, exclude_if=unsaid)
    """When it reached us; `hearing.heard_act` notes it."""


class UnreadPart(Model):
    """A part of a webhook that was not understood: where in the body, what stood there, what was expected."""

    path: str
    found: str
    expected: str


class WebhookContent(Model):
    """Everything one webhook told us."""

    alerts: tuple[Alert, ...] = ()
    acts: tuple[VendorAct, ...] = ()
    moved: tuple[VendorAct, ...] = Field(default=(), exclude_if=unsaid)
    """What its people are told where one of these alerts was before its pager moved it to another service."""
    deployments: tuple[Deployment, ...] = ()
    heartbeats: tuple[Alert, ...] = Field(default=(), exclude_if=unsaid)
    """What only says that the monitor works; the policy may promise that it goes on."""
    remark: str = ""
    """Said to people when the request held none of them: a test message, an event we have no use for."""
    unread: tuple[UnreadPart, ...] = ()
    """What could not be read beside it; the request is then shown to people among the unreadable ones."""
