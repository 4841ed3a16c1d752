"""What an event or an act is called is a contract: its kind is made of its class's name, which may be changed."""

from pathlib import Path

import pytest

import domain.procedure.sop  # noqa: F401  # whose files say what can happen
from domain.incident.fact import Fact
from domain.value.act import Act
from domain.value.kind import Kinded

CALLED = Path(__file__).with_name("kinds.txt")


@pytest.mark.parametrize(("root", "word"), [(Fact, "event"), (Act, "act")])
def test_what_was_ever_recorded_is_called_so_for_ever(root: type[Kinded], word: str) -> None:
    lines = [line.split() for line in CALLED.read_text().splitlines()]
    recorded = {kind for what, kind in lines if what == word}
    assert len(recorded) > 70
    assert recorded - root.kinds.keys() == set()


def test_a_class_may_be_called_otherwise_than_its_kind() -> None:
    assert Fact.kinds["rang"].__name__ == "WaitOver"
    assert Act.kinds["link"].__name__ == "LinkIncidents"
