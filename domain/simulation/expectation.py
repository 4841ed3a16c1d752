"""What a scenario's file expects to come of it."""

from domain.incident.incident import Phase
from domain.value.model import ClauseId, Severity, Shape


class Expectation(Shape):
    """What comes of a scenario; what is not named may be as it likes. Verdicts are those of the last incident."""

    incidents: int | None = None
    phase: Phase | None = None
    severity: Severity | None = None
    paged: tuple[str, ...] | None = None
    """Who was woken, in order, each time again."""
    suppressed: int | None = None
    """How many alerts opened nothing (SCP-2)."""
    refused: tuple[str, ...] | None = None
    """The acts that were not allowed, in order."""
    reopened: int | None = None
    """How many times an incident was reopened (RES-3)."""
    met: tuple[ClauseId, ...] = ()
    late: tuple[ClauseId, ...] = ()
    missed: tuple[ClauseId, ...] = ()
    open: tuple[ClauseId, ...] = ()
    waived: tuple[ClauseId, ...] = ()
    not_applicable: tuple[ClauseId, ...] = ()
