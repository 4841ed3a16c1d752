"""The SOP as data, `policy.yaml`: clocks, the severity matrix, who may do what, what happens on a miss."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from domain.aim import LearnRule, Target
from domain.alert import Alert
from domain.catalog import Service
from domain.shape import Clause, Severity, Shape, Span, Text, Word


class ClockRule(Shape):
    """One clause's clock: how long, who owes it, when it is reminded, chased and told."""

    within: Span | dict[Severity, Span]
    """From the clock's start to its deadline, the same for all or by severity."""
    owner: Word
    """The role that owes it; `standfast` when the software does."""
    remind: Span | tuple[Span, ...] | None = None
    """How long before the deadline the owner is reminded, once or several times."""
    every: Span | None = None
    """How often it is chased again after the deadline."""
    warn: tuple[Word, ...] = ()
    """The roles that are told of the reminder, beside the owner."""
    tell: tuple[Word, ...] = ()
    """The roles that are told of a miss."""

    @property
    def reminders(self) -> tuple[timedelta, ...]:
        """How long before the deadline the owner is reminded; nothing when never."""
        return self.remind if isinstance(self.remind, tuple) else (self.remind,) if self.remind else ()

    def span(self, severity: str | None) -> timedelta | None:
        """The time allowed at this severity; None when the clause has no clock there."""
        return self.within.get(severity or "") if isinstance(self.within, dict) else self.within

    def next_reminder(self, started_at: datetime, due_at: datetime, reminded_at: datetime | None) -> datetime | None:
        """The next moment at which the owner is reminded; several that passed at once are said once."""
        moments = sorted(due_at - span for span in self.reminders)
        moments = [at for at in moments if at > started_at] or ([started_at] if moments else [])
        return next((at for at in moments if reminded_at is None or at > reminded_at), None)


class SeverityRule(Shape):
    """What a severity means: what it starts and what customers are shown."""

    title: str
    war_room: bool = False
    status_page: bool = False
    manager: Literal["at_once", "after_clock", "no"] = "no"
    post_mortem: bool = False
    breach_check: bool = True
    """Whether the breach checkpoint must be answered before it closes (GDP-1); a security incident's always."""
    chased: bool = False
    """Whether silence after the acknowledgement is chased (ACK-5)."""
    mail: bool = False
    """Whether enterprise accounts are written to (COM-5)."""
    impact: Literal["none", "minor", "major", "critical"] = "minor"


class MatrixRule(Shape):
    """One row of the severity matrix (TRI-3): every given condition must hold."""

    severity: tuple[str, ...] = ()
    """The sender's words, in lower case."""
    tier: tuple[int, ...] = ()
    customer_facing: bool | None = None
    security: bool | None = None
    words: str = ""
    """A pattern searched in the title and description."""
    propose: Severity
    because: str

    def fits(self, alert: Alert, service: Service, security: bool) -> bool:
        """Whether this row is about such an alert on such a service."""
        return all(
            (
                not self.severity or alert.severity.lower() in self.severity,
                not self.tier or service.tier in self.tier,
                self.customer_facing in (None, service.customer_facing),
                self.security in (None, security),
                not self.words or re.search(self.words, f"{alert.title} {alert.description}", re.IGNORECASE),
            )
        )


class RoleRule(Shape):
    """A role of the procedure (WAR-3)."""

    title: str
    starts_with: Literal["nobody", "acknowledger", "declarer", "team_manager"] = "nobody"
    chased: bool = False
    """Whether the role is chased while nobody holds it."""


class AlertRule(Shape):
    """What alerts do to incidents (SCP-2, DET-4, DET-5, RES-3)."""

    environments: tuple[str, ...] = ("production", "prod", "live")
    """The environments that are production; alerts of any other open nothing."""
    grouping: tuple[Literal["service", "environment"], ...] = ("service", "environment")
    default_service: Word | None = None
    """The service an alert belongs to when the catalog knows none by its word."""
    security: str = r"\b(breach|intrusion|exfiltration|credential leak|unauthori[sz]ed access)\b"
    """A pattern in an alert's words or kind that makes a security incident (SCP-3)."""
    join: Literal["join", "link"] = "join"
    recovery: Literal["tell", "resolve"] = "tell"
    """When every alert has recovered after somebody acknowledged: tell the commander, or resolve."""
    reopen_window: Span = timedelta(hours=1)
    recurrence: Literal["reopen", "tell"] = "reopen"
    flaps: int = 4
    """This many firings of one alert inside `flap_window` are flapping: recoveries wait until it has been quiet."""
    flap_window: Span = timedelta(minutes=10)


