"""What the demo ends with: what was kept, what was late, what was never kept, and what happened once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.incident.clocks import Kept, Missed
from domain.incident.incident import Incident
from domain.procedure.sop import PROCEDURE
from domain.value.model import said_count, said_outcome, said_span

NAMED = 2
"""Promises that are named in a line; the others are counted."""


@dataclass
class Score:
    """The promises of an incident by their key, with what each was."""

    kept: dict[str, str] = field(default_factory=dict)
    late: dict[str, str] = field(default_factory=dict)
    never: dict[str, str] = field(default_factory=dict)


def score(incident: Incident) -> Score:
    """Every promise that was made, by what became of it."""
    found = Score()
    for event in incident.events:
        what = event.what
        if not isinstance(what, Kept | Missed):
            continue
        promise = PROCEDURE.promises.get(what.clause)
        says = promise.stated(what.says) if promise else what.says
        if isinstance(what, Kept):
            found.kept[what.key] = says
        elif what.stopped_at and not what.broken:
            found.late[what.key] = f"{says}, {said_outcome(what.due_at - what.stopped_at)}"
        else:
            found.never[what.key] = says
    found.never = {key: says for key, says in found.never.items() if key not in {**found.kept, **found.late}}
    return found


def ending(incident: Incident, sent: int, opened: int, pages: int) -> Iterator[str]:
    """The last words of the story, each a line; `sent` times came the alert, which opened so many incidents."""
    told = score(incident)
    lasted = incident.events[-1].at - incident.events[0].at
    yield f"[bold]Solved and followed up in {said_span(lasted)}.[/] A minute was a second."
    yield f"  {len(told.kept)} promises kept, {len(told.late)} late, {len(told.never)} never kept"
    yield from (f"  late: {words}" for words in _named(told.late))
    yield from (f"  never kept: {words}" for words in _named(told.never))
    came_to = f"{said_count(opened, 'incident')}, {said_count(pages, 'page')} to Sam"
    yield f"  Sent {sent} times, happened once: the alert ({came_to})"


def _named(promises: dict[str, str]) -> Iterator[str]:
    """A few promises in one line, where there are any."""
    if promises:
        more = len(promises) - NAMED
        yield "; ".join([*list(promises.values())[:NAMED], *([f"and {more} more"] if more > 0 else [])])
