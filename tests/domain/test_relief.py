"""WAR-7: no right dies with one absent person."""

from typing import Any

import pytest

from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note, PostFinding
from domain.procedure.relief import DeclineRole, GiveUpRole, Relieve
from domain.procedure.resolution import Resolve
from domain.procedure.retraction import CloseAs
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.report.scorecard import scorecard
from tests.again import again
from tests.domain.story import Story, changed, minutes, policy

RELIEF: dict[str, Any] = {"role": "commander", "reason": "not reachable"}


@again
def fought(severity: str = "P1", by: str = "jonas") -> Story:
    """An incident that dana investigates and somebody commands."""
    service = "checkout" if severity == "P1" else "billing"
    return Story(service=service).acts(Acknowledge(by="dana"), Declare(by=by, severity=severity))


def verdict(story: Story, clause: str) -> str:
    """What the scorecard says of a clause."""
    return next(one.verdict for one in scorecard(story.incident, story.play.now) if one.clause == clause)


@pytest.mark.sop("WAR-7")
@pytest.mark.parametrize("by", ["mira", "priya"])
def test_the_manager_and_who_stands_in_relieve_at_once_and_both_are_told(by: str) -> None:
    story = fought().passes(minutes=1).acts(Relieve(by=by, **RELIEF))
    assert not story.refused
    assert "commander" not in story.incident.holders
    assert {"jonas", by} <= story.told("relieved Jonas Weber as incident commander: not reachable")
    story.acts(Resolve(by="jonas", summary="I am back"))
    assert story.phase() == "resolved", "while nobody commands, anybody may end it"


@pytest.mark.sop("WAR-7", "WAR-3")
def test_a_relieved_role_is_vacant_chased_and_taken_by_somebody_else() -> None:
    story = fought().passes(minutes=2).acts(Relieve(by="mira", **RELIEF)).passes(minutes=6)
    assert "WAR-3/commander/v2" in story.running()
    assert story.when("missed", "WAR-3/commander/v2") == minutes(7)
    story.acts(TakeRole(by="sam", role="commander"), Declare(by="jonas", severity="P3", reason="small"))
    assert story.refused.startswith("only Sam may declare the severity")
    assert story.last("missed").key == "WAR-3/commander/v2"


@pytest.mark.sop("WAR-7")
@pytest.mark.parametrize(("silence", "relieved"), [(9, False), (10, True)])
def test_anybody_relieves_whom_nobody_heard_for_the_policys_time(silence: int, relieved: bool) -> None:
    story = fought().passes(minutes=5).acts(Note(by="jonas", text="looking")).passes(minutes=silence)
    story.acts(Relieve(by="sam", **RELIEF))
    assert (story.incident.commander == "") is relieved
    assert relieved or story.refused.startswith(
        "Jonas Weber was heard from 9 min ago; one person alone relieves them after 10 min"
    )


@pytest.mark.sop("WAR-7", "WAR-3")
@pytest.mark.parametrize(("silence", "way"), [(9, ""), (10, ", or be relieved: nothing was heard of them for 10 min")])
def test_who_tries_to_take_a_role_hears_that_its_silent_holder_may_be_relieved(silence: int, way: str) -> None:
    story = fought().passes(minutes=silence).acts(TakeRole(by="sam", role="commander"))
    assert story.refused == f"Jonas Weber is incident commander; they must offer it to you{way}"


@pytest.mark.sop("WAR-7")
def test_silence_alone_relieves_nobody_where_silence_is_not_chased() -> None:
    story = Story(service="billing", severity="sev3").acts(Declare(by="jonas", severity="P3")).passes(hours=3)
    assert story.acts(Relieve(by="sam", **RELIEF)).refused
    assert story.incident.commander == "jonas"


@pytest.mark.sop("WAR-7")
def test_two_people_relieve_at_any_time_and_the_first_is_recorded() -> None:
    story = fought().passes(minutes=1).acts(Relieve(by="sam", **RELIEF), Relieve(by="sam", **RELIEF))
    assert story.incident.commander == "jonas", "one person twice is one person"
    assert {"jonas", "mira"} <= story.told("Sam Lindqvist wants Jonas Weber relieved")
    story.acts(Relieve(by="ines", **RELIEF))
    assert story.incident.commander == ""
    assert story.last("role_vacated").seconded == "sam"


