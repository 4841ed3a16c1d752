"""What an incident keeps of what happened, one small record per thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from domain.company.account import Account
from domain.company.catalog import Link
from domain.company.component_state import ComponentState
from domain.company.deployment import Deployment
from domain.company.status_template import UpdateStatus
from domain.port.duty import ItemState
from domain.value.repeat import Repeat

CALM = frozenset({"resolved", "merged"})
"""The states in which an alert is not firing; a merge says nothing about the outage but fires elsewhere."""
STANDFAST = "standfast"
"""Who acts when nobody did."""
GIVEN_UP = 3  # refusals for good after which a message is left unsaid


def mark(moments: list[datetime], at: datetime) -> None:
    """Keep moments in order and each once, whatever order they reach us in."""
    if not moments or at > moments[-1]:
        moments.append(at)


@dataclass(slots=True)
class PageSent:
    """A page that went out, by us or by the vendor itself."""

    at: datetime
    ref: str
    people: tuple[str, ...]
    pager: str = ""
    """The vendor that has it."""


@dataclass(slots=True)
class Ringing:
    """One ringing of the incident until somebody acknowledges: at its opening, and again when its alert recurs."""

    started_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    severity: str = ""  # what it rings for, where that is not what the incident was (DET-4)
    of_silence: bool = False  # it rings because nobody was heard from (ACK-6)


@dataclass(frozen=True, slots=True)
class Polling:
    """How often the pager was asked how its pages stand, and when last (ACK-1)."""

    count: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An incident that was merged into this one (DET-7)."""

    title: str
    group: str
    people: tuple[str, ...]
    components: Mapping[str, ComponentState]
    """What the status page showed broken for it."""
    mailed: Mapping[str, tuple[Account, ...]]
    """Whom it had written to, who wait to hear of the end, by the name that they know."""


@dataclass(slots=True)
class Relations:
    """What an incident has to do with others (DET-7)."""

    merging: tuple[int, str] | None = None
    """The event that asked for the merge, and into which incident, until that one has answered."""
    merged_into: str = ""
    linking: dict[str, int] = field(default_factory=dict)
    """Those that are to be told of the link, and the event that asked for it."""
    links: dict[str, str] = field(default_factory=dict)
    """Those that have to do with it, and what they are about."""
    unlinking: dict[str, int] = field(default_factory=dict)
    """Those that are to be told that they have nothing to do with it, and the event that said so."""
    taken_in: dict[str, TakenIn] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    """The groups of alerts that have become its own since the opening, in order."""


@dataclass(slots=True)
class Lookups:
    """What was looked up for the engineer to be handed (TRI-1, TRI-2)."""

    runbooks: tuple[Link, ...] = ()
    """The notebook's that fit."""
    deployments: tuple[Deployment, ...] = ()
    """The service's last before the alert, the newest first."""
    found: dict[str, int] = field(default_factory=dict)
    """By kind of duty: the event that told what was found."""

    def beside(self, ours: tuple[Link, ...]) -> tuple[Link, ...]:
        """The runbooks that the company's catalog has and those that were found, each address once."""
        shelves = {link.url: link for link in (*self.runbooks, *ours)}
        return tuple(shelves[url] for url in dict.fromkeys(book.url for book in (*ours, *self.runbooks)))


@dataclass(slots=True)
class Update:
    """A status page update from draft to publication."""

    number: int
    status: UpdateStatus
    body: str
    drafted_at: datetime
    approved_at: datetime | None = None
    approved_by: str = ""
    published_at: datetime | None = None
    dropped_at: datetime | None = None
    """Since when it is not to leave any more: withdrawn, or newer words took its place."""
    components: dict[str, ComponentState] = field(default_factory=dict)  # what it says of them
    shown: dict[str, ComponentState] | None = None  # as it was published with it


@dataclass(slots=True)
class Change:
    """A change decided in the incident (FIX-1, FIX-2)."""

    number: int
    change: str
    description: str
    bypass: bool
    by: str
    at: datetime
    granted: bool | None = None
    answered_at: datetime | None = None
    confirmed: bool | None = True
    """Whether a commander decided it; None while it was only proposed."""

    @property
    def counts(self) -> bool:
        """A commander's change through the normal deployment counts at once; a bypass only when authorised."""
        return bool(self.confirmed) and (self.granted is True or not self.bypass)

    @property
    def waits(self) -> bool:
        """Whether it is a bypass that is neither allowed nor refused yet."""
        return self.bypass and self.granted is None


