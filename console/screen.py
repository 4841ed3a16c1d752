"""Where commands write: tables and colours for people at a terminal, plain wide text for pipes, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

PIPE = 200
"""Columns where no terminal says how many it has, so that a line stays a line."""


HIDDEN = dict.fromkeys((*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)), "�")
"""What moves the cursor, changes the terminal or turns the direction of reading: it is shown as a sign."""
del HIDDEN[ord("\n")], HIDDEN[ord("\t")]


class Screen(Console):
    """A console on which only our own colours do anything, whatever stands in the words that are shown."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments, their words made harmless."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else text.translate(HIDDEN), style, control)


def out() -> Console:
    """Standard output; colours only at a terminal."""
    return Screen(width=None if sys.stdout.isatty() else PIPE, highlight=False, markup=False, emoji=False)


def show(*parts: RenderableType) -> None:
    """Write for people."""
    screen = out()
    for part in parts:
        screen.print(part, soft_wrap=isinstance(part, str | Text) and not screen.is_terminal)


def complain(words: str) -> None:
    """Say on standard error what went wrong and what to do."""
    wide = None if sys.stderr.isatty() else PIPE
    screen = Screen(stderr=True, width=wide, highlight=False, markup=False, emoji=False, soft_wrap=True)
    screen.print(words, style="bold")


def grid(narrow: int, *, who: int | None = None, last: bool = True) -> Table:
    """So many narrow columns, one of names where it has a width, the words, and at the right a last narrow one."""
    made = Table.grid(expand=True, padding=(0, 2, 0, 0))
    for _ in range(narrow):
        made.add_column(no_wrap=True)
    if who:
        made.add_column(max_width=who)
    made.add_column(ratio=1, overflow="fold")
    if last:
        made.add_column(justify="right", no_wrap=True)
    return made


class Dumped(Protocol):
    """What can be told as JSON: a model, or what a worker told already."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """Its fields by their names."""
        ...


def show_json(data: Dumped | Iterable[Dumped] | Mapping[str, object]) -> None:
    """Write for programs."""
    if isinstance(data, Mapping):
        told: object = dict(data)
    elif isinstance(data, Iterable) and not hasattr(data, "model_dump"):
        told = [one.model_dump(mode="json") for one in data]
    else:
        told = data.model_dump(mode="json")
    print(json.dumps(told, indent=2))
