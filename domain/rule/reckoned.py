"""What is asked for many times between two events is reckoned once."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from domain.incident.incident import Incident

T = TypeVar("T")


def reckoned(incident: Incident, name: str, of: object, anew: Callable[[], Iterable[T]]) -> tuple[T, ...]:
    """What depends on this alone, reckoned anew when that has changed: every turn asks for it several times."""
    before, known = incident.reach.reckoned.get(name, (None, ()))
    if before != of:
        known = tuple(anew())
        incident.reach.reckoned[name] = (of, known)
    return known
