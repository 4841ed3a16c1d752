"""What an incident says of every clause of the procedure: met, late by how much, missed, not applicable, or waived.

A waived clause says by whom and why, whatever else happened. A clause with clocks is judged by them: every promise kept
is met; one kept after its deadline is late by the longest delay; one that was never kept, or runs past its deadline, is
missed. A clause without clocks, or whose clocks never ran here, is judged by its rule in `domain.judgement`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from domain.deadline import Clock
from domain.incident import Incident
from domain.judgement import RULES
from domain.procedure import clocks
from domain.shape import Clause, Shape, Span, write_span
from domain.sop import CLAUSES

Word = Literal["met", "late", "missed", "open", "not_applicable", "waived"]


class Verdict(Shape):
    """What one incident says of one clause."""

    clause: Clause
    title: str
    verdict: Word
    late: Span | None = None
    """How long after its deadline the latest promise was kept."""
    count: int = 0
    """How many promises were judged, where clocks judge."""
    why: str = ""
    by: str = ""
    """Who waived it."""

    @property
    def says(self) -> str:
        """The verdict in words."""
        words = f"late by {write_span(self.late)}" if self.late else self.verdict.replace("_", " ")
        return f"{words} by {self.by}" if self.by else words


def scorecard(incident: Incident, as_of: datetime) -> tuple[Verdict, ...]:
    """Every clause of the procedure in its order; complete once the incident is closed, `open` while a promise runs."""
    ran: dict[str, list[Clock]] = {}
    for clock in clocks(incident):
        if not (clock.wait or clock.void):
            ran.setdefault(clock.clause, []).append(clock)
    return tuple(_verdict(incident, clause, title, ran.get(clause, []), as_of) for clause, title in CLAUSES.items())


def _verdict(incident: Incident, clause: str, title: str, ran: list[Clock], as_of: datetime) -> Verdict:
    waiver = incident.learning.waivers.get(clause)
    if waiver:
        by = incident.called(waiver.by)
        return Verdict(clause=clause, title=title, verdict="waived", by=by, why=waiver.reason)
    if ran:
        return _by_clocks(incident, clause, title, ran, as_of)
    judged = RULES[clause].judge(incident)
    word: Word = "not_applicable" if judged is None else "met" if judged else "missed"
    return Verdict(clause=clause, title=title, verdict=word, why=RULES[clause].says)


def _by_clocks(incident: Incident, clause: str, title: str, ran: list[Clock], as_of: datetime) -> Verdict:
    broken = [clock for clock in ran if _is_broken(incident, clock, as_of)]
    if broken:
        why = "; ".join(dict.fromkeys(f"{clock.key} {clock.says}" for clock in broken))
        return Verdict(clause=clause, title=title, verdict="missed", count=len(ran), why=why)
    late = _longest(clock.late for clock in ran)
    if late:
        why = "; ".join(clock.key for clock in ran if clock.late)
        return Verdict(clause=clause, title=title, verdict="late", late=late, count=len(ran), why=why)
    word: Word = "open" if any(clock.running for clock in ran) else "met"
    return Verdict(clause=clause, title=title, verdict=word, count=len(ran))


def _is_broken(incident: Incident, clock: Clock, as_of: datetime) -> bool:
    """Past its deadline and never kept: the clock still runs, or only the incident's end stopped it."""
    if clock.running:
        return clock.due_at < as_of
    ends = [at for at, _ in incident.resolutions] + ([incident.closed_at] if incident.closed_at else [])
    # The resolution is what keeps RES-2; for every other promise it comes instead of what was promised.
    return bool(clock.late) and clock.clause != "RES-2" and clock.stopped_at in ends


def _longest(spans: Iterable[timedelta]) -> timedelta:
    return max(spans, default=timedelta())
