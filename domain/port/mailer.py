"""Mail to customers, and invitations: the duties of the mailer and its protocol."""

from typing import Literal, Protocol, runtime_checkable

from pydantic import Field

from domain.company.catalog import Account, Person
from domain.port.duty import Duty
from domain.value.model import Duration, Instant, Model, unsaid


class SendMail(Duty):
    """Write to one account, once (COM-5); the mark becomes the Message-ID."""

    role = "mailer"
    recallable = True
    kind: Literal["send_mail"] = "send_mail"
    account: Account
    subject: str
    body: str
    inside: bool = Field(default=False, exclude_if=unsaid)
    """Whether it goes to somebody of the company: no incident is kept open for that (WAR-2)."""

    @property
    def is_waited_for(self) -> bool:
        """What customers are to read is waited for (COM-5)."""
        return self.holds_open and not self.inside

    def concerns(self) -> frozenset[str]:
        """The address that it goes to, which the mailer may refuse."""
        return frozenset({self.account.email})

    def by_hand(self) -> str:
        return f"write to {self.account.email}, subject {self.subject!r}:\n{self.body}"


class SendInvitation(Duty):
    """Invite somebody to the meeting of the post-mortem, by mail with a calendar part (PM-1).

    `uid` stays for the incident and `sequence` grows with each new invitation, so that a calendar moves the meeting
    instead of adding one.
    """

    role = "mailer"
    kind: Literal["send_invitation"] = "send_invitation"
    person: Person
    title: str
    text: str
    url: str = ""
    uid: str
    sequence: int = 0
    starts_at: Instant
    length: Duration

    def by_hand(self) -> str:
        return f"invite {self.person.name} to {self.title!r} at {self.starts_at:%d %b %H:%M} UTC"


class MailNote(Model):
    """What the software writes to somebody about no incident, with a file; `mark` becomes the Message-ID."""

    mark: str
    to: str
    subject: str
    body: str
    file: str
    content: str


@runtime_checkable
class NotePort(Protocol):
    """Writes notes; raises `VendorError`."""

    async def send_note(self, note: MailNote) -> None: ...
