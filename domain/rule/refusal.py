"""Why an act does not count, in words for the person who tried."""

from dataclasses import dataclass
from datetime import datetime

from domain.incident.fact import Fact
from domain.incident.incident import Incident


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason, and what to do instead."""

    reason: str
    leaves: tuple[Fact, ...] = ()
    """What stays of it all the same, after the refusal."""
    settled: bool = False
    """It is so already, or asked of nobody any more: a button that stands there still was pressed."""


def settled(reason: str) -> Refusal:
    """What was asked for is so already: the reason is how it stands now."""
    return Refusal(reason, settled=True)


def final(incident: Incident, but: str = "") -> Refusal:
    """What is closed takes nothing more."""
    return Refusal(f"{incident.id} is closed; its record is final{but}")


def yet_to_come(field: str, at: datetime) -> Refusal:
    """A moment that should have passed has not."""
    return Refusal(f"{field}: found {at:%d %b %H:%M}, expected a moment that has passed")
