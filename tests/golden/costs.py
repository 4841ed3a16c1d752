"""What incidents and a storm cost, counted and not timed: one more of anything is a decision.

`python -m tests.golden.costs` writes the counts anew, after a change that was meant to cost more or less.
"""

import asyncio
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bench.storm import START, Clock, Receiver, by, messages
from config.scenario import cast_for, library, read
from domain.exchange import EventBatch
from domain.incident.effects import Done
from domain.port.any_duty import DUTIES
from domain.report.glance import glance
from domain.simulation.simulation import Simulation
from ingress.webhook.door import Door
from ingress.webhook.inbox import Inbox
from ingress.webhook.relay import Relay
from records.overview import overview
from records.record import Stored
from records.store import Records
from tests import histories
from tests.domain.story import catalog, policy
from vendors.alertmanager import webhook
from workflows.limit import patience

FILE = Path(__file__).with_name("costs.json")
Costs = dict[str, dict[str, int]]
STANDARD = {"a P1": "comms-lead-asleep", "a quiet P3": "flapping", "a storm's incident": "alert-storm"}
DUPLICATES, AT_ONCE = 1_000, 50


async def costs() -> Costs:
    """Every count by what it is of."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            **{f"the history {name}": recorded(name) for name in histories.names()},
            **{name: lived(scenario) for name, scenario in STANDARD.items()},
            "events to the records": await remembered(Path(folder)),
            f"a storm of {DUPLICATES} duplicates": await stormed(Path(folder)),
        }


def recorded(name: str) -> dict[str, int]:
    """What a workflow's history consists of, as the engine keeps it."""
    events: list[dict[str, Any]] = json.loads(histories.read(name))["events"]
    kinds = Counter(str(one["eventType"]).removeprefix("EVENT_TYPE_") for one in events)
    begun = [
        one["activityTaskScheduledEventAttributes"] for one in events if "activityTaskScheduledEventAttributes" in one
    ]
    return {
        "events": len(events),
        "kB": len(json.dumps(events, separators=(",", ":"))) // 1000,
        "turns": kinds["WORKFLOW_TASK_COMPLETED"],
        "timers": kinds["TIMER_STARTED"],
        "activities": len(begun),
        "activities for the records": sum(one["activityType"]["name"] == "record" for one in begun),
    }


def lived(name: str) -> dict[str, int]:
    """What an incident does in its life: events, what they weigh, and what the vendors and the engine are asked."""
    file = library()[name]
    play = Simulation(cast_for(read(file), catalog(), file), policy(), catalog(), patience()).run().plays[0]
    events = play.incident.events
    done = Counter(one.what.duty for one in events if isinstance(one.what, Done))
    sent = EventBatch(incident=play.incident.id, events=(), view=glance(play.incident))
    weight = {"bytes of events": sum(len(one.model_dump_json()) for one in events[1:])}
    asked = {f"{DUTIES[kind].role}: {kind}": count for kind, count in sorted(done.items())}
    return {"events": len(events), **weight, "bytes of the row": len(sent.model_dump_json()), **asked}


async def remembered(folder: Path) -> dict[str, int]:
    """What the first events of an incident, one more, and the same again cost the database."""
    file = library()[STANDARD["a P1"]]
    incident = (
        Simulation(cast_for(read(file), catalog(), file), policy(), catalog(), patience()).run().plays[0].incident
    )
    stored, row = [Stored.of(one) for one in incident.events[:10]], overview(glance(incident))
    found: dict[str, int] = {}
    async with await Records.open(f"sqlite:///{folder}/records.db") as records:
        await records.migrate()
        counted = counting(records.engine.sync_engine)
        for what, some in {"the first nine": stored[:9], "one more": stored[9:], "one again": stored[9:]}.items():
            counted.clear()
            await records.append(incident.id, some, row)
            found |= {f"{what}: {name}": counted[name] for name in ("statements", "commits")}
    return found


async def stormed(folder: Path) -> dict[str, int]:
    """What the same alert costs the inbox and the engine when it comes again and again, so many at once."""
    clock = Clock()
    receiver, inbox = Receiver(clock, policy(), catalog()), Inbox(str(folder / "inbox.db"), now=clock)
    door = Door(lambda request: None, webhook.read)
    relay = Relay(inbox, {"alertmanager": door}, receiver, by(catalog()), holder="costs", now=clock)
    (request,) = messages(range(1), "firing", START)
    await inbox.probe()
    counted = counting(inbox.database)
    for _ in range(DUPLICATES // AT_ONCE):
        await asyncio.gather(*(inbox.put("alertmanager", request) for _ in range(AT_ONCE)))
    put = dict(counted)
    counted.clear()
    for _ in range(60):
        clock.now = max(clock.now, await relay.step())
    incidents = len(receiver.plays)
    await inbox.close()
    taken = {f"to take them: {name}": put[name] for name in sorted(put)}
    return taken | {
        "signals to the group": receiver.signals,
        "signals to incidents": receiver.passed_on,
        "incidents": incidents,
    }


def counting(engine: Engine) -> Counter[str]:
    """What a database is asked from now on."""
    counted: Counter[str] = Counter()
    event.listen(engine, "before_cursor_execute", lambda *_: counted.update(["statements"]))
    event.listen(engine, "commit", lambda *_: counted.update(["commits"]))
    return counted


if __name__ == "__main__":
    FILE.write_text(json.dumps(asyncio.run(costs()), indent=1) + "\n")
