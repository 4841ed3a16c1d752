"""Hours of the week in a named time zone: the office hours a clock counts, the shifts in which somebody is on call.

Moments in and out are aware; spans are added in UTC, so a change of the clocks makes a night longer or shorter and
never an office hour. The zones' rules are those of the pinned package, whatever the machine has: two workers must
decide alike, and a machine that is brought up to date must not decide otherwise than before.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, reset_tzpath

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from domain.value.model import Model, Slug

reset_tzpath(())

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Day, ...] = get_args(Day)
MIDNIGHT = 1440
"""Minutes of a day: `24:00`."""
ONE_DAY = timedelta(days=1)


def read_hour(value: Any) -> Any:
    """Turn "09:30" into minutes since midnight; YAML itself reads an unquoted 17:00 as the number 1020, never less."""
    if isinstance(value, int) and value >= 60:
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,2}:[0-5]\d", value):
        raise ValueError('expected an hour as clocks show it, such as "09:00"')
    hour, _, minute = value.partition(":")
    return int(hour) * 60 + int(minute)


def write_hour(minutes: int) -> str:
    """Write minutes since midnight as a clock shows them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def known_zone(name: str) -> str:
    """Refuse a time zone that nobody knows."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # a name of nothing, a folder, a path
        raise ValueError("expected a time zone by its name, such as Europe/Lisbon") from None
    return name


Hour = Annotated[
    int,
    BeforeValidator(read_hour),
    Field(ge=0, le=MIDNIGHT),
    PlainSerializer(write_hour, return_type=str),
    WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\d{1,2}:\d\d$", "examples": ["09:00", "24:00"]}),
]
Zone = Annotated[str, AfterValidator(known_zone)]


@lru_cache(maxsize=8192)
def _moment(zone: str, day: date, minutes: int) -> datetime:
    """When a clock on the wall shows this; the earlier moment where it shows it twice."""
    wall = datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(minutes=minutes)
    return wall.astimezone(UTC)


class Hours(Model):
    """Some hours of some days; `ends` before `begins` is on the next day."""

    zone: Zone
    days: tuple[Day, ...] = WEEK
    begins: Hour
    ends: Hour

    @model_validator(mode="after")
    def _has_hours(self) -> Self:
        if not self.days:
            raise ValueError("days: found none, expected at least one of " + ", ".join(WEEK))
        if self.begins == self.ends or self.begins == MIDNIGHT:
            raise ValueError(f"ends: found {write_hour(self.ends)}, expected another hour than `begins`, such as 24:00")
        return self

    def window(self, day: date) -> tuple[datetime, datetime] | None:
        """The hours that begin on this day of the zone; None on a day that is not one of `days`."""
        if WEEK[day.weekday()] not in self.days:
            return None
        ends = self.ends if self.ends > self.begins else self.ends + MIDNIGHT
        return _moment(self.zone, day, self.begins), _moment(self.zone, day, ends)

    def holds(self, at: datetime) -> bool:
        """Whether this moment is inside: from the beginning on, up to the end."""
        return self.end(at) is not None

    def end(self, at: datetime) -> datetime | None:
        """When the hours end that this moment is inside of; None where it is in none."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        windows = (self.window(day) for day in (today - ONE_DAY, today))
        return max((window[1] for window in windows if window and window[0] <= at < window[1]), default=None)

    @property
    def says(self) -> str:
        """The hours as people say them."""
        days = "every day" if self.days == WEEK else _spoken_days(self.days)
        return f"{days} {write_hour(self.begins)} to {write_hour(self.ends)} in {self.zone}"


class Calendar(Hours):
    """The hours that count for a clock: office hours. A holiday is a day of the zone on which none begin."""

    days: tuple[Day, ...] = WEEK[:5]
    holidays: tuple[date, ...] = ()

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The moment by which so much time has counted since the start."""
        return _after(self, start.astimezone(UTC), span)

    def before(self, end: datetime, span: timedelta) -> datetime:
        """The latest moment from which so much time counts until the end."""
        return _before(self, end.astimezone(UTC), span)

    def next(self, at: datetime) -> datetime:
        """The moment itself where it counts, else the next one that does."""
        opens, _ = next(self._windows(at.astimezone(UTC), 1))
        return max(opens, at)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from start to end counts."""
        counted, start, end = timedelta(), start.astimezone(UTC), end.astimezone(UTC)
        for opens, closes in self._windows(start, 1):
            if opens >= end:
                break
            counted += max(min(closes, end) - max(opens, start), timedelta())
        return counted

    def window(self, day: date) -> tuple[datetime, datetime] | None:
        """The hours that count of this day."""
        return None if day in self.holidays else super().window(day)

    def _windows(self, at: datetime, step: int) -> Iterator[tuple[datetime, datetime]]:
        """The hours from a moment on, or with -1 back from it."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        for number in count(-1):
            window = self.window(today + number * step * ONE_DAY)
            if window and (window[1] > at if step > 0 else window[0] < at):
                yield window


@lru_cache(maxsize=4096)
def _after(calendar: Calendar, start: datetime, span: timedelta) -> datetime:
    for opens, closes in calendar._windows(start, 1):
        begin = max(opens, start)
        if closes - begin >= span:
            return begin + span
        span -= closes - begin
    raise AssertionError("a calendar never ends")


@lru_cache(maxsize=4096)
def _before(calendar: Calendar, end: datetime, span: timedelta) -> datetime:
    for opens, closes in calendar._windows(end, -1):
        stop = min(closes, end)
        if stop - opens >= span:
            return stop - span
        span -= stop - opens
    raise AssertionError("a calendar never began")


def later(start: datetime, span: timedelta, hours: Calendar | None) -> datetime:
    """Start and span, counted in these hours or continuously."""
    return hours.after(start, span) if hours else start + span


def earlier(end: datetime, span: timedelta, hours: Calendar | None) -> datetime:
    """End without span, counted in these hours or continuously."""
    return hours.before(end, span) if hours else end - span


def counted(start: datetime, end: datetime, hours: Calendar | None) -> timedelta:
    """The time from start to end, counted in these hours or continuously."""
    return hours.between(start, end) if hours else end - start


class Shift(Hours):
    """The hours in which these people are on call."""

    people: tuple[Slug, ...] = Field(min_length=1)


SEARCHED = 370
"""Days in which a gap is looked for: a year, so that every change of the clocks is in it."""


def gaps(shifts: tuple[Shift, ...], since: date) -> Iterator[tuple[datetime, datetime]]:
    """The spans after a day in which no shift has anybody, for a year."""
    dates = [since + number * ONE_DAY for number in range(-1, SEARCHED + 1)]
    windows = sorted(window for shift in shifts for day in dates if (window := shift.window(day)))
    covered = datetime.combine(since, time(), UTC)
    for begins, ends in windows:
        if begins > covered:
            yield covered, begins
        covered = max(covered, ends)


def _spoken_days(days: tuple[Day, ...]) -> str:
    """ "Mon to Fri" for days in a row, else each of them."""
    places = sorted(WEEK.index(day) for day in days)
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{WEEK[places[0]].title()} to {WEEK[places[-1]].title()}"
    return ", ".join(WEEK[place].title() for place in places)
