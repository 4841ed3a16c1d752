"""A drill beside a real incident is called one, and is offered to nobody who declares, merges or links."""

from datetime import UTC, datetime

import pytest

from client.port import IncidentSummary, beside
from ingress.chat.answer import line, listing

NIGHT = datetime(2026, 3, 2, 3, tzinfo=UTC)


def one(id: str, kind: str) -> IncidentSummary:
    """An open P1 of checkout."""
    return IncidentSummary(id=id, title="no payments", severity="P1", service="checkout", kind=kind, opened_at=NIGHT)


@pytest.mark.sop("DET-7")
def test_a_drill_is_not_among_what_an_incident_may_be_the_same_as() -> None:
    every = [
        one("INC-AAAAA", "incident"),
        one("INC-BBBBB", "drill"),
        one("INC-CCCCC", "security"),
        one("INC-DDDDD", ""),
    ]
    assert [found.id for found in beside("INC-AAAAA", every)] == ["INC-CCCCC", "INC-DDDDD"]


def test_a_drill_is_called_one_wherever_incidents_are_listed() -> None:
    assert "DRILL no payments" in line(one("INC-BBBBB", "drill"), {})
    assert "DRILL" not in line(one("INC-AAAAA", "incident"), {})
    shown = listing((one("INC-AAAAA", "incident"), one("INC-BBBBB", "drill")), {})
    assert ["DRILL" in message.text for message, _ in shown if "no payments" in message.text] == [False, True]
