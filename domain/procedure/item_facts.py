"""ACT: what happens to an action item."""

from typing import Literal

from pydantic import Field

from domain.incident.entry import STANDFAST, Item
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.value.act import WAYS
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Instant, unsaid


class _OfItem(Fact, abstract=True):
    """Something becomes of an action item (ACT-2)."""

    minor = True
    clause: ClauseId = "ACT-2"
    item: str


class ItemClosed(_OfItem):
    """An action item is done or declined (ACT-2)."""

    state: Literal["done", "declined"]
    reason: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        """The first end of an item counts."""
        item = incident.items[self.item]
        if item.state == "open":
            item.state, item.closed_at = self.state, event.at
            item.done_there = self.state == "done" and event.via not in (*WAYS, "") and event.by != STANDFAST

    def line(self, names: Names) -> Line:
        return Line(f"action item {self.item} {self.state}", self.reason, alone=True)


class ItemDeclineHeard(_OfItem):
    """The tracker says that an action item will not be done; it stays open until the manager says why (ACT-2)."""

    told = True
    said: str

    def apply(self, incident: Incident, event: Event) -> None:
        incident.items[self.item].declines += 1

    def line(self, names: Names) -> Line:
        return Line(f"action item {self.item} was declined in the tracker", self.said, "warn", alone=True)


class ItemAdded(Fact):
    """An action item is to be done, by whom and until when (ACT-1)."""

    told = True
    minor = True
    clause: ClauseId = "ACT-1"
    item: str
    title: str
    body: str
    owner: str
    due_at: Instant
    part_of: str = Field(default="", exclude_if=unsaid)
    """The item that it was split from."""
    before: str = Field(default="", exclude_if=unsaid)
    """Whose it would be, who is on leave or has left."""

    def apply(self, incident: Incident, event: Event) -> None:
        item = Item(self.item, self.title, self.body, event.at, self.due_at, owner=self.owner, part_of=self.part_of)
        incident.items[self.item] = item

    def line(self, names: Names) -> Line:
        owner = names.person(self.owner) if self.owner else "nobody yet"
        part = f", a part of {self.part_of}" if self.part_of else ""
        return Line(f"action item for {owner}, due {self.due_at:%d %b}{part}", self.title, alone=True)


class ItemReopened(_OfItem):
    """An action item was not done after all (ACT-2)."""

    told = True
    reason: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        """It is owed again, until the day it was owed before; after the close for as long as it takes."""
        item = incident.items[self.item]
        item.state, item.closed_at, item.read, item.read_done = "open", None, "", False
        item.done_there, item.declines = False, 0
        item.reopened += 1
        item.again = incident.closed_at is not None

    def line(self, names: Names) -> Line:
        return Line(f"reopened the action item {self.item}", self.reason, "warn", alone=True)


class ItemChanged(_OfItem):
    """An action item has another owner or another due date, for a reason (ACT-2)."""

    told = True
    owner: str | None = Field(default=None, exclude_if=unsaid)
    due_at: Instant | None = Field(default=None, exclude_if=unsaid)
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        item = incident.items[self.item]
        item.owner, item.due_at = self.owner or item.owner, self.due_at or item.due_at
        item.redated += self.due_at is not None
        item.changed += event.via in WAYS

    def line(self, names: Names) -> Line:
        owner = f" for {names.person(self.owner)}" if self.owner else ""
        day = f", due {self.due_at:%d %b}" if self.due_at else ""
        return Line(f"action item {self.item}{owner}{day}", self.reason, alone=True)


class ItemChangeHeard(_OfItem):
    """The tracker says another owner or due date than we do, and not who changed it (ACT-2)."""

    told = True
    owner: str | None = Field(default=None, exclude_if=unsaid)
    """The tracker's word for a person."""
    due_at: Instant | None = Field(default=None, exclude_if=unsaid)
    refused: str = Field(default="", exclude_if=unsaid)
    """Why it cannot be so here, where that is known."""

    def line(self, names: Names) -> Line:
        owner = f" {self.owner}'s" if self.owner else ""
        day = f" due {self.due_at:%d %b}" if self.due_at else ""
        return Line(f"action item {self.item} is{owner}{day} in the tracker", self.refused, "warn", alone=True)


class ItemMoved(_OfItem):
    """The issue of an action item goes on in another project, under another name (ACT-2)."""

    ref: str
    url: str

    def apply(self, incident: Incident, event: Event) -> None:
        item = incident.items[self.item]
        item.ref, item.url = self.ref, self.url

    def line(self, names: Names) -> Line:
        return Line(f"action item {self.item} is {self.ref} in the tracker now", url=self.url, alone=True)