@pytest.mark.sop("WAR-7")
def test_a_wish_to_relieve_does_not_wait_for_ever_and_not_for_the_next_holder() -> None:
    story = fought().passes(minutes=1).acts(Relieve(by="sam", **RELIEF)).passes(minutes=16)
    story.acts(Note(by="jonas", text="still here"), Relieve(by="ines", **RELIEF))
    assert story.incident.commander == "jonas"
    story.acts(OfferRole(by="jonas", role="commander", to="priya"), TakeRole(by="priya", role="commander"))
    assert story.acts(Relieve(by="sam", **RELIEF)).refused


@pytest.mark.sop("WAR-7")
@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (Relieve(by="jonas", **RELIEF), "you are incident commander yourself; give the role up instead"),
        (Relieve(by="mira", role="comms", reason="x"), "nobody is communications lead; the role can be taken"),
        (Relieve(by="mira", role="king", reason="x"), "role: found 'king', expected one of commander"),
        (GiveUpRole(by="sam", role="commander"), "you are not incident commander; relieve who is"),
        (GiveUpRole(by="sam", role="king"), "role: found 'king', expected one of commander"),
        (DeclineRole(by="sam", role="commander"), "role: found 'commander', expected a role that is offered to you"),
        (TakeRole(by="dana", role="manager"), "Mira Castellano is engineering manager; they must offer it to you"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(act: Any, reason: str) -> None:
    assert fought().acts(act).refused.startswith(reason)


@pytest.mark.sop("WAR-7")
def test_a_manager_who_is_relieved_is_followed_only_by_who_stands_in() -> None:
    vacated = fought().acts(Relieve(by="priya", role="manager", reason="on a plane"))
    assert vacated.acts(TakeRole(by="ines", role="manager")).refused.startswith("only a manager of the team")
    assert vacated.acts(TakeRole(by="priya", role="manager")).incident.holder("manager") == "priya"


@pytest.mark.sop("WAR-7", "WAR-3")
def test_a_role_can_be_given_up_and_is_chased_from_then_on() -> None:
    story = fought().acts(TakeRole(by="ines", role="comms")).passes(minutes=1)
    story.acts(GiveUpRole(by="ines", role="comms", reason="my train"))
    assert "comms" not in story.incident.holders
    assert "WAR-3/comms/v2" in story.running()
    assert any("Ines Duarte gave up the role of communications lead: my train" in words for words in story.said())
    assert verdict(story.acts(TakeRole(by="sam", role="comms")), "WAR-3") == "met"


@pytest.mark.sop("WAR-7")
def test_an_offer_reaches_who_is_to_have_the_role_by_message_and_by_invitation() -> None:
    story = fought().acts(OfferRole(by="jonas", role="commander", to="priya")).passes(seconds=1)
    alone = [duty.model_dump() for duty in story.done("say") if duty.model_dump()["person"]]
    [direct] = [one for one in alone if "offers you" in one["message"]["text"]]
    assert (direct["person"]["id"], [one["label"] for one in direct["message"]["buttons"]]) == (
        "priya",
        ["I command now", "Not now"],
    )
    assert "invite/priya" in story.incident.done


@pytest.mark.sop("WAR-7")
def test_an_offer_that_nobody_answers_lapses_and_takes_the_command_from_nobody() -> None:
    story = fought().passes(minutes=1).acts(OfferRole(by="jonas", role="commander", to="sam")).passes(minutes=5)
    assert story.when("offer_ended") == minutes(6)
    assert story.told("Sam Lindqvist did not answer the offer of incident commander") == {"jonas", "sam"}
    story.passes(minutes=60).acts(TakeRole(by="sam", role="commander"))
    assert story.refused.startswith("the offer to you is over; Jonas Weber is incident commander; they must offer it")
    assert not story.acts(Resolve(by="jonas", summary="done")).refused


@pytest.mark.sop("WAR-7", "RES-3")
def test_after_a_reopening_who_takes_the_page_may_command_and_end_it() -> None:
    story = fought("P2", by="dana").acts(TakeRole(by="ines", role="comms")).passes(minutes=3)
    story.hears(state="resolved").acts(Resolve(by="dana", summary="warm again")).passes(minutes=50)
    story.hears(episode="2").passes(minutes=2).acts(Acknowledge(by="sam"), TakeRole(by="sam", role="commander"))
    assert not story.refused
    assert (story.incident.holder("on_call"), story.incident.commander) == ("sam", "sam")
    assert not story.acts(Resolve(by="sam", summary="a larger cache")).refused


@pytest.mark.sop("WAR-7", "RES-3")
def test_whose_role_counts_as_vacant_after_a_reopening_takes_it_again_with_the_press_that_offers_it() -> None:
    story = fought("P2").hears(state="resolved").acts(Resolve(by="jonas", summary="ok")).passes(minutes=5)
    assert not story.hears(episode="2").passes(minutes=1).acts(TakeRole(by="jonas", role="commander")).refused
    assert "WAR-3/commander/v2" in story.keys("kept")
    story.acts(TakeRole(by="jonas", role="commander"))
    assert story.refused == "you are incident commander already"


@pytest.mark.sop("WAR-7", "RES-3")
def test_under_a_policy_of_an_older_release_a_role_is_not_taken_by_whose_it_was() -> None:
    story = Story(changed(policy(), absence__retaken=False)).acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity="P1")).hears(state="resolved").acts(Resolve(by="jonas", summary="ok"))
    story.passes(minutes=5).hears(episode="2").passes(minutes=1).acts(TakeRole(by="jonas", role="commander"))
    assert story.refused == "you are incident commander already"


