"""The drawing of the rooms is true, and leaves out only what it implies."""

from itertools import chain

import pytest

from tests.house.drawing import INNER, READABLE, documented, drawn, house, inside, made, reduced


def test_the_drawing_is_that_of_the_code() -> None:
    assert documented() == made(), "docs/architecture.md: write it anew with `make drawing`"


FLOORS = 10
"""Of more on top of each other nobody would know which is which."""


@pytest.mark.parametrize(("package", "lowest"), [("", "domain"), (INNER, "value")])
def test_rooms_are_drawn_without_a_circle_and_few_enough_to_read(package: str, lowest: str) -> None:
    rooms, floors = inside(package) if package else house(), list[list[str]]()
    while left := [room for room in rooms if room not in chain(*floors)]:
        free = [room for room in left if rooms[room] <= {*chain(*floors)}]
        assert free, f"imports go round in circles: {left}"
        floors.append(free)
    assert floors[0] == [lowest]
    assert (len(rooms) <= READABLE, len(floors) <= FLOORS) == (True, True)


def test_an_arrow_that_follows_from_others_is_left_out_and_a_circle_is_kept() -> None:
    assert reduced({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}
    circle = {"a": {"b"}, "b": {"a"}}
    assert reduced(circle) == circle
    assert drawn({"b": {"a"}, "a": set()}) == "```mermaid\nflowchart TD\n  b --> a\n```\n"


def test_a_package_has_rooms_of_its_own_that_import_each_other() -> None:
    rooms = inside("ingress")
    assert "board" in rooms
    assert "ingress" not in rooms
    assert any(rooms.values())
