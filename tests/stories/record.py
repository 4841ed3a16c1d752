"""Records the golden histories that every later release must be able to replay.

`python -m tests.stories.record marked-group` records one; do so for a change that runs keep apart (`workflow.patched`),
and let the others stay. Without a name it records all: only when a change of the workflows is meant to be incompatible
and nothing released depends on the old histories; otherwise a history that no longer replays is a bug. What it writes
is compared by nobody but Temporal's own replayer.
"""

import asyncio
import json
import os
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from config.scenario import library, read
from domain.simulation.people import cast
from standins.standin import Fault
from tests import histories
from tests.domain.story import catalog, policy
from tests.scenario.desk import Set, played
from tests.scenario.theatre import Theatre
from tests.stories.engine import skipping_engine
from tests.stories.story import QUIET, Story, alert, told
from tests.stories.test_in_a_row import opens_while_a_finding_leaves
from tests.stories.test_repeat import fought

PRIVATE = frozenset({"identity", "namespaceId", "workerControlTaskQueue", "sdkName", "sdkVersion"})
"""Fields that say where a history was made; no replay needs them."""


async def p1(story: Story) -> WorkflowHandle[Any, Any]:
    """Most of what an incident can go through, to its close."""
    await story.alert(severity="warn")
    await story.passes(minutes=5, seconds=1)
    await story.acts("acknowledge", "sam")
    await story.acts("declare", "jonas", severity="P2")
    await story.acts("take_role", "ines", role="comms")
    await story.acts("approve_update", "ines")
    await story.acts("record_change", "jonas", change="hotfix", description="Flag off", bypass=True)
    await story.acts("authorise_change", "mira", number=1)
    await story.signals("dance", {"by": "nobody"})
    await story.acts("resolve", "jonas", summary="It was the flag.")
    await story.follows_up()
    await story.passes(hours=1, minutes=1)
    await story.ends()
    return story.handle


async def continued(story: Story) -> WorkflowHandle[Any, Any]:
    """The second run of an incident."""
    await story.alert()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("workflows.incident.LONG_RUN", 1)
        await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", severity="P1")
    return story.handle


async def settled(story: Story) -> WorkflowHandle[Any, Any]:
    """The second run of an incident whose card, topic and headline showed what was so when it began."""
    await story.alert()
    await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", severity="P1")
    await story.passes(minutes=2)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("workflows.incident.LONG_RUN", 1)
        await story.signals("nudge", None)
        await story.passes(seconds=1)
    await story.acts("post_finding", "dana", conditions="errors on one node")
    return story.handle


async def group(story: Story) -> WorkflowHandle[Any, Any]:
    """A group that suppresses, opens, passes on, and opens again."""
    await story.monitors(alert(), environment="staging")
    await story.monitors(alert(episode="1"))
    await story.monitors(alert(key="k2", episode="1"), alert(state="resolved", episode="1"))
    await story.monitors(alert(key="k2", state="resolved", episode="1"))
    await story.monitors(alert(episode="2"))
    return story.alerts


async def seldom(story: Story) -> WorkflowHandle[Any, Any]:
    """What few incidents go through: a page by hand, stakeholders, a law, and a mark of security under way."""
    await story.alert()
    await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", severity="P1")
    await story.acts("page_person", "dana", to="ines", reason="customers ask")
    await story.passes(minutes=6)
    await story.acts("answer_law", "mira", law="nis2", applies=True, reason="payments stand still")
    await story.acts("mark_security", "dana", reason="somebody is in")
    await story.passes(minutes=2)
    return story.handle


async def called_back(story: Story) -> WorkflowHandle[Any, Any]:
    """A page whose answer was lost, at a pager that is away when somebody is on it; and an update, withdrawn then."""
    story.stage.pagerduty.fail(Fault("lose", path="/incidents", method="POST"))
    await story.alert()
    story.stage.pagerduty.down = Fault(status=503)
    await story.acts("acknowledge", "dana")
    await story.passes(minutes=2)
    story.stage.pagerduty.down = None
    await story.acts("declare", "jonas", severity="P1")
    story.stage.statuspage.fail(Fault("lose", path="/incidents", method="POST"))
    await story.acts("approve_update", "jonas")
    await story.acts("withdraw_update", "jonas", because="Wrong service.")
    await story.passes(minutes=2)
    return story.handle


async def on_its_way(story: Story) -> WorkflowHandle[Any, Any]:
    """A finding is on its way when the war room opens, in which a draft is asked about."""
    await story.alert()
    await story.acts("acknowledge", "dana")
    await story.acts("take_role", "ines", role="comms")
    opens_while_a_finding_leaves(story)
    await story.acts("declare", "jonas", severity="P1")
    await story.passes(minutes=1)
    return story.handle


