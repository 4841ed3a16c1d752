"""What people did while the engine was away: a row of the inbox, done in its turn when the engine is back.

The same act twice is one act, and the same seed one incident, so what was kept may meanwhile have been done otherwise.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from pydantic import ValidationError

from client.port import Declaration, IncidentClient
from domain.value.act import Act
from domain.value.kind import OF_ANOTHER_RELEASE
from domain.value.model import Model
from ingress.webhook.inbox import Inbox, InboxUnavailable
from ingress.webhook.table import Row
from vendors.door import Request, Unreadable, unreadable

DOOR = "people"
"""The door that these rows bear; nobody can post to it."""
WRITING = timedelta(seconds=0.4)
"""How long the write is waited for: the person has been waiting for two seconds by then."""
Telling = Callable[[], Awaitable[object]]


class Kept(Model):
    """An act for an incident, or the opening of one with the first act in it."""

    incident: str = ""
    declaration: Declaration | None = None
    act: Act | None = None


def kept_in(row: Row) -> Kept:
    """What a row of ours says; `door.Unreadable` for what is none."""
    try:
        return Kept.model_validate_json(row.request.body, extra="ignore", context=OF_ANOTHER_RELEASE)
    except ValidationError as error:
        raise unreadable(error) from None


class KeptActs:
    """Writes rows, and says what is to be told to whom when they are read."""

    def __init__(
        self,
        inbox: Inbox,
        engine: IncidentClient,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        writing: timedelta = WRITING,
    ) -> None:
        self._inbox, self._engine, self._now, self._writing = inbox, engine, now, writing

    async def keep_act(self, incident: str, act: Act) -> bool:
        """Keep an act; false when it may not have been written."""
        return await self._put(Kept(incident=incident, act=act))

    async def keep_opening(self, declaration: Declaration, act: Act | None) -> bool:
        """Keep a declaration; false when it may not have been written."""
        return await self._put(Kept(declaration=declaration, act=act))

    def read(self, row: Row) -> tuple[str, Telling]:
        """Whom a row of ours is for, in whose order, and how it is told; `door.Unreadable` for what is none."""
        kept = kept_in(row)
        if kept.declaration:
            return f"declaration {kept.declaration.seed}", partial(self._open, kept.declaration, kept.act)
        if kept.act is None:
            raise Unreadable("act", "nothing", "an act, or the opening of an incident")
        return kept.incident, partial(self._engine.signal, kept.incident, kept.act)

    async def _open(self, declaration: Declaration, act: Act | None) -> None:
        incident = (await self._engine.declare(declaration)).incident
        if act:
            await self._engine.signal(incident, act)

    async def _put(self, kept: Kept) -> bool:
        request = Request(headers={}, body=kept.model_dump_json().encode(), received_at=self._now())
        try:
            async with asyncio.timeout(self._writing.total_seconds()):
                await self._inbox.put(DOOR, request)
        except (TimeoutError, InboxUnavailable):
            return False
        return True
