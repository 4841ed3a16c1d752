"""What the terminal says of an incident reads as people say it."""

import re
from datetime import timedelta

from tests.console.conftest import Standfast
from tests.console.memory import Memory


def test_what_the_software_owes_is_its_own_and_nobodys_and_a_late_deed_is_said_once(
    standfast: Standfast, house: Memory
) -> None:
    incident = house.begin()
    house.now += timedelta(minutes=6)
    standfast("ack", incident, "--by", "sam")
    standfast("severity", incident, "P1", "--by", "jonas")
    shown = standfast("show", incident).stdout
    assert re.search(r"Standfast +opens the war room", shown)
    assert "nobody (standfast)" not in shown
    told = standfast("timeline", incident).stdout
    assert (told.count("1 min late"), "Sam" in told) == (1, True)
    assert "1 min late: acknowledge" in standfast("timeline", incident, "--all").stdout
