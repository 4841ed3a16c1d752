"""What came out: a table of every effect, and each promise with what breaks it."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from demo.stack import ROOT, Stack
from domain.incident.event import Event
from records.store import Records
from standins.stage import Stage
from tests.chaos.crowd import Fired
from tests.chaos.deadlines import Deadlines
from tests.chaos.evidence import keep
from tests.chaos.ledger import Count, Ledger, counted, histories
from tests.proof.house import House
from tests.proof.test_takeover import WORKFLOWS, failed_tasks
from workflows.converter import converter


@dataclass
class Verdict:
    """Everything that was counted at the end."""

    incidents: int = 0
    alerts: int = 0
    replayed: int = 0
    continued: int = 0
    """Runs of incidents that ended in another."""
    counts: dict[str, Count] = field(default_factory=dict)
    deadlines: Deadlines = field(default_factory=Deadlines)
    broken: dict[str, list[str]] = field(default_factory=dict)
    """What breaks each promise; empty where it was kept."""

    @property
    def kept(self) -> bool:
        """Whether every promise was."""
        return not any(self.broken.values())

    def table(self) -> Iterable[str]:
        """The counts as a table of Markdown."""
        yield "| effect | owed | once | twice | missing | given up, said | recalled | not owed | again under its id |"
        yield "|---|---|---|---|---|---|---|---|---|"
        for kind, one in sorted(self.counts.items()):
            numbers = (one.owed, one.once, len(one.twice), len(one.missing), one.given_up, one.recalled)
            yield "| " + " | ".join(map(str, (kind, *numbers, len(one.unasked), one.repeated))) + " |"

    def lines(self) -> Iterable[str]:
        """The promises, one a line, and the first few things that break each."""
        rung = self.deadlines
        yield (
            f"{self.alerts} alerts accepted, {self.incidents} incidents, {self.continued} continued as new, "
            f"{self.replayed} runs replayed"
        )
        yield (
            f"deadlines: {rung.rung} rang, {rung.kept} kept; late p50 {rung.lateness(0.5):.1f} s, "
            f"p99 {rung.lateness(0.99):.1f} s, max {rung.lateness(1):.1f} s"
        )
        for promise, wrong in self.broken.items():
            yield f"{'BROKEN' if wrong else 'kept  '}  {promise}" + (f": {len(wrong)}" if wrong else "")
            yield from (f"        {one[:400]}" for one in wrong[:8])


async def judge(home: House, fired: Iterable[Fired], trouble: list[str]) -> Verdict:
    """Read every history, every record and every recorder."""
    runs = await histories(home.running.client)
    verdict, ledger = Verdict(replayed=sum(map(len, runs.values()))), Ledger()
    for history in (*runs["Incident"], *runs["Watchman"]):
        await ledger.read(history, home.running.client.data_converter)
    verdict.counts = counted(ledger.effects.values(), home.stage)
    verdict.broken["no workflow is dead"] = await dead(one for found in runs.values() for one in found)
    _effects(verdict)
    verdict.broken["no page rings on after the end"] = ringing(home.stage)
    verdict.broken["customers read that it is over"] = shown_open(home.stage)
    ids = sorted({history.workflow_id for history in runs["Incident"]})
    verdict.incidents, verdict.continued = len(ids), len(runs["Incident"]) - len(ids)
    told = {incident: await every_event(home, incident) for incident in ids}
    for incident, events in told.items():
        verdict.deadlines.read(incident, events)
    alerts = list(fired)
    verdict.alerts = len(alerts)
    verdict.broken["every accepted alert has its incident, once"] = heard(alerts, told)
    verdict.broken["no deadline early"] = verdict.deadlines.early
    verdict.broken["no deadline skipped"] = verdict.deadlines.skipped
    verdict.broken["records equal histories"] = await unequal(home.running, told)
    verdict.broken["audit verify is whole"] = await audited(home.running)
    verdict.broken["every act was taken and every incident closed"] = trouble
    verdict.broken["databases are sound"] = unsound(home.running)
    if not verdict.kept:
        keep(home.running.folder, home.stage, told)
    return verdict


def _effects(verdict: Verdict) -> None:
    for promise, name in (("no effect twice", "twice"), ("no effect missing", "missing"), ("none unasked", "unasked")):
        found = verdict.counts.items()
        verdict.broken[promise] = [f"{kind} {one}" for kind, count in found for one in getattr(count, name)]


def ringing(on: Stage) -> list[str]:
    """The pages of incidents that nobody took back; all of them have ended."""
    return [f"{page.key}: {page.status}" for page in on.pagerduty.open_pages if page.key.startswith("INC-")]


def shown_open(on: Stage) -> list[str]:
    """The incidents and components that the status page still shows as broken."""
    page = on.statuspage
    incidents = [f"{one['name']}: {one['status']}" for one in page.incidents.values() if one["status"] != "resolved"]
    return incidents + [f"{name}: {state}" for name, state in page.components.items() if state != "operational"]


async def dead(runs: Iterable[WorkflowHistory]) -> list[str]:
    """Every run that cannot be replayed, or that failed a task for it."""
    # On a busy machine a replay may take longer than the SDK's watch over live workflows allows.
    replayer, found = Replayer(workflows=WORKFLOWS, data_converter=converter(), debug_mode=True), []
    for history in runs:
        failure = (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure
        said = [str(failure)] if failure else failed_tasks(history)
        found += [f"{history.workflow_id}: {why}" for why in said]
    return found


async def every_event(home: House, incident: str) -> list[Event]:
    """What an incident itself tells of what happened."""
    handle, found = home.running.client.get_workflow_handle(incident), list[Event]()
    while page := await handle.query("timeline", len(found), result_type=list[Event]):
        found += page
    return found


def heard(fired: Iterable[Fired], told: Mapping[str, list[Event]]) -> list[str]:
    """The alerts that are in no incident, or opened more than one."""
    first = {incident: _titles(events[:1]) for incident, events in told.items()}
    every = {incident: _titles(events) for incident, events in told.items()}
    wrong = []
    for one in fired:
        opened = [incident for incident, titles in first.items() if one.words in titles]
        joined = [incident for incident, titles in every.items() if one.words in titles]
        if not joined or len(opened) > 1:
            wrong.append(f"{one.words}: opened {opened}, is in {joined}")
    return wrong


def _titles(events: Iterable[Event]) -> str:
    """What the alerts of these events are called."""
    return "\n".join(alert.title for event in events for alert in getattr(event.what, "alerts", ()))


async def unequal(running: Stack, told: Mapping[str, list[Event]]) -> list[str]:
    """The incidents of which the records say something else."""
    wrong = []
    async with await Records.open(running.environment["STANDFAST_DATABASE_URL"]) as records:
        for incident, events in told.items():
            kept = [Event.model_validate_json(one.body) for one in await records.events(incident)]
            if kept != events:
                wrong.append(f"{incident}: {len(events)} events, {len(kept)} recorded")
    return wrong


UNPROVED = 6
"""Nothing is wrong, and nobody has signed it: the demo has no key."""


async def audited(running: Stack) -> list[str]:
    """What `standfast audit verify` finds."""
    command = (sys.executable, str(ROOT / "starter.py"), "audit", "verify")
    asked = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **running.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asked.communicate()
    return [] if asked.returncode in (0, UNPROVED) else [f"exit {asked.returncode}: {said.decode()[-300:]}"]


ENGINES = "temporal.db"


def unsound(running: Stack) -> list[str]:
    """The databases whose own check fails.

    Temporal's has indexes of computed columns: another SQLite than its own rounds their moments otherwise by a
    millisecond and would take a row for missing, so that here only its pages are checked.
    """
    wrong = []
    for path in sorted(running.folder.glob("*.db")):
        check = "quick_check" if path.name == ENGINES else "integrity_check"
        with closing(sqlite3.connect(path)) as connection:
            (said,) = connection.execute(f"PRAGMA {check}").fetchone()
        wrong += [] if said == "ok" else [f"{path.name}: {said}"]
    return wrong
