"""The root of the command line: it knows every command's name and line, and imports only the one that is asked for."""

import os
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from console.code import REFUSED
from console.listing import PANELS, Listed, built_in, listing, panel
from console.outline import built
from ingress.chat.word import ROLES, SAID, VERBS

AT_ONCE = "Now"
"""The panel whose commands the short help says a line of; of the others it names them."""
WIDE, INDENT, NAMED = 80, 16, 11
USER = "STANDFAST_USER"
"""Where it stands who acts, once for all commands."""
INCIDENT = "INCIDENT"
"""How commands call the incident that they are about (`console.session.Named`)."""

AS_COMMAND = {
    "escalate": "page", "handover": "role offer", "help": "--help", "menu": "--help", "mitigated": "update",
    "status": "show", "who": "show",
}  # fmt: skip
"""The words of the chat that a command has another name for; every other one is called alike."""


class Commands(Mapping[str, Any]):
    """Every command by its name; its module is imported when it is asked for."""

    def __iter__(self) -> Iterator[str]:
        return (one.name for one in listing())

    def __len__(self) -> int:
        return len(listing())

    def __getitem__(self, name: str) -> Any:
        module = {one.name: one.module for one in listing()}[name]
        return dict(built_in(module))[name]


def meant_by(word: str) -> str:
    """The command that another tool's word, or the chat's, stands for; empty for a command and for words of nobody."""
    said = word.lower()
    if any(one.name == said for one in listing()):
        return ""
    verb = VERBS.get(said) or SAID.get(said) or ("role take" if said in ROLES else said)
    return AS_COMMAND.get(said) or AS_COMMAND.get(verb) or (verb if verb != said else "")


def _lacking(error: Any) -> str:
    """What was not typed, asked as the form asks for it, and what the command is typed like; empty for what else is."""
    lacks, place = getattr(error, "param", None), getattr(error, "ctx", None)
    if type(error).__name__ != "MissingParameter" or lacks is None or place is None:
        return ""
    if lacks.metavar == INCIDENT:
        return "Which incident? `standfast list` shows those that are open."
    if lacks.envvar == USER:
        return f"Who are you? export {USER}=dana, or add --by dana."
    typed = [one.metavar for one in place.command.params if one.param_type_name == "argument"]
    option = [lacks.opts[0], "..."] if lacks.param_type_name == "option" else []
    return f"{lacks.help} Type: {' '.join([place.command_path, *typed, *option])}"


class Root(TyperGroup):
    """The group of all commands; help and completion import none of them."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands: Any = Commands()

    def list_commands(self, ctx: Any) -> list[str]:
        """Every name, in the order of the help."""
        return list(self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; its outline alone for a shell that asks what may follow."""
        if not ctx.resilient_parsing:
            return super().get_command(ctx, cmd_name)
        return next((built(one.name, one.outline) for one in listing() if one.name == cmd_name), None)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command; for another tool's word, or the chat's, it says what ours is called."""
        if meant := meant_by(args[0]):
            from console.screen import complain

            complain(f"Nothing here is called {args[0]}. Try: {ctx.command_path} {meant}")
            raise typer.Exit(REFUSED)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what is refused before its work has begun is said in a sentence like any other ending."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            from console.ending import Ending
            from console.screen import complain

            if lacking := _lacking(error):
                complain(lacking)
                raise typer.Exit(REFUSED) from None
            if not isinstance(error, Ending):
                raise
            complain(str(error))
            raise typer.Exit(error.code) from None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help on one screen."""
        typer.echo("\n".join(_screen(self, ctx)))

    def every_command(self, ctx: Any) -> None:
        """The long help: every command with its line, in panels."""
        from typer.rich_utils import rich_format_help

        rich_format_help(obj=self._lines(), ctx=ctx, markup_mode="rich")

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Names that begin so."""
        lines = self._lines()
        return lines.shell_complete(typer.Context(lines, info_name=ctx.info_name), incomplete)

    def _lines(self) -> TyperGroup:
        """This group with commands that have a name and a line, and do nothing."""
        lines = typer.Typer(name=self.name, help=self.help, epilog=self.epilog, add_completion=False)
        for one in listing():
            lines.command(one.name, help=one.line, rich_help_panel=panel(one.name))(lambda: None)
        made = get_group(lines)
        made.params = self.params
        return made


def _screen(root: Root, ctx: Any) -> Iterator[str]:
    """The lines of the short help: who asks, then the commands in their panels, then the options."""
    yield f"Usage: {ctx.command_path} COMMAND [ARGS]...    (COMMAND --help says more of each)"
    yield from textwrap.wrap(root.help or "", WIDE)
    yield ""
    commands = listing()
    for title in PANELS:
        yield from _panel(title, [one for one in commands if panel(one.name) == title])
    yield ""
    for option in root.get_params(ctx):
        yield f"{option.opts[-1]:<22}{(getattr(option, 'help', '') or '').partition(',')[0].rstrip('.')}"
    yield ""
    engine = os.environ.get("TEMPORAL_ADDRESS", "127.0.0.1:7233")
    yield f"You are: {os.environ.get(USER) or 'nobody (set STANDFAST_USER)'}. Engine: {engine}"
    yield from textwrap.wrap(root.epilog or "", WIDE)


def _panel(title: str, commands: list[Listed]) -> Iterator[str]:
    """A panel: what is needed at once line by line, the others by their names."""
    names = textwrap.wrap("  ".join(one.name for one in commands), WIDE - INDENT)
    lines = [_line(one) for one in commands] if title == AT_ONCE else names
    yield from (f"{'' if number else title:<{INDENT}}{line}" for number, line in enumerate(lines))


def _line(one: Listed) -> str:
    return f"{one.name:<{NAMED}}{textwrap.shorten(one.line, WIDE - INDENT - NAMED, placeholder='…')}"
