"""The levels of a ladder, and who of them is there: at the call, or whenever one is reached (ACK-2, WAR-7)."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from domain.company.catalog import Level
from domain.incident.incident import Incident
from domain.incident.ringing import Unacknowledged
from domain.incident.roles import RoleGivenUp, RoleVacated
from domain.incident.tenure import heard_since


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
    """The levels with their places, without who is on leave or absent; all where nobody would be left (WAR-7)."""
    every = tuple(enumerate(rungs))
    if incident.policy.absence.counts_away:
        return every
    people = incident.catalog.people
    named = {name for rung in rungs for name in rung.level.everybody if name in people}
    away = {name for name in named if people[name].is_away(at)} | (named & _absent(incident, at))
    if not away:
        return every
    left = ((place, Rung(rung.title, rung.level.without(away))) for place, rung in every)
    return tuple(one for one in left if one[1].level.wakes) or every


def _absent(incident: Incident, at: datetime) -> set[str]:
    """Who was not there when it was said last: relieved of a role, or not at what they took; any word counts.

    It counts until the incident is reopened.
    """
    if not incident.policy.absence.relieved_passed:
        return set()
    begun = max((again for again in incident.reopenings if again <= at), default=incident.opened_at)
    relieved = ((event.at, fact.person) for event, fact in incident.all(RoleVacated) if fact.how == "relieved")
    said = chain(relieved, _given_up(incident), _not_at_it(incident))
    return {person for since, person in said if begun <= since <= at and not _is_back(incident, person, since, at)}


def _given_up(incident: Incident) -> Iterator[tuple[datetime, str]]:
    """Who gave up what they had taken, where that rings again (ACK-6)."""
    if incident.policy.paging.given_up_rings:
        role = incident.policy.role("on_call")
        yield from ((event.at, event.by) for event, fact in incident.all(RoleGivenUp) if fact.role == role)


def _not_at_it(incident: Incident) -> Iterator[tuple[datetime, str]]:
    """Who had taken what somebody took back for a reason (ACK-6); without one it may be the wrong press, or silence."""
    for event, fact in incident.all(Unacknowledged):
        if fact.rings and fact.reason and event.by in incident.catalog.people:
            before = (one.acknowledged_by for one in reversed(incident.rounds) if one.started_at < event.at)
            yield event.at, next(before, "")


def _is_back(incident: Incident, person: str, since: datetime, at: datetime) -> bool:
    """Whether somebody was heard from after a moment, and up to another."""
    heard = heard_since(incident, person, since + datetime.resolution)
    return heard is not None and heard <= at
