"""The outline of a command: its parameters and what TAB offers for them, remembered without the module it is from."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args

import typer
from typer.main import get_command

from console.completion import OFFERS

Takes = Literal["", "one", "many"]
"""How many words stand behind an option or for an argument; none behind a flag."""


class Parameter(NamedTuple):
    """An argument, or an option by the ways it is written."""

    name: str
    written: list[str]
    takes: Takes
    line: str
    offers: str
    """The name of what TAB offers for it; empty for nothing."""


class Outline(NamedTuple):
    """A command or a group of them."""

    line: str
    parameters: list[Parameter]
    commands: dict[str, Any]
    """The outlines of a group's commands by their names."""

    @classmethod
    def read(cls, kept: Any) -> Self:
        """The outline as JSON has it; raises ValueError or TypeError where it is none."""
        line, parameters, commands = kept
        inner = {name: cls.read(one) for name, one in commands.items()}
        return cls(line, [Parameter(*one) for one in parameters], inner)


def outline(command: Any) -> Outline:
    """The outline of a command as typer built it."""
    offered = dict(_offered(command.callback)) if command.callback else {}
    parameters = [_parameter(one, offered.get(one.name, "")) for one in command.params if not one.hidden]
    inner = {name: outline(one) for name, one in getattr(command, "commands", {}).items() if not one.hidden}
    return Outline(command.get_short_help_str(limit=200), parameters, inner)


def _parameter(one: Any, offers: str) -> Parameter:
    written = [*one.opts, *one.secondary_opts] if one.param_type_name == "option" else []
    many = one.nargs == -1 or getattr(one, "multiple", False)
    takes: Takes = "" if getattr(one, "is_flag", False) else "many" if many else "one"
    if one.secondary_opts:
        written = ["/".join([*one.opts, *one.secondary_opts])]
    return Parameter(one.name, written, takes, getattr(one, "help", "") or "", offers)


def _offered(callback: Any) -> Iterator[tuple[str, str]]:
    """What each parameter says that TAB offers for it."""
    for name, parameter in inspect.signature(callback, eval_str=True).parameters.items():
        for info in get_args(parameter.annotation)[1:]:
            if autocompletion := getattr(info, "autocompletion", None):
                yield name, autocompletion.__name__


def built(name: str, of: Outline) -> Any:
    """A command that has the outline and does nothing: enough for a shell that asks what may follow."""
    app = typer.Typer(name=name, add_completion=False)
    if of.commands:
        app.callback()(_doing_nothing(of.parameters))
        _add(app, of.commands)
    else:
        app.command(name, help=of.line)(_doing_nothing(of.parameters))
    return get_command(app)


def _add(app: typer.Typer, commands: Mapping[str, Outline]) -> None:
    for name, one in commands.items():
        if one.commands:
            group = typer.Typer(name=name, help=one.line)
            group.callback()(_doing_nothing(one.parameters))
            _add(group, one.commands)
            app.add_typer(group)
        else:
            app.command(name, help=one.line)(_doing_nothing(one.parameters))


def _doing_nothing(parameters: list[Parameter]) -> Any:
    def nothing(**_: Any) -> None: ...

    signature = inspect.Signature([_as_typer_reads_it(one) for one in parameters])
    nothing.__signature__ = signature  # type: ignore[attr-defined]
    nothing.__annotations__ = {}
    return nothing


def _as_typer_reads_it(one: Parameter) -> inspect.Parameter:
    kind: Any = {"": bool, "one": str | None, "many": list[str] | None}[one.takes]
    offers = OFFERS.get(one.offers)
    shown = (
        typer.Option(*one.written, help=one.line, autocompletion=offers)
        if one.written
        else typer.Argument(help=one.line, autocompletion=offers)
    )
    default = None if one.takes else False
    return inspect.Parameter(
        one.name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[kind, shown], default=default
    )
