"""Where the events of a past incident come from: the records, its workflow while it is open, or a file."""

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from client.port import IncidentNotFound, NotTaken, Unanswered
from console.database import opened
from console.ending import CommandRefused
from console.reach import Opener
from console.reading import whole
from console.screen import complain
from domain.incident.event import Event
from records.bundle import EVENTS
from records.record import Record

LIST = TypeAdapter(list[Event])


async def events_of(incident: str, opener: Opener, now: datetime) -> tuple[list[Event], datetime | None]:
    """The incident's events: from the records when it is closed, else from its workflow, which knows the newest.

    With the moment up to which nothing more has happened, where that is later than the last event.
    """
    kept, ended = await _kept(incident)
    if ended:
        return kept, None
    try:
        async with opener() as link:
            return await whole(link, incident, 0), now
    except (Unanswered, NotTaken) as ending:
        if not kept:
            raise
        complain(f"{ending}; what follows is as far as the records have it, up to {kept[-1].at:%d %b %H:%M:%S} UTC")
        return kept, None


async def _kept(incident: str) -> tuple[list[Event], bool]:
    """What the records have of it, and whether that is all of it; nothing where there are none."""
    try:
        async with opened() as records:
            row = await records.incident(incident)
            return read(await records.events(incident)), row is not None and row.phase == "closed"
    except CommandRefused:
        return [], False


def read(records: Sequence[Record]) -> list[Event]:
    """The events that were recorded."""
    return [Event.model_validate_json(record.body) for record in records]


def events_in(file: Path, incident: str) -> list[Event]:
    """The incident's events in a file: an audit bundle, its `events.jsonl`, or what `timeline --json` printed."""
    try:
        text = _text(file)
        if text.lstrip().startswith("["):
            events = LIST.validate_json(text)
        else:
            records = [Record.model_validate_json(line) for line in text.splitlines() if line]
            events = read([one for one in records if one.incident == incident])
    except (OSError, KeyError, UnicodeDecodeError, ValidationError, json.JSONDecodeError) as error:
        raise CommandRefused(
            f"{file}: found no events ({_first(error)}), expected an audit bundle, {EVENTS} or JSON"
        ) from None
    if not events or getattr(events[0].what, "incident", "") != incident:
        raise IncidentNotFound(incident)
    return events


def _text(file: Path) -> str:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as bundle:
            return bundle.read(EVENTS).decode()
    return file.read_text()


def _first(error: Any) -> str:
    """The first line of what went wrong."""
    return str(error).splitlines()[0][:120]
