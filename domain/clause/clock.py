"""How clauses make their clocks: from the policy's span, stopped by what satisfies them or by the incident's end."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.deadline import Clock
from domain.event import STANDFAST
from domain.incident import Incident


def end_after(incident: Incident, start: datetime) -> datetime | None:
    """The first moment at or after `start` at which the incident was over."""
    for at, _ in incident.resolutions:
        if at >= start:
            return at
    return incident.closed_at if incident.closed_at and incident.closed_at >= start else None


def promise(
    incident: Incident, clause: str, says: str, start: datetime | None, stop: datetime | None, key: str = ""
) -> Iterator[Clock]:
    """One run of a promise; nothing when it has not started or the policy gives it no time here.

    The incident's end stops what was not done: void when there was still time, late when there was not.
    """
    rule = incident.policy.clocks.get(clause)
    span = rule.span(incident.likely) if rule else None
    if rule is None or span is None or start is None:
        return
    due, end = start + span, end_after(incident, start)
    if end and (stop is None or end < stop):
        yield Clock(clause, key or clause, says, rule.owner, start, due, end, void=end <= due)
    else:
        yield Clock(clause, key or clause, says, rule.owner, start, due, stop)


def cycle(
    incident: Incident, clause: str, says: str, since: datetime | None, marks: Sequence[datetime]
) -> Iterator[Clock]:
    """A promise that each mark keeps and starts again, from `since` on and again from each reopening."""
    if since is None:
        return
    starts = sorted({since, *(at for at in (*marks, *incident.reopenings) if at > since)})
    for count, start in enumerate(starts, 1):
        stop = next((at for at in marks if at > start), None)
        yield from promise(incident, clause, says, start, stop, f"{clause}/{count}")


def own(
    incident: Incident, clause: str, key: str, says: str, start: datetime | None, stop: datetime | None
) -> Iterator[Clock]:
    """A promise of the software itself, due within the policy's grace."""
    if start is None:
        return
    due, end = start + incident.policy.grace, end_after(incident, start)
    if end and (stop is None or end < stop):
        yield Clock(clause, key, says, STANDFAST, start, due, end, void=end <= due)
    else:
        yield Clock(clause, key, says, STANDFAST, start, due, stop)


def wait(incident: Incident, clause: str, key: str, says: str, start: datetime | None) -> Iterator[Clock]:
    """A waiting time of the policy; it stops by ringing, or void when the incident ends first."""
    rule = incident.policy.clocks.get(clause)
    span = rule.span(incident.likely) if rule else None
    if span is None or start is None:
        return
    stop, end = incident.rung.get(key), end_after(incident, start)
    void = stop is None and end is not None
    yield Clock(clause, key, says, STANDFAST, start, start + span, stop or end, void=void, wait=True)


def chain(incident: Incident, clause: str, says: str, start: datetime | None, prefix: str = "") -> Iterator[Clock]:
    """Waits one after the other, each beginning when the one before it rang: `ACK-2/1`, `ACK-2/2`, ..."""
    count = 1
    while start:
        key = f"{clause}/{prefix}{count}"
        yield from wait(incident, clause, key, says, start)
        start, count = incident.rung.get(key), count + 1


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
