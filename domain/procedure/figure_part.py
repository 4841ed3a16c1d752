"""What a key figure is made of: the parts that incidents add to it, which add up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import StringConstraints

from domain.company.core_role import CoreRole
from domain.company.policy_follow_up import KpiTarget
from domain.incident.incident import Incident
from domain.rule.clause import Clause
from domain.value.model import ClauseId, Model

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
Deed = Literal["declared", "owned"]
"""What somebody did besides taking a role: they declared it, or owned an action item that was late."""


class FigurePart(Model):
    """What one incident adds to one key figure; the parts of many incidents add up."""

    figure: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}-\d+(/.+)?$")]
    """The clause, and after a slash the person whose part it is."""
    judged: int = 0
    """Incidents, post-mortems or action items whose fate is known."""
    kept: int = 0
    """Those of them that kept what the target asks of each."""
    open: int = 0
    """Those of which nobody can say yet."""
    waived: int = 0
    """Those that a named person waived; a miss before that is counted all the same."""
    timed: int = 0
    """Those whose time is known."""
    spent: int = 0
    """Their time in microseconds, or how many there were; of what is open since when, counted from `EPOCH`."""


Counts = Callable[[Incident, KpiTarget], FigurePart | None]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One key figure: its clause, and what an incident adds to it."""

    clause: Clause
    part: Counts
    of: str
    """What it is counted from, in words."""
    left: str
    """What could not be counted, in words."""
    bad: bool = False
    """Whether the share is of those that did not keep it."""
    ages: bool = False
    """Whether its time runs on, from the moments that are kept until somebody looks."""
    whole: str = ""
    """In words that an incident kept all of it, where one may have many: a single one drowns the share."""
    promise: str = ""
    """What it measures as a sentence: `{of}` is each severity that it is about, `{within}` the target's time."""
    counts: str = ""
    """What it counts instead of a time, in words and one of them."""
    whose: tuple[CoreRole | Deed, str] = ("commander", "commanded")
    """Whose it is to keep, by a role or by what they did, and that in words."""
    each: Callable[[Incident], Iterable[FigurePart]] = lambda incident: ()
    """What every person adds to it."""


def took(start: datetime, end: datetime) -> timedelta:
    """From one moment to a later one; a clock at the source that runs ahead takes none back."""
    return max(end - start, timedelta())


def timed(figure: ClauseId, spent: timedelta, target: KpiTarget, *, over: bool) -> FigurePart:
    """A span that is over, or that has run out of its target while it still runs."""
    kept = target.under is None or spent < target.under
    if over:
        return FigurePart(figure=figure, judged=1, kept=int(kept), timed=1, spent=spent // MICROSECOND)
    return FigurePart(figure=figure, open=1) if kept else FigurePart(figure=figure, judged=1)
