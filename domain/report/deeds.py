"""How what happened reads to people: deeds in the past, roles beside the deeds that brought them, what was late."""

from collections.abc import Sequence
from datetime import datetime

from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.roles import RoleTaken
from domain.report.promises import State, deeds, promises, proof, spoken, state_of


def taken_beside(events: Sequence[Event]) -> frozenset[int]:
    """Roles that were taken by doing something else: the deed beside it says as much."""
    return frozenset(
        one.number
        for before, one, after in zip([None, *events], events, [*events[1:], None], strict=False)
        if isinstance(one.what, RoleTaken) and any(_is_one_deed(one, other) for other in (before, after) if other)
    )


def _is_one_deed(one: Event, other: Event) -> bool:
    same = (one.at, one.by, one.act) == (other.at, other.by, other.act)
    return same and one.by != STANDFAST and not isinstance(other.what, RoleTaken)


def remarks(incident: Incident, as_of: datetime) -> dict[int, tuple[State, str]]:
    """What is said beside the events that kept promises of their own clauses: how early, or how late."""
    found, done = dict[int, tuple[State, str]](), deeds(incident)
    clauses = {event.number: event.clause for event in incident.events}
    for one in (one for runs in promises(incident).values() for one in runs.values()):
        deed, state = next(proof(one, done), 0), state_of(incident, one, as_of)
        if deed != one.event and clauses.get(deed) == one.clause and state in ("kept", "late"):
            found[deed] = state, spoken(one, state, as_of).removeprefix("kept, ")
    return found
