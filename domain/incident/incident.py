"""One reading of an incident's events: who, what, since when. It grows by `append` and by nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeVar

from domain.company.catalog import Catalog, Link, Person, Service
from domain.company.core_role import CoreRole
from domain.company.policy import Policy, SeverityRule
from domain.incident.alerts import AlertSeen
from domain.incident.correction import Corrections
from domain.incident.entry import (
    CALM,
    Challenge,
    Change,
    Failure,
    Faults,
    Item,
    Learning,
    Lookups,
    PageSent,
    Polling,
    Relations,
    Ringing,
    SaidAt,
    Shown,
    Update,
)
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.grade import SeverityFlag, Span, rises, spans_that_ask
from domain.incident.lifecycle import RETRACTED
from domain.incident.opening import Opened
from domain.incident.outward import Outward
from domain.incident.reach import PagingAsked, Reach
from domain.incident.search import Kinds, Search
from domain.incident.secrecy import Secrecy
from domain.incident.severity import Request, SeverityAsked
from domain.incident.tenure import Presence
from domain.incident.work import Work
from domain.value.private import Private

F = TypeVar("F", bound=Fact)
Phase = Literal["alerting", "triage", "active", "resolved", "closed"]


@dataclass(slots=True)
class Incident:
    """The state that the events add up to. Readers never change it; `fold` does, event by event."""

    id: str
    opened: Opened
    opened_at: datetime
    opened_by: str
    policy: Policy
    adopted: Catalog | None = None
    events: list[Event] = field(default_factory=list)
    acts: dict[str, int] = field(default_factory=dict)
    notices: dict[int, Event] = field(default_factory=dict)
    """Events that people are to be told of and have not been yet."""
    heard: list[datetime] = field(default_factory=list)  # when people were heard from (ACK-5)

    alerts: dict[str, AlertSeen] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=Corrections)
    relations: Relations = field(default_factory=Relations)
    unseen: int = 0
    lookups: Lookups = field(default_factory=Lookups)
    rounds: list[Ringing] = field(default_factory=list)
    pages: dict[str, PageSent] = field(default_factory=dict)
    vendor_pages: list[PageSent] = field(default_factory=list)
    polling: Polling = field(default_factory=Polling)
    asked_pages: list[PagingAsked] = field(default_factory=list)
    reach: Reach = field(default_factory=Reach)

    severities: list[tuple[datetime, str]] = field(default_factory=list)
    secrecy: Secrecy = field(default_factory=Secrecy)
    challenges: list[Challenge] = field(default_factory=list)
    kept_against: str = ""  # the worst challenge below which two people kept the present severity (TRI-6)
    asked: SeverityAsked | None = None
    asked_by: str = ""
    requests: list[Request] = field(default_factory=list)  # the last alone may wait for a second person (TRI-4)
    holders: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[int, str, str]] = field(default_factory=list)
    """Every taking of a role: the event's number, the person, the role."""
    presence: Presence = field(default_factory=Presence)
    room: str = ""
    room_name: str = ""
    room_url: str = ""
    updates: dict[int, Update] = field(default_factory=dict)
    status_ref: str = ""
    status_url: str = ""
    outward: Outward = field(default_factory=Outward)
    changes: dict[int, Change] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    work: Work = field(default_factory=Work)
    learning: Learning = field(default_factory=Learning)

    resolutions: list[tuple[datetime, str]] = field(default_factory=list)
    reopenings: list[datetime] = field(default_factory=list)
    resolution: str = ""
    """What was said at the last resolution; read it as `summary`."""
    calmed_at: datetime | None = None  # all had recovered before anybody acknowledged, and it is asked about data
    closed_at: datetime | None = None
    closed_reason: str = ""

    begun_anew: bool = False
    """Effects that are owed may have been done already, by a run whose end nobody wrote down."""
    faults: Faults = field(default_factory=Faults)
    done: dict[str, datetime] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    said: dict[str, SaidAt] = field(default_factory=dict)  # by subject: the message in the room about it
    reminded: dict[str, datetime] = field(default_factory=dict)
    missed: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    passed: dict[str, datetime] = field(default_factory=dict)
    """By clock: the deadline that passed first."""
    rung: dict[str, datetime] = field(default_factory=dict)
    snoozed: dict[str, datetime] = field(default_factory=dict)
    moved: int = field(default=1, compare=False, repr=False)  # the last event on which what is asked for may hang
    ticked: int = field(default=1, compare=False, repr=False)  # the last one on which clocks may hang
    searches: dict[Kinds, Search] = field(default_factory=dict, compare=False, repr=False)
    """By kinds of facts: what of the events is one of them."""

    @property
    def secret(self) -> bool:
        """Whether it keeps its subject to itself (SCP-3)."""
        return self.secrecy.holds(self.opened.security)

    def private(self, text: str) -> Private:
        """What somebody wrote of it: veiled in every sentence while it is secret."""
        return Private(text, self.secret)

    @property
    def title(self) -> Private:
        """What it is about."""
        return self.private(self.corrections.title or self.opened.title)

    @property
    def description(self) -> Private:
        """What its alerts say."""
        return self.private(self.opened.description)

    @property
    def summary(self) -> Private:
        """What happened, in the words of the last resolution."""
        return self.private(self.resolution)

    @property
    def number(self) -> int:
        """The number of the last event."""
        return self.events[-1].number

    @property
    def phase(self) -> Phase:
        """Where in the procedure the incident is."""
        if self.closed_at and not any(item.again and item.state == "open" for item in self.items.values()):
            return "closed"
        if self.resolved_at or self.calmed_at:
            return "resolved"
        if self.severities:
            return "active"
        return "triage" if self.acknowledged_at else "alerting"

    @property
    def acknowledged_at(self) -> datetime | None:
        """When somebody took the present ringing; None while nobody has."""
        return self.rounds[-1].acknowledged_at

    @property
    def acknowledged_by(self) -> str:
        """Who took the present ringing; empty while nobody has."""
        return self.rounds[-1].acknowledged_by

    @property
    def over(self) -> bool:
        """Nothing is being fought any more."""
        return self.phase in ("resolved", "closed")

    @property
    def retracted(self) -> bool:
        """Whether it was closed as another's, or as none (DET-7): nothing is owed for it, and no figure counts it."""
        return self.closed_reason in RETRACTED

    @property
    def resolved_at(self) -> datetime | None:
        """When it was resolved, unless it was reopened since."""
        return self.resolutions[-1][0] if len(self.resolutions) > len(self.reopenings) else None

    @property
    def severity(self) -> str | None:
        """The declared severity; None before a declaration."""
        return self.severities[-1][1] if self.severities else None

    @property
    def likely(self) -> str:
        """The severity to reckon with: declared, or proposed until then."""
        return self.severity or self.proposal[0]

    @property
    def proposal(self) -> tuple[str, str]:
        """The worst that was ever proposed, with its reason: at the opening, and by what became known later (TRI-6)."""
        known = [
            (self.opened.proposed, self.opened.because),
            *((c.severity, c.because) for c in self.challenges if not c.withdrawn_at),
        ]
        return min(known, key=lambda one: self.policy.rank(one[0]))

    @property
    def rule(self) -> SeverityRule | None:
        """What the declared severity means; None before a declaration."""
        return self.policy.severities[self.severity] if self.severity else None

    @property
    def declared_at(self) -> datetime | None:
        """When a severity was declared first."""
        return self.severities[0][0] if self.severities else None

    @property
    def catalog(self) -> Catalog:
        """The company as it was when the incident opened, or as it was adopted since (WAR-7)."""
        return self.adopted or self.opened.catalog

    @property
    def service(self) -> Service:
        """The service it is about."""
        return self.catalog.services[self.corrections.service or self.opened.service]

    @property
    def mark(self) -> str:
        """What every word about a drill begins with; empty for a real incident."""
        return "DRILL " if self.opened.drill else ""

    @property
    def open_room(self) -> str:
        """The war room while it can be spoken in; empty before it exists and once it is archived."""
        return "" if "archive" in self.done else self.room

    @property
    def commander(self) -> str:
        """Who commands; empty while nobody does."""
        return self.holder("commander")

    def holder(self, part: CoreRole) -> str:
        """Who holds the role that plays a part; empty while nobody does."""
        return self.holders.get(self.policy.role(part), "")

    @property
    def grades(self) -> list[tuple[datetime, str]]:
        """Every severity to reckon with and since when: the proposed ones as they rose, then those declared."""
        turns = rises(self.policy, self.opened.proposed, self.challenges, self.declared_at)
        return [(self.opened_at, self.opened.proposed), *turns, *self.severities]

    def likely_at(self, moment: datetime) -> str:
        """The severity to reckon with at a moment."""
        return [self.opened.proposed, *(severity for at, severity in self.grades[1:] if at <= moment)][-1]

    @property
    def runbooks(self) -> tuple[Link, ...]:
        """The runbooks that fit, the catalog's and the notebook's, each address once (TRI-2)."""
        return self.lookups.beside(self.corrections.books(self.opened.runbooks))

    @property
    def firing(self) -> bool:
        """Whether any alert of the incident still fires."""
        return self.unseen > 0 or any(alert.state not in CALM for alert in self.alerts.values())

    def runs(self, wanted: SeverityFlag) -> list[Span]:
        """The spans in which the severities declared in a row asked for this; the last one may be open."""
        return spans_that_ask(self.policy, wanted, self.severities)

    def likely_runs(self, wanted: SeverityFlag) -> list[Span]:
        """The same, where the proposed severity already counts."""
        return spans_that_ask(self.policy, wanted, self.grades)

    def since(self, wanted: SeverityFlag) -> datetime | None:
        """Since when the severities declared in a row ask for this; None when the present one does not."""
        spans = self.runs(wanted)
        return spans[-1][0] if spans and spans[-1][1] is None else None

    def people(self, names: Iterable[str]) -> tuple[Person, ...]:
        """The catalog's people among these names, in order and once."""
        found = (self.catalog.person_called(name) for name in names)
        return tuple(dict.fromkeys(person for person in found if person))

    def called(self, name: str) -> str:
        """How people call somebody: the catalog's name, or the word we were given."""
        person = self.catalog.person_called(name)
        return person.name if person else name

    def all(self, kind: type[F]) -> Iterator[tuple[Event, F]]:
        """Every event of one kind, with its fact."""
        return ((event, event.what) for event in self._search(kind).found if isinstance(event.what, kind))

    def moments(self, *kinds: type[Fact]) -> Sequence[datetime]:
        """When facts of these kinds happened: in order and each once; what comes out of order is passed over."""
        return self._search(*kinds).moments

    def _search(self, *kinds: type[Fact]) -> Search:
        return self.searches.setdefault(kinds, Search()).go_on(self.events, kinds)
