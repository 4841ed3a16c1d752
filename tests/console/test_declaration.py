"""An incident is declared directly, by a person or for a customer."""

import json

import pytest

from tests.console.conftest import Standfast
from tests.console.memory import Memory


def test_a_person_declares_an_incident_and_its_severity(standfast: Standfast, house: Memory) -> None:
    told = standfast("declare", "Checkout API", "customers cannot pay", "--severity", "p1")
    [incident] = house.incidents.values()
    assert told.exit_code == 0
    assert incident.id in told.stdout
    assert (incident.opened.clause, incident.opened.service, incident.opened_by) == ("DET-2", "checkout", "dana")
    assert (incident.severity, incident.commander) == ("P1", "dana")


def test_the_same_ticket_opens_one_incident(standfast: Standfast, house: Memory) -> None:
    for _ in range(2):
        assert standfast("declare", "billing", "invoices are wrong", "--customer", "ZD-77").exit_code == 0
    [incident] = house.incidents.values()
    assert "ZD-77" in incident.opened.description
    standfast("severity", incident.id, "P1")
    standfast("resolve", incident.id, "over")
    again = standfast("declare", "billing", "invoices are wrong", "--customer", "ZD-77").stdout
    assert f"{incident.id}: declared on billing before" in again
    assert f"standfast reopen {incident.id}" in again


def test_a_security_incident_is_private_from_the_start(standfast: Standfast, house: Memory) -> None:
    standfast("declare", "platform", "odd log-ins", "--security")
    [incident] = house.incidents.values()
    assert incident.opened.security is True
    assert (incident.opened.clause, incident.opened.proposed) == ("DET-2", "P1")


def test_what_is_open_on_the_service_is_said(standfast: Standfast, house: Memory) -> None:
    first = house.begin()
    assert f"{first} is open on checkout too" in standfast("declare", "checkout", "cards refused").stdout


@pytest.mark.sop("DET-7")
def test_a_report_of_what_is_open_goes_on_there(standfast: Standfast, house: Memory) -> None:
    first = house.begin()
    told = standfast("declare", "checkout", "cards refused", "--join", first.lower())
    [other] = [one for id, one in house.incidents.items() if id != first]
    assert (told.exit_code, "if it is the same" in told.stdout) == (0, False)
    assert other.relations.merging == (other.number, first)


def test_a_report_that_joins_what_nobody_knows_is_refused_and_open(standfast: Standfast, house: Memory) -> None:
    told = standfast("declare", "checkout", "cards refused", "--join", "INC-7")
    assert told.exit_code != 0
    assert "INC-7" in told.stderr
    assert len(house.incidents) == 1


def test_json_names_the_incident(standfast: Standfast, house: Memory) -> None:
    declared = json.loads(standfast("declare", "checkout", "cards refused", "--json").stdout)
    assert declared["incident"] in house.incidents


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("declare", "chekout", "x"), "service: found 'chekout', expected one of checkout"),
        (("declare", "checkout", "x", "--severity", "P9"), "severity: found 'P9', expected one of P1"),
    ],
)
def test_what_nobody_knows_opens_nothing(
    standfast: Standfast, house: Memory, words: tuple[str, ...], said: str
) -> None:
    told = standfast(*words)
    assert told.exit_code == 2
    assert said in told.stderr
    assert not house.incidents


def test_json_is_one_document_also_where_it_is_declared_and_joined(standfast: Standfast, house: Memory) -> None:
    first = json.loads(standfast("declare", "checkout", "customers cannot pay", "--json").stdout)["incident"]
    second = standfast("declare", "billing", "cards refused", "--severity", "P1", "--join", first, "--json")
    said = json.loads(second.stdout)
    assert said["incident"] in house.incidents
    assert [(one["act"], one["accepted"]) for one in said["acts"]] == [("declare", True), ("merge", True)]


@pytest.mark.sop("DET-2")
def test_the_timeline_says_from_where_it_was_declared(standfast: Standfast) -> None:
    declared = json.loads(standfast("declare", "checkout", "cards refused", "--json").stdout)
    assert "opened it from the command line" in standfast("timeline", declared["incident"]).stdout
