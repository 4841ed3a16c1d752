"""What outlives a run of an incident: its events, packed, and how many of them the records have."""

import base64
import zlib

from pydantic import TypeAdapter

from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.opening import Opened
from domain.port.any_duty import AnyDuty
from domain.run import read as fold
from domain.run.agenda import outdated, take_for_shown
from domain.run.progress import open_incident
from domain.value.kind import OF_ANOTHER_RELEASE
from domain.value.model import Instant, Model, by_default

EVENTS = TypeAdapter(list[Event])
LARGEST = 1_000_000
"""A continue-as-new input may be 2 MB; past half of it the longest texts that are in the records are cut."""
CUT = " […] (whole in the records)"


class IncidentInput(Model):
    """The input of every run: the opening of a new incident, or the events so far."""

    opened: Opened | None = None
    by: str = ""
    at: Instant | None = None
    packed: str = ""
    recorded: int = 0
    outdated: tuple[str, ...] | None = by_default(None)
    """The messages edited in place that were still to be edited; None where an earlier release did not say so."""

    in_doubt: tuple[AnyDuty, ...] = by_default(())
    """What is owed no more, and may have been done: its vendor has not said yet."""

    def incident(self, now: Instant) -> Incident:
        """Begin the incident, or read it again from its events; a rule of ours that fails stops only itself."""
        if self.packed:
            incident = fold.read(unpack(self.packed), excusing=True)
            if self.outdated is not None:
                take_for_shown(incident, self.outdated)
            return incident
        if self.opened is None:
            raise ValueError("life: found neither 'opened' nor 'packed', expected one of them")
        return open_incident(self.opened, self.by or "standfast", self.at or now, excusing=True)


def carry(incident: Incident, recorded: int, in_doubt: tuple[AnyDuty, ...] = ()) -> IncidentInput:
    """The input for the next run."""
    packed = pack(incident.events)
    for longest in (500, 100, 20):
        if len(packed) <= LARGEST:
            break
        packed = pack([_shortened(event, longest) if event.number <= recorded else event for event in incident.events])
    return IncidentInput(packed=packed, recorded=recorded, outdated=outdated(incident), in_doubt=in_doubt)


def pack(events: list[Event]) -> str:
    """Events as compressed JSON in text: 10,000 of them stay far below the engine's limit."""
    return base64.b85encode(zlib.compress(EVENTS.dump_json(events), 6)).decode()


def unpack(packed: str) -> list[Event]:
    """The events that `pack` packed."""
    text = zlib.decompress(base64.b85decode(packed))
    return EVENTS.validate_json(text, extra="ignore", context=OF_ANOTHER_RELEASE)


def _shortened(event: Event, longest: int) -> Event:
    """A recorded event with its long texts cut; everything the procedure reads of it stays."""
    if not event.what.long:
        return event
    long = {name: value for name, value in event.what if isinstance(value, str) and len(value) > longest + len(CUT)}
    cut = event.what.model_copy(update={name: value[:longest] + CUT for name, value in long.items()})
    return event.model_copy(update={"what": cut})
