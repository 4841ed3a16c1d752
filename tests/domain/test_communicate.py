"""COM: what customers are told, when, and who approves it."""

from datetime import timedelta

import pytest

from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.evidence import Snooze
from domain.procedure.resolution import Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate, DraftUpdate
from domain.value.act import Act
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, minutes, policy

HOLDING: Policy = changed(policy(), updates__on_miss="holding")
POST = (DraftUpdate(by="ines", body="Still working."), ApproveUpdate(by="ines"))


@again
def told(rules: Policy | None = None, company: Catalog | None = None) -> Story:
    """A P1 on checkout with ines as communications lead."""
    story = Story(rules, company).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    return story.acts(TakeRole(by="ines", role="comms"))


def posts(story: Story) -> list[timedelta]:
    return [effect.at - START for effect in story.effects("publish_update")]


@pytest.mark.sop("COM-1")
def test_the_first_update_in_time_keeps_the_promise() -> None:
    story = told().passes(minutes=9).acts(ApproveUpdate(by="ines"))
    assert posts(story) == minutes(9)
    assert "COM-1" in story.keys("kept")
    [update] = [duty.model_dump() for duty in story.done("publish_update")]
    assert (update["status"], update["impact"], update["ref"]) == ("investigating", "critical", "")
    assert update["components"] == {"cmpcheckout1": "major_outage"}


@pytest.mark.sop("COM-1", "COM-4")
def test_the_lead_is_reminded_before_the_commander_told_at_the_deadline_and_it_is_chased_after() -> None:
    story = told().passes(minutes=17)
    assert story.when("reminded", "COM-1") == minutes(6)
    assert story.told("COM-1 Customers hear of it by 03:10 UTC, in 4 min") == {"ines"}
    assert story.when("missed", "COM-1") == minutes(10, 15)
    assert story.told("COM-1 Customers were to hear of it") == {"ines", "jonas"}
    story.acts(ApproveUpdate(by="ines"))
    late = story.last("missed")
    assert (late.key, late.stopped_at - START) == ("COM-1", timedelta(minutes=17))
    assert "COM-1" not in story.keys("kept")


@pytest.mark.sop("COM-1")
def test_a_page_that_is_down_does_not_stop_the_clock() -> None:
    story = told().passes(minutes=5).fails("status_page", minutes=12).acts(ApproveUpdate(by="ines")).passes(minutes=6)
    assert story.when("missed", "COM-1") == minutes(10)


@pytest.mark.sop("COM-1")
def test_an_approved_update_waits_for_the_page_and_is_published_once() -> None:
    story = told().passes(minutes=2).fails("status_page", minutes=10).acts(ApproveUpdate(by="ines"))
    assert any("By hand: post on the status page as investigating" in words for words in story.said())
    story.passes(minutes=20)
    assert len(posts(story)) == 1
    assert posts(story)[0] >= timedelta(minutes=12)
    assert story.when("missed", "COM-1")[0] == timedelta(minutes=10)


@pytest.mark.sop("COM-2")
def test_an_update_starts_the_next_half_hour() -> None:
    story = told().passes(minutes=5).acts(ApproveUpdate(by="ines")).passes(minutes=20).acts(*POST)
    assert story.due("COM-2/2").due_at - START == timedelta(minutes=55)
    story.passes(minutes=28).acts(ApproveUpdate(by="ines"))
    assert posts(story) == minutes(5, 25, 53)
    assert [key for key in story.keys("kept") if key.startswith("COM")] == ["COM-1", "COM-2/1", "COM-2/2"]


@pytest.mark.sop("COM-2", "COM-4")
def test_a_missed_half_hour_is_reminded_told_and_chased() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=41)
    assert story.when("reminded", "COM-2/1") == minutes(25)
    assert story.when("missed", "COM-2/1") == minutes(30, 35, 40)
    assert story.told("COM-2 Customers were to hear again") == {"ines", "jonas"}


@pytest.mark.sop("COM-2", "RES-1")
def test_the_final_update_starts_no_clock_even_when_it_is_published_later() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=5).fails("status_page", minutes=2)
    story.acts(Resolve(by="jonas", summary="rolled back"), ApproveUpdate(by="ines")).passes(minutes=21)
    assert len(posts(story)) == 2
    assert not any(key.startswith("COM-") for key in story.running() if not key.startswith("COM-5"))


@pytest.mark.sop("COM-3")
def test_the_first_draft_is_there_at_once_from_the_pages_own_template() -> None:
    story = Story()
    story.play.world.template = "We are looking into Checkout API."
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    [draft] = [duty.model_dump() for duty in story.done("draft_from_template")]
    assert (draft["template"], draft["values"]["service"]) == ("Investigating", "Checkout API")
    assert story.last("update_drafted").body == "We are looking into Checkout API."
    assert story.told("COM-3 May customers read this by 03:1") == {"ines"}
    assert posts(story) == []


