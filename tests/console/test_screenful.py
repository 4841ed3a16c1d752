"""What a command says of one incident is a screenful at most."""

from datetime import timedelta

from tests.console.conftest import Standfast
from tests.console.memory import Memory


def test_a_p1_that_is_fought_is_shown_in_fourteen_lines(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("ack", incident, "--by", "dana")
    standfast("severity", incident, "P1", "--by", "jonas")
    house.now += timedelta(minutes=4)
    standfast("role", "take", incident, "comms", "--by", "ines")
    standfast("finding", incident, "flag is off. 5xx falling: 41 % -> 6 %", "--by", "dana")
    told = standfast("show", incident).stdout.partition("Being tried:")
    tail = [line for line in told[2].splitlines() if line and not line.startswith("  ")]  # what a vendor is asked for
    assert len([*filter(str.strip, told[0].splitlines()), *tail]) <= 14
