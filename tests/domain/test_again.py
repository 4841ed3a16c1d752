"""REP-1: whoever follows up an incident hears when it fails again after its end."""

from typing import Any

import pytest

from domain.incident.incident import Incident
from domain.port.chat import Say
from domain.simulation.simulation import Simulation
from tests.domain.test_joining import incidents, told

FIRST = (
    {"at": "0m", "alert": "cards are declined"},
    {"at": "1m10s", "dana": "acknowledge"},
    {"at": "2m20s", "jonas": "declare P1"},
    {"at": "20m", "recovers": "cards are declined"},
    {"at": "21m", "jonas": "resolve it was the pool"},
)
NO = {"at": "40m", "mira": {"answer_breach": False, "reason": "none"}}
ITEM = {"at": "50m", "mira": {"add_item": "a larger pool", "owner": "sam"}}
AGAIN = {"at": "4h", "alert": "cards are declined"}


def heard(ensemble: Simulation, incident: Incident, words: str) -> set[str]:
    """Who was told these words of an incident, in its room or alone."""
    says = [done.duty for done in ensemble.world.effects if isinstance(done.duty, Say)]
    mine = [say for say in says if say.incident == incident.id and words in say.message.text]
    return {person.id for say in mine for person in (*say.message.to, *filter(None, [say.person]))}


@pytest.mark.sop("REP-1", "DET-7")
def test_what_fails_again_after_the_window_is_told_to_who_follows_the_first_one_up() -> None:
    ensemble = told(*FIRST, NO, ITEM, AGAIN, lasts="5h")
    first, second = incidents(ensemble)
    assert (first.phase, second.phase) == ("resolved", "alerting")
    assert heard(ensemble, first, f"It fails again: {second.id}, cards are declined.") == {"mira", "sam"}
    assert heard(ensemble, first, "Still to be done here: a larger pool.") == {"mira", "sam"}
    assert [*first.relations.links, *second.relations.links] == [second.id, first.id]
    assert heard(ensemble, second, "seen before") == set(), "nobody is asked for twice"


@pytest.mark.sop("REP-1")
def test_of_one_that_is_closed_the_manager_hears_where_it_fails_again() -> None:
    lines: tuple[dict[str, Any], ...] = (
        {"at": "1h", "mira": "complete_postmortem capacity"},
        {"at": "2h", "sam": {"close_item": "item-1"}},
        {"at": "2d", "ines": {"approve_public_postmortem": None}},
        {"at": "3d", "alert": "cards are declined"},
    )
    ensemble = told(*FIRST, NO, ITEM, *lines, lasts="73h")
    first, second = incidents(ensemble)
    assert (first.phase, second.relations.links) == ("closed", {})
    assert heard(ensemble, second, "this failure mode was seen before") == {"mira"}


@pytest.mark.sop("REP-1")
def test_a_policy_that_does_not_say_so_links_nothing() -> None:
    ensemble = told(*FIRST, NO, ITEM, AGAIN, lasts="5h", policy={"learn": {"recurrence_told": False}})
    first, second = incidents(ensemble)
    assert [*first.relations.links, *second.relations.links, *heard(ensemble, first, "fails again")] == []
