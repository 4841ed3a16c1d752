"""What is owed to the world: one model per effect, complete for a vendor's client; its key lets it happen once."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.act import UpdateStatus
from domain.catalog import Account, Link, Person
from domain.message import Message
from domain.shape import Clause, IncidentId, Moment, Severity, Shape

Role = Literal["pager", "room", "status_page", "notebook", "tracker", "mailer", "group"]


class Outcome(Shape):
    """What came of a duty: the vendor's reference, whom it reached, what it read, where a person can look."""

    ref: str = ""
    people: tuple[str, ...] = ()
    text: str = ""
    url: str = ""


class _Duty(Shape):
    """An effect owed to the world: `incident` and `key` together name it."""

    role: ClassVar[Role]
    key: str
    incident: IncidentId
    clause: Clause
    summary: str
    """One line for the Temporal Web UI and for the war room when it cannot be done."""
    not_before: Moment | None = None

    @property
    def mark(self) -> str:
        """The idempotency key: incident and effect, the same for every attempt."""
        return f"{self.incident}/{self.key}"


class Page(_Duty):
    """Wake the people of one level (ACK-1, ACK-2). Without people the vendor's own escalation policy decides whom."""

    role = "pager"
    kind: Literal["page"] = "page"
    level: str
    people: tuple[Person, ...] = ()
    schedule: str = ""
    """The vendor's schedule that knows who is on call at this level; used when `people` is empty."""
    service: str = ""
    """The vendor's id of the service, from the catalog."""
    title: str
    text: str
    severity: str = ""
    links: tuple[Link, ...] = ()
    fired_at: Moment


class AcknowledgePages(_Duty):
    """Tell the pager that somebody is on it (ACK-1). `refs` are pages we sent or the source's own."""

    role = "pager"
    kind: Literal["acknowledge_pages"] = "acknowledge_pages"
    refs: tuple[str, ...]
    by: str


class ResolvePages(_Duty):
    """Take the pages back (DET-5, RES-1)."""

    role = "pager"
    kind: Literal["resolve_pages"] = "resolve_pages"
    refs: tuple[str, ...]
    reason: str


class OpenRoom(_Duty):
    """Create the war room (WAR-1); `ref` of the outcome is the room, `text` its name as it came to be."""

    role = "room"
    kind: Literal["open_room"] = "open_room"
    name: str
    private: bool = False
    topic: str


class InvitePeople(_Duty):
    """Bring people into the war room (WAR-1, WAR-5); the outcome's people are those who could be invited."""

    role = "room"
    kind: Literal["invite"] = "invite"
    room: str
    people: tuple[Person, ...]


class SetTopic(_Duty):
    """The room's topic says severity, phase, commander and what is due next (WAR-1)."""

    role = "room"
    kind: Literal["set_topic"] = "set_topic"
    room: str
    topic: str


class ShowCard(_Duty):
    """The pinned summary of the room, edited in place (WAR-1). `ref` is the message once there is one."""

    role = "room"
    kind: Literal["show_card"] = "show_card"
    room: str
    ref: str = ""
    message: Message
    links: tuple[Link, ...] = ()


class ShowHeadline(_Duty):
    """The incident's one message in #incidents, edited in place (WAR-2). `ref` is the message once there is one."""

    role = "room"
    kind: Literal["show_headline"] = "show_headline"
    ref: str = ""
    message: Message


class Say(_Duty):
    """Say something once: in a room, in a thread under the headline, or to one person."""

    role = "room"
    kind: Literal["say"] = "say"
    room: str = ""
    thread: str = ""
    """The headline's reference; the message goes under it."""
    person: Person | None = None
    message: Message


class ArchiveRoom(_Duty):
    """The war room is over."""

    role = "room"
    kind: Literal["archive_room"] = "archive_room"
    room: str


class DraftFromTemplate(_Duty):
    """Fetch the status page's own template for this state (COM-3); the outcome's text is the draft.

    `fallback` is used when the page has no template of that name. `{service}` and `{summary}` are filled in.
    """

    role = "status_page"
    kind: Literal["draft_from_template"] = "draft_from_template"
    number: int
    status: UpdateStatus
    template: str
    fallback: str
    values: dict[str, str] = Field(default_factory=dict)


class PublishUpdate(_Duty):
    """Put an approved update on the status page (COM-1, COM-2, COM-6); `ref` is its incident once there is one."""

    role = "status_page"
    kind: Literal["publish_update"] = "publish_update"
    number: int
    ref: str = ""
    status: UpdateStatus
    title: str
    body: str
    impact: Literal["none", "minor", "major", "critical"]
    components: dict[str, Literal["operational", "degraded", "partial_outage", "major_outage"]] = Field(
        default_factory=dict
    )


class ReadStatus(_Duty):
    """Read back what the page shows (COM-7); the outcome's text says each difference, or is empty."""

    role = "status_page"
    kind: Literal["read_status"] = "read_status"
    ref: str
    status: UpdateStatus
    body: str


class OpenItem(_Duty):
    """Create an action item in the tracker (FIX-2, ACT-1)."""

    role = "tracker"
    kind: Literal["open_item"] = "open_item"
    item: str
    """Our key of the item within the incident."""
    title: str
    body: str
    owner: Person | None = None
    due_at: Moment
    labels: tuple[str, ...] = ()


class ReadItem(_Duty):
    """Ask the tracker for an item's state (ACT-2); the outcome's text is `open`, `done` or `declined`."""

    role = "tracker"
    kind: Literal["read_item"] = "read_item"
    item: str
    ref: str


class SendMail(_Duty):
    """Write to one account, once (COM-5); the mark becomes the Message-ID."""

    role = "mailer"
    kind: Literal["send_mail"] = "send_mail"
    account: Account
    subject: str
    body: str


class ReportToGroup(_Duty):
    """Tell the group of alerts what became of its incident, so that it may open the next (DET-4, RES-3)."""

    role = "group"
    kind: Literal["report_to_group"] = "report_to_group"
    group: str
    phase: str
    severity: Severity | None = None
    at: Moment
    reopen_until: Moment | None = None


Duty = Annotated[
    Page
    | AcknowledgePages
    | ResolvePages
    | OpenRoom
    | InvitePeople
    | SetTopic
    | ShowCard
    | ShowHeadline
    | Say
    | ArchiveRoom
    | DraftFromTemplate
    | PublishUpdate
    | ReadStatus
    | OpenItem
    | ReadItem
    | SendMail
    | ReportToGroup,
    Field(discriminator="kind"),
]
