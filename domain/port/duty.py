"""What every duty has, what comes of it, and how a vendor says that it can't be done.

A client has a method for each duty of the roles that it plays, named like its kind: `page(duty, again=...)`; nobody
else knows the client's name. Every method does one visible effect at most once per `duty.mark`: where the vendor has an
idempotency feature it carries the mark; where not, the client marks what it creates and a further attempt
(`again=True`) looks before it creates. What was called back (`duty.called_back`) is looked for alone, and `NotDone`
raised where it is not there. Methods do not retry; they raise `VendorError`.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar, Literal, Self

from pydantic import Field

from domain.company.catalog import Catalog, Link
from domain.company.deployment import Deployment
from domain.value.elsewhere import Elsewhere
from domain.value.key import DutyKey
from domain.value.model import ClauseId, IncidentId, Instant, Model, by_default, unsaid
from domain.value.private import VEIL
from domain.value.repeat import Repeat

Role = Literal["pager", "room", "status_page", "notebook", "tracker", "mailer", "support", "group", "archive"]


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


class NotDone(VendorError):
    """What was called back had not been done by any attempt."""

    def __init__(self, vendor: str) -> None:
        super().__init__(vendor, "it had not been done", retryable=False)


class PageState(Model):
    """How a page stands, in the pager's own names: `by` is the person who acknowledged it, `people` who has it now."""

    ref: str
    state: Literal["ringing", "acknowledged", "resolved", "merged"]
    by: str = ""
    at: Instant | None = None
    """Since when it stands so; the pager may not say."""
    people: tuple[str, ...] = ()


class ItemState(Model):
    """How an action item stands at the tracker besides its state: whose it is there, and until when.

    `owner` is the tracker's word for a person; empty or None is what it does not say. It knows days, of which `due_at`
    is the last minute (UTC).
    """

    owner: str = ""
    due_at: Instant | None = None


class Outcome(Model):
    """What came of a duty: the vendor's reference, whom it reached, what it read, where a person can look."""

    ref: str = ""
    people: tuple[str, ...] = ()
    text: str = ""
    url: str = ""
    title: str = Field(default="", exclude_if=unsaid)
    on_page: bool = Field(default=False, exclude_if=unsaid)
    """Whether the other incident is fought and stands on the status page (DET-7)."""
    repeats: tuple[Repeat, ...] = ()
    """The earlier incidents that were found (REP-1)."""
    links: tuple[Link, ...] = ()
    """The runbooks that were found (TRI-2)."""
    deployments: tuple[Deployment, ...] = ()
    """The deployments that were found, the newest first (TRI-1)."""
    open: tuple[Elsewhere, ...] = Field(default=(), exclude_if=unsaid)
    """What else is being fought, the newest first (DET-7)."""
    catalog: Catalog | None = by_default(None)
    """The part of the company that was asked for (DET-7)."""
    unwritten: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """The sections of a document that nobody has written in (PM-3)."""
    pages: tuple[PageState, ...] = ()
    """How pages stand at the pager (ACK-1)."""
    item: ItemState | None = by_default(None)
    """Whose an action item is at the tracker, and until when (ACT-2)."""