class UpdateRule(Shape):
    """Status page updates (COM-3, COM-4, COM-6)."""

    on_miss: Literal["nag", "holding"] = "nag"
    templates: dict[str, str]
    """The page's template name by status."""
    drafts: dict[str, Text]
    """The text by status when the page has no such template."""
    holding: Text
    """The pre-approved holding statement."""


class MailRule(Shape):
    """The customer e-mail (COM-5)."""

    subject: str
    body: Text


class RoomRule(Shape):
    """War rooms and the headline (WAR-1, WAR-2)."""

    name: str = "incident-{id}"
    edit_every: Span = timedelta(seconds=10)
    """Edits of one message are coalesced to at most one in this time."""
    topic_every: Span = timedelta(minutes=1)
    """A new topic is a message in the room, and Slack takes 20 a minute for all rooms together."""
    archive_after: Span = timedelta(days=14)


class HandoverRule(Shape):
    """What the engineer is handed at the acknowledgement, beside dashboards, logs and runbooks."""

    deployments: int = Field(0, ge=0, le=10)
    """How many of the service's last deployments before the alert (TRI-1); 0 looks for none."""


class RetryRule(Shape):
    """How a duty that failed is tried again: at once by the engine, then from here on at growing pauses."""

    first: Span = timedelta(seconds=30)
    longest: Span = timedelta(minutes=5)
    final: Span = timedelta(minutes=15)
    """The pause after a refusal that trying again unchanged cannot mend; somebody may have mended it."""

    def pause(self, times: int, retryable: bool) -> timedelta:
        """The pause after this many failures."""
        if not retryable:
            return self.final
        doubled: timedelta = self.first * 2 ** min(times - 1, 20)
        return min(doubled, self.longest)


class Policy(Shape):
    """The whole procedure as a company wants it."""

    name: str
    roles: dict[Word, RoleRule]
    severities: dict[Severity, SeverityRule]
    """Most severe first."""
    matrix: tuple[MatrixRule, ...]
    ladder: tuple[Word, ...] = Field(min_length=1)
    """The levels of a team that are paged in turn; the last one again and again (ACK-2)."""
    clocks: dict[str, ClockRule]
    may: dict[Word, tuple[Word, ...]]
    """Which roles may do an act; `anyone`, or `anyone_if_vacant` while nobody holds the roles named."""
    alerts: AlertRule = AlertRule()
    updates: UpdateRule
    mail: MailRule
    room: RoomRule = RoomRule()
    handover: HandoverRule = HandoverRule()
    read_pages_every: Annotated[Span, Field(ge=timedelta(seconds=15))] | None = None
    """How often the pager is asked how its pages stand while nobody has acknowledged, in case its webhook was lost
    (ACK-1); at growing pauses later, and more rarely after the acknowledgement. Never without it; no oftener than its
    limits allow when many incidents are open."""
    retry: RetryRule = RetryRule()
    grace: Span = timedelta(minutes=2)
    """The time the software gives itself for what it owes at once: a page, a war room, an invitation."""
    item_due: Span = timedelta(days=14)
    """When an action item is due unless its author says earlier (ACT-1)."""
    learn: LearnRule = LearnRule()
    targets: dict[Clause, Target] = Field(default_factory=dict)
    waivable: tuple[Clause, ...] = ()
    """The clauses that may be waived for one incident, by whom `may` says and with a reason."""

    @field_validator("severities", mode="before")
    @classmethod
    def _keep_order(cls, value: Any) -> Any:
        return dict(value)

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        for row in self.matrix:
            if row.propose not in self.severities:
                raise ValueError(f"matrix: found {row.propose!r}, expected one of {list(self.severities)}")
        if "commander" not in self.roles:
            raise ValueError("roles: expected a role named 'commander'; somebody must decide")
        return self

    def rank(self, severity: str) -> int:
        """0 for the most severe."""
        return list(self.severities).index(severity)

    def lower(self, severity: str, than: str) -> bool:
        """Whether one severity is less severe than another."""
        return self.rank(severity) > self.rank(than)

    def level(self, step: int) -> str:
        """The level of the ladder paged at this step; the last level stays."""
        return self.ladder[min(step, len(self.ladder) - 1)]

    def propose(self, alert: Alert, service: Service, security: bool) -> tuple[Severity, str]:
        """The severity the matrix proposes, and why (TRI-3); the least severe when no row fits."""
        for row in self.matrix:
            if row.fits(alert, service, security):
                return row.propose, row.because
        return list(self.severities)[-1], "no row of the matrix fits"
