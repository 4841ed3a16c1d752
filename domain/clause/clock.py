"""How clauses make their clocks: from the policy's span, stopped by what satisfies them or by the incident's end.

A clock that the incident's end stopped runs again from a reopening (RES-3), as `.../r2`. A clock that a severity asked
for, and asks for again after a while without it, has `s2` in its key (TRI-5). A key names one run for ever.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest

from domain.deadline import Clock
from domain.event import STANDFAST
from domain.incident import Incident


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
        stop = min((at for at in (end, until) if at), default=None)
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
    span = rule.span(incident.likely) if rule else None
    if rule and span is not None:
        yield from _runs(incident, Clock(clause, key or clause, says, rule.owner, *_NEVER), span, start, stop, until)


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
    yield from _runs(incident, Clock(clause, key, says, STANDFAST, *_NEVER), incident.policy.grace, start, stop, until)


_NEVER = (datetime.max, datetime.max)


def _runs(
    incident: Incident,
    what: Clock,
    span: timedelta,
    start: datetime | None,
    stop: datetime | None,
    until: datetime | None,
) -> Iterator[Clock]:
    for number, (begin, end) in enumerate(spells(incident, start, until)):
        if stop and number and stop <= begin:
            return
        kept, due = max(stop, begin) if stop else None, begin + span
        ended = end is not None and (kept is None or end < kept)
        void = ended and end is not None and end <= due
        key = again(what.key, number)
        yield Clock(what.clause, key, what.says, what.owner, begin, due, end if ended else kept, void=void)
        if not ended:
            return


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
    rang = incident.rung.get(key)
    yield Clock(clause, key, says, STANDFAST, begin, begin + span, rang or end, void=rang is None, wait=True)


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
    incident: Incident, clause: str, says: str, start: datetime, stop: datetime | None, gone: datetime | None, key: str
) -> Iterator[Clock]:
    """A promise that outlives the fight; void from the moment it is `gone`, if it was not kept before."""
    rule = incident.policy.clocks.get(clause)
    span = rule.span(incident.likely) if rule else None
    if rule is None or span is None:
        return
    void = gone is not None and (stop is None or gone < stop)
    yield Clock(clause, key, says, rule.owner, start, start + span, gone if void else stop, void=void)