@pytest.mark.sop("COM-3")
def test_without_a_template_the_policys_words_are_the_draft() -> None:
    body = told().last("update_drafted").body
    assert body == (
        "Some customers may not be able to pay since 03:00 UTC. "
        "We are looking into it and will write again within 30 minutes."
    )


@pytest.mark.sop("COM-3")
def test_the_next_draft_is_there_with_the_reminder() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=24)
    assert len(story.events("update_drafted")) == 1
    assert len(story.passes(minutes=2).events("update_drafted")) == 2


@pytest.mark.sop("COM-3")
def test_a_draft_is_edited_while_it_is_approved() -> None:
    story = told().acts(ApproveUpdate(by="ines", number=1, status="identified", body="It is the database."))
    update = story.done("publish_update")[0].model_dump()
    assert (update["status"], update["body"]) == ("identified", "It is the database.")


@pytest.mark.sop("COM-3")
@pytest.mark.parametrize(
    ("acts", "reason"),
    [
        ((ApproveUpdate(by="dana"),), "only Ines or Jonas may approve an update"),
        (
            (ApproveUpdate(by="ines"), ApproveUpdate(by="ines")),
            "update 1 was approved by Ines Duarte already; no draft waits after it",
        ),
        (
            (ApproveUpdate(by="ines"), ApproveUpdate(by="ines", number=1)),
            "update 1 was approved by Ines Duarte already",
        ),
        ((ApproveUpdate(by="ines", number=7),), "draft 7 does not wait any more; draft 1 (investigating) does: Some"),
        ((ApproveUpdate(by="ines", status="resolved"),), "the final update is drafted"),
        (
            (DraftUpdate(by="ines", status="resolved", body="x"),),
            "the final update is drafted",
        ),
        ((Resolve(by="jonas", summary="x"), ApproveUpdate(by="ines", number=1)), "draft 1 does not wait any more"),
        ((Resolve(by="jonas", summary="x"), DraftUpdate(by="ines", status="monitoring", body="x")), "INC-"),
    ],
)
def test_an_approval_that_makes_no_sense_is_refused(acts: tuple[Act, ...], reason: str) -> None:
    assert told().acts(*acts).refused.startswith(reason)


@pytest.mark.sop("COM-3")
def test_an_update_somebody_wants_for_a_minor_incident_is_published_too() -> None:
    story = Story(service="billing", severity="sev3").acts(Declare(by="jonas", severity="P3"))
    assert len(posts(story.acts(DraftUpdate(by="dana", body="Slow exports."), ApproveUpdate(by="jonas")))) == 1


@pytest.mark.sop("COM-3")
def test_without_a_status_page_nothing_is_promised_and_an_approval_is_refused() -> None:
    story = Story(company=changed(catalog(), vendors__status_page="none")).acts(Declare(by="jonas", severity="P1"))
    assert [key for key in story.running() if key.startswith("COM-")] == ["COM-5"]
    assert "no status page" in story.acts(DraftUpdate(by="jonas", body="x")).refused


@pytest.mark.sop("COM-4")
def test_the_policy_may_post_the_holding_statement_at_the_deadline_and_the_miss_is_recorded_all_the_same() -> None:
    story = told(HOLDING).passes(minutes=9, seconds=59)
    assert posts(story) == []
    story.passes(minutes=31)
    assert posts(story) == minutes(10, 40)
    assert {"COM-1", "COM-2/1"} <= set(story.keys("missed"))
    holding = story.done("publish_update")[0].model_dump()
    assert holding["body"].startswith("We are working on a problem with Checkout")
    assert [event.clause for event in story.events("update_approved")] == ["COM-4", "COM-4"]


@pytest.mark.sop("COM-4")
def test_a_holding_statement_leaves_a_waiting_draft_to_its_author() -> None:
    story = told(HOLDING).acts(DraftUpdate(by="ines", body="My own words.")).passes(minutes=11)
    story.acts(ApproveUpdate(by="ines"))
    assert [duty.model_dump()["body"][:13] for duty in story.done("publish_update")] == [
        "We are workin",
        "My own words.",
    ]


@pytest.mark.sop("COM-4")
def test_the_holding_statement_is_posted_even_when_the_deadline_passed_unseen() -> None:
    story = told(HOLDING)
    story.play.now = START + timedelta(minutes=25)
    story.play.settle()
    assert story.last("missed").times >= 1
    assert posts(story) == minutes(25)


