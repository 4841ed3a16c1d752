"""The roles that vendors play. A vendor's client offers the methods of the roles it plays; nobody else knows its name.

Every method does one visible effect at most once per `duty.mark`: where the vendor has an idempotency feature it
carries the mark; where not, the client marks what it creates and a further attempt (`again=True`) looks before it
creates. Methods do not retry; they raise `VendorError`.
"""

from datetime import timedelta
from typing import Protocol, runtime_checkable

from domain.company.catalog import Runbook
from domain.company.status_template import Template
from domain.port.chat import ArchiveRoom, InvitePeople, OpenRoom, Say, SetTopic, ShowCard, ShowHeadline
from domain.port.duty import Outcome
from domain.port.followup import OpenItem, ReadItem, SendInvitation
from domain.port.notebook import OpenDocument, WriteDocument
from domain.port.pager import AcknowledgePages, Page, ReadPages, ResolvePages
from domain.port.status_page import DraftFromTemplate, PublishUpdate, ReadStatus, SendMail
from domain.port.support import TellTicket


class VendorError(Exception):
    """What a vendor refused or could not do, in words for people and without secrets.

    `retryable` is false when trying again unchanged cannot help; `retry_after` is the vendor's own wish; `do` is how
    somebody can mend it, where the client knows.
    """

    def __init__(
        self, vendor: str, said: str, *, retryable: bool, retry_after: timedelta | None = None, do: str = ""
    ) -> None:
        super().__init__(f"{vendor}: {said}")
        self.vendor, self.said, self.retryable, self.retry_after = vendor, said, retryable, retry_after
        self.do = do


@runtime_checkable
class Pager(Protocol):
    """Wakes people."""

    async def page(self, duty: Page, *, again: bool) -> Outcome:
        """Page `duty.people`, or the vendor's own schedule when there are none; `ref` is the page, `people` who."""
        ...

    async def acknowledge_pages(self, duty: AcknowledgePages, *, again: bool) -> Outcome: ...
    async def resolve_pages(self, duty: ResolvePages, *, again: bool) -> Outcome: ...
    async def read_pages(self, duty: ReadPages, *, again: bool) -> Outcome:
        """How each page stands; one the pager does not know is left out. Only people acknowledge."""
        ...

    async def on_call(self, schedule: str) -> tuple[str, ...]:
        """The vendor's ids of who is on call in a schedule now, first level first."""
        ...


@runtime_checkable
class Room(Protocol):
    """Where people talk."""

    async def open_room(self, duty: OpenRoom, *, again: bool) -> Outcome: ...
    async def invite(self, duty: InvitePeople, *, again: bool) -> Outcome: ...
    async def set_topic(self, duty: SetTopic, *, again: bool) -> Outcome: ...
    async def show_card(self, duty: ShowCard, *, again: bool) -> Outcome: ...
    async def show_headline(self, duty: ShowHeadline, *, again: bool) -> Outcome: ...
    async def say(self, duty: Say, *, again: bool) -> Outcome: ...
    async def archive_room(self, duty: ArchiveRoom, *, again: bool) -> Outcome: ...


@runtime_checkable
class StatusPage(Protocol):
    """What customers see."""

    async def draft_from_template(self, duty: DraftFromTemplate, *, again: bool) -> Outcome: ...
    async def publish_update(self, duty: PublishUpdate, *, again: bool) -> Outcome: ...
    async def read_status(self, duty: ReadStatus, *, again: bool) -> Outcome: ...
    async def templates(self) -> tuple[Template, ...]:
        """The page's own texts for updates, for people to choose from (COM-3)."""
        ...


@runtime_checkable
class Tracker(Protocol):
    """Where action items live."""

    async def open_item(self, duty: OpenItem, *, again: bool) -> Outcome: ...
    async def read_item(self, duty: ReadItem, *, again: bool) -> Outcome: ...


@runtime_checkable
class Notebook(Protocol):
    """Where post-mortems and runbooks are kept."""

    async def open_document(self, duty: OpenDocument, *, again: bool) -> Outcome: ...
    async def write_document(self, duty: WriteDocument, *, again: bool) -> Outcome: ...
    async def runbooks(self) -> tuple[Runbook, ...]:
        """Every runbook of the library, for the local index (TRI-2)."""
        ...


@runtime_checkable
class Support(Protocol):
    """Where customers' reports are."""

    async def tell_ticket(self, duty: TellTicket, *, again: bool) -> Outcome:
        """Note something on a ticket for agents; one that takes no notes any more has nothing left to be told."""
        ...


@runtime_checkable
class Mailer(Protocol):
    """Writes to customers, and sends invitations."""

    async def send_mail(self, duty: SendMail, *, again: bool) -> Outcome: ...
    async def send_invitation(self, duty: SendInvitation, *, again: bool) -> Outcome: ...
