"""The spans in which the severities in a row ask for something."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from domain.company.policy import Policy
from domain.incident.entry import Challenge

SeverityFlag = Literal["war_room", "status_page", "mail", "manager", "chased", "post_mortem"]
Span = tuple[datetime, datetime | None]
"""From when until when; the last one may be open."""
Grade = tuple[datetime, str]
"""A severity, and since when it is the one to reckon with."""


def spans_that_ask(policy: Policy, wanted: SeverityFlag, grades: Iterable[tuple[datetime, str]]) -> list[Span]:
    """From the first severity that asks for it to the next that does not, and so on."""
    spans: list[Span] = []
    start: datetime | None = None
    for at, severity in grades:
        asks = getattr(policy.severities[severity], wanted) not in (False, "no")
        if start and not asks:
            spans.append((start, at))
        start = (start or at) if asks else None
    return [*spans, (start, None)] if start else spans


def rises(policy: Policy, proposed: str, challenges: Sequence[Challenge], declared_at: datetime | None) -> list[Grade]:
    """How the proposal moved before a declaration: it rises with what is known, and falls where that is withdrawn."""
    if not challenges:
        return []
    turns = [(one.at, one.severity) for one in challenges if not one.declared]
    for one in challenges:
        at = one.withdrawn_at
        if at and not one.declared and (declared_at is None or at < declared_at):
            turns.append((at, policy.worst([proposed, *(c.severity for c in challenges if c.counts_at(at))])))
    return sorted(turns, key=lambda turn: turn[0])