@pytest.mark.sop("COM-4")
def test_without_that_policy_nothing_is_posted_that_nobody_approved() -> None:
    assert posts(told().passes(hours=5)) == []


@pytest.mark.sop("COM-4")
def test_a_snooze_quiets_reminders_and_chases_and_moves_no_deadline() -> None:
    until = START + timedelta(minutes=20)
    story = told().acts(Snooze(by="ines", clause="COM-1", until=until, reason="writing")).passes(minutes=21)
    assert story.when("reminded", "COM-1") == []
    assert story.when("missed", "COM-1") == minutes(10, 20)
    assert story.acts(Snooze(by="ines", clause="COM-99", until=until, reason="x")).refused.startswith("clause: found")


@pytest.mark.sop("WAR-4")
@pytest.mark.parametrize("minutes_said", ["30", 30])
def test_reminders_keep_quiet_for_a_span_that_nobody_has_to_reckon(minutes_said: object) -> None:
    said = {"by": "dana", "clause": "WAR-4", "minutes": minutes_said, "reason": "rolling back"}
    story = told().passes(minutes=5).acts(Snooze.model_validate(said))
    assert story.last("snoozed").until == START + timedelta(minutes=35)
    assert "for how long" in story.acts(Snooze(by="dana", clause="WAR-4", reason="rolling back")).refused


@pytest.mark.sop("COM-3")
def test_words_for_customers_use_their_name_for_the_service_and_say_when_they_hear_again() -> None:
    words = {"services__checkout__public": "Payments", "services__checkout__hedge": "You may be unable to pay."}
    story = told(company=changed(catalog(), **words))
    body = story.last("update_drafted").body
    assert body.startswith("You may be unable to pay since 03:00 UTC.")
    story.acts(ApproveUpdate(by="ines"))
    assert story.done("publish_update")[0].model_dump()["title"] == "Payments: major outage"


@pytest.mark.sop("COM-3")
def test_what_is_not_news_is_drafted_as_such() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=26)
    assert story.last("update_drafted").body.startswith("We are still working on it. Nothing has changed for you")
    story.acts(ApproveUpdate(by="ines", status="monitoring", body="It works.")).passes(minutes=26)
    assert story.last("update_drafted").body.startswith("A fix is in place, and Checkout should work again.")


@pytest.mark.sop("COM-3", "DET-5")
def test_once_every_alert_has_recovered_no_draft_says_that_nothing_has_changed() -> None:
    story = told().acts(ApproveUpdate(by="ines")).at(minutes=12).hears(state="resolved").passes(minutes=30)
    said = story.last("update_drafted")
    assert (said.status, said.body.partition(". ")[0]) == (
        "investigating",
        "Checkout seems to work again since 03:12 UTC",
    )
    older = {key: text for key, text in policy().updates.drafts.items() if key != "recovered"}
    frozen = told(changed(policy(), updates__drafts=older)).acts(ApproveUpdate(by="ines"))
    frozen.at(minutes=12).hears(state="resolved").passes(minutes=30)
    assert frozen.last("update_drafted").body.startswith("We are still working on it.")


@pytest.mark.sop("COM-3")
def test_a_service_of_which_nothing_is_said_may_give_trouble() -> None:
    body = told(company=changed(catalog(), services__checkout__hedge="")).last("update_drafted").body
    assert body.startswith("Some customers may have trouble with Checkout since 03:00 UTC.")


@pytest.mark.sop("COM-1", "COM-4")
def test_what_people_approved_and_is_on_the_page_at_the_very_deadline_is_in_time() -> None:
    story = told().at(minutes=10).acts(ApproveUpdate(by="ines")).passes(seconds=0)
    assert (posts(story), "COM-1" in story.keys("kept")) == ([timedelta(minutes=10)], True)
    late = told(HOLDING).passes(minutes=10)
    assert (posts(late), "COM-1" in late.keys("kept")) == ([timedelta(minutes=10)], False)


@pytest.mark.sop("WAR-4", "WAR-3")
def test_who_takes_a_role_over_hears_what_its_holder_had_put_off() -> None:
    put_off = Snooze(by="dana", clause="WAR-4", until=START + timedelta(minutes=60), reason="rolling back")
    stays, goes = told().passes(minutes=8).acts(put_off), told().passes(minutes=8).acts(put_off)
    goes.acts(OfferRole(by="dana", role="on_call", to="sam"), TakeRole(by="sam", role="on_call"))
    assert stays.at(minutes=40).when("reminded", "WAR-4/1") == []
    assert goes.at(minutes=40).when("reminded", "WAR-4/1") == minutes(12)
