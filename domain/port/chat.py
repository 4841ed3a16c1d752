"""Duties of the room."""

from typing import Literal

from domain.company.catalog import Link, Person
from domain.port.duty import Effect
from domain.port.message import Message


class OpenRoom(Effect):
    """Create the war room (WAR-1); `ref` of the outcome is the room, `text` its name as it came to be."""

    role = "room"
    kind: Literal["open_room"] = "open_room"
    name: str
    private: bool = False
    topic: str


class InvitePeople(Effect):
    """Bring people into the war room (WAR-1, WAR-5); the outcome's people are those who could be invited."""

    role = "room"
    upkeep = True
    kind: Literal["invite"] = "invite"
    room: str
    people: tuple[Person, ...]


class SetTopic(Effect):
    """The room's topic says severity, phase, commander and what is due next (WAR-1)."""

    role = "room"
    edits, holds_open = "topic", False
    upkeep = True
    kind: Literal["set_topic"] = "set_topic"
    room: str
    topic: str


class ShowCard(Effect):
    """The pinned summary of the room, edited in place (WAR-1). `ref` is the message once there is one."""

    role = "room"
    edits, holds_open = "card", False
    upkeep = True
    kind: Literal["show_card"] = "show_card"
    room: str
    ref: str = ""
    message: Message
    links: tuple[Link, ...] = ()


class ShowHeadline(Effect):
    """The incident's one message in #incidents, edited in place (WAR-2). `ref` is the message once there is one."""

    role = "room"
    edits, holds_open = "headline", False
    upkeep = True
    kind: Literal["show_headline"] = "show_headline"
    ref: str = ""
    message: Message


class Say(Effect):
    """Say something once: in a room, in a thread under the headline, or to one person."""

    role = "room"
    holds_open, failure_told = False, False
    upkeep = True
    quotes = True
    kind: Literal["say"] = "say"
    room: str = ""
    thread: str = ""
    """The headline's reference; the message goes under it."""
    person: Person | None = None
    message: Message


class ArchiveRoom(Effect):
    """The war room is over."""

    role = "room"
    holds_open = False
    upkeep = True
    kind: Literal["archive_room"] = "archive_room"
    room: str
