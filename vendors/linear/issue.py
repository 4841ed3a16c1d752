"""How one of our action items is known in Linear: its id, the mark in its description, and what its state means."""

import re
from typing import Literal
from urllib.parse import quote, unquote
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field

from domain.port.duty import ItemState
from vendors.said import Part, Text, end_of_day

MARK = re.compile(r"`standfast:(INC-[0-9A-HJKMNP-TV-Z]{5})/([^\s`]+)`")
"""Set as code, because Linear escapes a description's other characters as it likes."""

STATES: dict[str, Literal["done", "declined"]] = {"completed": "done", "canceled": "declined", "duplicate": "declined"}
"""The state types that end an item; every other type is open (linear/linear, schema.graphql, `WorkflowState.type`)."""


class State(Part):
    """Where the issue stands: the team's own word, and which type of state that is."""

    name: Text = ""
    type: Text = ""

    @property
    def meaning(self) -> Literal["open", "done", "declined"]:
        """What this means for the action item."""
        return STATES.get(self.type, "open")


class Assignee(Part):
    """Whose it is."""

    email: Text = ""
    name: Text = ""


class Issue(Part):
    """An issue, as the API shows it."""

    id: str
    identifier: str
    url: str
    trashed: bool | None = None
    state: State
    assignee: Assignee | None = None
    due: str | None = Field(None, alias="dueDate")
    """A day, such as 2026-12-07."""

    @property
    def item(self) -> ItemState:
        """Whose it is and until when."""
        owner = (self.assignee.email or self.assignee.name) if self.assignee else ""
        return ItemState(owner=owner, due_at=end_of_day(self.due))


class Entry(Part):
    """A user or a label."""

    id: str
    name: Text = ""


class Entries(Part):
    """Some users or labels."""

    nodes: tuple[Entry, ...]


class Issues(Part):
    """Some issues."""

    nodes: tuple[Issue, ...]


class Opened(Part):
    """What came of creating an issue; Linear may leave the issue out."""

    success: bool
    issue: Issue | None = None


class Labelled(Part):
    """What came of creating a label."""

    success: bool
    label: Entry = Field(alias="issueLabel")


def own_id(*names: str) -> str:
    """The id of a thing of ours, the same for every attempt; in the form of version 4, which alone Linear promises."""
    derived = uuid5(NAMESPACE_URL, "standfast:" + "/".join(names))
    return str(UUID(bytes=derived.bytes, version=4))


def mark(incident: str, item: str) -> str:
    """What the description says, so that the item can be told from a delivery."""
    return f"`standfast:{incident}/{quote(item, safe='')}`"


def item_of(issue: str, description: str) -> tuple[str, str] | None:
    """The incident and item that a description names, where the issue's id proves it; None when it is not ours."""
    said = ((found[1], unquote(found[2])) for found in MARK.finditer(description))
    return next((one for one in said if own_id(*one) == issue), None)
