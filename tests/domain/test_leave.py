"""WAR-7: whose leave begins hands over what they hold; who was relieved is passed by; what waits is asked on."""

from datetime import timedelta

import pytest

from domain.incident.alerts import AlertSeen
from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.acknowledgement_lapse import Unacknowledge
from domain.procedure.findings import Note
from domain.procedure.joining import TakeIn
from domain.procedure.relief import Relieve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.rule.act import words_of
from tests.domain.story import START, Story, catalog, changed, policy


def fought(*, away: str = "", begins: int = 20, ends: int = 9000, **rules: bool) -> Story:
    """A P1 in which dana is on call, jonas commands and ines writes to customers; whose leave begins when."""
    leave = (START + timedelta(minutes=begins), START + timedelta(minutes=ends))
    company = changed(catalog(), **{f"people__{away}__away": leave}) if away else catalog()
    story = Story(changed(policy(), **rules) if rules else policy(), company)
    return story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"), TakeRole(by="ines", role="comms"))


@pytest.mark.sop("WAR-7", "WAR-3")
def test_a_commander_at_work_whose_leave_begins_is_asked_to_hand_over_and_relieved_once_they_are_silent() -> None:
    story = fought(away="jonas").at(minutes=15).acts(Note(by="jonas", text="looking")).passes(minutes=6)
    assert story.told("your leave has begun, and you are incident commander") == {"jonas"}
    story.at(minutes=29).acts(Note(by="jonas", text="still here")).passes(minutes=9)
    assert story.incident.holder("commander") == "jonas", "who says a word stays"
    story.at(minutes=40)
    assert "commander" not in story.incident.holders
    assert {"jonas", "mira"} <= story.told("is relieved as incident commander: on leave, and not heard from for 10 min")
    assert "WAR-3/commander/v2" in story.running()
    assert [people for minute, people in story.paged() if minute == 39] == [("mira",)]


@pytest.mark.sop("WAR-7", "WAR-3")
def test_who_was_silent_before_their_leave_is_relieved_when_it_begins_and_only_by_a_policy_that_says_so() -> None:
    story = fought(away="jonas").at(minutes=21)
    assert "commander" not in story.incident.holders
    assert story.when("role_vacated") == [timedelta(minutes=20)]
    assert fought(away="jonas", absence__leave_relieves=False).at(minutes=90).incident.holder("commander") == "jonas"


@pytest.mark.sop("WAR-7")
def test_nobody_is_relieved_who_is_back_by_then_or_who_took_the_role_in_their_leave() -> None:
    back = fought(away="jonas", ends=26).at(minutes=18).acts(Note(by="jonas", text="looking")).at(minutes=60)
    assert back.incident.holder("commander") == "jonas"
    there = fought(away="jonas", begins=-60).at(minutes=60)
    assert there.incident.holder("commander") == "jonas"


@pytest.mark.sop("WAR-7", "ACK-6")
def test_what_an_engineer_on_leave_has_taken_rings_again() -> None:
    story = fought(away="dana").at(minutes=21)
    assert "on_call" not in story.incident.holders
    assert story.last("unacknowledged").reason == "Dana Okafor is on leave, and not heard from for 10 min"
    assert [people for minute, people in story.ladder() if minute == 20] == [("sam",)]


@pytest.mark.sop("WAR-7", "ACK-2")
@pytest.mark.parametrize(("passed", "woken"), [(True, ["sam", "priya"]), (False, ["sam", "mira"])])
def test_a_manager_who_was_relieved_as_unreachable_is_passed_by_in_every_other_call(
    passed: bool, woken: list[str]
) -> None:
    rules = {"absence__relieved_passed": passed, "severities__P1__wake": ["commander"], "paging__lately": "1m"}
    story = Story(changed(policy(), **rules), changed(catalog(), teams__payments__commanders=["sam"]))
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(Relieve(by="priya", role="manager", reason="on a plane")).passes(minutes=2)
    story.acts(Relieve(by="priya", role="commander", reason="gone")).passes(minutes=7)
    calls = [one for one in story.effects("page") if "wake-commander" in one.duty.key]
    assert [person.id for one in calls[-2:] for person in getattr(one.duty, "people", ())] == woken


@pytest.mark.sop("WAR-7", "ACK-2")
def test_who_was_relieved_and_says_a_word_is_woken_again() -> None:
    rules = changed(policy(), severities__P1__wake=["commander"], paging__lately="1m")
    story = Story(rules).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(Relieve(by="priya", role="manager", reason="on a plane")).passes(minutes=1)
    story.acts(Note(by="mira", text="landed")).passes(minutes=2).acts(Relieve(by="priya", role="commander", reason="x"))
    assert ("mira",) in [people for minute, people in story.passes(minutes=3).paged() if minute >= 4]


@pytest.mark.sop("WAR-7", "ACK-6")
@pytest.mark.parametrize(
    ("by", "reason", "passed", "woken"),
    [
        ("dana", "on a train", True, "sam"),
        ("sam", "she is on a train", True, "sam"),
        ("dana", "", True, "dana"),
        ("dana", "on a train", False, "dana"),
    ],
)
def test_who_is_not_at_what_they_took_is_passed_by_when_it_rings_again_and_a_wrong_press_is_not(
    by: str, reason: str, passed: bool, woken: str
) -> None:
    story = Story(changed(policy(), absence__relieved_passed=passed)).passes(minutes=1).acts(Acknowledge(by="dana"))
    story.passes(minutes=2).acts(Unacknowledge(by=by, reason=reason)).passes(minutes=1)
    assert story.ladder() == [(0, ("dana",)), (3, (woken,))]
    assert story.passes(minutes=30).paged()[-1][1] == ("priya",), "it rings on"


@pytest.mark.sop("WAR-6")
def test_the_words_of_a_refused_act_are_what_somebody_said_and_no_record_of_ours() -> None:
    alert = AlertSeen(key="k", episode="1", state="firing", title="invoices fail", severity="critical", at=START)
    act = TakeIn(by="jonas", incident="INC-62SK3", title="invoices fail", alerts=(alert,), people=("mira", "dana"))
    assert words_of(act).startswith("incident: INC-62SK3; title: invoices fail; people: mira, dana")
    assert "AlertSeen" not in words_of(act)


@pytest.mark.sop("WAR-7", "COM-3", "COM-5")
def test_the_words_that_wait_for_a_communications_lead_who_is_relieved_are_asked_of_who_may_approve_now() -> None:
    story = fought().passes(minutes=2).acts(Relieve(by="mira", role="comms", reason="asleep")).passes(seconds=10)
    said = "Still without an answer: May customers read this by"
    assert story.told(said) == {"jonas", "mira", "ines"}
    [say] = [duty for duty in story.done("say") if isinstance(duty, Say) and said in duty.message.text]
    labels = [button.label for button in say.message.buttons]
    assert labels == ["I write to customers", "Publish and mail 2 accounts", "Publish only", "Edit"]
    story.acts(ApproveUpdate(by="jonas", number=1)).passes(minutes=1)
    assert not story.refused
    story.acts(Note(by="dana", text="the pool")).passes(minutes=27)
    assert "ines" not in story.told("May customers read this by 03:3"), "who was relieved is asked no more"
    before = fought(absence__asks_on=False).passes(minutes=2)
    assert (
        not before.acts(Relieve(by="mira", role="comms", reason="asleep"))
        .passes(seconds=10)
        .told("Still without an answer")
    )
