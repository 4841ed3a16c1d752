"""Accounts of whole incidents as digests: one changed word, moment or order in them is another digest.

`python -m tests.golden.accounts` writes them anew, after a change of the procedure that was meant, and what each
scenario shows. A scenario's account is looked at where the library is played, tests/scenario/test_library.py.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from config.scenario import cast_for, library, read
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.run import read as fold
from domain.run.agenda import deadlines, owed
from domain.simulation.simulation import Simulation
from tests.domain.past import some
from tests.domain.story import catalog, policy
from tests.scenario import cover
from workflows.limit import patience

FILE = Path(__file__).with_name("digests.json")
TOLD, FOLLOWED = 4, 3
"""How many incidents of the quarter are told, and of how many duties and deadlines are looked at after every event."""
Digests = dict[str, str]


def of_quarter() -> Digests:
    """The digest of each incident's account of a synthetic quarter, and of what is due and owed after its events."""
    found: Digests = {}
    for number, incident in enumerate(some(TOLD)):
        found[f"quarter {number:02}"] = digest(told(incident.events))
        if number < FOLLOWED:
            found[f"quarter {number:02} owed"] = digest("\n".join(owing(incident)))
    return found


def of_scenario(name: str, ensemble: Simulation) -> Digests:
    """The digest of each incident's account of a scenario that was played."""
    plays = enumerate(ensemble.plays, 1)
    return {f"scenario {name} {number}": digest(told(one.incident.events)) for number, one in plays}


def kept(begins: str) -> Digests:
    """The digests that are kept of what has a name that begins so."""
    return {name: one for name, one in json.loads(FILE.read_text()).items() if name.startswith(begins)}


def digest(text: str) -> str:
    """What tells an account from every other."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


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


def play(file: Path) -> Simulation:
    """A scenario of the library, played to its end."""
    return Simulation(cast_for(read(file), catalog(), file), policy(), catalog(), patience()).run()


if __name__ == "__main__":
    ensembles = {name: play(file) for name, file in library().items()}
    digests = [of_quarter(), *(of_scenario(name, one) for name, one in ensembles.items())]
    FILE.write_text(json.dumps(dict(sorted(pair for some in digests for pair in some.items())), indent=1) + "\n")
    cover.write({name: cover.shown(one) for name, one in ensembles.items()})
