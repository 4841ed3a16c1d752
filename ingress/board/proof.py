"""Which events made a verdict of the scorecard: what an auditor looks at to believe it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from domain.incident.incident import Incident
from domain.procedure.evidence import ClauseWaived
from domain.report.promises import Deeds, PromiseRun, deeds, promises, proof, state_of
from domain.report.scorecard import WORDS, Verdict, scorecard

KEY = re.compile(r"^[A-Z]{2,3}-\d+(?:/\S+)?(?: |$)")
"""The key of a clock before what it was about."""
MOST = 4
"""Events that are linked for one verdict, the newest."""
OVERDUE = "overdue"
STATES = {"missed": ("never", "overdue"), "late": ("late",)}
"""What became of the promises that a verdict is about; every other verdict is about all of them."""


class ProvedVerdict(NamedTuple):
    """A verdict with the numbers of the events that made it."""

    verdict: Verdict
    events: tuple[int, ...]
    overdue: bool = False
    """Whether what is not kept can still be done: none of its promises is over."""

    @property
    def spoken(self) -> str:
        """The verdict as people say it; what is overdue and runs on is not yet said to be never kept."""
        said = self.verdict.spoken
        return said.replace(WORDS["missed"], OVERDUE, 1) if self.overdue else said

    @property
    def why(self) -> str:
        """Why, without the keys of clocks; what the clause asks for, where nothing more is to be said."""
        said = (KEY.sub("", one) for one in self.verdict.why.split("; "))
        return "; ".join(dict.fromkeys(filter(None, said))) or self.verdict.title


def proved(incident: Incident, as_of: datetime) -> tuple[ProvedVerdict, ...]:
    """Every verdict on a clause that applies, with its events."""
    made, done = promises(incident), deeds(incident)
    found = (one for one in scorecard(incident, as_of) if one.verdict != "not_applicable")
    return tuple(
        ProvedVerdict(
            one,
            tuple(sorted({*_events(incident, one, made.get(one.clause, {}), done, as_of)})[-MOST:]),
            _is_overdue(incident, one, made.get(one.clause, {}), as_of),
        )
        for one in found
    )


def _is_overdue(incident: Incident, verdict: Verdict, made: dict[str, PromiseRun], as_of: datetime) -> bool:
    states = {state_of(incident, one, as_of) for one in made.values()}
    return verdict.verdict == "missed" and "overdue" in states and "never" not in states


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
