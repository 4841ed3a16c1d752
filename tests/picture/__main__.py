"""Plays a night on embedded parts and takes the pictures of it: `python -m tests.picture [folder]`."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

import httpx

from demo.chosen import Chosen
from demo.people import People, until
from demo.stack import ROOT, Stack, stack
from domain.incident.event import Event
from domain.procedure.findings import FindingPosted
from tests.picture.terminal import follow, printed
from tests.picture.webui import SAID, browse

PLACE = ROOT / "docs/picture"
MOMENT = 8.0
"""Seconds after the last act, so that the bars of the timeline have some length."""


async def take(place: Path) -> None:
    """Everything that there is a picture of."""
    (place / "explain.svg").write_text(await printed("policy", "explain", "ACK-2"))
    with tempfile.TemporaryDirectory(prefix="standfast-picture-") as folder:
        async with stack(Path(folder), {}) as running, httpx.AsyncClient() as http:
            chosen = Chosen(running.stage, running.company.catalog)
            incident = await night(running, People(running, http, chosen))
            await asyncio.sleep(MOMENT)
            (place / "follow.svg").write_text(await follow(incident, running.environment))
            await browse(running.ui, incident, place)
            await taken(running, incident)


async def taken(running: Stack, incident: str) -> None:
    """The signal that the browser sent is an event of the incident."""
    handle = running.client.get_workflow_handle(incident)
    for _ in range(50):
        events = await handle.query("timeline", 0, result_type=list[Event])
        if any(isinstance(event.what, FindingPosted) and event.what.conditions == SAID for event in events):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{incident} has not heard the signal that the Web UI sent")


async def night(running: Stack, people: People) -> str:
    """One P1 that is being fought, one alert that is being looked at, one that nobody has answered; the first's id."""
    slack, alert = running.stage.slack, running.stage.pagerduty.press_trigger
    hook = alert("PSVCCHK", "Checkout 5xx error rate above 5 %", key="checkout/5xx")
    await people.send("/webhooks/pagerduty", hook)
    await people.presses("dana", "I'm on it", "incidents")
    await people.presses("jonas", "Declare P1", "incidents")
    await until(lambda: any(name.startswith("incident-") for name in slack.rooms), "the war room")
    room = next(name for name in slack.rooms if name.startswith("incident-"))
    await people.types("ines", "role comms", room)
    await people.presses("ines", "Publish and mail 2 accounts", room)
    seen = "The new fraud check times out on every order."
    await people.fills_in("dana", "Tell the room", room, conditions=seen)
    await people.send("/webhooks/pagerduty", alert("PSVCBIL", "Invoices are created late", key="billing/late"))
    await people.send("/webhooks/pagerduty", alert("PSVCPLA", "Nodes are not ready", key="platform/nodes"))
    await until(lambda: bool(headline(running, "Invoices") and headline(running, "Nodes")), "the headlines")
    await people.types("sam", f"{headline(running, 'Invoices')} ack", "incidents")
    return f"INC-{room.removeprefix('incident-').upper()}"


def headline(running: Stack, words: str) -> str:
    """The id of the incident whose headline has these words; empty while there is none."""
    found = (said for message in running.stage.slack.messages("incidents") if words in (said := str(message)))
    return next((one[0] for text in found if (one := re.search(r"INC-\w{5}", text))), "")


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PLACE
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(folder))
