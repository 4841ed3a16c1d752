"""Which incident a room is for: by the name its policy gives it, else by what the room itself says it is for."""

import re
from collections.abc import Callable

from domain.port.conversation import ChatConversation, RoomInfo

ID = "[0-9a-hjkmnp-tv-z]{5}"
PURPOSE = re.compile(rf"War room of (INC-{ID})\b", re.IGNORECASE)
"""How our rooms are marked when they are opened; it survives a renaming."""
NUMBER = r"(?:-\d)?"
"""What follows when the name was somebody else's."""


class RoomIndex:
    """Rooms and their incidents, looked up once; a room that is nobody's is asked about again."""

    def __init__(self, front: ChatConversation, pattern: Callable[[], str]) -> None:
        """`pattern` is the policy's name for rooms, with `{id}` in it."""
        self._front, self._pattern = front, pattern
        self._known: dict[str, str] = {}

    async def incident_in(self, channel: str, name: str = "") -> str:
        """The incident of a room, `name` being what the sender calls it; empty when it is no war room."""
        if not channel:
            return ""
        if channel in self._known:
            return self._known[channel]
        found = self._read(RoomInfo(name, "")) or self._read(await self._front.room(channel))
        if found:
            self._known[channel] = found
        return found

    def _read(self, room: RoomInfo) -> str:
        before, _, after = self._pattern().partition("{id}")
        named = re.fullmatch(f"{re.escape(before)}({ID}){re.escape(after)}{NUMBER}", room.name)
        if named:
            return f"INC-{named[1].upper()}"
        marked = PURPOSE.search(room.purpose)
        return marked[1].upper() if marked else ""
