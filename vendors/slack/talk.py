"""Slack as the ingress meets it: POST /slack/events, or Socket Mode, and the app that answers people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from domain.port.conversation import Answer, Challenge, FormErrors, Heard, Reply
from vendors import door, talk
from vendors.slack.client import Client, Settings
from vendors.slack.conversation import said
from vendors.slack.form import errors_in
from vendors.slack.socket import listening
from vendors.slack.webhook import read, verify


class Talk:
    """Plays `vendors.talk.Talk`; Slack waits three seconds for every answer."""

    path = "/slack/events"

    def __init__(self, settings: Settings) -> None:
        self._settings, self._client = settings, Client(settings)
        self.conversation, self.command = self._client.conversation, settings.slack_command

    def prove(self, request: door.Request) -> None:
        """By Slack's signature, or `door.Unverified`."""
        verify(request, self._settings)

    def read(self, request: door.Request) -> Heard:
        """What was posted; `door.Unreadable` says what was not understood."""
        return read(request)

    async def admit(self, heard: Heard) -> None:
        """Anybody's workspace can have the app where it is shared, and a shared channel has people of several."""
        if isinstance(heard, Challenge):
            return
        named = self._settings.slack_team_ids.replace(",", " ").split()
        ours = frozenset(named or [await self.conversation.team()])
        if not heard.teams or not ours.issuperset(heard.teams):
            found = ", ".join(heard.teams) or "no workspace"
            raise door.Unverified(f"from {found}, and only {', '.join(sorted(ours))} is heard: see SLACK_TEAM_IDS")

    def answer(self, answer: Answer) -> dict[str, Any]:
        """The body Slack reads (docs.slack.dev/interactivity/implementing-slash-commands, .../views)."""
        match answer:
            case Challenge():
                return {"challenge": answer.challenge}
            case FormErrors():
                return errors_in(answer)
            case Reply() if not answer.silent:
                return {"response_type": "ephemeral", **said(answer)}
        return {}

    @asynccontextmanager
    async def running(self, hear: talk.Hear) -> AsyncIterator[None]:
        """Connected, and through Socket Mode too where the app has a token for it."""
        async with self._client.connected(), listening(self._settings, hear):
            yield
