"""Duties towards customers: the status page and mail."""

from typing import Literal

from pydantic import Field

from domain.company.catalog import Account
from domain.company.status_template import UpdateStatus
from domain.port.duty import Effect, Outcome


class DraftFromTemplate(Effect):
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


class PublishUpdate(Effect):
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

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        """Customers have been told."""
        return True


class ReadStatus(Effect):
    """Read back what the page shows (COM-7); the outcome's text says each difference, or is empty."""

    role = "status_page"
    upkeep = True
    unseen = True
    kind: Literal["read_status"] = "read_status"
    ref: str
    status: UpdateStatus
    body: str

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        """A difference."""
        return bool(outcome.text)


class SendMail(Effect):
    """Write to one account, once (COM-5); the mark becomes the Message-ID."""

    role = "mailer"
    kind: Literal["send_mail"] = "send_mail"
    account: Account
    subject: str
    body: str
