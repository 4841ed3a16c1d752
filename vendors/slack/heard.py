"""What Slack tells us, in models of our own: presses, choices, commands, filled forms, and what happens by itself.

`teams` are the workspaces that it came from: where it was done, and whose the person is who did it.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from domain.value.model import Moment, Shape


class Pressed(Shape):
    """A button of ours was pressed. `asks` says that the act needs words: open its form with the trigger at once."""

    kind: Literal["pressed"] = "pressed"
    teams: tuple[str, ...] = ()
    id: str
    incident: str
    act: str
    fields: dict[str, str] = Field(default_factory=dict)
    asks: bool = False
    user: str
    channel: str = ""
    message: str = ""
    trigger_id: str
    response_url: str = ""
    at: Moment


class Commanded(Shape):
    """A slash command was typed; `words` is what follows the command."""

    kind: Literal["commanded"] = "commanded"
    teams: tuple[str, ...] = ()
    id: str
    command: str
    words: str
    user: str
    channel: str
    channel_name: str = ""
    """As Slack names it; a private room is only `privategroup`."""
    trigger_id: str
    response_url: str = ""
    at: Moment


class Submitted(Shape):
    """A form was sent: `values` by block, `metadata` as the form was opened with."""

    kind: Literal["submitted"] = "submitted"
    teams: tuple[str, ...] = ()
    id: str
    callback_id: str
    metadata: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    user: str
    at: Moment


class Chosen(Shape):
    """Something was chosen or pressed in an open form: `field` says where, `values` are the form's as it stands."""

    kind: Literal["chosen"] = "chosen"
    teams: tuple[str, ...] = ()
    id: str
    view: str
    field: str
    metadata: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    user: str
    at: Moment


class Happened(Shape):
    """Something happened in the workspace, in Slack's own words."""

    kind: Literal["happened"] = "happened"
    teams: tuple[str, ...] = ()
    id: str
    type: str
    event: dict[str, Any]
    at: Moment


class Challenge(Shape):
    """Slack asks whether this door is ours: answer with the same words."""

    kind: Literal["challenge"] = "challenge"
    challenge: str


Heard = Annotated[Pressed | Chosen | Commanded | Submitted | Happened | Challenge, Field(discriminator="kind")]
