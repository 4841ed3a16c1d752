"""Where people talk: the duties of the room and its protocol."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from domain.company.catalog import Link, Person
from domain.port.duty import Duty, Outcome
from domain.port.message import Message
from domain.value.key import DutyKey
from domain.value.model import unsaid

EVERYBODY = DutyKey.of("tell", "everybody")
"""What the keys of words to all who read #incidents begin with."""


class OpenRoom(Duty):
    """Create the war room (WAR-1); `ref` of the outcome is the room, `text` its name as it came to be."""

    role = "room"
    recallable, seen_outside = True, True
    kind: Literal["open_room"] = "open_room"
    name: str
    private: bool = False
    topic: str

    def by_hand(self) -> str:
        return f"talk in any channel; call it #{self.name} when the chat is back"

    def practised(self, ref: str) -> Outcome:
        return Outcome(ref=ref, text=self.name)


class InvitePeople(Duty):
    """Bring people into the war room (WAR-1, WAR-5); the outcome's people are those who could be invited."""

    role = "room"
    remarks = True
    upkeep = True
    kind: Literal["invite"] = "invite"
    room: str
    people: tuple[Person, ...]

    def by_hand(self) -> str:
        return f"invite {', '.join(person.name for person in self.people)}"

    def practised(self, ref: str) -> Outcome:
        return Outcome(ref=ref, people=tuple(person.id for person in self.people))


class SetTopic(Duty):
    """The room's topic says severity, phase, commander and what is due next (WAR-1)."""

    role = "room"
    edits, holds_open, numbered = "topic", False, True
    upkeep, inert = True, True
    kind: Literal["set_topic"] = "set_topic"
    room: str
    topic: str


class ShowCard(Duty):
    """The pinned summary of the room, edited in place (WAR-1). `ref` is the message once there is one."""

    role = "room"
    remarks = True
    edits, holds_open, numbered = "card", False, True
    upkeep, inert = True, True
    kind: Literal["show_card"] = "show_card"
    room: str
    ref: str = ""
    message: Message
    links: tuple[Link, ...] = ()

    def practised(self, ref: str) -> Outcome:
        return Outcome(ref=self.ref or ref)


class VeilCard(Duty):
    """What stands in a room that anybody can read says nothing of a security incident any more (SCP-3)."""

    role = "room"
    upkeep = True
    kind: Literal["veil_card"] = "veil_card"
    room: str
    ref: str = ""
    message: Message


class ShowHeadline(Duty):
    """The incident's one message in #incidents, edited in place (WAR-2). `ref` is the message once there is one."""

    role = "room"
    remarks = True
    edits, holds_open, numbered = "headline", False, True
    upkeep, inert = True, True
    kind: Literal["show_headline"] = "show_headline"
    ref: str = ""
    message: Message

    def practised(self, ref: str) -> Outcome:
        return Outcome(ref=self.ref or ref)


class Say(Duty):
    """Say something once: in a room, in a thread under the headline, or to one person."""

    role = "room"
    holds_open, failure_told, numbered = False, False, True
    upkeep, inert = True, True
    quotes = True
    kind: Literal["say"] = "say"
    room: str = ""
    thread: str = ""
    """The headline's reference; the message goes under it."""
    before: str = Field(default="", exclude_if=unsaid)
    """Where else an earlier try may have put it: under the headline before there was a room; in a room that refuses."""
    broadcast: bool = Field(default=False, exclude_if=unsaid)
    """Whether what goes under the headline is shown in its channel too, so that everybody there is rung."""
    person: Person | None = None
    ref: str = ""
    """The message whose place it takes; a new one where there is none any more."""
    in_line: bool = Field(default=False, exclude_if=unsaid)
    """Whether it waits for what is on its way to the same person, which may tell of the same."""
    message: Message

    @classmethod
    def is_inert(cls, about: str) -> bool:
        """Unless everybody was told: the end is told to whom the beginning was."""
        return not DutyKey.of("tell", about).under(EVERYBODY)

    @property
    def in_order(self) -> bool:
        """What is said of an event, unless it goes to one person."""
        return not self.person and self.key.name == "say"

    def awaits_turn(self, under_way: Iterable[str]) -> bool:
        """Whether something else is on its way to the person, where it goes after that."""
        return self.in_line and any(self._goes_to_the_same(DutyKey(key)) for key in under_way if key != self.key)

    def _goes_to_the_same(self, other: DutyKey) -> bool:
        return (other.name, other.parts[1:]) == (self.key.name, self.key.parts[1:])

    def practised(self, ref: str) -> Outcome:
        return Outcome(ref=self.ref or ref)


class ArchiveRoom(Duty):
    """The war room is over."""

    role = "room"
    holds_open = False
    upkeep = True
    kind: Literal["archive_room"] = "archive_room"
    room: str
