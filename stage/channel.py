"""Slack as one person has it on the screen: their rooms, what was said in them, their home."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.company.catalog import Catalog
from standins.slack.standin import Standin as Slack
from standins.slack.workspace import BOT, Room

Block = dict[str, Any]
APP = "Standfast"
HOME = "home"
"""What the tab of the app's home is called in an address."""
LATEST = 60
"""Messages of a room that are shown."""


@dataclass(frozen=True)
class Tab:
    """A room as the list of rooms names it."""

    id: str
    label: str
    count: int = 0


@dataclass(frozen=True)
class Said:
    """One message, as its reader sees it."""

    id: str
    author: str
    app: bool
    at: datetime | None
    text: str
    blocks: list[Block] = field(default_factory=list)
    notice: bool = False
    """Slack's own note of what changed in the room."""
    edited: bool = False
    pinned: bool = False
    alone: bool = False
    """Nobody else sees it."""
    reactions: tuple[str, ...] = ()
    replies: tuple["Said", ...] = ()

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.author.split()[:2]).upper()


class Channels:
    """The workspace, read for people."""

    def __init__(self, slack: Slack, catalog: Catalog) -> None:
        self._slack, self._catalog = slack, catalog

    def tabs(self, user: str) -> list[Tab]:
        """Rooms that somebody can read, the newest after #incidents; then what is written to them alone, and home."""
        rooms = [room for room in self._slack.workspace.rooms if not room.direct and self._sees(room, user)]
        [first, *rest] = rooms
        direct = self._slack.workspace.direct(user)
        alone = Tab(direct.id, f"Standfast to {self.first_name(user)}", len(direct.messages))
        home = Tab(HOME, f"Home of {self.first_name(user)}")
        live = [room for room in reversed(rest) if not room.archived]
        live += [room for room in rest if room.archived]
        return [_tab(first), *map(_tab, live), alone, home]

    def room(self, called: str, user: str) -> Room:
        """The room of an address where its reader may see it; else #incidents."""
        rooms = [room for room in self._slack.workspace.rooms if self._sees(room, user)]
        return next((room for room in rooms if called in (room.id, room.name)), rooms[0])

    def messages(self, room: Room, user: str) -> list[Said]:
        """What stands in a room for this person, the oldest first; answers stand below what they answer."""
        threads: dict[str, list[Said]] = {}
        top: list[dict[str, Any]] = []
        for message in room.messages:
            parent = message.get("thread_ts", message["ts"])
            if parent != message["ts"]:
                threads.setdefault(parent, []).append(self._said(message, room))
            if parent == message["ts"] or message.get("subtype") == "thread_broadcast":
                top.append(message)
        whispers = self._whispers(room, user)
        found = list(whispers.get("", ()))
        for message in top:
            found.append(self._said(message, room, tuple(threads.get(message["ts"], ()))))
            found += whispers.get(message["ts"], ())
        return found[-LATEST:]

    def home(self, user: str) -> list[Block]:
        """The app's home of one person; empty before they opened it."""
        return list(self._slack.state.homes.get(user, {}).get("blocks", []))

    def first_name(self, user: str) -> str:
        return self._slack.workspace.user(user).name.split()[0]

    def _sees(self, room: Room, user: str) -> bool:
        return user in room.members or not (room.private or room.direct)

    def _said(self, message: dict[str, Any], room: Room, replies: tuple[Said, ...] = ()) -> Said:
        user, subtype = message["user"], message.get("subtype", "")
        return Said(
            id=message["ts"],
            author=APP if user == BOT else self._name(user),
            app=user == BOT,
            at=self._slack.workspace.written.get(message["ts"]),
            text=message.get("text", ""),
            blocks=message.get("blocks") or [],
            notice=subtype.startswith("channel_"),
            edited="edited" in message,
            pinned=message["ts"] in room.pins,
            reactions=tuple(one["name"] for one in message.get("reactions", ())),
            replies=replies,
        )

    def _whispers(self, room: Room, user: str) -> dict[str, list[Said]]:
        """What this person alone was shown, by the message below which it stands; those answered are taken away."""
        found: dict[str, list[Said]] = {}
        for number, told in self._own(room, user):
            last = self._top(room, told["after"])
            shown = Said(f"w{number}", APP, True, None, told.get("text", ""), told.get("blocks") or [], alone=True)
            found.setdefault(last, []).append(shown)
        return found

    def _own(self, room: Room, user: str) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, told in enumerate(self._slack.state.ephemerals):
            if (told["channel"], told["user"]) == (room.id, user) and not told.get("closed"):
                yield number, told

    def _top(self, room: Room, ts: str) -> str:
        """The message of the room itself that a message belongs to."""
        found = next((one for one in room.messages if one["ts"] == ts), None)
        return str(found.get("thread_ts", ts)) if found else ""

    def _name(self, user: str) -> str:
        users = self._slack.workspace.users
        return users[user].name if user in users else user


def _tab(room: Room) -> Tab:
    mark = "\N{LOCK} " if room.private else "# "
    return Tab(room.id, f"{mark}{room.name}" + (" (archived)" if room.archived else ""))
