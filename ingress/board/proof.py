"""Which events made a verdict of the scorecard: what an auditor looks at to believe it."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from domain.incident.incident import Incident
from domain.procedure.evidence import ClauseWaived
from domain.report.promises import Deeds, PromiseRun, deeds, promises, proof, state_of
from domain.report.scorecard import Verdict, scorecard

MOST = 4
"""Events that are linked for one verdict, the newest."""
STATES = {"missed": ("never", "overdue"), "late": ("late",)}
"""What became of the promises that a verdict is about; every other verdict is about all of them."""


class ProvedVerdict(NamedTuple):
    """A verdict with the numbers of the events that made it."""

    verdict: Verdict
    events: tuple[int, ...]


def proved(incident: Incident, as_of: datetime) -> tuple[ProvedVerdict, ...]:
    """Every verdict on a clause that applies, with its events."""
    made, done = promises(incident), deeds(incident)
    found = (one for one in scorecard(incident, as_of) if one.verdict != "not_applicable")
    return tuple(
        ProvedVerdict(
            one,
            tuple(sorted({*_events(incident, one, made.get(one.clause, {}), done, as_of)})[-MOST:]),
        )
        for one in found
    )


def _events(
    incident: Incident, verdict: Verdict, made: dict[str, PromiseRun], done: Deeds, as_of: datetime
) -> Iterator[int]:
    wanted = STATES.get(verdict.verdict)
    for one in made.values():
        if wanted is None or state_of(incident, one, as_of) in wanted:
            yield from proof(one, done)
    if not made:
        yield from (event.number for event in incident.events if event.clause == verdict.clause)
    if verdict.by:
        yield from (event.number for event, what in incident.all(ClauseWaived) if what.clause == verdict.clause)
