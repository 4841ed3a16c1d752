"""The list of incidents at 80 columns: how bad, what, how far, and what is left."""

import asyncio

import pytest
from rich.console import Console

from console import page
from console.completion import called
from domain.procedure.headline import WORDS
from tests.console.conftest import Standfast
from tests.console.memory import Memory


@pytest.mark.sop("DET-2")
def test_the_list_fits_80_columns_and_says_what_and_how_far(house: Memory) -> None:
    house.begin("slow invoices, every one of them waits for more than a minute " * 2, "billing")
    screen = Console(width=80)
    with screen.capture() as written:
        screen.print(page.glances(asyncio.run(house.list_incidents()), house.now, called()))
    lines = written.get().splitlines()
    assert {len(line) for line in lines} == {80}
    assert "Billing: slow invoices" in lines[0]
    assert f"{WORDS['alerting']}, opened 0 s ago" in lines[-1]


def test_whoever_commands_is_called_by_name_in_the_list(house: Memory) -> None:
    house.begin("slow invoices", "billing")
    [one] = asyncio.run(house.list_incidents())
    screen = Console(width=80)
    with screen.capture() as written:
        screen.print(
            page.glances([one.model_copy(update={"phase": "active", "commander": "jonas"})], house.now, called())
        )
    assert "Jonas commands" in written.get()


def test_the_list_while_nothing_is_fought_says_how_many_are_followed_up(standfast: Standfast, house: Memory) -> None:
    assert standfast("list").stdout.startswith("Nothing is open")
    incident = house.begin()
    standfast("ack", incident)
    standfast("severity", incident, "P1", "--by", "jonas")
    standfast("resolve", incident, "the flag is off", "--by", "jonas")
    assert standfast("list").stdout.startswith("Nothing is being fought. 1 in follow-up: ")
    assert incident in standfast("list", "--phase", "resolved").stdout
