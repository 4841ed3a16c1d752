"""People act by command: the incident decides, and the exit code says how."""

import json

import pytest

from domain.incident.event import Event
from tests.console.conftest import Standfast
from tests.console.memory import Memory


def last(house: Memory, incident: str, kind: str) -> Event:
    return next(event for event in reversed(house.incidents[incident].events) if event.what.kind == kind)


def test_an_acknowledgement_stops_the_clock_and_names_who_and_how(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    told = standfast("ack", incident)
    assert told.exit_code == 0
    assert told.stdout.startswith(f"{incident}: Dana is on it. Next: Dana says how bad")
    assert "UTC" not in told.stdout
    assert house.incidents[incident].acknowledged_by == "dana"


def test_a_refusal_says_why_and_ends_with_2(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("ack", incident)
    told = standfast("ack", incident, "--by", "sam")
    assert told.exit_code == 2
    assert "Dana Okafor acknowledged it at" in told.stderr
    assert told.stdout == ""


@pytest.mark.sop("WAR-3", "WAR-7")
def test_a_refusal_names_the_command_that_would_help(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("ack", incident)
    standfast("severity", incident, "P1", "--by", "jonas")
    told = standfast("resolve", incident, "the flag is off", "--by", "sam")
    assert told.stderr.splitlines()[-1] == (
        f"Ask Jonas; of whoever is absent, take it back: standfast role relieve {incident} commander REASON"
    )
    told = standfast("role", "take", incident, "commander", "--by", "sam")
    assert told.stderr.endswith(f"Whoever is absent is relieved: standfast role relieve {incident} commander REASON\n")
    standfast("resolve", incident, "the flag is off", "--by", "jonas")
    told = standfast("resolve", incident, "the flag is off", "--by", "jonas")
    assert told.stderr.endswith(f"Not over after all: standfast reopen {incident} REASON\n")


def test_an_id_may_be_written_as_it_is_heard(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    heard = incident.removeprefix("INC-").lower().replace("0", "o").replace("1", "l")
    assert standfast("ack", heard).exit_code == 0


def test_an_unknown_incident_ends_with_4_and_names_what_sounds_like_it(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    told = standfast("ack", "INC-ZZZZZ")
    assert told.exit_code == 4
    assert incident in told.stderr


def test_what_is_known_of_a_breach_after_the_end_is_told_where_it_goes(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    assert standfast("close-as", incident, "false_alarm", "--reason", "a test").exit_code == 0
    told = standfast("breach", "no", incident, "the log shows no read")
    assert told.exit_code == 2
    assert "declare a new incident that names this one, and answer there since when the company knew" in told.stderr


def test_nobody_acts_without_a_name(standfast: Standfast, house: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STANDFAST_USER")
    told = standfast("ack", house.begin())
    assert told.exit_code == 2
    assert "STANDFAST_USER" in told.stderr


def test_without_a_worker_the_act_is_left_and_answered_later(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    house.silent = True
    told = standfast("ack", incident)
    assert told.exit_code == 5
    assert "no worker answered" in told.stdout
    [(to, act)] = house.told
    assert (to, act.kind, act.by, act.via) == (incident, "acknowledge", "dana", "cli")


def test_json_says_the_answer_for_programs(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    answer = json.loads(standfast("note", incident, "rolled back", "--json").stdout)
    assert answer["accepted"] is True
    assert answer["incident"] == incident
    assert house.incidents[incident].acts[answer["id"]]


def test_what_does_not_fit_is_said_before_anybody_is_asked(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    told = standfast("severity", incident, "urgent")
    assert told.exit_code == 2
    assert "severity: found 'URGENT'" in told.stderr
    assert len(house.incidents[incident].events) == 1


def test_a_role_is_taken_and_offered(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    assert standfast("role", "take", incident, "commander").exit_code == 0
    assert standfast("role", "offer", incident, "commander", "--to", "jonas").exit_code == 0
    assert standfast("role", "take", incident, "commander", "--by", "jonas").exit_code == 0
    assert house.incidents[incident].commander == "jonas"


def test_a_finding_carries_conditions_actions_and_needs(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    assert standfast("finding", incident, "errors", "--actions", "rollback", "--needs", "a DBA").exit_code == 0
    found = last(house, incident, "finding_posted").what.model_dump()
    assert (found["conditions"], found["actions"], found["needs"]) == ("errors", "rollback", "a DBA")


def test_a_clause_is_snoozed_for_a_span(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("ack", incident)
    assert standfast("snooze", incident, "war-4", "15m", "--reason", "rolling back").exit_code == 0
    assert "WAR-4" in house.incidents[incident].snoozed
    told = standfast("snooze", incident, "WAR-4", "soon", "--reason", "x")
    assert told.exit_code == 2
    assert "such as 15m" in told.stderr


def test_an_update_is_drafted_and_approved_edited(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("role", "take", incident, "comms", "--by", "ines")
    assert standfast("update", "draft", incident, "We look.", "--status", "identified").exit_code == 0
    assert standfast("update", "approve", incident, "--by", "dana").exit_code == 2
    assert standfast("update", "approve", incident, "--by", "ines", "--text", "We know.").exit_code == 0
    update = house.incidents[incident].updates[1]
    assert (update.status, update.body, update.approved_by) == ("identified", "We know.", "ines")


def test_a_bypass_is_recorded_and_authorised_by_the_manager_alone(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("severity", incident, "P1")
    assert standfast("change", "record", incident, "hotfix", "patch the pod", "--bypass").exit_code == 0
    assert standfast("change", "authorise", incident, "1").exit_code == 2
    assert standfast("change", "authorise", incident, "1", "--by", "mira").exit_code == 0
    assert house.incidents[incident].changes[1].granted is True


def test_an_incident_is_resolved_and_reopened(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("severity", incident, "P2")
    assert standfast("resolve", incident, "A bad deploy, rolled back.").exit_code == 0
    assert house.incidents[incident].phase == "resolved"
    assert standfast("reopen", incident, "errors are back").exit_code == 0
    assert not house.incidents[incident].over


def test_the_customer_mail_is_approved_once(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("severity", incident, "P1")
    assert standfast("update", "mail", incident, "--subject", "Checkout is down").exit_code == 0
    mail = house.incidents[incident].outward.mail
    assert mail
    assert mail.subject == "Checkout is down"
    assert standfast("update", "mail", incident).exit_code == 2