@pytest.mark.sop("WAR-7", "RES-3")
def test_who_comes_back_to_a_reopened_incident_has_their_role_still() -> None:
    story = fought("P2").hears(state="resolved").acts(Resolve(by="jonas", summary="ok")).passes(minutes=5)
    story.hears(episode="2").passes(minutes=1)
    assert "WAR-3/commander/v2" in story.running()
    story.acts(PostFinding(by="jonas", conditions="again"), TakeRole(by="sam", role="commander"))
    assert story.refused == "Jonas Weber is incident commander; they must offer it to you"
    assert "WAR-3/commander/v2" not in story.running()
    assert "WAR-3/commander/v2" in story.keys("kept")


@pytest.mark.sop("WAR-3")
def test_one_person_in_two_roles_is_chased_as_soon_as_somebody_could_take_one() -> None:
    story = fought(by="dana").passes(minutes=6)
    assert story.incident.commander == story.incident.holder("on_call") == "dana"
    assert "WAR-3/apart" not in story.keys("missed")
    story.acts(Note(by="mira", text="I am here")).passes(minutes=6)
    assert story.when("missed", "WAR-3/apart") == minutes(11)
    assert {"dana", "mira"} <= story.told("Hand one of two roles over: incident commander and on-call engineer")
    assert verdict(story, "WAR-3") == "missed"


@pytest.mark.sop("WAR-3")
def test_one_person_alone_has_time_until_somebody_comes_and_keeps_it_by_handing_over() -> None:
    alone = fought(by="dana").acts(TakeRole(by="ines", role="comms")).passes(minutes=31)
    assert alone.when("missed", "WAR-3/apart") == minutes(30)
    helped = fought(by="dana").acts(TakeRole(by="ines", role="comms")).passes(minutes=20)
    helped.acts(Note(by="sam", text="here"), OfferRole(by="dana", role="commander", to="sam"))
    helped.passes(minutes=2).acts(TakeRole(by="sam", role="commander"))
    assert "WAR-3/apart" in helped.keys("kept")
    assert verdict(helped, "WAR-3") == "met"


