"""How clauses make their clocks: from the policy's span, stopped by what satisfies them or by the incident's end.

A clock that the incident's end stopped runs again from a reopening (RES-3), as `.../r2`. A clock that a severity asked
for, and asks for again after a while without it, has `s2` in its key (TRI-5). A key names one run for ever.

The time allowed is that of the severity in force: now, or when the clock stopped. A severity that gives a clause no
time ends its clock, in time or too late; it never makes it disappear. A deadline that has passed is moved no more.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from types import MappingProxyType

from domain.incident.clock import Clock
from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.incident.lifecycle import unresolved_end
from domain.incident.office import hours
from domain.rule.clause import Clause
from domain.value.calendar import Calendar, later
from domain.value.key import ClockKey


def nth(number: int, letter: str = "r") -> str:
    """What tells a further run from the first: `r2` for a ringing or a reopening, `s2` where a severity asks again."""
    return f"{letter}{number + 1}" if number else ""


def numbered(number: int, *runs: str) -> str:
    """What the key of the nth of a cycle or a chain is about: `2`, `r2-2`."""
    return "".join(f"{run}-" for run in runs if run) + str(number)


def spells(
    incident: Incident, start: datetime | None, until: datetime | None = None
) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans from `start` to `until` in which the incident is fought: up to its end, and from each reopening on."""
    if start is None:
        return
    ends = [at for at, _ in incident.resolutions]
    if (end := unresolved_end(incident)) and len(ends) == len(incident.reopenings):
        ends.append(end)
    for number, (begun, ended) in enumerate(zip_longest([incident.opened_at, *incident.reopenings], ends)):
        begin = max(begun, start) if number else start
        stop = earliest(ended, until)
        if stop is None or begin < stop:
            yield begin, stop


def within(
    runs: Iterable[tuple[datetime, datetime | None]], start: datetime, until: datetime | None
) -> Iterator[tuple[datetime, datetime | None]]:
    """The parts of spans that lie between two moments."""
    for begun, ended in runs:
        begin, stop = max(begun, start), earliest(ended, until)
        if (until is None or begin < until) and (stop is None or begin <= stop) and (ended is None or ended > start):
            yield begin, stop


def promised(
    incident: Incident,
    clause: Clause,
    *,
    start: datetime | None,
    stop: datetime | None,
    until: datetime | None = None,
    about: str = "",
    runs: tuple[str, ...] = (),
    what: str = "",
    owner: str = "",
    goes_on: bool = False,
    ours: timedelta | None = None,
) -> Iterator[Clock]:
    """The runs of a promise; `what` says it where the clause's own words are too general, `owner` who owes it there.

    One that `goes_on` keeps its time where a lower severity gives it none; one that is `ours`, the software's own, is
    due within that span whatever the policy gives.

    Nothing when it has not started or the policy gives it no time here. `until`, or the incident's end, stops what was
    not done: void when there was still time, late when there was not.
    """
    rule, allowed = incident.policy.clock(clause.id), _Allowance(ours) if ours else None
    if rule or allowed:
        owner = STANDFAST if rule is None or allowed else owner or rule.owner
        clock = Clock(clause.id, ClockKey.of(clause.id, about, *runs), _says(clause, what), owner, *_NEVER)
        yield from _runs(incident, clock, start, stop, until, allowed, goes_on=goes_on)


def _says(clause: Clause, what: str = "") -> str:
    if what:
        return what
    if clause.promise is None:
        raise ValueError(f"{clause.id}: found no promise, expected one: it has a clock")
    return clause.promise.what


_NEVER = (datetime.max, datetime.max)
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Pause:
    """How long something waits, and the hours in which that counts."""

    span: timedelta
    hours: Calendar | None = None


@dataclass(frozen=True, slots=True)
class _Allowance:
    """The time allowed, the hours in which it counts, and since when it is not asked for any more."""

    span: timedelta
    hours: Calendar | None = None
    gone: datetime | None = None


def _allowance(incident: Incident, clause: str, stopped_at: datetime | None) -> _Allowance | None:
    """What the severity in force allows, or the last one before it that allowed anything."""
    rule, grades = incident.policy.clock(clause), incident.grades
    if rule is None:
        return None
    last, together = len(grades) - 1, list[int]()
    if stopped_at is not None:
        last = max((n for n, (at, _) in enumerate(grades) if at < stopped_at), default=0)
        together = [n for n, (at, _) in enumerate(grades) if at == stopped_at and n > last]
    for number in (*range(last, -1, -1), *together):
        severity = grades[number][1]
        span = rule.span(severity)
        if span is not None:
            gone = grades[number + 1][0] if number < last else None
            return _Allowance(span, hours(incident, clause, severity), gone)
    return None


