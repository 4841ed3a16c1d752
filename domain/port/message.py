"""What is said to people, in no vendor's format."""

from typing import Literal

from pydantic import Field

from domain.company.catalog import Link, Person
from domain.value.model import Instant, Model, unsaid

Style = Literal["plain", "primary", "danger"]


class Button(Model):
    """A press that sends an act: `act` is its kind, `fields` what the button already knows of it.

    With `url` it opens that place instead, and sends none.
    """

    act: str = ""
    label: str
    fields: dict[str, str] = Field(default_factory=dict)
    style: Style = "plain"
    asks: bool = False
    """The act needs words from the person: the room opens a form for the remaining fields."""
    url: str = Field(default="", exclude_if=unsaid)


class Message(Model):
    """A short text with the facts under it and the presses that answer it.

    `text` is plain words with `*bold*` and line breaks, and begins with the sentence that a phone shows; `to` are
    the people called by name in it.
    """

    title: str = ""
    text: str
    to: tuple[Person, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    buttons: tuple[Button, ...] = ()
    small: str = ""
    """What a hurried reader may pass over: the clause, who else knows, how long it stays so."""
    moments: tuple[Instant, ...] = Field(default=(), exclude_if=unsaid)
    """Moments that the words name in UTC (`clock_time`); a room that can says them in its reader's own time."""
