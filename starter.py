"""The command line `standfast`: reads `.env`, runs one command, and ends processes properly."""

import contextlib
import os
import sys
from typing import Annotated

import typer
from dotenv import find_dotenv, load_dotenv

from console.code import CODES
from console.root import Root

app = typer.Typer(
    name="standfast",
    cls=Root,
    no_args_is_help=True,
    epilog=CODES,
    pretty_exceptions_show_locals=False,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"standfast {version('standfast')}")
        raise typer.Exit


def _say_commands(context: typer.Context, wanted: bool) -> None:
    if wanted and isinstance(context.command, Root):
        context.command.every_command(context)
        raise typer.Exit


@app.callback()
def root(
    _commands: Annotated[
        bool, typer.Option("--commands", callback=_say_commands, is_eager=True, help="Every command with its line.")
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which release this is.")
    ] = False,
) -> None:
    """Carry out the incident response procedure: declare, acknowledge, decide, and see what is due."""


def main() -> None:
    """Read `.env`, run one command, and leave without the interpreter's own ending."""
    load_dotenv(find_dotenv(usecwd=True))
    code: int | str | None = 0
    try:
        app()
    except SystemExit as ended:
        code = ended.code
        if isinstance(code, str):
            sys.stderr.write(f"{code}\n")
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))  # an ordinary exit may crash (sdk-python#300)


if __name__ == "__main__":
    main()
