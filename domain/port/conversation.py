"""How a chat is talked with: what people press, type and fill in there, and what they are shown at once.

`teams` are the workspaces that something came from: where it was done, and whose the person is who did it.
`user`, `channel`, `message` and `trigger` are the chat's own ids, and nothing to us but that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, NamedTuple, Protocol

from pydantic import Field

from domain.port.message import Message
from domain.value.model import Instant, Model

Options = tuple[tuple[str, str], ...]
"""What can be chosen: the value, and what people read."""
ShownMessage = tuple[Message, str]
"""A message, and the incident its buttons act on; none where they act on no incident yet."""


class FormField(NamedTuple):
    """One input of a form: the act's field, its label, and how it is answered."""

    field: str
    label: str
    how: Literal["line", "text", "choice", "person", "moment"] = "line"
    optional: bool = False
    options: Options = ()
    hint: str = ""
    listens: bool = False
    """What is chosen changes the form at once."""
    begins: bool = False
    """No field of the act: what is chosen here is what the others begin with."""
    choose: str = ""
    """What it is chosen from, where not from options of its own (`Ask.choose`)."""
    spare: bool = False
    """Left out where there is nothing to choose from."""
    settled: bool = False
    """Left out where the press that opened the form has said it."""
    group: str = ""
    """The heading above it, for it and those that follow."""


class Opened(Model):
    """What a form remembers of the press that opened it; it comes back with what was filled in."""

    incident: str
    act: str
    channel: str = ""
    """Where it was pressed, so that what comes later can be told there."""
    fields: dict[str, str] = Field(default_factory=dict)
    turn: int = 0
    """How often a choice has rewritten the form."""


class UnclearInput(Exception):
    """An act could not be made of what was said; `errors` says what is wrong, by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {error}" for field, error in errors.items()))
        self.errors = dict(errors)


class Form(NamedTuple):
    """A form to be shown: what it asks, what stands in it, what it remembers, and what would be published."""

    title: str
    fields: tuple[FormField, ...]
    known: Mapping[str, str]
    opened: Opened
    preview: str = ""
    submit: str = ""
    """On the button that sends it."""


class _Told(Model):
    """Something that somebody did there; `id` tells a repeated delivery from a second one."""

    teams: tuple[str, ...] = ()
    id: str
    user: str
    at: Instant


class Pressed(_Told):
    """A button of ours was pressed. `asks` says that the act needs words: open its form with the trigger at once."""

    kind: Literal["pressed"] = "pressed"
    incident: str
    act: str
    fields: dict[str, str] = Field(default_factory=dict)
    asks: bool = False
    channel: str = ""
    message: str = ""
    trigger: str


class Commanded(_Told):
    """A command was typed; `words` is what follows it."""

    kind: Literal["commanded"] = "commanded"
    command: str
    words: str
    channel: str
    channel_name: str = ""
    """As the chat names it; a private room may have no name of its own here."""
    trigger: str


class Submitted(_Told):
    """A form was sent: `values` by question, and what it remembered."""

    kind: Literal["submitted"] = "submitted"
    opened: Opened
    values: dict[str, str] = Field(default_factory=dict)


class Chosen(_Told):
    """Something was chosen or pressed in an open form: `field` says where, `values` are the form's as it stands."""

    kind: Literal["chosen"] = "chosen"
    view: str
    field: str
    opened: Opened
    values: dict[str, str] = Field(default_factory=dict)


class Pointed(_Told):
    """Somebody pinned a message, marked it, or asked for it to be noted."""

    kind: Literal["pointed"] = "pointed"
    channel: str
    message: str
    finding: bool = False
    """Whether it was marked as what was found (WAR-4)."""


class Written(_Told):
    """Somebody wrote in a room that the app is in, to nobody in particular, or to the app alone."""

    kind: Literal["written"] = "written"
    channel: str
    message: str
    text: str = ""
    thread: str = ""
    """The reference of the message that it stands under, as `Outcome.ref` has it; empty for what stands in the room."""
    to_us: bool = False
    """Whether it was written to the app alone, in a direct message."""


class HomeOpened(_Told):
    """Somebody opened the app's home."""

    kind: Literal["home_opened"] = "home_opened"


class DeclarationWanted(_Told):
    """Somebody asked, outside any room, for the form that declares an incident."""

    kind: Literal["declaration_wanted"] = "declaration_wanted"
    trigger: str


class Passed(Model):
    """Something that is nothing to us; `type` is the chat's name for it."""

    kind: Literal["passed"] = "passed"
    teams: tuple[str, ...] = ()
    id: str
    type: str


class Challenge(Model):
    """The chat asks whether this door is ours: answer with the same words."""

    kind: Literal["challenge"] = "challenge"
    challenge: str


PersonDid = Pressed | Commanded | Submitted | Chosen | Pointed | Written | HomeOpened | DeclarationWanted
"""What a person did."""
Heard = Annotated[PersonDid | Passed | Challenge, Field(discriminator="kind")]


@dataclass(frozen=True)
class Reply:
    """What one person is told, in words in which nothing rings or links; `shown` where there are messages to press.

    `seen` when the change itself shows it already.
    """

    text: str = ""
    shown: tuple[ShownMessage, ...] = ()
    seen: bool = False
    moments: tuple[datetime, ...] = ()
    """Moments that the text names in UTC; a chat that can says them in its reader's own time."""

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.text or self.shown)


@dataclass(frozen=True)
class FormErrors:
    """A form that stays open: what is wrong, by question; what no question is about has the empty name."""

    fields: tuple[FormField, ...]
    turn: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)


Answer = Reply | FormErrors | Challenge | None
"""What a delivery is answered with at once."""


class RoomInfo(NamedTuple):
    """What tells which incident a room is for."""

    name: str
    purpose: str


class PinnedMessage(NamedTuple):
    """A message that somebody pointed at."""

    text: str
    author: str
    url: str


class ChatConversation(Protocol):
    """What is done at once for the person who pressed or typed; whatever fails raises `VendorError`."""

    vendor: str
    """Whose ids `user` and the others are; acts say that they came this way."""

    async def me(self) -> str:
        """Our own user there."""

    async def open_form(self, trigger: str, form: Form) -> str:
        """Open a form; answers its id, or nothing when this press has opened one already."""

    async def change_form(self, view: str, form: Form) -> None:
        """Show an open form anew; one that was closed meanwhile needs no change."""

    async def whisper(self, channel: str, user: str, reply: Reply) -> None:
        """Tell one person something that nobody else sees: in the channel, or directly where it can't be there."""

    async def show_home(self, user: str, shown: Sequence[ShownMessage]) -> None:
        """Publish the home of one person."""

    async def room(self, channel: str) -> RoomInfo:
        """What a room is called and what it is for; empty for one that cannot be seen, or that is no room."""

    async def message(self, channel: str, message: str) -> PinnedMessage | None:
        """One message of a channel or of a thread in it; None when it is gone."""
