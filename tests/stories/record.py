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
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from tests import histories
from tests.stories.engine import skipping_engine
from tests.stories.story import QUIET, Story, alert, told

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


GOLDEN: dict[str, Callable[[Story], Awaitable[WorkflowHandle[Any, Any]]]] = {
    "incident": p1,
    "continued": continued,
    "group": group,
    "marked-continued": continued,
    "marked-group": group,
    "settled": settled,
}
"""Which stories are kept."""


def cleaned(value: Any) -> Any:
    """A history without what tells of the machine it was made on."""
    if isinstance(value, dict):
        return {key: cleaned(one) for key, one in value.items() if key not in PRIVATE}
    return [cleaned(one) for one in value] if isinstance(value, list) else value


async def main(names: Sequence[str]) -> None:
    """Live through these stories, or through each, and keep its history."""
    async with skipping_engine() as engine:
        for name, tell in GOLDEN.items():
            if names and name not in names:
                continue
            with tempfile.TemporaryDirectory() as folder:
                async with told(engine, Path(folder), policy=QUIET) as story:
                    history = await (await tell(story)).fetch_history()
            text = json.dumps(cleaned(json.loads(history.to_json())), separators=(",", ":"))
            histories.write(name, text)
            print(f"{name}: {len(history.events)} events")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
    os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
