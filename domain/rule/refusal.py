"""Why an act does not count, in words for the person who tried."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason, and what to do instead."""

    reason: str
