"""What is installed: one package that carries the rooms, which import each other by their own names (ADR 60)."""

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)


def main() -> None:
    """The command `standfast`: the rooms beside this file come before whatever else bears their names."""
    if HERE not in sys.path:
        sys.path.insert(0, HERE)
    from starter import main as command

    command()
