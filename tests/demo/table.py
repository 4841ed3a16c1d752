"""The example in docs/replay.md: cut out of a real run, compared with one, and written anew by `python -m`."""

import re
from pathlib import Path

from typer.testing import CliRunner

from starter import app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs/replay.md"
COMMAND = ("replay", "--synthetic", "--policy", "deploy/example/stricter.yaml")
PLACE = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- end -->)", re.DOTALL)


def ran(*more: str) -> str:
    """What the command prints."""
    words = [str(ROOT / word) if word.endswith(".yaml") else word for word in (*COMMAND, *more)]
    return CliRunner().invoke(app, words).stdout


def example(printed: str) -> str:
    """The block of the docs: the command and what it says, up to the list of incidents."""
    lines = [line.rstrip() for line in printed.splitlines()]
    end = next(number for number, line in enumerate(lines) if "would have gone otherwise" in line)
    return "\n".join(["```", f"$ standfast {' '.join(COMMAND)}", *lines[: end + 1], "```", ""])


def documented() -> str:
    """The block as it stands in the docs."""
    found = PLACE.search(DOCS.read_text())
    return found[0] if found else ""


if __name__ == "__main__":
    block = example(ran())
    DOCS.write_text(PLACE.sub(lambda _: block, DOCS.read_text()))
