"""ACK-2: every call for somebody beside the on-call engineer, and which pages of them nobody has answered."""

from collections.abc import Iterator

from domain.incident.incident import Incident
from domain.procedure import page_by_hand, waking
from domain.procedure.ladder import LadderStep, steps


def unanswered(incident: Incident) -> Iterator[LadderStep]:
    """The steps of every such call that nobody has answered."""
    for call in (*page_by_hand.calls(incident), *waking.calls(incident)):
        if call.until is None:
            yield from steps(incident, call)