async def document(story: Story) -> WorkflowHandle[Any, Any]:
    """A post-mortem that was under way when it turned out that none is owed, and is looked for; then it is a secret."""
    await story.alert()
    await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", severity="P1")
    story.stage.confluence.fail(Fault("lose", path="/pages", method="POST"))
    await story.acts("resolve", "jonas", summary="Rolled back.")
    story.stage.confluence.down = Fault(status=503)
    await story.acts("reopen", "jonas", reason="errors again")
    await story.acts("close_as", "jonas", how="false_alarm", reason="the load test")
    await story.passes(minutes=2)
    story.stage.confluence.down = None
    await story.passes(minutes=2)
    await story.acts("mark_security", "jonas", reason="somebody is in")
    return story.handle


async def ticket(story: Story) -> WorkflowHandle[Any, Any]:
    """A customer's ticket that is told, by a desk that nobody has set up."""
    await story.alert(source="zendesk", ticket="5158")
    await story.acts("acknowledge", "dana")
    await story.passes(seconds=40)
    return story.handle


async def fails_again(story: Story) -> WorkflowHandle[Any, Any]:
    """A P1 is fought and has an action item; then its alert fires anew, and is linked."""
    first = await fought(story)
    await story.monitors(alert(episode="2"))
    await story.acts("acknowledge", "dana")
    await story.passes(minutes=1)
    assert story.incident != first
    return story.handle


async def item_changed(story: Story) -> WorkflowHandle[Any, Any]:
    """The incident whose action item gets another owner, on the issue too."""
    await fought(story)
    await story.acts("change_item", "mira", item="item-1", owner="sam", reason="Dana is on leave.")
    await story.passes(minutes=1)
    return story.handle


GOLDEN: dict[str, Callable[[Story], Awaitable[WorkflowHandle[Any, Any]]]] = {
    "incident": p1,
    "continued": continued,
    "group": group,
    "marked-continued": continued,
    "marked-group": group,
    "one-timer": p1,
    "one-timer-continued": continued,
    "one-timer-group": group,
    "several": p1,
    "several-continued": continued,
    "several-group": group,
    "called-back": called_back,
    "on-its-way": on_its_way,
    "document": document,
    "in-a-row": p1,
    "in-a-row-continued": continued,
    "in-a-row-group": group,
    "settled": settled,
    "seldom": seldom,
    "ticket": ticket,
    "fails-again": fails_again,
    "item-changed": item_changed,
}
"""Which stories are kept."""


def cleaned(value: Any) -> Any:
    """A history without what tells of the machine it was made on."""
    if isinstance(value, dict):
        return {key: cleaned(one) for key, one in value.items() if key not in PRIVATE}
    return [cleaned(one) for one in value] if isinstance(value, list) else value


FILES: dict[str, dict[str, Any]] = {
    "seldom": {"policy": Path(__file__).with_name("seldom.yaml")},
    "ticket": {"catalog": Path(__file__).with_name("support.yaml")},
}
"""Under which files a story is lived, where they are not the quiet policy and the shipped catalog."""
SCENARIOS = {
    "two-incidents-are-one": 2,
    "false-alarm": 1,
    "breach-on-day-two": 1,
    "taken-and-forgotten": 1,
    "leave-begins": 1,
}
"""Scenarios that show rules that no story does, and which of their incidents is kept."""


async def scenarios(engine: WorkflowEnvironment, names: Iterable[str]) -> AsyncIterator[tuple[str, WorkflowHistory]]:
    """One incident of each of these scenarios, the first where nothing else is said."""
    on, queue = Set(policy(), catalog()), f"scenario-{uuid.uuid4().hex[:8]}"
    async with played(engine, on, queue):
        for name in names:
            theatre = Theatre(engine, on, queue, cast(read(library()[name]), catalog(), datetime.now(UTC)))
            await theatre.run()
            yield (
                name,
                await engine.client.get_workflow_handle(theatre.incidents[SCENARIOS.get(name, 1) - 1]).fetch_history(),
            )
            await theatre.close()


async def stories(engine: WorkflowEnvironment, names: Iterable[str]) -> AsyncIterator[tuple[str, WorkflowHistory]]:
    """What each of these stories leaves behind."""
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            async with told(engine, Path(folder), **{"policy": QUIET, **FILES.get(name, {})}) as story:
                yield name, await (await GOLDEN[name](story)).fetch_history()


def keep(name: str, history: WorkflowHistory) -> None:
    """Write one history, without what tells of the machine."""
    histories.write(name, json.dumps(cleaned(json.loads(history.to_json())), separators=(",", ":")))
    print(f"{name}: {len(history.events)} events", flush=True)


async def main(names: Sequence[str]) -> None:
    """Live through these, or through each, and keep its history."""
    wanted = names or [*GOLDEN, *SCENARIOS]
    async with skipping_engine() as engine:
        for source in (
            stories(engine, (one for one in wanted if one in GOLDEN)),
            scenarios(engine, (one for one in wanted if one in SCENARIOS)),
        ):
            async for name, history in source:
                keep(name, history)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
    os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
