"""Scenarios by name: the shipped library, or a file."""

from pathlib import Path

from activities.company import load
from console.ending import Refusing
from domain.simulation import Scenario

LIBRARY = Path(__file__).parents[1] / "deploy" / "scenario"


def scenario_called(word: str) -> Scenario:
    """The scenario of this name in the library, or in this file."""
    file = Path(word) if word.endswith((".yaml", ".yml")) else LIBRARY / f"{word}.yaml"
    if not file.exists():
        known = ", ".join(sorted(one.stem for one in LIBRARY.glob("*.yaml")))
        raise Refusing(f"scenario: found {word!r}, expected a file or one of {known}")
    return load(file, Scenario)
