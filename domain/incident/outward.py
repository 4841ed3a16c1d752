"""What an incident keeps of what is said to customers beside its updates: mails, and whether they feel it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

MailStage = Literal["begin", "end"]


@dataclass(frozen=True, slots=True)
class Mail:
    """The e-mail to customers, as it was drafted or approved."""

    subject: str
    body: str
    accounts: tuple[str, ...] = ()
    number: int = 1
    stage: MailStage = "begin"
    at: datetime | None = None
    about: str = ""
    """The service's name for customers, as they were told it."""
    withdrawn_at: datetime | None = None


@dataclass(slots=True)
class Outward:
    """What is said to customers, and of what fires still at the end."""

    mail_draft: Mail | None = None
    mail: Mail | None = None
    """The first that was approved."""
    mails: dict[MailStage, Mail] = field(default_factory=dict)
    """What was approved: of the trouble, and of its end."""
    felt: tuple[datetime, bool] | None = None
    """Whether customers feel it, in a person's word, and since when that was said."""
    agreed_at: datetime | None = None
    """When the page was last asked that showed what it should (COM-7)."""
    despite: str = ""
    """Why it counts as over although alerts fired at the last resolution (RES-3)."""
