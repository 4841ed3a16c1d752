"""SCP-2: what is kept back is told to whoever fights an incident of the service."""

from typing import Any

import pytest

from domain.incident.incident import Incident
from domain.procedure.kept_back import MOST, KeptBack
from tests.domain.test_joining import incidents, told

pytestmark = pytest.mark.sop("SCP-2")
FOUGHT = ({"at": "0m", "alert": "cards are declined"}, {"at": "1m10s", "dana": "acknowledge"})


def staging(at: str, title: str, **more: Any) -> dict[str, Any]:
    return {"at": at, "alert": title, "environment": "staging", **more}


def kept(incident: Incident) -> list[list[str]]:
    return [[alert.title for alert in what.alerts] for _, what in incident.all(KeptBack)]


def test_what_is_not_production_is_said_once_in_the_room_of_an_open_incident_of_its_service() -> None:
    ensemble = told(*FOUGHT, staging("5m", "pod 1 is down"), staging("6m", "pod 2 is down"), staging("7m", "no disk"))
    [only] = incidents(ensemble)
    assert kept(only) == [["pod 1 is down"], ["no disk"]]
    said = [effect.duty.message.text for effect in ensemble.world.effects if effect.duty.kind == "say"]
    assert any("kept back, nobody is paged for it: no disk (environment 'staging'" in text for text in said)
    assert only.pages["0"].people == ("dana",)


def test_a_planned_maintenance_is_told_as_well() -> None:
    maintenance = [{"begins": "3m", "ends": "40m", "reason": "new database"}]
    [only] = incidents(told(*FOUGHT, {"at": "5m", "alert": "replica lag"}, lasts="30m", maintenance=maintenance))
    assert [what.reason for _, what in only.all(KeptBack)] == ["planned maintenance: new database"]


def test_another_service_and_what_is_over_hear_nothing() -> None:
    lines = (
        staging("3m", "x", service="billing"),
        {"at": "4m", "dana": "declare P3"},
        {"at": "5m", "dana": "resolve it"},
    )
    [only] = incidents(told(*FOUGHT, *lines, staging("9m", "y")))
    assert kept(only) == []


def test_however_much_is_kept_back_few_words_are_made_of_it() -> None:
    words = [letter * 3 for letter in "abcdefghijklm"]
    [only] = incidents(told(*FOUGHT, *(staging(f"{n + 3}m", f"{word} fails") for n, word in enumerate(words))))
    assert len(kept(only)) == MOST


@pytest.mark.sop("SCP-3")
def test_what_is_of_security_is_said_in_a_secret_incident_alone() -> None:
    lines = (staging("5m", "Intrusion detected: 10.0.0.7"), staging("6m", "no disk"))
    [public] = incidents(told(*FOUGHT, *lines))
    assert kept(public) == [["no disk"]]
    secret = ({"at": "0m", "alert": "intrusion detected on the gateway"}, *FOUGHT[1:])
    [private] = incidents(told(*secret, *lines))
    assert kept(private) == [["Intrusion detected: 10.0.0.7"], ["no disk"]]
