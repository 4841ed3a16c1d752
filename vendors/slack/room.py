"""Rooms in Slack: opened once under a name of their own, found again by it."""

import html
from typing import Any, Literal

from domain.port.chat import OpenRoom
from domain.port.duty import VendorError
from vendors.slack.api import Api
from vendors.slack.message import clip_plain
from vendors.slack.refusal import DONE, Refused

NAME = 80
TOPIC = 250
"""Limits of a room's name and topic (docs.slack.dev/reference/methods/conversations.create, conversations.setTopic)."""
NUMBERS = ("", "-2", "-3", "-4", "-5")
"""What follows the name of a room when the name is somebody else's."""
PAGE = 800


class Rooms:
    """The rooms the app can see."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def open(self, duty: OpenRoom) -> dict[str, Any]:
        """Create the room, or find the one an earlier attempt created; mark it and set its topic."""
        for number in NUMBERS:
            room = await self._created(duty.name[: NAME - len(number)] + number, duty)
            if room:
                await self.set_once("purpose", room, f"War room of {duty.incident} [{duty.mark}]")
                await self.set_once("topic", room, duty.topic)
                return room
        said = f"conversations.create: {duty.name} to {duty.name}{NUMBERS[-1]} are all taken: rename one of them"
        raise VendorError("slack", said, retryable=False)

    async def invite(self, room: str, users: list[str]) -> set[str]:
        """Invite users and answer those who could not be; it fails only when nobody could."""
        try:
            answer = await self._api.call("conversations.invite", channel=room, users=",".join(users), force=True)
        except Refused as refused:
            left_out = _not_invited(refused.body)
            if not left_out or left_out >= set(users):
                raise
            return left_out
        return _not_invited(answer)

    async def set_once(self, what: Literal["topic", "purpose"], room: dict[str, Any], words: str) -> str:
        """Set a text of the room unless it stands there: each setting is a message that people read."""
        words = clip_plain(words, TOPIC)
        if html.unescape((room.get(what) or {}).get("value") or "") != words:
            await self._api.call(f"conversations.set{what.title()}", channel=room["id"], **{what: words})
        return words

    async def id_of(self, channel: str) -> str:
        """The id of a channel that is called by "#name"; an id stays as it is."""
        if not channel.startswith("#"):
            return channel
        room = await self._called(channel.removeprefix("#"))
        if not room:
            raise VendorError("slack", f"no channel {channel}: create it and invite the app", retryable=False)
        return str(room["id"])

    async def _created(self, name: str, duty: OpenRoom) -> dict[str, Any] | None:
        """The new room of this name, or the one we made before, or None when the name is somebody else's."""
        try:
            answer = await self._api.call("conversations.create", name=name, is_private=duty.private)
        except Refused as refused:
            if refused.code != "name_taken":
                raise
            room = await self._called(name)
            return room if room and await self._is_ours(room, duty.mark) else None
        return dict(answer["channel"])

    async def _called(self, name: str) -> dict[str, Any] | None:
        """Find a room by name among all the app can see, private and archived ones too."""
        cursor = ""
        while True:
            answer = await self._page(cursor)
            for room in answer["channels"]:
                if room["name"] == name:
                    return dict(room)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def _page(self, cursor: str) -> dict[str, Any]:
        more = {"cursor": cursor} if cursor else {}
        types = "public_channel,private_channel"
        return await self._api.call("conversations.list", types=types, exclude_archived=False, limit=PAGE, **more)

    async def _is_ours(self, room: dict[str, Any], mark: str) -> bool:
        """Ours bears our mark; without any purpose it is one we had no time to mark. An archived one is over."""
        purpose = html.unescape(room["purpose"]["value"])
        mine = room["creator"] == (await self._api.me())["user_id"]
        return mine and not room["is_archived"] and (not purpose or f"[{mark}]" in purpose)


def _not_invited(answer: dict[str, Any]) -> set[str]:
    """Those Slack left out; somebody who is in the room already is not left out."""
    done = DONE["conversations.invite"]
    return {error["user"] for error in answer.get("errors") or [] if error["error"] not in done and "user" in error}
