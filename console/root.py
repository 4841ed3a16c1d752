"""The root of the command line: it knows every command's name and line, and imports only the one that is asked for."""

import hashlib
import importlib
import itertools
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group
from typer.rich_utils import rich_format_help

MODULES = (
    "declaration",
    "reading",
    "acts",
    "scorecard",
    "checklist",
    "simulate",
    "replay",
    "drill",
    "serve",
    "doctor",
    "restore",
    "reconcile",
    "identity",
    "inbox",
    "policy",
    "kpi",
    "audit",
)
"""The modules of commands. One whose app has a name is a command of several words, the others give theirs."""
PANELS = {
    "Now": ("declare", "ack", "show", "due", "checklist", "list"),
    "In an incident": (),
    "After it": ("action", "postmortem", "breach", "scorecard"),
    "Practise": ("simulate", "replay", "drill", "demo"),
    "Run it": ("worker", "serve", "doctor", "restore", "reconcile", "inbox", "policy", "whoami", "open"),
    "Audit": ("kpi", "audit"),
}
"""Where a command stands in the help, in this order; what is named nowhere is an act."""
ACTS = "In an incident"
ROOT = Path(__file__).parent.parent
SOURCES = ("console", "domain/procedure", "domain/rule")
"""Where commands and their words come from."""


class Listed(NamedTuple):
    """A command as the help lists it."""

    name: str
    module: str
    line: str


class Commands(Mapping[str, Any]):
    """Every command by its name; its module is imported when it is asked for."""

    def __iter__(self) -> Iterator[str]:
        return (one.name for one in listing())

    def __len__(self) -> int:
        return len(listing())

    def __getitem__(self, name: str) -> Any:
        module = {one.name: one.module for one in listing()}[name]
        return dict(_commands(module))[name]


class Root(TyperGroup):
    """The group of all commands; help and completion of names import none of them."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands: Any = Commands()

    def list_commands(self, ctx: Any) -> list[str]:
        """Every name, in the order of the help."""
        return list(self.commands)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help from the listing, in panels."""
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


def panel(name: str) -> str:
    """Where the help shows a command."""
    return next((title for title, names in PANELS.items() if name in names), ACTS)


def listing() -> list[Listed]:
    """Every command with its line: as remembered from the same sources, or gathered from the modules and remembered."""
    kept = _kept()
    with suppress(OSError, ValueError, TypeError):
        return [Listed(*one) for one in json.loads(kept.read_text())]
    gathered = _gathered()
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        begun = kept.with_suffix(f".{os.getpid()}")
        begun.write_text(json.dumps(gathered))
        begun.replace(kept)
    return gathered


def _kept() -> Path:
    """The file of these very sources; another release, or a line that was changed, has another."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    stats = (path.stat() for folder in SOURCES for path in sorted((ROOT / folder).glob("*.py")))
    seen = hashlib.sha256(repr([str(ROOT), *((one.st_mtime_ns, one.st_size) for one in stats)]).encode())
    return cache / "standfast" / f"commands-{seen.hexdigest()[:16]}.json"


def _gathered() -> list[Listed]:
    found = [
        Listed(name, module, brief(command.get_short_help_str(limit=200)))
        for module in MODULES
        for name, command in _commands(module)
    ]
    named = itertools.chain.from_iterable(names or ("",) for names in PANELS.values())
    place = {name: number for number, name in enumerate(named)}
    return sorted(found, key=lambda one: place.get(one.name, place[""]))


def brief(line: str) -> str:
    """What a command does, without what it does besides: its own help says that."""
    return re.split(r"[:;]", line, maxsplit=1)[0].rstrip(".")


def _commands(module: str) -> Iterator[tuple[str, Any]]:
    """The commands of a module, built."""
    app: typer.Typer = importlib.import_module(f"console.{module}").app
    if isinstance(app.info.name, str):
        yield app.info.name, get_command(app)
        return
    yield from get_group(app).commands.items()
