"""The period and the part of the company that key figures are asked for, as a web address says it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from domain.report.kpi import Scope

DAY = timedelta(days=1)
QUARTER = 3
"""Months, where no period is asked for."""
SEEN = 12
"""Months that a chart shows at least, so that a quarter can be told from a trend."""
MOST = 36


class Unclear(Exception):
    """An address that asks for something there isn't: which part, what was found, what is expected."""

    def __init__(self, path: str, found: str, expected: str) -> None:
        super().__init__(f"{path}: found {found[:40]!r}, expected {expected}")
        self.path, self.found, self.expected = path, found[:40], expected


def scope(asked: Mapping[str, str], now: datetime) -> Scope:
    """What is asked for; the last quarter up to now where nothing is. The last day belongs to the period."""
    until = _day("to", asked["to"]) + DAY if asked.get("to") else now
    since = _day("from", asked["from"]) if asked.get("from") else months_before(until, QUARTER)
    if since >= until:
        raise Unclear("from", asked.get("from", ""), "a day before the end of the period")
    chosen = {name: asked.get(name, "").strip()[:63] for name in ("service", "team", "severity")}
    return Scope(since=since, until=until, **chosen)


def months(whole: Scope, at_least: int = SEEN) -> tuple[Scope, ...]:
    """The months of a trend: those of the period, and before it as many as make a year, or `at_least` so many."""
    assert whole.since
    assert whole.until
    last = _first_of(whole.until - timedelta(microseconds=1))
    span = (last.year - whole.since.year) * 12 + last.month - whole.since.month + 1
    starts = [_shifted(last, -place) for place in range(min(max(span, at_least), MOST) - 1, -1, -1)]
    ends = [*(later for _, later in pairwise(starts)), min(_shifted(last, 1), max(whole.until, last + DAY))]
    pairs = zip(starts, ends, strict=True)
    return tuple(whole.model_copy(update={"since": start, "until": end}) for start, end in pairs)


def months_before(at: datetime, count: int) -> datetime:
    """The beginning of the day so many months earlier; the last of a shorter month."""
    start = _shifted(_first_of(at), -count)
    days = (_shifted(start, 1) - start).days
    return start.replace(day=min(at.astimezone(UTC).day, days))


def _first_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _shifted(first: datetime, count: int) -> datetime:
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return first.replace(year=year, month=month + 1)


def _day(path: str, typed: str) -> datetime:
    try:
        found = datetime.combine(date.fromisoformat(typed.strip()[:10]), datetime.min.time(), UTC)
    except ValueError:
        raise Unclear(path, typed, "a day such as 2026-07-01") from None
    if not 2000 <= found.year <= 2200:
        raise Unclear(path, typed, "a day of this century")
    return found
