"""How soon a press in Slack is answered, seen and followed by its form, by how many incidents are open.

`python -m bench.press [10 100 1000]`: Temporal's development server with its store in a file, one worker and one
ingress as processes, Slack played. Each round is an incident of its own. Prints a row of JSON for each number.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import httpx

from bench.open import opened, settled
from demo.stack import Stack, stack
from standins.slack.hand import button_of, has_button
from standins.slack.standin import Standin

TAKE, FORM = "I'm on it", "Another severity"
"""What is pressed: one act, whose effect is the headline without the button, and one that opens a form."""
BY = "dana"
ROUNDS = 10
LOOK_EVERY = 0.005
PATIENCE = 60.0


class Hand:
    """Presses buttons of headlines in one channel, and watches what comes of it."""

    def __init__(self, running: Stack, http: httpx.AsyncClient) -> None:
        self._slack: Standin = running.stage.slack
        self._http, self._url = http, f"{running.url}/slack/events"
        self._user = running.company.catalog.people[BY].at("slack")
        [self._channel] = [room.id for room in self._slack.workspace.rooms if room.name == "incidents"]

    def untaken(self) -> list[str]:
        """The headlines that nobody has answered and that can be both pressed, the oldest first."""
        shown = self._slack.messages(self._channel)
        return [str(one["ts"]) for one in shown if has_button(one, TAKE) and has_button(one, FORM)]

    async def form(self, headline: str) -> float:
        """Seconds from the press until the form is open."""
        before = len(self._slack.views)
        began, _ = await self._press(headline, FORM)
        return await self._until(lambda: len(self._slack.views) > before, began)

    async def take(self, headline: str) -> tuple[float, float]:
        """Seconds until the press is answered, and until everybody sees who has it."""
        began, answered = await self._press(headline, TAKE)
        return answered, await self._until(lambda: headline not in self.untaken(), began)

    async def _press(self, headline: str, label: str) -> tuple[float, float]:
        request = self._slack.press(self._channel, headline, self._action(headline, label), self._user)
        began = time.monotonic()
        answer = await self._http.post(self._url, content=request.body, headers=request.headers)
        answer.raise_for_status()
        return began, time.monotonic() - began

    def _action(self, headline: str, label: str) -> str:
        [message] = [one for one in self._slack.messages(self._channel) if one["ts"] == headline]
        return str(button_of(message, label)["action_id"])

    async def _until(self, holds: Callable[[], bool], began: float) -> float:
        while not holds():
            if time.monotonic() > began + PATIENCE:
                raise TimeoutError(f"waited {PATIENCE:.0f} s for what a press is followed by")
            await asyncio.sleep(LOOK_EVERY)
        return time.monotonic() - began


async def measured(running: Stack, hand: Hand, count: int) -> dict[str, dict[str, float]]:
    """With so many open, most of which wait for their day: milliseconds, by what was waited for."""
    now = len([one async for one in running.client.list_workflows("WorkflowType = 'Incident'")])
    await opened(running, count - now - ROUNDS, "info")
    await opened(running, ROUNDS, "critical")
    await settled(running)
    spent: dict[str, list[float]] = {"answered": [], "seen": [], "form": []}
    for headline in hand.untaken()[-ROUNDS:]:
        spent["form"].append(await hand.form(headline))
        answered, seen = await hand.take(headline)
        spent["answered"].append(answered)
        spent["seen"].append(seen)
    return {
        what: {"p50_ms": round(1000 * median(some)), "p90_ms": round(1000 * quantiles(some, n=10)[-1])}
        for what, some in spent.items()
    }


async def main(counts: list[int]) -> None:
    """One run, from few to many."""
    with tempfile.TemporaryDirectory() as folder:
        async with stack(Path(folder), {}) as running, httpx.AsyncClient() as http:
            hand = Hand(running, http)
            for count in counts:
                print(json.dumps({"open": count} | await measured(running, hand, count)), flush=True)


if __name__ == "__main__":
    asyncio.run(main([int(word) for word in sys.argv[1:]] or [10, 100]))
    os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