class Duty(Model):
    """An effect owed to the world: `incident` and `key` together name it."""

    role: ClassVar[Role]
    upkeep: ClassVar[bool] = False
    """Whether what it says or reads stands in the timeline by itself: that it was done is no news."""
    told: ClassVar[bool] = False
    """Whether that it was done may have to be told, whatever came of it."""
    quotes: ClassVar[bool] = False
    """Whether its summary quotes what somebody wrote, which a security incident keeps to itself."""
    unseen: ClassVar[bool] = False
    """Whether nobody outside sees anything of it."""
    edits: ClassVar[str] = ""
    """The message that it edits in place; a newer content takes the place of one that is still owed."""
    inert: ClassVar[bool] = False
    """Whether neither a clock nor anything else that is asked for hangs on that it was done: a word, an edit."""
    untimed: ClassVar[bool] = False
    """Whether no clock hangs on that it was done, only what is asked for next."""
    holds_open: ClassVar[bool] = True
    """Whether the incident cannot close while it is owed; messages and cosmetic edits do not keep it open."""
    recallable: ClassVar[bool] = False
    """Whether it is called back when it is owed no more before it has left."""
    seen_outside: ClassVar[bool] = False
    """Whether somebody sees it at the vendor's: what may have left is looked for, though it is owed no more."""
    in_turn: ClassVar[bool] = False
    """Whether only one of its kind is under way at once, so that the world sees them in order."""
    failure_told: ClassVar[bool] = True
    """Whether people are told when it cannot be done."""
    numbered: ClassVar[bool] = False
    """Whether its key counts what came before: under another policy the same key is about something else."""
    reads_state: ClassVar[bool] = False
    """Whether it is asked again and again, and answered with how the world stands at that moment."""
    remarks: ClassVar[bool] = False
    """Whether the outcome's text says which part of it the vendor would not take, and what to do about that."""
    one_try: ClassVar[bool] = False
    """Whether a single try is enough, behind everything that wakes somebody: it is asked again soon anyway."""
    key: DutyKey
    incident: IncidentId
    clause: ClauseId
    summary: str
    """One line for the Temporal Web UI and for the war room when it cannot be done."""
    not_before: Instant | None = None
    vendor: str = Field(default="", exclude_if=unsaid)
    """The vendor that it is for, where that must not be whoever plays the role by then (DET-7)."""
    tried: bool = False
    """An earlier attempt may have had its effect: look before doing it again."""
    called_back: bool = Field(default=False, exclude_if=unsaid)
    """It is owed no more: look whether an earlier attempt had its effect, and do nothing."""

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        """Whether people may have to be told that it was done."""
        return cls.told

    @classmethod
    def is_inert(cls, about: str) -> bool:
        """Whether nothing hangs on that this one was done."""
        return cls.inert

    @classmethod
    def place(cls, about: str) -> str:
        """What the message that it was done is about, where that takes the place of what asked for it."""
        return ""

    @classmethod
    def left_out(cls, outcome: Outcome) -> str:
        """The part that the vendor would not take, and what to do; empty where all of it was done."""
        return outcome.text if cls.remarks else ""

    def shown(self, secret: bool) -> str:
        """The summary as anybody may read it in the Temporal Web UI."""
        return f"{self.asks.partition(':')[0]}: {VEIL}" if secret and self.quotes else self.asks

    def concerns(self) -> frozenset[str]:
        """The people whom it cannot be done without: to whom it goes, whose account the vendor must know."""
        people = (*getattr(self, "people", ()), *filter(None, [getattr(self, "person", None)]))
        return frozenset(person.id for person in people)

    def by_hand(self) -> str:
        """What a person can do instead while the vendor can't be reached; empty where nothing helps."""
        return ""

    def practised(self, ref: str) -> Outcome:
        """What a vendor would answer in practice: nothing leaves the house; `ref` names what came to be."""
        return Outcome(ref=ref)

    def looked_for(self) -> Self:
        """The question whether it was done, where it is owed no more."""
        return self.model_copy(update={"called_back": True, "tried": True})

    @property
    def asks(self) -> str:
        """The summary; of what was called back, that it is only looked for."""
        return f"look whether this had happened: {self.summary}" if self.called_back else self.summary

    def awaits_turn(self, under_way: Iterable[str]) -> bool:
        """Whether another of its kind is under way, by the keys of what is."""
        return self.in_turn and any(key != self.key and DutyKey(key).name == self.key.name for key in under_way)

    @property
    def in_order(self) -> bool:
        """Whether the room hears it after what it was to hear before."""
        return False

    @property
    def is_waited_for(self) -> bool:
        """Whether the incident cannot close while this one is owed."""
        return self.holds_open

    @property
    def wakes(self) -> bool:
        """Whether it is to wake somebody."""
        return False

    @property
    def goes_alone(self) -> bool:
        """Whether nothing else is begun until it has left."""
        return False

    @property
    def mark(self) -> str:
        """The idempotency key: incident and effect, the same for every attempt."""
        return f"{self.incident}/{self.key}"

    @property
    def digest(self) -> str:
        """Tells one content from another, where a message is edited in place."""
        content = self.model_dump_json(exclude={"key", "ref", "not_before", "summary", "tried", "vendor"})
        return hashlib.sha256(content.encode()).hexdigest()[:16]
