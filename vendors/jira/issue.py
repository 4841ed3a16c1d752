"""How one of our action items is known in Jira: the label it carries, and what its status means."""

import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import quote, unquote, urljoin

from pydantic import AliasPath, Field

from domain.port.duty import ItemState
from vendors.said import Part, Text, Texts, end_of_day

DECLINED = frozenset({"won't do", "won't fix", "wont do", "declined", "rejected", "cancelled", "canceled"})
"""Resolutions, or statuses of workflows without resolutions, that end an item without its work being done."""

LABEL = re.compile(r"standfast-inc-([0-9a-hjkmnp-tv-z]{5})-(.+)")


class Status(Part):
    """Where the issue stands, in the workflow's own word."""

    name: Text = ""
    category: Text = Field("", validation_alias=AliasPath("statusCategory", "key"))
    """What every status is one of: `new`, `indeterminate` or `done`."""


class Assignee(Part):
    """Whose it is; the address may be hidden."""

    email: Text = Field("", alias="emailAddress")
    name: Text = Field("", alias="displayName")


class Fields(Part):
    """The fields of an issue that we read."""

    summary: Text = ""
    description: object = None
    """Plain text in version 2 of the API; a document in version 3."""
    labels: Texts = ()
    status: Status = Status()
    resolution: Text = Field("", validation_alias=AliasPath("resolution", "name"))
    """How it ended; empty while it has not."""
    assignee: Assignee | None = None
    due: str | None = Field(None, alias="duedate")
    """A day, such as 2026-12-07."""

    @property
    def marks(self) -> tuple[str, ...]:
        """Its labels, and the last word of its description, where a mark stands if the project takes no labels."""
        words = self.description if isinstance(self.description, str) else ""
        return (*self.labels, *words.split()[-1:])

    @property
    def item(self) -> ItemState:
        """Whose it is and until when."""
        owner = (self.assignee.email or self.assignee.name) if self.assignee else ""
        return ItemState(owner=owner, due_at=end_of_day(self.due))

    @property
    def state(self) -> Literal["open", "done", "declined"]:
        """What this means for the action item."""
        if (self.status.category or (self.resolution and "done")) != "done":
            return "open"
        words = {self.status.name.lower(), self.resolution.lower()}
        return "declined" if words & DECLINED else "done"


class Issue(Part):
    """An issue, as the API and the webhook both show it."""

    key: str
    place: Text = Field("", alias="self")
    """Where the API has it."""
    fields: Fields = Fields()

    @property
    def url(self) -> str:
        """Where people look at it."""
        return urljoin(self.place, f"/browse/{self.key}")


def label(incident: str, item: str) -> str:
    """The label of one item: unique, without blanks (Jira takes none), and readable backwards."""
    return f"standfast-{incident.lower()}-{quote(item, safe='')}"


def item_of(labels: Iterable[str]) -> tuple[str, str] | None:
    """The incident and the item that one of these labels names; None when the issue is not ours."""
    found = next((match for match in map(LABEL.fullmatch, labels) if match), None)
    return (f"INC-{found[1].upper()}", unquote(found[2])) if found else None
