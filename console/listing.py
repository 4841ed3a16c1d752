"""Every command as help and TAB need it: gathered from the modules once, and remembered for as long as they stay."""

import hashlib
import importlib
import itertools
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from typer.main import get_command, get_group

from console.outline import Outline, outline

MODULES = (
    "declaration",
    "reading",
    "due",
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
    """A command as the help lists it, and its outline."""

    name: str
    module: str
    line: str
    outline: Outline


class Memory(NamedTuple):
    """What is remembered: the commands in the order of the help, and each clause of the SOP with its text."""

    commands: list[Listed]
    clauses: dict[str, str]


def panel(name: str) -> str:
    """Where the help shows a command."""
    return next((title for title, names in PANELS.items() if name in names), ACTS)


def listing() -> list[Listed]:
    """Every command with its line."""
    return remembered().commands


def remembered() -> Memory:
    """What was gathered from these very sources; gathered now, and remembered, where it was not yet."""
    kept = _kept()
    if kept is None:
        return _gathered()
    with suppress(OSError, ValueError, TypeError):
        commands, clauses = json.loads(kept.read_text())
        listed = [Listed(name, module, line, Outline.read(drawn)) for name, module, line, drawn in commands]
        return Memory(listed, dict(clauses))
    gathered = _gathered()
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        begun = kept.with_suffix(f".{os.getpid()}")
        begun.write_text(json.dumps(gathered))
        begun.replace(kept)
    return gathered


def _kept() -> Path | None:
    """The file of these very sources; another release, or a line that was changed, has another. None without a home."""
    home = os.environ.get("HOME")
    cache = os.environ.get("XDG_CACHE_HOME") or (home and f"{home}/.cache")
    if not cache:
        return None
    stats = (path.stat() for folder in SOURCES for path in sorted((ROOT / folder).glob("*.py")))
    seen = hashlib.sha256(repr([str(ROOT), *((one.st_mtime_ns, one.st_size) for one in stats)]).encode())
    return Path(cache) / "standfast" / f"commands-{seen.hexdigest()[:16]}.json"


def _gathered() -> Memory:
    from domain.procedure.sop import PROCEDURE

    found = [
        Listed(name, module, brief(command.get_short_help_str(limit=200)), outline(command))
        for module in MODULES
        for name, command in built_in(module)
    ]
    named = itertools.chain.from_iterable(names or ("",) for names in PANELS.values())
    place = {name: number for number, name in enumerate(named)}
    ordered = sorted(found, key=lambda one: place.get(one.name, place[""]))
    return Memory(ordered, {id: clause.text for id, clause in PROCEDURE.clauses.items()})


def brief(line: str) -> str:
    """What a command does, without what it does besides: its own help says that."""
    return re.split(r"[:;]", line, maxsplit=1)[0].rstrip(".")


def built_in(module: str) -> Iterator[tuple[str, Any]]:
    """The commands of a module, built."""
    app = importlib.import_module(f"console.{module}").app
    if isinstance(app.info.name, str):
        yield app.info.name, get_command(app)
        return
    yield from get_group(app).commands.items()
