"""What TAB offers: people of the catalog and incidents that are open, and nothing where neither can be read."""

import pytest
from typer.testing import CliRunner

from client.glance import OPEN_QUERY
from client.listing import query
from client.port import OPEN
from domain.procedure.linking import TakeLink
from domain.run.progress import receive
from starter import app
from tests.console.conftest import Standfast
from tests.console.memory import Memory

WORDS = {"_STANDFAST_COMPLETE": "complete_zsh"}


def offered(house: Memory, line: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
    return CliRunner().invoke(app, [], obj=house.open, prog_name="standfast", env=WORDS).output


def test_people_are_offered_with_their_names(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Sam Lindqvist" in offered(house, "standfast ack INC-7K3QF --by s", monkeypatch)


def test_open_incidents_are_offered_with_or_without_their_prefix(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = house.begin()
    assert incident in offered(house, f"standfast ack {incident[:5]}", monkeypatch)
    short = incident[4:].lower()
    assert f'"{short}"' in offered(house, f"standfast ack {short[:2]}", monkeypatch)


def test_only_what_is_linked_is_offered_to_have_its_link_taken_back(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, apart = house.begin(), house.begin("billing is slow", "billing"), house.begin("disk full", "platform")
    receive(house.incidents[one], TakeLink(incident=other, title="billing is slow", by="standfast"), house.now)
    seen = offered(house, f"standfast unlink {one.lower()} ", monkeypatch)
    assert (other in seen, apart in seen, one in seen) == (True, False, False)


def test_only_what_the_policy_lets_be_waived_is_offered_to_be(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = offered(house, "standfast waive INC-7K3QF ", monkeypatch)
    assert ('"WAR-3"' in seen, '"WAR-1"' in seen, '"SCP-3"' in seen) == (True, False, False)


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("severity INC-7K3QF P", '"P1":"major outage"'),
        ("severity INC-7K3QF p", '"p1":"major outage"'),
        ("snooze INC-7K3QF war-4", '"war-4"'),
        ("policy explain ACK-1", '"ACK-1"'),
        ("declare check", '"checkout":"Checkout API"'),
        ("correct INC-7K3QF --team pay", '"payments":"Payments"'),
        ("role take INC-7K3QF comm", '"commander"'),
        ("merge INC-", '"INC-'),
    ],
)
def test_what_policy_and_catalog_know_is_offered_with_its_words(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch, line: str, first: str
) -> None:
    house.begin()
    assert first in offered(house, f"standfast {line}", monkeypatch)


def test_the_query_for_tab_is_that_of_a_list_that_asks_for_nothing() -> None:
    assert query(OPEN) == OPEN_QUERY


def test_with_the_catalog_unreadable_nobody_is_offered(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_CATALOG", "/nowhere.yaml")
    assert "sam" not in offered(house, "standfast ack INC-7K3QF --by s", monkeypatch)
