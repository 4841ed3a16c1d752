"""What the policy says of learning: the causes, the follow-up, and what the key figures should be."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from domain.value.calendar import Calendar, later
from domain.value.model import ClauseId, Duration, Model, PositiveDuration, Severity, Slug, by_default, spoken, unsaid

READ_WITHIN = timedelta(minutes=15)
LONG_FIGHT: dict[Severity, timedelta] = {"P1": timedelta(hours=4), "P2": timedelta(hours=4)}


class SnoozeRule(Model):
    """How far reminders may be put off (SOC-1)."""

    longest: PositiveDuration = timedelta(hours=24)
    never: tuple[ClauseId, ...] = ("SCP-3", "GDP-1", "GDP-2")
    """Clauses whose reminders nobody silences: what is owed to others."""
    ends_at_handover: bool = Field(default=False, exclude_if=unsaid)
    """Whether it ends as soon as somebody else holds the role that owes the clause (WAR-3)."""


class ItemDue(Model):
    """How long an action item is given where its author says nothing, in the hours that count (ACT-1)."""

    span: Duration
    hours: Calendar | None = by_default(None)

    def after(self, opened_at: datetime) -> datetime:
        """When an item that is opened then is due at the latest."""
        return later(opened_at, self.span, self.hours)


class FollowUpRule(Model):
    """What is learned after the fight (PM-1, ACT-2, REP-1)."""

    causes: dict[Slug, str] = Field(default_factory=dict)
    """The company's root causes: the stable key and what it means. New keys may be named with their title."""
    breach_asked_after: dict[Severity, Duration] = by_default(dict(LONG_FIGHT))
    """How long into a fight somebody is asked whether personal data was breached (GDP-1); later only at its end."""
    breach_asked_self_resolved: tuple[Severity, ...] = Field(default=(), exclude_if=unsaid)
    """At which severities it is asked of what recovered before anybody acknowledged; answered, that closes (DET-5)."""
    judged_again: bool = Field(default=False, exclude_if=unsaid)
    """Whether a notification is judged again where the company turns out to have been aware earlier (GDP-2)."""
    one_checkpoint: bool = Field(default=False, exclude_if=unsaid)
    """Whether a security incident is merged into another while both have their checkpoint to pass, which is then passed
    there (SCP-3, DET-7); otherwise its own is answered first."""
    repeat_within: Duration = timedelta(days=90)
    causes_told: bool = Field(default=False, exclude_if=unsaid)
    """Whether incidents with one root cause tell each other, so that the later one counts as the repeat (KPI-6)."""
    recurrence_told: bool = Field(default=False, exclude_if=unsaid)
    """Whether what fails again after its end is linked to the incident it was, and who follows that up hears it."""
    read_items_every: PositiveDuration = timedelta(hours=6)
    """How often the tracker is asked for an open action item, in case its webhook was lost."""
    read_done_every: PositiveDuration = by_default(timedelta(days=1))
    """How often it is asked for one that is done: it may be reopened there."""
    declined_once: bool = Field(default=False, exclude_if=unsaid)
    """Whether why an item is declined in the tracker is asked once, not each time that the tracker is (ACT-2)."""
    done_heard: bool = Field(default=False, exclude_if=unsaid)
    """Whether what its webhook says is done counts as the tracker's word, which it may take back when asked (ACT-2)."""
    changes_told: bool = Field(default=False, exclude_if=unsaid)
    """Whether the tracker is told of another owner or another day that an action item got here (ACT-2)."""
    part_by_whole: bool = Field(default=False, exclude_if=unsaid)
    """Whether a part of an action item that is asked for later than its whole is due with that; else it is refused."""
    meet_after: Duration = timedelta(hours=20)
    """The earliest time after the resolution for the post-mortem's meeting."""
    meeting: PositiveDuration = timedelta(hours=1)
    invites: Literal["owner", "everybody"] = by_default("owner")
    """Who is invited to it: the post-mortem's owner, or everybody who held a role."""
    invites_with_document: bool = Field(default=False, exclude_if=unsaid)
    """Whether the invitation waits for the document it leads to, until opening that has failed once."""
    veils_document: bool = Field(default=False, exclude_if=unsaid)
    """Whether the post-mortem is written anew, its title too, when a security mark is set or taken back (SCP-3)."""
    reads_back: bool = Field(default=False, exclude_if=unsaid)
    """Whether the post-mortem is read back before it counts as complete, and empty sections are named (PM-3)."""
    read_within: PositiveDuration = by_default(READ_WITHIN)
    """What nobody can read for so long is complete by the word of who wrote it."""
    meets_in_zones: bool = Field(default=False, exclude_if=unsaid)
    """Whether the meeting is held in the office hours of who held a role, each in their own time zone, of as many of
    them as can be; otherwise by `office` or `hours` alone."""
    office: tuple[int, int] = (9, 16)
    """The hours in UTC at which a meeting may begin, both included, Monday to Friday; `hours` says it better."""
    hours: Slug | None = None
    """The calendar in whose hours the meeting is held."""


class KpiTarget(Model):
    """What a key figure should be (KPI): a mean span `under` a limit, a share `at_least` or `below`, or a count."""

    title: str
    severities: tuple[Severity, ...] = ()
    """The severities it is about; all when empty."""
    under: Duration | None = None
    at_least: float | None = None
    below: float | None = None
    at_least_each: float | None = by_default(None)
    """How many there should be of something for each."""
    waits_left_out: bool = by_default(False)
    """Whether the time in which the severity let the page wait counts for nothing (ACK-6)."""

    @property
    def says(self) -> str:
        """The target in words."""
        if self.under is not None:
            return f"under {spoken(self.under)}"
        if self.at_least_each is not None:
            return f"at least {self.at_least_each:g} each"
        least = f"at least {self.at_least:.0%}" if self.at_least is not None else ""
        return least or (f"under {self.below:.0%}" if self.below is not None else "measured, without a target")
