"""Why an act does not count, in words for the person who tried."""

from dataclasses import dataclass

from domain.incident.fact import Fact


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason, and what to do instead."""

    reason: str
    leaves: tuple[Fact, ...] = ()
    """What stays of it all the same, after the refusal."""
