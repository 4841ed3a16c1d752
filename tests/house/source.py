"""The project's own files, as the house's rules read them."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("domain", "records", "vendors", "activities", "workflows", "ingress", "demo", "console")
ENTRIES = ("worker", "starter")


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
TREES = {path: ast.parse(path.read_text(), str(path)) for path in PYTHON}


def imports(path: Path) -> set[str]:
    """Name the modules that a file imports, wherever in it the import stands."""
    nodes = list(ast.walk(TREES[path]))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
