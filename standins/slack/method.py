"""What a method of the Web API is to the stand-in, and the state they all work on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from standins.slack.workspace import Refusal, Room, Workspace

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


@dataclass
class State:
    """What the methods work on."""

    workspace: Workspace = field(default_factory=Workspace)
    ephemerals: list[dict[str, Any]] = field(default_factory=list)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    triggers: dict[str, bool] = field(default_factory=dict)
    """The triggers that were given out, and whether they are used up."""
    opened: dict[str, str] = field(default_factory=dict)
    """The modal that each trigger opened."""
    site: str = "https://standfast.slack.com/"
    """Where people read the workspace."""
    socket_url: str = ""
    """Where Socket Mode connects, while a link is open."""
    page_size: int = 1000
    """The most items on a page, whatever is asked for: Slack may give fewer too."""

    def whisper(self, room: Room, user: str, message: Answer) -> None:
        """Show a message to one person only, below what stands in the room now."""
        last = room.messages[-1]["ts"] if room.messages else ""
        self.ephemerals.append({"channel": room.id, "user": user, "after": last, **message})


class Method(NamedTuple):
    """One method: its arguments, whether it reads a JSON body, and what it does."""

    run: Callable[[State, Arguments], Answer]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    json: bool = True
    app: bool = False
    """Whether it takes the app-level token instead of the bot's."""

    def checked(self, arguments: Arguments) -> Arguments:
        """The arguments, or Slack's refusal of them."""
        missing = [name for name in self.needs if arguments.get(name) in (None, "")]
        if missing:
            messages = [f"[ERROR] missing required field: {name}" for name in missing]
            raise Refusal("invalid_arguments", response_metadata={"messages": messages})
        unknown = sorted(set(arguments) - set(self.needs) - set(self.takes))
        if unknown:
            raise Refusal("invalid_arg_name", response_metadata={"messages": [f"[ERROR] {unknown[0]}"]})
        return arguments