@pytest.mark.sop("WAR-3")
def test_a_policy_that_names_no_roles_to_keep_apart_lets_one_person_hold_both() -> None:
    story = Story(changed(policy(), apart=None)).acts(Acknowledge(by="dana"), Declare(by="dana", severity="P1"))
    assert not [key for key in story.acts(Note(by="mira", text="hi")).passes(hours=1).keys("missed") if "apart" in key]


@pytest.mark.sop("TRI-5", "WAR-7")
def test_anybody_raises_at_any_time_and_lowering_stays_the_commanders() -> None:
    story = fought("P2").passes(minutes=5).acts(Declare(by="sam", severity="P3", reason="small"))
    assert story.refused == "only Jonas may declare the severity, as incident commander"
    story.acts(Declare(by="sam", severity="P1", reason="everything is down"))
    assert (story.severity(), story.events("severity_declared")[-1].clause) == ("P1", "TRI-5")
    assert story.incident.commander == "jonas"


@pytest.mark.sop("TRI-4")
def test_a_request_to_lower_is_addressed_and_lapses() -> None:
    story = fought("P2").acts(Declare(by="jonas", severity="P3", reason="one customer")).passes(minutes=15)
    assert story.told("Jonas wants P3") == {"dana", "mira"}
    assert story.when("severity_kept") == minutes(15)
    story.acts(Declare(by="sam", severity="P3"))
    assert (story.severity(), story.refused) == ("P2", "only Jonas may declare the severity, as incident commander")


@pytest.mark.sop("TRI-4")
@pytest.mark.parametrize(("by", "how"), [("jonas", "withdrawn"), ("sam", "declined")])
def test_a_request_to_lower_is_taken_back_or_declined_by_staying(by: str, how: str) -> None:
    story = fought("P2").acts(Declare(by="jonas", severity="P3", reason="one customer"))
    story.acts(Declare(by=by, severity="P2", reason="two more call"))
    assert (story.last("severity_kept").how, story.last("severity_kept").reason) == (how, "two more call")
    assert story.acts(Declare(by="ines", severity="P3")).refused
    assert story.severity() == "P2"


@pytest.mark.sop("WAR-3", "WAR-5")
def test_who_is_woken_to_command_takes_it_from_whoever_repairs_alone_and_nobody_else_does() -> None:
    story = Story().acts(Acknowledge(by="sam"), Declare(by="sam", severity="P1")).passes(seconds=5)
    assert [story.incident.holder("on_call"), story.incident.commander] == ["sam", "sam"]
    told = [one for one in story.done("say") if isinstance(one, Say) and one.person and one.person.id == "jonas"]
    assert [one.act for one in told[0].message.buttons] == ["take_role", "decline_page", ""]
    story.acts(TakeRole(by="dana", role="commander"))
    assert story.refused == "Sam Lindqvist is incident commander; they must offer it to you"
    assert not story.acts(TakeRole(by="jonas", role="commander")).refused
    assert [story.incident.holder("on_call"), story.incident.commander] == ["sam", "jonas"]
    said = story.passes(seconds=5).said()
    assert [one for one in said if "Jonas commands* since " in one and ", from Sam." in one]
    pages = story.passes(minutes=20).done("page")
    assert len([one for one in pages if "incident commander" in one.summary]) == 1
    story.acts(TakeRole(by="mira", role="commander"))
    assert story.refused.startswith("Jonas Weber is incident commander; they must offer it to you, or be relieved")


@pytest.mark.sop("WAR-7", "DET-7")
def test_nobody_takes_offers_or_loses_a_role_in_what_is_closed() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(OfferRole(by="jonas", role="commander", to="sam"))
    story.acts(CloseAs(by="jonas", how="false_alarm", reason="a load test"))
    for act in (
        TakeRole(by="sam", role="commander"),
        OfferRole(by="jonas", role="commander", to="mira"),
        GiveUpRole(by="jonas", role="commander"),
        Relieve(by="mira", role="commander", reason="x"),
    ):
        assert story.acts(act).refused == f"{story.incident.id} is closed"
    assert story.incident.commander == "jonas"
