"""Accounts of whole incidents as digests: one changed word, moment or order in them is another digest.

`python -m tests.golden.accounts` writes them anew, after a change of the procedure that was meant.
"""

import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from config.scenario import cast_for, library, read
from demo.quarter import quarter
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.run import read as fold
from domain.run.agenda import deadlines, owed
from domain.simulation.simulation import Simulation
from tests.domain.story import catalog, policy
from workflows.limit import patience

FILE = Path(__file__).with_name("digests.json")
TOLD, FOLLOWED = 10, 2
"""How many incidents of the quarter are told, and of how many duties and deadlines are looked at after every event."""


def digests() -> dict[str, str]:
    """Of every scenario and of a synthetic quarter: the digest of each incident's account."""
    return dict(sorted((name, hashlib.sha256(text.encode()).hexdigest()[:16]) for name, text in accounts()))


def accounts() -> Iterator[tuple[str, str]]:
    """By name: all events of an incident as JSON, or what is due and owed after each of them."""
    for name, file in library().items():
        ensemble = Simulation(cast_for(read(file), catalog(), file), policy(), catalog(), patience()).run()
        for number, play in enumerate(ensemble.plays, 1):
            yield f"scenario {name} {number}", told(play.incident.events)
    for number, incident in enumerate(islice(quarter(policy(), catalog()), TOLD)):
        yield f"quarter {number:02}", told(incident.events)
        if number < FOLLOWED:
            yield f"quarter {number:02} owed", "\n".join(owing(incident))


def told(events: list[Event]) -> str:
    """Events as JSON, without the company and its policy."""
    return json.dumps([event.model_dump(mode="json", exclude={"what": {"catalog", "policy"}}) for event in events])


def owing(incident: Incident) -> Iterator[str]:
    """What is due and owed after each event, in the order in which the engine sets timers and begins activities."""
    reading = fold.begin(incident.events[0])
    for event in incident.events[1:]:
        fold.append(reading, event)
        yield from (f"{one.key} {one.ring} {one.rings_at} {one.due_at} {one.summary}" for one in deadlines(reading))
        yield from (f"{duty.kind} {duty.model_dump_json()}" for duty in owed(reading))


if __name__ == "__main__":
    FILE.write_text(json.dumps(digests(), indent=1) + "\n")
