"""The levels of a ladder, and who of them is there: at the call, or whenever one is reached (ACK-2, WAR-7)."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from domain.company.catalog import Level
from domain.incident.incident import Incident


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of a ladder: what it is called, and who is woken."""

    title: str
    level: Level


def there(incident: Incident, rungs: tuple[Rung, ...], at: datetime) -> tuple[Rung, ...]:
    """The levels without who is on leave when a call begins; all, where each is judged when it is reached (WAR-7)."""
    if incident.policy.absence.each_level:
        return rungs
    return tuple(rung for _, rung in _left(incident, rungs, at))


def reached(incident: Incident, rungs: tuple[Rung, ...], at: datetime) -> tuple[tuple[int, Rung], ...]:
    """The levels that a call may reach at a moment, with their places: without who is on leave then."""
    return _left(incident, rungs, at) if incident.policy.absence.each_level else tuple(enumerate(rungs))


def onward(
    left: tuple[tuple[int, Rung], ...], after: int, seen: Container[str], at: datetime
) -> tuple[int, Rung] | None:
    """The next level that wakes somebody else than `seen`; the last one always, for it rings on. None after that."""
    last, _ = left[-1]
    ahead = ((place, rung, rung.level.on_call(at)) for place, rung in left if place > after)
    found = (
        (place, rung)
        for place, rung, people in ahead
        if place == last or not people or any(name not in seen for name in people)
    )
    return next(found, None)


def _left(incident: Incident, rungs: tuple[Rung, ...], at: datetime) -> tuple[tuple[int, Rung], ...]:
    """The levels with their places, without who is on leave; all of them where nobody would be left (WAR-7)."""
    every = tuple(enumerate(rungs))
    if incident.policy.absence.counts_away:
        return every
    people = incident.catalog.people
    named = {name for rung in rungs for name in rung.level.everybody if name in people}
    away = {name for name in named if people[name].is_away(at)}
    if not away:
        return every
    left = ((place, Rung(rung.title, rung.level.without(away, ()))) for place, rung in every)
    return tuple(one for one in left if one[1].level.everybody or one[1].level.schedule) or every
