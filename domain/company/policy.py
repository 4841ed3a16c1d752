"""The SOP as data, `policy.yaml`: clocks, the severity matrix, who may do what, what happens on a miss."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from domain.company.alert_rule import AlertRule as AlertRule
from domain.company.approval import Approval
from domain.company.approval import ApprovedPart as ApprovedPart
from domain.company.catalog import Service
from domain.company.core_role import CORE_ROLES, CoreRole
from domain.company.impact_rule import ImpactRule
from domain.company.matrix_rule import MatrixRule as MatrixRule
from domain.company.matrix_rule import ReportedAlert
from domain.company.policy_absence import AbsenceRule, ApartRule
from domain.company.policy_clock import ClockRule
from domain.company.policy_follow_up import FollowUpRule, ItemDue, KpiTarget, SnoozeRule
from domain.company.policy_legal import LegalRule, with_packs
from domain.company.policy_paging import PagingRule, When
from domain.company.policy_polling import PollingRule
from domain.company.policy_retention import ErasureRule, RetentionRule
from domain.company.policy_secrecy import SecrecyRule
from domain.company.policy_stakeholders import StakeholderRule
from domain.company.policy_text import MailRule, RoomRule, UpdateRule
from domain.company.severity_word import meant, plain
from domain.value.calendar import Calendar
from domain.value.model import ClauseId, Model, PositiveDuration, Severity, Slug, by_default, unsaid
from domain.value.shared import shared

FOLLOWS: Mapping[str, str] = {"TRI-6": "TRI-4", "WAR-8": "WAR-4"}
"""The clauses whose clock goes by another one's line where a policy has none for it."""


class SeverityRule(Model):
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
    page: When = by_default("at_once")
    """When it wakes the on-call: at once, in the team's office hours, or not at all (ACK-6)."""
    wake: tuple[Slug, ...] = Field(default=(), exclude_if=unsaid)
    """The roles that are woken like the on-call when it is declared, in this order (WAR-3, WAR-5)."""
    apart: tuple[Slug, ...] = Field(default=(), exclude_if=unsaid)
    """The roles that no one person holds together: whoever has two of them is relieved of one by waking another."""


class RoleRule(Model):
    """A role of the procedure (WAR-3)."""

    title: str
    plays: CoreRole | None = None
    """The part it plays in the rules; a role whose name is that of a part plays it. A further role plays none."""
    starts_with: Literal["nobody", "acknowledger", "declarer", "team_manager"] = "nobody"
    chased: bool = False
    """Whether the role is chased while nobody holds it."""
    by_press: bool = Field(default=False, exclude_if=unsaid)
    """Whether whom the team lists for it takes it, while it is vacant, by doing what only the role may."""


PROMPTLY = 10
"""How often a page that was refused is tried again soon: every level that is paged since begins to count anew."""


class RetryRule(Model):
    """How a duty that failed is tried again: at once by the engine, then from here on at growing pauses."""

    first: PositiveDuration = timedelta(seconds=30)
    longest: PositiveDuration = timedelta(minutes=5)
    final: PositiveDuration = timedelta(minutes=15)
    """The pause after a refusal that trying again unchanged cannot mend; somebody may have mended it."""
    waking: PositiveDuration | None = by_default(None)
    """The same for a page that wakes somebody, ten times and then `longest`; `final` where nothing is said."""

    def pause(self, times: int, retryable: bool, wakes: bool = False) -> timedelta:
        """The pause after this many failures."""
        if wakes and not retryable and self.waking:
            return self.waking if times <= PROMPTLY else max(self.waking, self.longest)
        doubled: timedelta = self.first * 2 ** min(times - 1, 20)
        return min(doubled, self.longest) if retryable else self.final


