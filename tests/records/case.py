"""Events and overviews to remember."""

from datetime import UTC, datetime, timedelta
from typing import Any

from records.overview import Overview
from records.record import Stored, canonical

INCIDENT = "INC-7K2QF"
NOON = datetime(2026, 3, 2, 12, 0, 0, 250_000, UTC)


def event(number: int, what: str = "the page rang", by: str = "ada") -> Stored:
    """An event as the domain would hand it over."""
    at = NOON + timedelta(minutes=number)
    body = canonical({"number": number, "at": at.isoformat(), "by": by, "what": {"kind": "noted", "text": what}})
    return Stored(number=number, at=at, by=by, clause="ACK-1" if number % 2 else None, kind="noted", body=body)


def events(last: int, first: int = 1) -> list[Stored]:
    return [event(number) for number in range(first, last + 1)]


def overview(incident: str = INCIDENT, **fields: Any) -> Overview:
    known: dict[str, Any] = {"phase": "triage", "fired_at": NOON, "opened_at": NOON, "title": "Checkout is down"}
    return Overview(id=incident, **known | fields)
