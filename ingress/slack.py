"""POST /slack/events: what Slack posts is proved, read, and answered within the three seconds Slack waits."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from activities.company import Company
from client.port import IncidentClient
from domain.port.duty import VendorError
from ingress.body import Turned, small
from ingress.conversation import Conversation
from ingress.happening import Happening
from vendors import door
from vendors.slack.client import Client, Settings
from vendors.slack.heard import Challenge, Chosen, Commanded, Happened, Heard, Pressed, Submitted
from vendors.slack.socket import listening
from vendors.slack.webhook import read, verify

log = logging.getLogger("standfast.ingress.slack")

Clock = Callable[[], datetime]


def now_in_utc() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Slack:
    """Everything Slack sends, whether it comes through the door or through Socket Mode."""

    def __init__(
        self, settings: Settings, engine: IncidentClient, company: Company, *, now: Clock = now_in_utc, **how: Any
    ) -> None:
        """`how` goes to the conversation: an `asking` of one's own."""
        self._settings, self._now = settings, now
        self._client = Client(settings)
        self.conversation = Conversation(engine, company, self._client.front, settings.slack_command, now=now, **how)
        self._happening = Happening(self.conversation, now)

    def routes(self) -> list[Route]:
        """The door, for `ingress.app.app(extra_routes=...)`."""
        return [Route("/slack/events", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Prove, read, answer."""
        try:
            body = await small(request)
        except Turned as turned:
            return Response(status_code=turned.status, headers={"connection": "close"})
        arrived = door.Request(headers=dict(request.headers), body=body, received_at=self._now())
        try:
            verify(arrived, self._settings)
            answer = await self.hear(read(arrived))
        except door.Unverified as error:
            log.warning("turned away: %s", error)
            return Response(status_code=401)
        except door.Unreadable as error:
            log.warning("from Slack: %s", error)
            return JSONResponse({"path": error.path, "found": error.found, "expected": error.expected}, 400)
        except VendorError as error:
            log.error("an event could not be taken, Slack sends it again: %s", error)
            return Response(status_code=503)
        return JSONResponse(answer) if answer else Response(status_code=200)

    async def hear(self, heard: Heard) -> dict[str, Any]:
        """The answer to one delivery; empty where there is nothing to say.

        Raises `door.Unverified` for what comes from a workspace that is none of ours.
        """
        if isinstance(heard, Challenge):
            return {"challenge": heard.challenge}
        await self._admit(heard.teams)
        match heard:
            case Pressed():
                return await self.conversation.pressed(heard)
            case Chosen():
                return self.conversation.chosen(heard)
            case Commanded():
                return await self.conversation.commanded(heard)
            case Submitted():
                return await self.conversation.submitted(heard)
            case Happened():
                await self._happening.happened(heard)
        return {}

    async def _admit(self, teams: tuple[str, ...]) -> None:
        """Anybody's workspace can have the app where it is shared, and a shared channel has people of several."""
        named = self._settings.slack_team_ids.replace(",", " ").split()
        ours = frozenset(named or [await self._client.front.team()])
        if not teams or not ours.issuperset(teams):
            found = ", ".join(teams) or "no workspace"
            raise door.Unverified(f"from {found}, and only {', '.join(sorted(ours))} is heard: see SLACK_TEAM_IDS")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen through Socket Mode too, where the app has a token for it; at the end nothing goes on.

        What is in the background then is given up, but what the engine has is kept there.
        """
        try:
            async with self._client.connected(), listening(self._settings, self.hear):
                yield
        finally:
            await self.conversation.asking.stop()
            await self.conversation.forming.templates.stop()
