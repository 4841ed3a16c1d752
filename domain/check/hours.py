"""Hours: a post-mortem due before it can exist, shifts that leave a gap in the day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from domain.check.finding import Finding, Lint, plays, span_at
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.value.calendar import Calendar, gaps, later
from domain.value.model import format_duration

YEAR = date(2026, 1, 1)
"""Where the year begins that stands for every year: both changes of the clocks are in it."""
FORTNIGHT = 14 * 24


def _post_mortem(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """PM-1 before the resolution is final, or before its meeting can be held."""
    clock, learn = policy.clocks.get("PM-1"), policy.learn
    for severity, rule in policy.severities.items():
        span = span_at(clock, severity) if clock and rule.post_mortem else None
        if span is None:
            continue
        shortest = _shortest(span, policy.hours("PM-1", severity))
        needs = {"the resolution may be reopened until then (alerts.reopen_window)": policy.alerts.reopen_window}
        if plays(catalog, "mailer"):
            words = f"the meeting begins {format_duration(learn.meet_after)} after the resolution at the earliest"
            needs[f"{words} (learn.meet_after)"] = learn.meet_after + learn.meeting
        for why, least in needs.items():
            if shortest < least:
                found = f"{format_duration(span)}, which is due before it can exist"
                yield Finding("clocks.PM-1.within", found, f"at least {format_duration(least)}: {why}")


def _checkpoint(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """GDP-1 after PM-1: the post-mortem cannot be complete before the checkpoint is passed."""
    breach, review = policy.clocks.get("GDP-1"), policy.clocks.get("PM-1")
    for severity, rule in policy.severities.items():
        first = span_at(breach, severity) if breach and rule.breach_check else None
        last = span_at(review, severity) if review and rule.post_mortem else None
        same = policy.hours("GDP-1", severity) == policy.hours("PM-1", severity)
        if first and last and same and first > last:
            expected = (
                f"at most {format_duration(last)} at {severity}: without it the post-mortem (PM-1) cannot complete"
            )
            yield Finding("clocks.GDP-1.within", format_duration(first), expected)
            return


def _shortest(span: timedelta, hours: Calendar | None) -> timedelta:
    """The least time that really passes while so much of it counts, whatever the hour at which it begins."""
    if hours is None:
        return span
    start = datetime(YEAR.year, YEAR.month, YEAR.day, tzinfo=UTC)
    starts = (start + timedelta(hours=number) for number in range(FORTNIGHT))
    return min(later(at, span, hours) - at for at in starts)


def _shifts(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """Shifts that leave a gap in which nobody is on call."""
    for name, team in catalog.teams.items():
        for title, level in team.levels.items():
            if not level.shifts or level.people or level.schedule:
                continue
            for begins, ends in list(gaps(level.shifts, YEAR))[:1]:
                found = f"nobody from {begins:%a %d %b %H:%M} to {ends:%a %d %b %H:%M} UTC"
                expected = "shifts without a gap, also when clocks change, or `people` for the hours outside of them"
                yield Finding(f"teams.{name}.levels.{title}.shifts", found, expected)


HOURS: tuple[Lint, ...] = (_post_mortem, _checkpoint, _shifts)
