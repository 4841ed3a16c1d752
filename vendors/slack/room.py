"""Rooms in Slack: opened once under a name of their own, found again by it."""

import html
import re
from typing import Any, Literal

from domain.port.chat import OpenRoom
from domain.port.duty import VendorError
from vendors.slack.api import Api
from vendors.slack.message import clip_plain
from vendors.slack.refusal import DONE, Refused

NAME = 80
TOPIC = 250
"""Limits of a room's name and topic (docs.slack.dev/reference/methods/conversations.create, conversations.setTopic)."""
SIGNS = re.compile(r"[^a-z0-9_-]+")
"""What no room's name may have in it."""
NUMBERS = ("", "-2", "-3", "-4", "-5")
"""What follows the name of a room when the name is somebody else's."""
PAGE = 800


def names(duty: OpenRoom) -> list[str]:
    """What the room may be called, the first where nobody else has that."""
    return [fitted(duty, NAME - len(number)) + number for number in NUMBERS]


def fitted(duty: OpenRoom, most: int) -> str:
    """The name as Slack can have it: lower case, no other signs, at most so long, and the incident's id whole."""
    name = SIGNS.sub("-", duty.name.lower())
    if len(name) <= most:
        return name
    before, mark, after = name.partition(duty.incident.removeprefix("INC-").lower())
    tail = f"{mark}{after}"[:most]
    return f"{before[: max(most - len(tail) - 1, 0)].strip('-_')}-{tail}".lstrip("-") if mark else name[:most]


class Rooms:
    """The rooms the app can see."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._reached: dict[str, str] = {}
        """The cursor up to which rooms were looked through for a name, where an attempt ended before it was found."""

    async def open(self, duty: OpenRoom) -> dict[str, Any]:
        """Create the room, or find the one an earlier attempt created; mark it and set its topic."""
        for name in names(duty):
            room = await self._created(name, duty)
            if room:
                await self.set_once("purpose", room, f"War room of {duty.incident} [{duty.mark}]")
                await self.set_once("topic", room, duty.topic)
                return room
        said = f"conversations.create: {duty.name} to {duty.name}{NUMBERS[-1]} are all taken: rename one of them"
        raise VendorError("slack", said, retryable=False)

    async def find(self, duty: OpenRoom) -> dict[str, Any] | None:
        """The room that an earlier attempt created, as it stands; None where there is none."""
        for name in names(duty):
            room = await self._called(name)
            if room is None or await self._is_ours(room, duty.mark):
                return room
        return None

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
        """Find a room by name among all the app can see, private and archived ones too.

        A workspace has tens of thousands, and Slack answers 20 pages in a minute: a further attempt goes on where the
        last one ended, and looks through all of them only where that finds nothing.
        """
        kept = self._reached.pop(name, "")
        try:
            found = await self._sought(name, kept)
        except Refused as refused:
            if not (kept and refused.code == "invalid_cursor"):
                raise
            found = None
        return found if found or not kept else await self._sought(name, "")

    async def _sought(self, name: str, cursor: str) -> dict[str, Any] | None:
        """The room of this name from a cursor on; how far that came is kept until it has ended."""
        while True:
            self._reached |= {name: cursor} if cursor else {}
            answer = await self._page(cursor)
            room = next((room for room in answer["channels"] if room["name"] == name), None)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if room or not cursor:
                self._reached.pop(name, None)
                return dict(room) if room else None

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
