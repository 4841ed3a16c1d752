"""Where a chat posts to: what comes is proved, read, and answered within the seconds that the chat waits."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from client.port import IncidentClient
from config.company import Company
from domain.port.conversation import (
    Answer,
    Challenge,
    Chosen,
    Commanded,
    DeclarationWanted,
    Heard,
    HomeOpened,
    Pointed,
    Pressed,
    Submitted,
    Written,
)
from domain.port.duty import VendorError
from ingress.body import Turned, small
from ingress.chat.conversation import Conversation
from ingress.chat.direct import DirectTalk
from ingress.chat.home import Home
from ingress.chat.pins import Pins
from ingress.chat.plain_talk import PlainTalk
from vendors import door
from vendors.talk import Talk

log = logging.getLogger("standfast.ingress.chat")

Clock = Callable[[], datetime]


def now_in_utc() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Chat:
    """Everything one chat sends, whether it comes through its door or through a connection that we open."""

    def __init__(
        self, talk: Talk, engine: IncidentClient, company: Company, *, now: Clock = now_in_utc, **how: Any
    ) -> None:
        """`how` goes to the conversation: an `asking` of one's own."""
        self._talk, self._now = talk, now
        self.conversation = Conversation(engine, company, talk.conversation, talk.command, now=now, **how)
        self._home, self._pins = Home(self.conversation, now), Pins(self.conversation, now)
        self._words, self._direct = PlainTalk(self.conversation, now), DirectTalk(self.conversation, now)

    def routes(self) -> list[Route]:
        """The door, for `ingress.webhook.app.app(extra_routes=...)`."""
        return [Route(self._talk.path, self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Prove, read, answer."""
        try:
            body = await small(request)
        except Turned as turned:
            return Response(status_code=turned.status, headers={"connection": "close"})
        arrived = door.Request(headers=dict(request.headers), body=body, received_at=self._now())
        try:
            self._talk.prove(arrived)
            answer = await self.hear(self._talk.read(arrived))
        except door.Unverified as error:
            log.warning("turned away: %s", error)
            return Response(status_code=401)
        except door.Unreadable as error:
            log.warning("not understood: %s", error)
            return JSONResponse({"path": error.path, "found": error.found, "expected": error.expected}, 400)
        except VendorError as error:
            log.error("an event could not be taken, it is sent again: %s", error)
            return Response(status_code=503)
        return JSONResponse(answer) if answer else Response(status_code=200)

    async def hear(self, heard: Heard) -> dict[str, Any]:
        """The answer to one delivery; empty where there is nothing to say.

        Raises `door.Unverified` for what comes from a workspace that is none of ours.
        """
        await self._talk.admit(heard)
        return self._talk.answer(await self._answer(heard))

    async def _answer(self, heard: Heard) -> Answer:
        match heard:
            case Challenge():
                return heard
            case Pressed():
                await self.conversation.pressed(heard)
            case Chosen():
                self.conversation.chosen(heard)
            case Commanded():
                return await self.conversation.commanded(heard)
            case Submitted():
                return await self.conversation.submitted(heard)
            case Pointed():
                await self._pins.pinned(heard)
            case Written(to_us=True):
                self._direct.written(heard)
            case Written():
                self._words.written(heard)
            case HomeOpened():
                await self._home.opened(heard)
            case DeclarationWanted():
                await self.conversation.offer_declaration(heard.user, heard.trigger)
        return None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Reachable until the block ends; what is in the background then is given up, what the engine has is kept."""
        try:
            async with self._talk.running(self.hear):
                yield
        finally:
            await self.conversation.asking.stop()
            await self.conversation.forming.templates.stop()
