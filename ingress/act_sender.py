"""Asks an incident for a person who waits: answered in seconds, or kept and answered when the engine is back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, NamedTuple

from client.port import IncidentClient, NotTaken, Unanswered
from domain.port.conversation import ShownMessage
from domain.port.message import Button
from domain.rule.act import IncidentAct
from domain.run.answering import ActResult
from domain.value.act import Act
from ingress.patience import IN_CHAT, Patience
from ingress.webhook.digest import pause_after
from ingress.webhook.kept_act import KeptActs

log = logging.getLogger("standfast.ingress.act_sender")

KEPT = "Noted. The engine has it, but nobody is at work there now: it is kept, and you are told here what became of it."
UNDELIVERED = (
    "Not noted yet: the engine is away. For the next 10 minutes it is tried again from here, and you are told here "
    "what became of it; until then do not count on it."
)
KEPT_HERE = (
    "Kept. The engine is away: this is safe here and done as soon as the engine is back, and you are told here what "
    "became of it."
)
UNANSWERED_HERE = (
    "Still waiting after 10 minutes: the engine is away. It is kept here and done when the engine is back."
)
UNANSWERED = "Still undecided after 10 minutes. The engine has it and decides it when somebody is at work there again."
GIVEN_UP = "The engine has been away for 10 minutes: this was not noted and is given up. Do it again when it is back."

Pause = Callable[[float], Awaitable[None]]


class Said(NamedTuple):
    """What a person is told now. `decided` is false when the incident has not answered yet."""

    accepted: bool
    text: str
    decided: bool = True
    moments: tuple[datetime, ...] = ()
    """Moments that the text names in UTC, for whoever can say them in its reader's own time."""
    offers: tuple[ShownMessage, ...] = ()
    """What may be pressed next, under the text."""
    back: tuple[Button, ...] = ()
    """What takes it back, with the text."""


Tell = Callable[[Said], Awaitable[None]]
"""How somebody is told later, with all that the answer offers."""


class ActSender:
    """Asks with patience, and goes on in the background where that was not enough."""

    def __init__(
        self,
        engine: IncidentClient,
        *,
        patience: Patience = IN_CHAT,
        pause: Pause = asyncio.sleep,
        keeper: KeptActs | None = None,
    ) -> None:
        self.engine, self._pause, self.keeper = engine, pause, keeper
        self.patience = patience
        self._running: set[asyncio.Task[None]] = set()

    async def ask(self, incident: str, act: Act, tell: Tell, *, first: bool = False) -> Said:
        """The incident's answer; without one in time the act is left with the engine and `tell` hears the answer.

        With `first` it hears before it that the act is kept.
        """
        try:
            async with asyncio.timeout(self.patience.deciding.total_seconds()):
                answer = await self.engine.update(incident, act)
            return _said(answer)
        except NotTaken as error:
            return Said(False, str(error))
        except (TimeoutError, Unanswered) as error:
            log.warning("%s: %s is not decided yet: %s", incident, act.kind, error)
        try:
            left = await self._leave(incident, act)
        except NotTaken as error:
            return Said(False, str(error))
        if left:
            text, late = KEPT, UNANSWERED
        elif self.keeper and await self.keeper.keep_act(incident, act):
            text, late = KEPT_HERE, UNANSWERED_HERE
        else:
            text, late = UNDELIVERED, ""
        self.begin(self._pursue(incident, act, late, tell, text if first else ""))
        return Said(True, text, decided=False)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on in the background; `finish` waits for it."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def finish(self) -> None:
        """Wait until nothing goes on in the background."""
        while self._running:
            await asyncio.wait(self._running)

    async def stop(self) -> None:
        """End what goes on in the background; what was left with the engine stays there."""
        for task in self._running:
            task.cancel()
        await self.finish()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("something in the background failed: %s", error)

    async def _leave(self, incident: str, act: Act) -> bool:
        """Signal the act; false when the engine cannot be reached."""
        try:
            async with asyncio.timeout(self.patience.leaving.total_seconds()):
                await self.engine.signal(incident, act)
        except (TimeoutError, Unanswered):
            return False
        return True

    async def _pursue(self, incident: str, act: Act, late: str, tell: Tell, first: str) -> None:
        """Leave the act with the engine, then wait for the answer; the same act twice is one act there.

        `late` is what is said when no answer comes to an act that is safe; empty while it is not.
        """
        if first:
            await tell(Said(True, first, decided=False))
        try:
            async with asyncio.timeout(self.patience.keeping.total_seconds()):
                tries = 0
                while not late:
                    tries += 1
                    await self._pause(pause_after(tries).total_seconds())
                    late = UNANSWERED if await self._leave(incident, act) else ""
                said = await self._answer(incident, act)
        except TimeoutError:
            said = Said(bool(late), late or GIVEN_UP, decided=False)
        except NotTaken as error:
            said = Said(False, str(error))
        await tell(said._replace(text=f"{_named(act)} in {incident}: {said.text}"))

    async def _answer(self, incident: str, act: Act) -> Said:
        tries = 0
        while True:
            try:
                return _said(await self.engine.update(incident, act))
            except Unanswered:
                tries += 1
                await self._pause(pause_after(tries).total_seconds())


def _said(answer: ActResult) -> Said:
    return Said(answer.accepted, answer.text, moments=answer.moments, back=answer.buttons)


def _named(act: Act) -> str:
    """What the person pressed, as its button reads."""
    label = act.label if isinstance(act, IncidentAct) else ""
    return f'Your "{label or act.kind.replace("_", " ")}"'