@dataclass(slots=True)
class Item:
    """An action item and its life in the tracker (ACT-1, ACT-2)."""

    key: str
    title: str
    body: str
    opened_at: datetime
    due_at: datetime
    owner: str = ""
    ref: str = ""
    url: str = ""
    part_of: str = ""
    """The item that it was split from."""
    redated: int = 0
    """How often it was given another day."""
    state: str = "open"
    closed_at: datetime | None = None
    read: str = ""
    """What the tracker last said of it when asked, how often and when."""
    reopened: int = 0
    """How often it was reopened; each time its promise runs anew."""
    again: bool = False
    """Whether it was reopened after its incident had closed, which is followed up again until it is done."""
    read_done: bool = False
    """Whether the tracker ever said that it is done; what was closed here alone is none of its business."""
    done_there: bool = False
    """Whether its webhook said so: what it is asked may have been answered before that."""
    reads: int = 0
    read_at: datetime | None = None
    declines: int = 0
    """How often in a row the tracker said that it will not be done."""
    there: ItemState | None = None
    """Whose it is and until when, as the tracker last said."""
    changed: int = 0
    """How often somebody here gave it another owner or day."""


@dataclass(slots=True)
class Shown:
    """A message that is edited in place: how often, when last, with which content, and where it is."""

    count: int
    at: datetime
    digest: str
    ref: str


class SaidAt(NamedTuple):
    """A message in the room that another may take the place of: where it is, and since when."""

    ref: str
    at: datetime


@dataclass(slots=True)
class Faults:
    """Which rules of ours failed, and how (SOC-1)."""

    noted: dict[str, str] = field(default_factory=dict)
    """Those that people were told of, by where they stand."""
    failing: dict[str, str] | None = field(default=None, compare=False, repr=False)
    """Those that were passed over since; None where a rule that fails fails everybody: in simulations and tests."""

    def excuse(self, where: str, error: Exception) -> bool:
        """Whether the rest goes on without a rule that failed, which is noted then."""
        if self.failing is None:
            return False
        self.failing.setdefault(where, f"{type(error).__name__}: {error}"[:300])
        return True


@dataclass(slots=True)
class Failure:
    """A duty that could not be done yet."""

    times: int
    at: datetime
    retryable: bool

    @property
    def gives_up(self) -> bool:
        """Whether a message is left unsaid: it was refused for good, and that often."""
        return not self.retryable and self.times >= GIVEN_UP


@dataclass(slots=True)
class Challenge:
    """Something worse became known: the severity that the policy reads in it, and when that was answered (TRI-6)."""

    at: datetime
    severity: str
    because: str
    declared: bool
    """Whether a severity was in force, so that somebody had to answer; the proposal rises by itself before."""
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    """When it turned out not to be so: it proposes nothing from then on."""

    def counts_at(self, moment: datetime) -> bool:
        """Whether it was known then and has not been withdrawn by then."""
        return self.at <= moment and (self.withdrawn_at is None or moment < self.withdrawn_at)


@dataclass(slots=True)
class Waiver:
    """A clause that is not held in this incident: since when, by whom and why."""

    at: datetime
    by: str
    reason: str


@dataclass(slots=True)
class BreachAnswer:
    """An answer to the breach checkpoint: when it was given, and since when the company is aware (GDP-1)."""

    at: datetime
    breach: bool
    reason: str
    aware_at: datetime


@dataclass(slots=True)
class Learning:
    """What was learned of the incident, and what is still to be."""

    document: str = ""
    document_url: str = ""
    cause: str = ""
    cause_title: str = ""
    cause_at: datetime | None = None  # when this cause was named
    naming: int = 0  # the number of the event that named it; 0 while none did
    repeats: tuple[Repeat, ...] = ()  # other incidents with the same root cause, the newest first (REP-1)
    told: dict[str, int] = field(default_factory=dict)  # by other incident with the cause: the naming that it knows
    completions: list[datetime] = field(default_factory=list)
    unwritten: tuple[str, ...] = ()  # where nobody has written in the document (PM-3)
    no_items: Waiver | None = None  # why there are no action items, by whose word (PM-3)
    answers: list[BreachAnswer] = field(default_factory=list)
    """Every answer to the breach checkpoint (GDP-1)."""
    notified_at: datetime | None = None
    late_reason: str = ""
    waivers: dict[str, Waiver] = field(default_factory=dict)

    @property
    def breach(self) -> BreachAnswer | None:
        """The answer that counts: the newest; None while nobody has answered."""
        return self.answers[-1] if self.answers else None