class Policy(Model):
    """The whole procedure as a company wants it."""

    name: str
    roles: dict[Slug, RoleRule]
    severities: dict[Severity, SeverityRule] = Field(min_length=1)
    """Most severe first."""
    matrix: tuple[MatrixRule, ...]
    impact: tuple[ImpactRule, ...] = Field(default=(), exclude_if=unsaid)
    """From which impact on a severity is proposed; by the count of customers alone where no row is there (TRI-6)."""
    spellings: dict[str, str] = Field(default_factory=dict, exclude_if=unsaid)
    """The company's own spellings of the words of the matrix, beside those that are known (severity_word)."""
    ladder: tuple[Slug, ...] = Field(min_length=1)
    """The levels of a team that are paged in turn; the last one again and again (ACK-2)."""
    clocks: dict[str, ClockRule]
    calendars: dict[Slug, Calendar] = Field(default_factory=dict)
    """The hours that count for the clocks which name them: office hours."""
    may: dict[Slug, tuple[Slug, ...]]
    """Which roles may do an act; `anyone`, or `anyone_if_vacant` while nobody holds the roles named."""
    proof: dict[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    """The ways that are proof enough of who it is, by act: slack, cli, temporal, board (a trusted proxy's word), oidc
    (sign-in to the board), a vendor; every way where not said."""
    alerts: AlertRule = AlertRule()
    updates: UpdateRule = UpdateRule()
    mail: MailRule = MailRule()
    room: RoomRule = RoomRule()
    asks: PollingRule = PollingRule()
    retry: RetryRule = RetryRule()
    paging: PagingRule = by_default(PagingRule())
    grace: PositiveDuration = timedelta(minutes=2)
    """The time the software gives itself for what it owes at once: a page, a war room, an invitation."""
    absence: AbsenceRule = AbsenceRule()
    apart: ApartRule | None = None
    """Roles that one person is not to hold at once; without it anybody may."""
    item_due: PositiveDuration | None = by_default(None)
    """When an action item is due unless its author says earlier (ACT-1); the time of ACT-2 where this is left out."""
    learn: FollowUpRule = FollowUpRule()
    legal: Annotated[dict[Slug, LegalRule], BeforeValidator(with_packs)] = Field(
        default_factory=dict, exclude_if=unsaid
    )
    """The laws and contracts beside the GDPR that ask for reports; a shipped pack by its name, such as `nis2: {}`."""
    stakeholders: StakeholderRule = by_default(StakeholderRule())
    """Who inside the company gets a digest at declaration, another severity and the end."""
    secrecy: SecrecyRule = by_default(SecrecyRule())
    erasure: ErasureRule = by_default(ErasureRule())
    """How personal data is erased on request (SOC-1)."""
    retention: RetentionRule = by_default(RetentionRule())
    """How long inbox, deployments and histories are kept (SOC-1)."""
    board: str = Field(default="", pattern=r"^(https?://[^\s?#]+[^\s?#/])?$", exclude_if=unsaid)
    """Where people find the board, as in https://board.example.com; the post-mortem links to its moments."""
    targets: dict[ClauseId, KpiTarget] = Field(default_factory=dict)
    snooze: SnoozeRule = by_default(SnoozeRule())
    approved: dict[ApprovedPart, Approval] = Field(default_factory=dict, exclude_if=unsaid)
    """Who has approved the severity matrix and the texts for customers (TRI-3, COM-3)."""
    waivable: tuple[ClauseId, ...] = ()
    """The clauses that may be waived for one incident, by whom `may` says and with a reason."""

    @field_validator("severities", mode="before")
    @classmethod
    def _keep_order(cls, value: Any) -> Any:
        return dict(value)

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        proposed = [("matrix", row.propose) for row in self.matrix]
        for place, severity in (*proposed, *(("impact", row.propose) for row in self.impact)):
            if severity not in self.severities:
                raise ValueError(f"{place}: found {severity!r}, expected one of {list(self.severities)}")
        for path, name in self._calendars_named():
            if name not in self.calendars:
                known = ", ".join(self.calendars) or "none is there"
                raise ValueError(f"{path}: found {name!r}, expected the name of one under calendars: {known}")
        law = self.clocks.get("GDP-2")
        if law and law.hours:
            expected = "nothing: the 72 hours of GDPR Article 33 count continuously"
            raise ValueError(f"clocks.GDP-2.hours: found {law.hours!r}, expected {expected}")
        return self

    def _calendars_named(self) -> Iterator[tuple[str, str]]:
        for clause, rule in self.clocks.items():
            names = rule.hours.values() if isinstance(rule.hours, dict) else (rule.hours,) if rule.hours else ()
            yield from ((f"clocks.{clause}.hours", name) for name in names)
        if self.learn.hours:
            yield "learn.hours", self.learn.hours
        if self.paging.hours:
            yield "paging.hours", self.paging.hours

    @model_validator(mode="after")
    def _gives_every_part_to_one_role(self) -> Self:
        for part in CORE_ROLES:
            players = [name for name, rule in self.roles.items() if part in (rule.plays, name)]
            if len(players) > 1:
                raise ValueError(f"roles: found {' and '.join(players)} for the part {part!r}, expected one role")
        if not self.role("commander"):
            raise ValueError("roles: expected a role named 'commander', or one with `plays: commander`; who decides?")
        for role in self.apart.roles if self.apart else ():
            if role not in self.roles:
                raise ValueError(f"apart.roles: found {role!r}, expected one of {list(self.roles)}")
        return self

    def role(self, part: CoreRole) -> str:
        """The role that plays a part in this company; empty when none does."""
        for name, rule in self.roles.items():
            if (rule.plays or name) == part:
                return name
        return ""

    def role_called(self, word: str) -> str:
        """The role that somebody means: by its name, or by the part it plays; empty when there is none."""
        return word if word in self.roles else next((self.role(part) for part in CORE_ROLES if part == word), "")

    def clock(self, clause: str) -> ClockRule | None:
        """The line of a clause's clock; one that says nothing of its own goes by the line of the clause it follows."""
        return self.clocks.get(clause) or self.clocks.get(FOLLOWS.get(clause, ""))

    def item_span(self, severity: str | None = None) -> timedelta:
        """How long an action item is given where its author says nothing: as ACT-2's line has it, or less (ACT-1)."""
        rule = self.clocks.get("ACT-2")
        return self.item_due or (rule.span(severity) if rule else None) or timedelta(days=14)

    def item_due_by(self, severity: str | None = None) -> ItemDue:
        """The same in the hours that count for ACT-2."""
        return ItemDue(span=self.item_span(severity), hours=self.hours("ACT-2", severity))

    def hours(self, clause: str, severity: str | None) -> Calendar | None:
        """The calendar that counts for a clause at a severity; None where every hour counts."""
        rule = self.clock(clause)
        name = rule.calendar(severity) if rule else None
        return self.calendars[name] if name else None

    def rank(self, severity: str) -> int:
        """0 for the most severe."""
        return list(self.severities).index(severity)

    def worst(self, severities: Iterable[str]) -> str:
        """The most severe of some."""
        return min(severities, key=self.rank)

    def lower(self, severity: str, than: str) -> bool:
        """Whether one severity is less severe than another."""
        return self.rank(severity) > self.rank(than)

    def level(self, step: int) -> str:
        """The level of the ladder paged at this step; the last level stays."""
        return self.ladder[min(step, len(self.ladder) - 1)]

    def propose(self, alert: ReportedAlert, service: Service, security: bool) -> tuple[Severity, str]:
        """The severity the matrix proposes, and why (TRI-3); the least severe when no row fits.

        A word that no row knows is said to be unknown, and is not the least severe. A person's own word is one voice:
        the worse of it and of what the matrix would say without it counts.
        """
        word = self.severity_meant(alert.severity)
        words = f"{alert.title} {alert.description}"
        found = self._fitting(word, words, service, security=security)
        if alert.severity.strip() and not word:
            severity, because = found or (list(self.severities)[-2:][0], "nobody knows how bad it is")
            return severity, f"{because}; no row of the matrix knows the word {alert.severity[:40]!r}"
        if word and alert.labels.get("kind") == "escalation":
            without = self._fitting("", words, service, security=security)
            found = min((one for one in (found, without) if one), key=lambda one: self.rank(one[0]), default=None)
        return found or (list(self.severities)[-1], "no row of the matrix fits")

    def severity_meant(self, said: str) -> str:
        """The word of the matrix that a sender means; empty where it says none, or one that no row knows."""
        return meant(said, {plain(word) for row in self.matrix for word in row.severity}, self.spellings)

    def _fitting(self, severity: str, words: str, service: Service, *, security: bool) -> tuple[Severity, str] | None:
        """What the first row says that fits."""
        rows = (row for row in self.matrix if row.fits(severity, words, service, security=security))
        return next(((row.propose, row.because) for row in rows), None)

    def board_page(self, incident: str) -> str:
        """The page of an incident on the board, where the company says where that is."""
        return f"{self.board}/incidents/{incident}" if self.board else ""


FrozenPolicy = Annotated[Policy, AfterValidator(shared)]
"""The policy as an event has it: one object for all incidents under it."""
