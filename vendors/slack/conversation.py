"""What the app does at once for the person who pressed or typed: forms, whispers, the home, and what they point at.

Whispers and forms cannot be read back, so each is one attempt; publishing the home twice shows the same home.
"""

import html
from collections.abc import Sequence
from typing import Any

from domain.port.conversation import Form, PinnedMessage, Reply, RoomInfo, ShownMessage
from vendors.slack.api import Api
from vendors.slack.form import modal
from vendors.slack.menu import HOME, read_out, stacked
from vendors.slack.message import TEXT, clip, escape, local
from vendors.slack.refusal import Refused

NOT_THERE = frozenset({"user_not_in_channel", "channel_not_found", "not_in_channel", "is_archived"})
"""Refusals of a whisper that a direct message gets round."""
USED_UP = frozenset({"exchanged_trigger_id"})
"""The press has opened its form already: the same press, delivered again."""
GONE = frozenset({"not_found", "view_not_found"})
"""The form that was to be changed is not open any more."""
DIRECT = "D"
"""How the ids of direct messages begin; to look into them the app would need a right of its own."""


def said(reply: Reply) -> dict[str, Any]:
    """A reply's `text` and `blocks`: in words nothing rings or links, messages have their buttons."""
    if not reply.shown:
        return {"text": clip(local(escape(reply.text), reply.moments), TEXT)}
    return {"text": read_out(reply.shown), "blocks": stacked(reply.shown)}


class Conversation:
    """The app as one person meets it; plays `domain.port.conversation.ChatConversation`."""

    vendor = "slack"

    def __init__(self, api: Api) -> None:
        self._api = api

    async def me(self) -> str:
        """The app's own user id."""
        return str((await self._api.me()).get("user_id", ""))

    async def open_form(self, trigger: str, form: Form) -> str:
        """Open a modal; answers its id, or nothing when this press has opened one already."""
        try:
            answer = await self._api.call("views.open", trigger_id=trigger, view=modal(form))
        except Refused as refused:
            if refused.code in USED_UP:
                return ""
            raise
        return str(answer["view"]["id"])

    async def change_form(self, view: str, form: Form) -> None:
        """Show an open form anew; without a hash, so that the last change wins and the same one twice is one.

        A form that was closed meanwhile needs no change.
        """
        try:
            await self._api.call("views.update", view_id=view, view=modal(form))
        except Refused as refused:
            if refused.code not in GONE:
                raise

    async def whisper(self, channel: str, user: str, reply: Reply) -> None:
        """Tell one person something that nobody else sees: in the channel, or directly where it can't be there."""
        body = said(reply)
        try:
            if channel:
                await self._api.call("chat.postEphemeral", channel=channel, user=user, **body)
                return
        except Refused as refused:
            if refused.code not in NOT_THERE:
                raise
        opened = await self._api.call("conversations.open", users=user)
        await self._api.call("chat.postMessage", channel=opened["channel"]["id"], **body)

    async def show_home(self, user: str, shown: Sequence[ShownMessage]) -> None:
        """Publish the home of one person."""
        view = {"type": "home", "blocks": stacked(shown, HOME)}
        await self._api.call("views.publish", user_id=user, view=view)

    async def team(self) -> str:
        """The workspace that the token is of; asked once."""
        return str((await self._api.me()).get("team_id") or "")

    async def room(self, channel: str) -> RoomInfo:
        """What a room is called and what it is for; empty for one the app cannot see, or for direct messages."""
        if channel.startswith(DIRECT):
            return RoomInfo("", "")
        try:
            found = (await self._api.call("conversations.info", channel=channel))["channel"]
        except Refused as refused:
            if refused.code not in ("channel_not_found", "missing_scope"):
                raise
            return RoomInfo("", "")
        purpose = (found.get("purpose") or {}).get("value") or ""
        return RoomInfo(str(found.get("name") or ""), html.unescape(purpose))

    async def message(self, channel: str, message: str) -> PinnedMessage | None:
        """One message of a channel or of a thread in it; None when it is gone."""
        where = {"channel": channel, "latest": message, "oldest": message, "inclusive": True, "limit": 1}
        found = (await self._api.call("conversations.history", **where))["messages"]
        if not any(one["ts"] == message for one in found):
            found = await self._reply(where, message)
        told = next((one for one in found if one["ts"] == message), None)
        if told is None:
            return None
        author = str(told.get("user") or "")
        return PinnedMessage(html.unescape(str(told.get("text") or "")), author, await self._api.link(channel, message))

    async def _reply(self, where: dict[str, Any], ts: str) -> list[dict[str, Any]]:
        """A message in a thread: Slack finds it by its own time stamp as well as by its thread's."""
        try:
            return list((await self._api.call("conversations.replies", ts=ts, **where))["messages"])
        except Refused as refused:
            if refused.code != "thread_not_found":
                raise
            return []
