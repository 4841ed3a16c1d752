"""Past incidents to replay, and what is compared of them."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any

from demo.quarter import quarter
from domain.exchange import EventBatch
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.replay.replay import Replay, replay
from domain.value.kind import OF_ANOTHER_RELEASE
from tests import histories
from tests.domain.story import catalog, policy

COUNT = 4
"""How many of them are enough: a P4, a P3, a P2, another P3, over seconds and over weeks."""
SEED = 13
"""The quarter that begins so."""
LARGE = 2
"""The place of the P2, in which most happens."""


@cache
def some(count: int, seed: int = SEED) -> tuple[Incident, ...]:
    """The first incidents of a synthetic quarter, whose vendors take their time and are away now and then."""
    return tuple(islice(quarter(policy(), catalog(), seed), count))


@cache
def repeated(number: int) -> Replay:
    """One of the first of them, played again under the policy that it had."""
    return replay(some(COUNT)[number].events, policy())


def caused(incident: Incident) -> list[tuple[str, str, datetime, tuple[str, ...]]]:
    """Every page, reminder and miss, with its moment and who was reached."""
    return list(_caused(incident.events))


def _caused(events: list[Event]) -> Iterator[tuple[str, str, datetime, tuple[str, ...]]]:
    for event in events:
        match event.what.kind:
            case "reminded" | "missed":
                yield event.what.kind, str(getattr(event.what, "key", "")), event.at, ()
            case "done" if event.what.model_dump()["duty"] == "page":
                said = event.what.model_dump()
                yield "page", said["key"], event.at, said["outcome"]["people"]


def recorded(history: str) -> list[Event]:
    """What a real engine once handed to the records, out of a recorded history."""
    events: dict[int, Event] = {}
    for one in json.loads(histories.read(history))["events"]:
        scheduled: dict[str, Any] = one.get("activityTaskScheduledEventAttributes", {})
        if scheduled.get("activityType", {}).get("name") == "record":
            said = base64.b64decode(scheduled["input"]["payloads"][0]["data"])
            batch = EventBatch.model_validate_json(said, extra="ignore", context=OF_ANOTHER_RELEASE)
            events |= {event.number: event for event in batch.events}
    return [events[number] for number in sorted(events)]
