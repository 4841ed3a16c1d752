"""What an incident keeps of what is said to customers beside its updates: mails, and whether they feel it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

MailStage = Literal["begin", "end", "again"]
"""Of the trouble, of its end, and that it is back after its end."""


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
    turn: int = 0
    """After how many ends that accounts were told of."""

    @property
    def place(self) -> str:
        """Which of the mails it is: `begin`, `end`, `again-1`, `end-1`."""
        return f"{self.stage}-{self.turn}" if self.turn else self.stage


@dataclass(slots=True)
class Outward:
    """What is said to customers, and of what fires still at the end."""

    mail_draft: Mail | None = None
    mail: Mail | None = None
    """The first that was approved."""
    mails: dict[str, Mail] = field(default_factory=dict)
    """What was approved, in order, by its place: of the trouble, of its end, and of what came after it."""
    by_hand: set[str] = field(default_factory=set)
    """The letters whose account a person told another way."""
    felt: tuple[datetime, bool] | None = None
    """Whether customers feel it, in a person's word, and since when that was said."""
    agreed_at: datetime | None = None
    """When the page was last asked that showed what it should (COM-7)."""
    despite: str = ""
    """Why it counts as over although alerts fired at the last resolution (RES-3)."""

    @property
    def told(self) -> Mail | None:
        """The mail that was approved last."""
        return next(reversed(self.mails.values()), None)
