"""What the policy says of one clause's clock: how long, whose it is, and when it is said again."""

from datetime import datetime, timedelta

from domain.value.calendar import Calendar, earlier
from domain.value.model import Model, PositiveDuration, Severity, Slug

HOURLY = timedelta(hours=1)
"""The longest pause between two chases of a promise that is to be chased more often."""


class ClockRule(Model):
    """One clause's clock: how long, who owes it, when it is reminded, chased and told."""

    within: PositiveDuration | dict[Severity, PositiveDuration]
    """From the clock's start to its deadline, the same for all or by severity."""
    owner: Slug
    """The role that owes it; `standfast` when the software does."""
    remind: PositiveDuration | tuple[PositiveDuration, ...] | None = None
    """How long before the deadline the owner is reminded, once or several times."""
    every: PositiveDuration | None = None
    """How often it is chased again after the deadline."""
    warn: tuple[Slug, ...] = ()
    """The roles that are told of the reminder, beside the owner."""
    tell: tuple[Slug, ...] = ()
    """The roles that are told of a miss."""
    hours: Slug | dict[Severity, Slug] | None = None
    """The calendar whose hours alone count, for every span of this line; all hours count without one."""

    @property
    def reminders(self) -> tuple[timedelta, ...]:
        """How long before the deadline the owner is reminded; nothing when never."""
        return self.remind if isinstance(self.remind, tuple) else (self.remind,) if self.remind else ()

    def span(self, severity: str | None) -> timedelta | None:
        """The time allowed at this severity; None when the clause has no clock there."""
        return self.within.get(severity or "") if isinstance(self.within, dict) else self.within

    def calendar(self, severity: str | None) -> str | None:
        """The name of the calendar that counts at this severity; None where every hour counts."""
        return self.hours.get(severity or "") if isinstance(self.hours, dict) else self.hours

    def chased_after(self, times: int) -> timedelta | None:
        """How long after the deadline it is chased for the nth time: `every`, doubled up to an hour (or `every`)."""
        if self.every is None:
            return None
        after, step = self.every, max(self.every, HOURLY)
        for _ in range(times - 1):
            after += min(after, step)
        return after

    def times_chased(self, passed: timedelta) -> int:
        """How often it was to be said by now, the miss itself included."""
        times, step, after = 1, max(self.every or HOURLY, HOURLY), self.every
        while after and after <= passed:
            if after >= step:
                return times + 1 + (passed - after) // step
            times, after = times + 1, after + after
        return times

    def reminded_at(self, started_at: datetime, due_at: datetime, hours: Calendar | None = None) -> list[datetime]:
        """The moments at which the owner is reminded; several that passed at once are said once."""
        moments = sorted(earlier(due_at, span, hours) for span in self.reminders)
        return [at for at in moments if at > started_at] or ([started_at] if moments else [])
