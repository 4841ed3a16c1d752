"""SOC-1: who it was, by which proof, and when it reached us."""

from datetime import timedelta
from typing import Any

import pytest

from domain.check import lint
from domain.incident.event import Event
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.changes import AuthoriseChange, RecordChange
from domain.procedure.findings import Note
from domain.procedure.severity import Declare
from tests.domain.story import START, Story, catalog, changed, minutes, policy


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize(
    ("by", "via", "proof"),
    [
        ("dana", "slack", "signed request"),
        ("U01DANA", "slack", "signed request as U01DANA"),
        ("@Dana Okafor", "cli", "Temporal identity as @Dana Okafor"),
        ("dana@harbourline.example", "pagerduty", "webhook as dana@harbourline.example"),
    ],
)
def test_an_event_says_who_it_was_which_way_it_came_and_by_which_proof(by: str, via: str, proof: str) -> None:
    [event] = Story().acts(Acknowledge(by=by, via=via)).events("acknowledged")
    assert (event.by, event.via, event.proof) == ("dana", via, proof)


@pytest.mark.sop("SOC-1")
def test_what_nobody_did_has_no_proof_and_older_records_stay_as_they_are() -> None:
    story = Story().passes(minutes=6)
    assert {event.via + event.proof for event in story.incident.events} == {""}
    assert {"via", "proof", "arrived_at"}.isdisjoint(story.incident.events[-1].model_dump())
    assert Event.model_validate(story.incident.events[-1].model_dump()).via == ""


@pytest.mark.sop("SOC-1")
def test_an_act_keeps_when_it_was_and_when_it_reached_us() -> None:
    story = Story().at(minutes=6).acts(Acknowledge(by="dana", at=START + timedelta(minutes=4)))
    [event] = story.events("acknowledged")
    assert [event.at - START, event.heard_at - START] == minutes(4, 6)
    [now] = story.acts(Note(by="dana", text="at once")).events("noted")
    assert now.arrived_at is None
    assert now.heard_at == now.at


@pytest.mark.sop("SOC-1", "TRI-4")
@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("asdfgh", "There are dana, sam, mira"),
        ("jonass", "Did you mean jonas (Jonas Weber)?"),
        ("smm", "Did you mean sam (Sam Lindqvist)?"),
        ("ines duart", "Did you mean ines (Ines Duarte)?"),
    ],
)
def test_nobody_of_that_name_confirms_stops_a_page_or_commands(by: str, said: str) -> None:
    story = Story().acts(Declare(by="jonas", severity="P1"), Declare(by="jonas", severity="P3", reason="small"))
    story.acts(Declare(by=by, severity="P3", via="cli"))
    assert story.refused.startswith(f"nobody is called {by!r}. {said}")
    assert story.severity() == "P1"
    assert not Story().acts(Acknowledge(by=by, via="cli")).events("acknowledged")


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize("by", ["Jonas", "@jonas", "JONAS", "jonas weber", "weber", "<@U04JONAS>", "u04jonas"])
def test_people_are_known_however_their_names_are_written(by: str) -> None:
    story = Story().acts(Declare(by="jonas", severity="P1"), Declare(by="jonas", severity="P3", reason="small"))
    story.acts(Declare(by=by, severity="P3", via="cli"))
    assert story.severity() == "P1", "who asks is no second person, by whichever name"


@pytest.mark.sop("SOC-1")
def test_a_name_that_two_people_have_means_neither() -> None:
    people = {"people__sam__name": "Dana Lindqvist"}
    assert changed(catalog(), **people).person_called("dana lindqvist").id == "sam"
    assert changed(catalog(), **people).person_called("Okafor").id == "dana"
    assert changed(catalog(), people__sam__name="Sam Okafor").person_called("Okafor") is None


@pytest.mark.sop("SOC-1", "ACK-1")
def test_for_whom_a_vendor_names_the_vendor_answers_and_anybody_may_write_into_the_timeline() -> None:
    [event] = Story().acts(Acknowledge(by="PZ99", via="pagerduty")).events("acknowledged")
    assert event.by == "PZ99"
    assert Story().acts(Note(by="a contractor", via="slack", text="I saw smoke")).events("noted")


@pytest.mark.sop("SOC-1")
def test_the_policy_says_which_way_is_proof_enough_for_which_act() -> None:
    strict = changed(policy(), proof={"authorise_change": ["slack"]})
    bypass: Any = RecordChange(by="jonas", change="hotfix", description="by hand", bypass=True)
    story = Story(strict).acts(Declare(by="jonas", severity="P1"), bypass)
    story.acts(AuthoriseChange(by="mira", number=1, via="cli"))
    assert story.refused == "authorise change by cli is not proof enough of who it is; do it by slack"
    assert not story.acts(AuthoriseChange(by="mira", number=1, via="slack")).refused


@pytest.mark.sop("SOC-1")
def test_a_proof_of_nothing_is_found_before_it_counts() -> None:
    wrong = changed(policy(), proof={"authorize": ["slack"], "declare": ["telepathy"]})
    found = {str(one) for one in lint(wrong, catalog())}
    assert any(one.startswith("proof.authorize: found no act of the procedure") for one in found)
    assert any(one.startswith("proof.declare: found 'telepathy'") for one in found)


@pytest.mark.sop("WAR-6")
def test_the_words_of_a_refused_act_are_kept() -> None:
    story = Story().acts(Declare(by="jonas", severity="P1"))
    story.acts(RecordChange(by="dana", change="rollback", description="release 812 back to 811"))
    assert story.last("refused").words == "change: rollback; description: release 812 back to 811; bypass: False"


@pytest.mark.sop("SOC-1", "WAR-7")
def test_who_does_what_is_the_managers_alone_is_recorded_as_their_deputy() -> None:
    bypass = RecordChange(by="jonas", change="hotfix", description="on the box", bypass=True)
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"), bypass)
    story.acts(AuthoriseChange(by="priya", number=1), Note(by="priya", text="watching"))
    said = [(event.what.kind, event.deputy_for) for event in story.incident.events if event.by == "priya"]
    assert said == [("change_answered", "mira"), ("noted", "")]
