"""What cannot be read is told, kept and read again; what another release wrote is read without what it has more."""

import json
from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.alerting.alert import Alert
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.incident.record import Refused
from domain.procedure.severity import Declare
from domain.run.progress import not_read
from domain.value.act import Act
from domain.value.kind import OF_ANOTHER_RELEASE
from tests.domain.group import Group
from tests.domain.story import START, Story

FIRING = Alert(source="prometheus", key="k", title="5xx", severity="critical", fired_at=START, at=START)
TOLD = AlertDigest(
    group="g", service="checkout", environment="production", first_row=7, last_row=7, alerts=(FIRING,), count=1
)


def test_a_field_of_a_newer_release_is_passed_over_between_processes_and_refused_in_a_file() -> None:
    said = {"kind": "declare", "by": "dana", "severity": "p1", "mood": "grim"}
    read = TypeAdapter(Act).validate_python(said, extra="ignore", context=OF_ANOTHER_RELEASE)
    assert read == Declare(by="dana", severity="P1")
    with pytest.raises(ValidationError, match="mood"):
        TypeAdapter(Act).validate_python(said)


@pytest.mark.parametrize("word", ["P2", "p2", " p2 "])
def test_a_severity_is_read_however_it_is_written(word: str) -> None:
    assert Declare.model_validate({"by": "dana", "severity": word}).severity == "P2"


def test_a_name_without_end_fills_no_list() -> None:
    act = Declare(by="d" * 400_000, id="e" * 301, severity="P2")
    assert (act.by, act.id) == ("d" * 300, "e" * 300)
    assert Declare(by="half \ud83d", severity="P2").by == "half \ud83d"


@pytest.mark.sop("SOC-1")
def test_what_cannot_be_read_is_refused_in_the_timeline_and_told_in_the_room_once() -> None:
    story = Story()
    why = "severity: found 'the worst', expected: a severity"
    for _ in range(3):
        not_read(story.incident, "declare", "dana", why, story.play.now)
    refused = [event.what for event in story.incident.events if isinstance(event.what, Refused)]
    assert [(one.act, one.reason, one.unanswered) for one in refused] == [
        ("declare", why, True),
        ("declare", why, False),
        ("declare", why, False),
    ]
    story.passes(minutes=1)
    assert [text for text in story.said() if why in text] == [f"SOC-1 Dana Okafor was refused: declare: {why}"]


def test_a_refusal_that_was_answered_is_written_as_it_always_was() -> None:
    assert "unanswered" not in Refused(act="declare", reason="no").model_dump_json()


@pytest.mark.sop("DET-6")
def test_a_group_that_cannot_read_what_it_is_told_rings_once_an_hour_and_keeps_it() -> None:
    group = Group()
    said = json.dumps({"a later release": "writes this"})
    for minute in (0, 10, 61):
        group._next(*group.watch.misread("tell", "group: missing", said, START + timedelta(minutes=minute)))
    assert group.opens == 1
    assert group.steps[0].alerts[0].labels == {"kind": "unreadable"}
    assert group.watch.unread == (said, said, said)
    assert AlertGroup.model_validate_json(group.watch.model_dump_json()) == group.watch


@pytest.mark.sop("DET-6")
def test_what_a_group_kept_opens_its_incident_once_a_release_can_read_it() -> None:
    written = {**TOLD.model_dump(mode="json"), "invented later": 1}
    watch, _ = AlertGroup(group="g", last_row=9).misread("tell", "why", json.dumps(written), START)
    watch = watch.opened("INC-00001").model_copy(update={"unread": (*watch.unread, "still not readable")})
    watch, steps = watch.read_kept(START)
    assert [alert.key for step in steps for alert in step.alerts] == ["k"]
    assert watch.unread == ("still not readable",)
    assert watch.last_row == 9


def test_what_is_kept_unread_is_bounded() -> None:
    watch, _ = AlertGroup(group="g").misread("tell", "why", "x" * 400_000, START)
    assert watch.unread == ()
    assert (
        AlertGroup(group="g").misread("tell", "why", "x" * 400_000, START)[1][0].alerts[0].description.count("not kept")
    )
