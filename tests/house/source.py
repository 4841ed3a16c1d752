"""The project's own files, as the house's rules read them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = (
    "domain",
    "records",
    "vendors",
    "activities",
    "workflows",
    "client",
    "ingress",
    "standins",
    "stage",
    "demo",
    "console",
)
ENTRIES = ("worker", "starter", "standfast")


def files() -> list[Path]:
    """List what belongs to the project: every file that git knows or would add."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    paths = (ROOT / name for name in names.split("\0") if name)
    return sorted({path for path in paths if path.is_file()})


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    """Name a file as Python imports it."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PYTHON = [path for path in files() if path.suffix == ".py"]
PRODUCT = [path for path in PYTHON if module(path).split(".")[0] in (*FLOORS, *ENTRIES)]


@cache
def tree(path: Path) -> ast.Module:
    """Parse a file, once and only when asked: every worker of the tests imports this module."""
    return ast.parse(path.read_text(), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything that stands in a file."""
    return tuple(ast.walk(tree(path)))


@cache
def imports(path: Path) -> frozenset[str]:
    """Name the modules that a file imports, wherever in it the import stands."""
    plain = {alias.name for node in nodes(path) if isinstance(node, ast.Import) for alias in node.names}
    return frozenset(plain | {node.module for node in nodes(path) if isinstance(node, ast.ImportFrom) and node.module})
