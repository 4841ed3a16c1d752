"""The spans in which the severities in a row ask for something."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from domain.company.policy import Policy

Wanted = Literal["war_room", "status_page", "mail", "manager", "chased", "post_mortem"]
Span = tuple[datetime, datetime | None]
"""From when until when; the last one may be open."""


def spans_that_ask(policy: Policy, wanted: Wanted, grades: Iterable[tuple[datetime, str]]) -> list[Span]:
    """From the first severity that asks for it to the next that does not, and so on."""
    spans: list[Span] = []
    start: datetime | None = None
    for at, severity in grades:
        asks = getattr(policy.severities[severity], wanted) not in (False, "no")
        if start and not asks:
            spans.append((start, at))
        start = (start or at) if asks else None
    return [*spans, (start, None)] if start else spans
