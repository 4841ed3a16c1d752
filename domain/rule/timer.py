"""How clauses make their clocks: from the policy's span, stopped by what satisfies them or by the incident's end.

A clock that the incident's end stopped runs again from a reopening (RES-3), as `.../r2`. A clock that a severity asked
for, and asks for again after a while without it, has `s2` in its key (TRI-5). A key names one run for ever.

The time allowed is that of the severity in force: now, or when the clock stopped. A severity that gives a clause no
time ends its clock, in time or too late; it never makes it disappear. A deadline that has passed is moved no more.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from domain.incident.clock import Clock
from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.value.calendar import Calendar, later


def again(key: str, number: int, letter: str = "r") -> str:
    """The key of the nth run of the same promise: `COM-1`, `COM-1/r2`, ..."""
    return key if number == 0 else f"{key}/{letter}{number + 1}"


def prefix(number: int, letter: str = "r") -> str:
    """How keys of the nth ringing (or severity) are told apart: nothing for the first, `r2-` for the second."""
    return "" if number == 0 else f"{letter}{number + 1}-"


def spells(
    incident: Incident, start: datetime | None, until: datetime | None = None
) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans from `start` to `until` in which the incident is fought: up to its end, and from each reopening on."""
    if start is None:
        return
    ends = [at for at, _ in incident.resolutions]
    if incident.closed_at and len(ends) == len(incident.reopenings):
        ends.append(incident.closed_at)
    for number, (begun, end) in enumerate(zip_longest([incident.opened_at, *incident.reopenings], ends)):
        begin = max(begun, start) if number else start
        stop = _earliest(end, until)
        if stop is None or begin < stop:
            yield begin, stop


def promise(
    incident: Incident,
    clause: str,
    says: str,
    start: datetime | None,
    stop: datetime | None,
    key: str = "",
    until: datetime | None = None,
) -> Iterator[Clock]:
    """The runs of a promise; nothing when it has not started or the policy gives it no time here.

    `until`, or the incident's end, stops what was not done: void when there was still time, late when there was not.
    """
    rule = incident.policy.clocks.get(clause)
    if rule:
        yield from _runs(incident, Clock(clause, key or clause, says, rule.owner, *_NEVER), start, stop, until)


def own(
    incident: Incident,
    clause: str,
    key: str,
    says: str,
    start: datetime | None,
    stop: datetime | None,
    until: datetime | None = None,
) -> Iterator[Clock]:
    """A promise of the software itself, due within the policy's grace."""
    grace = _Allowance(incident.policy.grace, None, None)
    yield from _runs(incident, Clock(clause, key, says, STANDFAST, *_NEVER), start, stop, until, grace)


_NEVER = (datetime.max, datetime.max)


@dataclass(frozen=True, slots=True)
class _Allowance:
    """The time allowed, the hours in which it counts, and since when it is not asked for any more."""

    span: timedelta
    hours: Calendar | None
    gone: datetime | None


def _allowance(incident: Incident, clause: str, stopped_at: datetime | None) -> _Allowance | None:
    """What the severity in force allows, or the last one before it that allowed anything."""
    rule, grades = incident.policy.clocks[clause], incident.grades
    last = max((n for n, (at, _) in enumerate(grades) if stopped_at is None or at < stopped_at), default=0)
    together = [n for n, (at, _) in enumerate(grades) if at == stopped_at and n > last]
    for number in (*range(last, -1, -1), *together):
        severity = grades[number][1]
        span = rule.span(severity)
        if span is not None:
            gone = grades[number + 1][0] if number < last else None
            return _Allowance(span, incident.policy.hours(clause, severity), gone)
    return None


def _runs(
    incident: Incident,
    what: Clock,
    start: datetime | None,
    stop: datetime | None,
    until: datetime | None,
    own: _Allowance | None = None,
) -> Iterator[Clock]:
    for number, (begin, over) in enumerate(spells(incident, start, until)):
        if stop and number and stop <= begin:
            return
        kept = max(stop, begin) if stop else None
        allowed = own or _allowance(incident, what.clause, _earliest(kept, over))
        if allowed is None or (allowed.gone and allowed.gone <= begin):
            return
        key, end = again(what.key, number), _earliest(over, allowed.gone)
        due = incident.passed.get(key) or later(begin, allowed.span, allowed.hours)
        ended = end is not None and (kept is None or end < kept)
        void = ended and end is not None and end <= due
        broken, stopped_at = ended and not void, end if ended else kept
        yield Clock(what.clause, key, what.says, what.owner, begin, due, stopped_at, void=void, broken=broken)
        if kept and (over is None or kept <= over):
            return


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    """The first of two moments, of which either may not be."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def cycle(
    incident: Incident,
    clause: str,
    says: str,
    since: datetime | None,
    marks: Sequence[datetime],
    tag: str = "",
    until: datetime | None = None,
) -> Iterator[Clock]:
    """A promise that each mark keeps and starts again. Only the last two: older ones are kept or missed events.

    `marks` are in order and each moment once.
    """
    if since is None:
        return
    first = bisect_right(marks, since)
    beyond = bisect_left(marks, until) if until else len(marks)
    for index in range(max(first, beyond - 1), beyond + 1):
        start = since if index == first else marks[index - 1]
        stop = marks[index] if index < beyond else None
        yield from promise(incident, clause, says, start, stop, f"{clause}/{tag}{index - first + 1}", until)


def wait(
    incident: Incident, clause: str, key: str, says: str, start: datetime | None, until: datetime | None = None
) -> Iterator[Clock]:
    """A waiting time of the policy; it stops by ringing, or void when the incident ends first."""
    rule = incident.policy.clocks.get(clause)
    span = rule.span(incident.likely) if rule else None
    spell = next(spells(incident, start, until), None)
    if span is None or spell is None:
        return
    begin, end = spell
    rang, due = incident.rung.get(key), later(begin, span, incident.policy.hours(clause, incident.likely))
    yield Clock(clause, key, says, STANDFAST, begin, due, rang or end, void=rang is None, wait=True)


def chain(
    incident: Incident,
    clause: str,
    says: str,
    start: datetime | None,
    tag: str = "",
    until: datetime | None = None,
) -> Iterator[Clock]:
    """Waits one after the other, each beginning when the one before it rang: `ACK-2/1`, `ACK-2/2`, ... The last two."""
    count = 1
    while start:
        rang = incident.rung.get(f"{clause}/{tag}{count}")
        if rang is None or f"{clause}/{tag}{count + 1}" not in incident.rung:
            yield from wait(incident, clause, f"{clause}/{tag}{count}", says, start, until)
        start, count = rang, count + 1


def lasting(
    incident: Incident,
    clause: str,
    says: str,
    start: datetime,
    stop: datetime | None,
    gone: datetime | None,
    key: str,
    unfounded: bool = False,
) -> Iterator[Clock]:
    """A promise that outlives the fight, unless it is `gone` before it was kept: too late for it, it was broken.

    One that turned out to be `unfounded` is void whatever the time.
    """
    rule = incident.policy.clocks.get(clause)
    allowed = _allowance(incident, clause, stop or gone) if rule else None
    if rule is None or allowed is None:
        return
    due = incident.passed.get(key) or later(start, allowed.span, allowed.hours)
    ended = gone is not None and (stop is None or gone < stop)
    void = ended and gone is not None and (unfounded or gone <= due)
    stopped_at, broken = gone if ended else stop, ended and not void
    yield Clock(clause, key, says, rule.owner, start, due, stopped_at, void=void, broken=broken)
