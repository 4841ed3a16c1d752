"""Moments and spans as people at a terminal say them: in their own time, minutes rather than seconds."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo

ZERO, SECOND = timedelta(), timedelta(seconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d)?")


def local() -> tzinfo:
    """The zone of the person's machine, or of TZ."""
    return datetime.now().astimezone().tzinfo or UTC


def moment_in(text: str, opened_at: datetime, zone: tzinfo) -> datetime:
    """A moment of an incident: `03:12` (the first one after it opened), `25m` after it, or a date with its time.

    Raises `ValueError` for what is none of these, and beyond all calendars.
    """
    try:
        return _moment(text, opened_at, zone)
    except OverflowError:
        raise ValueError(text) from None


def _moment(text: str, opened_at: datetime, zone: tzinfo) -> datetime:
    from domain.value.model import duration_of  # who only reads need not wait for it

    if after := duration_of(text.removeprefix("+")):
        return opened_at + after
    if CLOCK.fullmatch(text):
        hour = time.fromisoformat(text if text[1] != ":" else f"0{text}")
        at = datetime.combine(opened_at.astimezone(zone).date(), hour, zone)
        return max(at, opened_at) if at + MINUTE > opened_at else at + DAY
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def span(length: timedelta) -> str:
    """A length in the words of every surface (`said_span`): 45 s, 13 min, 2 h 5 min, 1 day 4 h, 3 days."""
    if length < MINUTE:
        return f"{max(length, ZERO) // SECOND} s"
    if length < HOUR:
        return f"{length // MINUTE} min"
    if length < DAY:
        hours, minutes = divmod(length // MINUTE, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod((length + HOUR / 2) // HOUR, 24)
    return f"{days} days" if days > 1 else f"1 day {hours} h" if hours else "1 day"


def clock(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The hour of a moment today, or its day with it."""
    here, today = at.astimezone(zone), now.astimezone(zone)
    return f"{here:%H:%M}" if here.date() == today.date() else f"{here:%d %b %H:%M}"


def in_zone(text: str, moments: Iterable[datetime], now: datetime, zone: tzinfo) -> str:
    """Words of the engine with the moments that they name in UTC (`clock_time`) said in a zone."""
    from domain.value.moment import told_moments

    return "".join(clock(at, now, zone) if at else piece for piece, at in told_moments(text, moments))


def named(now: datetime, zone: tzinfo) -> str:
    """Which time is shown, said once on a page."""
    here = now.astimezone(zone)
    return f"Times: {here:%Z} (UTC{here:%z})" if here.utcoffset() else "Times: UTC"