def _runs(
    incident: Incident,
    what: Clock,
    start: datetime | None,
    stop: datetime | None,
    until: datetime | None,
    own: _Allowance | None = None,
    *,
    goes_on: bool = False,
) -> Iterator[Clock]:
    for number, (begin, over) in enumerate(spells(incident, start, until)):
        if stop and number and stop <= begin:
            return
        kept = max(stop, begin) if stop else None
        allowed = own or _allowance(incident, what.clause, earliest(kept, over))
        allowed = replace(allowed, gone=None) if allowed and allowed.gone and goes_on else allowed
        if allowed is None or (allowed.gone and allowed.gone <= begin):
            return
        key, end = _again(what.key, number), earliest(over, allowed.gone)
        due = incident.passed.get(key) or later(begin, allowed.span, allowed.hours)
        ended = end is not None and (kept is None or end < kept)
        void = ended and end is not None and end <= due
        broken, stopped_at = ended and not void, end if ended else kept
        yield Clock(what.clause, key, what.says, what.owner, begin, due, stopped_at, void=void, broken=broken)
        if kept and (over is None or kept <= over):
            return


def _again(key: str, number: int) -> str:
    return f"{key}/{nth(number)}" if number else key


def earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    """The first of two moments, of which either may not be."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def cycled(
    incident: Incident,
    clause: Clause,
    *,
    since: datetime | None,
    marks: Sequence[datetime],
    until: datetime | None = None,
    runs: tuple[str, ...] = (),
    goes_on: bool = False,
    gone: Mapping[datetime, datetime] = MappingProxyType({}),
) -> Iterator[Clock]:
    """A promise that each mark keeps and starts again. Only the last two: older ones are kept or missed events.

    `marks` are in order and each moment once. What ran when one of them was `gone`, at the moment there, has run
    since the one before it that stood.
    """
    if since is None:
        return
    first = bisect_right(marks, since)
    beyond = bisect_left(marks, until) if until else len(marks)
    for index in range(max(first, beyond - 1), beyond + 1):
        stop = marks[index] if index < beyond else None
        start = _stood(marks[first:index], gone, earliest(stop, until)) or since
        about = numbered(index - first + 1, *runs)
        yield from promised(incident, clause, start=start, stop=stop, until=until, about=about, goes_on=goes_on)


def _stood(marks: Sequence[datetime], gone: Mapping[datetime, datetime], end: datetime | None) -> datetime | None:
    """The last of the marks that stood until the end; None where none did."""
    return next((at for at in reversed(marks) if at not in gone or (end is not None and end < gone[at])), None)


def wait(
    incident: Incident,
    clause: Clause,
    *,
    start: datetime | None,
    until: datetime | None = None,
    about: str = "",
    runs: tuple[str, ...] = (),
    instead: Pause | None = None,
) -> Iterator[Clock]:
    """A waiting time of the policy, or the `instead` made of it; it stops by ringing, or void when the end is first."""
    rule = incident.policy.clock(clause.id)
    span = rule.span(incident.likely) if rule else None
    if span is not None:
        yield from pause(incident, clause, span, start=start, until=until, about=about, runs=runs, counting=instead)


def pause(
    incident: Incident,
    clause: Clause,
    span: timedelta,
    *,
    start: datetime | None,
    until: datetime | None = None,
    about: str = "",
    runs: tuple[str, ...] = (),
    what: str = "",
    counting: Pause | None = None,
) -> Iterator[Clock]:
    """The same for a span that is no clause's own time, such as that of a question which waits for its answer."""
    key, spell = ClockKey.of(clause.id, about, *runs), next(spells(incident, start, until), None)
    if spell is None:
        return
    begin, end = spell
    rang, due = incident.rung.get(key), later(begin, span, hours(incident, clause.id, incident.likely))
    if counting:
        due = later(begin, counting.span, counting.hours)
    yield Clock(clause.id, key, _says(clause, what), STANDFAST, begin, due, rang or end, void=rang is None, wait=True)


def lasting(
    incident: Incident,
    clause: Clause,
    *,
    start: datetime,
    stop: datetime | None,
    gone: datetime | None = None,
    about: str = "",
    runs: tuple[str, ...] = (),
    unfounded: bool = False,
    used: timedelta = _NOTHING,
    what: str = "",
    owner: str = "",
) -> Iterator[Clock]:
    """A promise that outlives the fight, unless it is `gone` before it was kept: too late for it, it was broken.

    One that turned out to be `unfounded` is void whatever the time. `used` is what an earlier run took of its time.
    """
    rule, key = incident.policy.clock(clause.id), ClockKey.of(clause.id, about, *runs)
    allowed = _allowance(incident, clause.id, stop or gone) if rule else None
    if rule is None or allowed is None:
        return
    due = incident.passed.get(key) or later(start, max(allowed.span - used, _NOTHING), allowed.hours)
    ended = gone is not None and (stop is None or gone < stop)
    void = ended and gone is not None and (unfounded or gone <= due)
    stopped_at, broken = gone if ended else stop, ended and not void
    says, who = _says(clause, what), owner or rule.owner
    yield Clock(clause.id, key, says, who, start, due, stopped_at, void=void, broken=broken)
