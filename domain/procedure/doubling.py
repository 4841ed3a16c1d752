"""ACK-2: one page is enough for whoever two calls wake at once, and an endless last level rings for one call alone.

A page is left out only for as long as the call whose page it doubles goes on; once that is over it is owed from then.
"""

from bisect import insort
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.incident.incident import Incident
from domain.procedure.ladder import ACK_2, Call, LadderStep, steps

Of = tuple[int, Call, LadderStep]
"""A step, its call, and the place of that among all calls."""
BACK = 24
"""How many steps back one that is doubled is looked for."""


def undoubled(incident: Incident, calls: Iterable[Call]) -> list[tuple[Call, LadderStep]]:
    """Every step of these calls that is owed, since when it is, in that order."""
    every = [(place, call, step) for place, call in enumerate(calls) for step in steps(incident, call)]
    waiting, kept = sorted(every, key=_in_order), list[Of]()
    while waiting:
        place, call, step = one = waiting.pop(0)
        doubled = next((before for before in reversed(kept[-BACK:]) if _is_doubled(incident, one, before)), None)
        if doubled is None:
            kept.append(one)
        elif (over := doubled[1].until) and (step.until is None or over < step.until):
            insort(waiting, (place, call, replace(step, started_at=over)), key=_in_order)
    return [(call, step) for _, call, step in kept]


def _in_order(one: Of) -> tuple[datetime, bool, int]:
    """By time; of one moment a last level that rings on comes first, then the earlier call."""
    place, _, step = one
    return step.started_at, not step.repeated, place


def _is_doubled(incident: Incident, one: Of, before: Of) -> bool:
    """Whether an earlier step of another call that goes on, and that the pager has not refused, woke the same people.

    A last level that rings on yields to that of a call before it alone, so that two never wait for each other.
    """
    (place, _, step), (first, other, doubled) = one, before
    goes_on = other.until is None or step.started_at < other.until
    same = bool(step.people) and set(step.people) <= set(doubled.people)
    if place == first or not (goes_on and same) or doubled.name in incident.reach.refused:
        return False
    if step.repeated:
        return doubled.repeated and first < place
    rule = incident.policy.clocks.get(ACK_2.id)
    turn = (rule.span(incident.likely) if rule else None) or incident.policy.grace
    return step.started_at - doubled.started_at < turn
