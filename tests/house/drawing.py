"""The drawing of the rooms and their imports in docs/architecture.md, made from the code: `make drawing`."""

import ast
import re
from collections.abc import Iterable, Iterator

from tests.house.source import ENTRIES, FLOORS, PRODUCT, ROOT, module, nodes

DOCUMENT = ROOT / "docs/architecture.md"
PLACE = re.compile(r"(?<=<!-- rooms -->\n).*(?=<!-- end -->)", re.DOTALL)
INNER = "domain"
"""The one package whose own rooms are drawn too."""
READABLE = 20
"""Of more rooms than this nobody would see anything."""
Graph = dict[str, set[str]]


def house() -> Graph:
    """Which room imports which: the packages and the entry points."""
    return _graph((*FLOORS, *ENTRIES))


def inside(package: str) -> Graph:
    """Which room of a package imports which: its packages, and the files that lie beside them."""
    within = f"{package}."
    return _graph({_room(module(path), within) for path in PRODUCT} - {""}, within)


def reduced(graph: Graph) -> Graph:
    """Without the arrows that others imply: from a room to one that it reaches through a room between them."""
    reach = {room: _reached(graph, room) for room in graph}

    def implied(room: str, below: str) -> bool:
        return any(
            below in reach[between] and room not in reach[between] and between not in reach[below]
            for between in graph[room] - {room, below}
        )

    return {room: {below for below in graph[room] if not implied(room, below)} for room in graph}


def drawn(graph: Graph) -> str:
    """A graph in Mermaid's words."""
    arrows = [f"  {room} --> {below}" for room, found in sorted(reduced(graph).items()) for below in sorted(found)]
    return "\n".join(["```mermaid", "flowchart TD", *arrows, "```", ""])


def made() -> str:
    """Every drawing of the document."""
    rooms = inside(INNER)
    return drawn(house()) + (f"\nWithin `{INNER}/`:\n\n{drawn(rooms)}" if len(rooms) <= READABLE else "")


def documented() -> str:
    """The drawings as they stand in the document."""
    found = PLACE.search(DOCUMENT.read_text())
    return found[0] if found else ""


def _graph(rooms: Iterable[str], within: str = "") -> Graph:
    """By the first part of each name that follows `within`."""
    graph: Graph = {room: set() for room in rooms}
    for path in PRODUCT:
        room = _room(module(path), within)
        if room in graph:
            imported = {_room(name, within) for node in nodes(path) for name in _named(node)}
            graph[room] |= (imported & graph.keys()) - {room}
    return graph


def _room(name: str, within: str) -> str:
    return name.removeprefix(within).split(".")[0] if name.startswith(within) else ""


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reached(graph: Graph, room: str) -> set[str]:
    found: set[str] = set()
    left = set(graph[room])
    while left:
        found |= left
        left = {below for one in left for below in graph[one]} - found
    return found


if __name__ == "__main__":
    text = DOCUMENT.read_text()
    DOCUMENT.write_text(PLACE.sub(lambda _: made(), text))
