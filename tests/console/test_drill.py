"""`standfast drill`: begun, followed to its end, reported; and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.console.conftest import Standfast
from tests.console.memory import Memory

WORDS = """
says: One alert, and nobody who reacts to it.
service: checkout
lasts: 30m
story:
  - {at: 0s, alert: 5xx error rate}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    file = tmp_path / "quick.yaml"
    file.write_text(WORDS)
    return str(file)


def test_a_drill_is_begun_and_reported(standfast: Standfast, house: Memory, scenario: str) -> None:
    begun = standfast("drill", scenario, "--with", "dana,Jonas Weber", "--page", "--detach", "--json")
    assert begun.exit_code == 0, begun.output
    incident = str(json.loads(begun.stdout)["incident"])
    opened = house.incidents[incident].opened
    assert (opened.drill, opened.catalog.vendors["pager"], opened.catalog.vendors["room"]) == (
        True,
        "pagerduty",
        "practice",
    )
    assert standfast("ack", incident, "--by", "dana").exit_code == 0
    ended = standfast("drill", incident, "--end")
    assert ended.exit_code == 0, ended.output
    told = standfast("drill", incident)
    assert told.exit_code == 0
    assert "DRILL 5xx error rate" in told.stdout
    assert "Dana Okafor" in told.stdout
    report = json.loads(standfast("drill", incident, "--json").stdout)
    assert [step["step"] for step in report["steps"]] == ["acknowledged"]


def test_a_drill_is_followed_until_it_is_over(standfast: Standfast, house: Memory, scenario: str) -> None:
    house.drills_end = True
    told = standfast("drill", scenario)
    assert told.exit_code == 0, told.output
    assert "Who was how fast" in told.stdout
    assert "closed" in told.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--room",), "--with: found nobody"),
        (("--with", "zoe"), "found 'zoe', expected one of dana"),
        (("--for", "soon"), "--for: found 'soon'"),
    ],
)
def test_what_cannot_be_drilled_is_refused_with_what_was_expected(
    standfast: Standfast, house: Memory, scenario: str, words: tuple[str, ...], said: str
) -> None:
    told = standfast("drill", scenario, *words)
    assert told.exit_code == 2
    assert said in told.output
    assert not house.incidents


def test_an_incident_is_not_ended_like_a_drill(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    told = standfast("drill", incident, "--end")
    assert told.exit_code == 2
    assert "no drill" in told.output
