"""What a chain says against itself: whoever may sign can give an event another place or moment, and hash it anew."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from records.record import Record

STEP = timedelta(minutes=1)
"""How far the clocks of an engine's machines may be apart: an event is never heard of so much before the last one."""


def contradictions(chain: Sequence[Record]) -> Iterator[str]:
    """Records that say otherwise than their events do, or that were heard of before those that they follow."""
    last: datetime | None = None
    for record in chain:
        name = f"{record.incident} record {record.number}"
        if wrong := _otherwise(record):
            yield f"{name}: altered: its event says otherwise: {', '.join(wrong)}"
        heard = recorded_at(record)
        if last and heard < last - STEP:
            yield f"{name}: reordered: it was heard of at {heard}, before the event that it follows"
        last = heard


def recorded_at(record: Record) -> datetime:
    """When it was heard of, which an act that claims an earlier moment does not change."""
    return _moment(_event(record).get("arrived_at")) or record.at


def _otherwise(record: Record) -> list[str]:
    """What of a record is not what its event says; of an event that cannot be read nothing is."""
    event = _event(record)
    what = event.get("what")
    said = {
        "number": event.get("number"),
        "at": _moment(event.get("at")),
        "by": event.get("by"),
        "kind": what.get("kind") if isinstance(what, dict) else None,
        "incident": what.get("incident") if isinstance(what, dict) and record.kind == "opened" else None,
    }
    return [name for name, value in said.items() if value not in (None, getattr(record, name))]


def _event(record: Record) -> dict[str, Any]:
    try:
        read = json.loads(record.body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _moment(said: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None
