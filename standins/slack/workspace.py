"""A Slack workspace held in memory: its people, rooms and messages, as the stand-in keeps them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

BOT = "U0STANDFAST"
TEAM = "T0STANDFAST"
APP = "A0STANDFAST"


class Refusal(Exception):
    """Slack says no: a code of its error table, and more to put in the answer."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more


@dataclass
class User:
    """Somebody of the workspace."""

    id: str
    name: str
    email: str = ""
    deleted: bool = False

    def shown(self) -> dict[str, Any]:
        """The user as Slack's answers show them."""
        profile = {"email": self.email, "real_name": self.name, "display_name": self.name}
        return {
            "id": self.id,
            "team_id": TEAM,
            "name": self.name,
            "deleted": self.deleted,
            "is_bot": False,
            "profile": profile,
        }


@dataclass
class Room:
    """A channel, or the direct messages with one person."""

    id: str
    name: str
    creator: str = BOT
    private: bool = False
    direct: bool = False
    archived: bool = False
    topic: str = ""
    purpose: str = ""
    members: set[str] = field(default_factory=set)
    messages: list[dict[str, Any]] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def called(self) -> str:
        """How a command names the room it was typed in: a private one is not named."""
        return "directmessage" if self.direct else "privategroup" if self.private else self.name

    def message(self, ts: str) -> dict[str, Any]:
        """The message of this time stamp."""
        for message in self.messages:
            if message["ts"] == ts:
                return message
        raise Refusal("message_not_found")

    def shown(self) -> dict[str, Any]:
        """The room as Slack's answers show it."""
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "creator": self.creator,
            "created": 1_700_000_000,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": self.direct,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_member": BOT in self.members,
            "topic": {"value": self.topic, "creator": self.creator, "last_set": 0},
            "purpose": {"value": self.purpose, "creator": self.creator, "last_set": 0},
        }


class Workspace:
    """Everything that lasts."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.rooms: list[Room] = []
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.written: dict[str, datetime] = {}
        """When each message was written, by its time stamp, which only counts here."""
        self.used = 0
        """The last number that an id or a message has."""
        self.add_room("incidents", creator="U0ADMIN")

    def add_user(self, id: str, name: str, email: str = "") -> User:
        """Let somebody join the workspace."""
        self.users[id] = User(id, name, email)
        return self.users[id]

    def add_room(self, name: str, *, creator: str = BOT, private: bool = False, bot: bool = True) -> Room:
        """Make a room; `bot` says whether the app is in it."""
        room = Room(
            self.number("C"), name, creator=creator, private=private, members={creator} | ({BOT} if bot else set())
        )
        self.rooms.append(room)
        return room

    def direct(self, user: str) -> Room:
        """The direct messages with a person; always the same."""
        self.user(user)
        for room in self.rooms:
            if room.direct and user in room.members:
                return room
        room = Room(self.number("D"), user, private=True, direct=True, members={BOT, user})
        self.rooms.append(room)
        return room

    def user(self, id: str) -> User:
        if id not in self.users:
            raise Refusal("user_not_found")
        return self.users[id]

    def room(self, called: str) -> Room:
        """The room of this id or "#name" that the app can see."""
        for room in self.visible():
            if called in (room.id, f"#{room.name}"):
                return room
        raise Refusal("channel_not_found")

    def open_room(self, called: str) -> Room:
        """A room that can be changed: the app is in it and it is not archived."""
        room = self.room(called)
        if room.archived:
            raise Refusal("is_archived")
        if BOT not in room.members:
            raise Refusal("not_in_channel")
        return room

    def visible(self) -> Iterator[Room]:
        """The rooms the app can see: public ones, and private ones it is in."""
        return (room for room in self.rooms if not room.private or BOT in room.members)

    def post(self, room: Room, message: dict[str, Any], user: str = BOT) -> dict[str, Any]:
        """Put a message at the end of a room."""
        number = self._next()
        ts = f"{1_700_000_000 + number}.{number:06d}"
        self.written[ts] = self.clock()
        written = {"type": "message", "user": user, "team": TEAM, "ts": ts, **message}
        room.messages.append(written | ({"bot_id": "B0STANDFAST", "app_id": APP} if user == BOT else {}))
        return room.messages[-1]

    def number(self, kind: str) -> str:
        """A new id of a kind, as Slack's begin with a letter for what they name."""
        return f"{kind}{self._next():08d}"

    def _next(self) -> int:
        self.used += 1
        return self.used
