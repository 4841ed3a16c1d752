"""COM-3: what was read is what is approved; what could not leave gives way to what is newer; no late answer counts."""

from datetime import timedelta
from typing import Any

import pytest

from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.customer_impact import SayCustomersAffected
from domain.procedure.impact import ReportImpact
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.retraction import CloseAs
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate, DraftUpdate, PostByHand, WithdrawUpdate
from domain.run import progress as step
from domain.run.agenda import duties
from domain.value.act import Act
from tests.domain.story import START, Story, changed, minutes, policy
from tests.domain.test_communicate import posts, told

OVER = Resolve(by="jonas", summary="Sam restarted it")
URL = "https://status.example.com/incidents/p3"


def bodies(story: Story) -> list[str]:
    """The texts that customers read, in order."""
    return [duty.model_dump()["body"] for duty in story.done("publish_update")]


@pytest.mark.sop("COM-3")
def test_a_draft_that_was_rewritten_meanwhile_is_not_approved_and_the_new_text_is_shown() -> None:
    story = told().acts(DraftUpdate(by="dana", body="Mira dropped the table."), ApproveUpdate(by="ines", number=1))
    assert story.refused == "draft 1 does not wait any more; draft 2 (investigating) does: Mira dropped the table."
    assert posts(story) == []


@pytest.mark.sop("COM-3")
@pytest.mark.parametrize("number", [None, 1])
def test_the_page_never_goes_back_to_a_draft_that_is_older_than_what_was_approved(number: int | None) -> None:
    newer = DraftUpdate(by="ines", body="Payments fail for some.", status="identified")
    story = told().acts(newer, ApproveUpdate(by="ines", number=2), ApproveUpdate(by="ines", number=number))
    assert story.refused == "update 2 was approved by Ines Duarte already; no draft waits after it"
    assert bodies(story) == ["Payments fail for some."]


@pytest.mark.sop("COM-3")
def test_an_older_draft_counts_again_when_the_newer_text_was_taken_back_before_it_left() -> None:
    newer = DraftUpdate(by="ines", body="Payments fail for some.")
    story = told().fails("status_page", "publish_update").acts(newer, ApproveUpdate(by="ines", number=2))
    story.acts(WithdrawUpdate(by="ines", number=2, because="it is wrong"))
    assert story.acts(ApproveUpdate(by="ines", number=1)).refused == ""


@pytest.mark.sop("COM-3", "COM-6")
@pytest.mark.parametrize(
    "body", ["Dana ran a script.", "weber said so", "Ask ines.duarte@harbourline.example", "DANA did it", "Jonas Weber"]
)
def test_customers_never_read_a_colleagues_name(body: str) -> None:
    story = told().acts(ApproveUpdate(by="ines", body=body))
    assert story.refused.startswith("customers would read the name of ")
    assert posts(story) == []


@pytest.mark.sop("COM-3")
@pytest.mark.parametrize(
    "body", ["Payments may fail.", "We will write again at 10:00.", "The same applies to samples."]
)
def test_ordinary_words_name_nobody(body: str) -> None:
    assert told().acts(ApproveUpdate(by="ines", body=body)).refused == ""


@pytest.mark.sop("COM-3")
def test_a_draft_that_names_somebody_is_offered_for_editing_only() -> None:
    story = told().acts(DraftUpdate(by="sam", body="Dana is on it."))
    assert any("It names Dana " in words for words in story.said())


@pytest.mark.sop("COM-3")
def test_while_the_page_is_away_the_policys_words_wait_and_ones_own_are_taken() -> None:
    story = Story().fails("status_page", minutes=30).acts(Declare(by="jonas", severity="P1"))
    assert story.last("update_drafted").body.startswith("Some customers may not be able to pay since 03:00 UTC.")
    story.acts(TakeRole(by="ines", role="comms"), ApproveUpdate(by="ines", body="Cards may fail."))
    assert story.refused == ""
    assert bodies(story.passes(minutes=40)) == ["Cards may fail."]


@pytest.mark.sop("COM-1", "COM-3")
def test_when_the_page_is_back_only_the_newest_leaves_and_the_rest_is_recorded_as_dropped() -> None:
    story = told().fails("status_page", minutes=40)
    for minute, status in ((2, "investigating"), (20, "identified"), (30, "monitoring")):
        story.at(minutes=minute).acts(ApproveUpdate(by="ines", status=status, body=f"It is {status}."))
    assert bodies(story.passes(minutes=30)) == ["It is monitoring."]
    assert [event.what.model_dump()["number"] for event in story.events("update_dropped")] == [1, 2]


@pytest.mark.sop("COM-3", "DET-7")
def test_what_does_not_leave_any_more_says_that_it_was_none() -> None:
    story = told().fails("status_page", minutes=40).acts(ApproveUpdate(by="ines")).at(minutes=10)
    story.acts(CloseAs(by="jonas", how="false_alarm", reason="a load test"))
    assert story.last("update_dropped").because == "the incident is closed as none meanwhile"


@pytest.mark.sop("COM-3", "COM-6")
def test_nothing_that_speaks_of_the_trouble_leaves_after_its_end() -> None:
    story = told().fails("status_page", minutes=40).acts(ApproveUpdate(by="ines")).at(minutes=10).acts(OVER)
    assert "the incident is resolved meanwhile" in story.last("update_dropped").because
    assert bodies(story.passes(hours=2)) == ["The problem with Checkout is solved."]


@pytest.mark.sop("COM-1", "COM-3")
def test_a_refused_update_holds_up_no_later_one() -> None:
    story = told().fails("status_page", "publish_update", retryable=False, minutes=3).acts(ApproveUpdate(by="ines"))
    story.at(minutes=4).acts(ApproveUpdate(by="ines", body="Shorter."))
    assert (bodies(story), posts(story)) == (["Shorter."], minutes(4))


@pytest.mark.sop("COM-3")
def test_an_approved_update_that_has_not_left_is_corrected_or_withdrawn() -> None:
    story = told().fails("status_page", minutes=20).acts(ApproveUpdate(by="ines", body="In Europe."))
    story.acts(ApproveUpdate(by="ines", number=1, body="Everywhere.")).passes(minutes=30)
    assert bodies(story) == ["Everywhere."]
    story.fails("status_page", minutes=20).acts(ApproveUpdate(by="ines", body="It is over."))
    story.acts(WithdrawUpdate(by="ines", because="it is not")).passes(minutes=60)
    assert bodies(story) == ["Everywhere."]
    assert story.acts(WithdrawUpdate(by="ines", number=2, because="x")).refused.startswith("update 2 is on the page")


@pytest.mark.sop("COM-1", "COM-3", "COM-7")
def test_what_was_posted_by_hand_keeps_the_promise_leaves_no_second_time_and_is_read_back() -> None:
    story = told().fails("status_page", "publish_update", hours=3).acts(ApproveUpdate(by="ines", body="Cards fail."))
    assert story.acts(PostByHand(by="ines", url="on the page")).refused.startswith("url: found")
    story.at(minutes=8).acts(PostByHand(by="ines", url=URL)).at(minutes=19)
    assert "COM-1" in story.keys("kept")
    assert [duty.model_dump()["ref"] for duty in story.done("read_status")] == ["p3"]
    assert not any(key.startswith("publish/") for key in story.owes())


@pytest.mark.sop("COM-3")
def test_a_draft_says_what_a_person_said_last_and_a_finding_says_nothing() -> None:
    story = told().acts(ApproveUpdate(by="ines", status="monitoring", body="We watch a fix.")).passes(minutes=26)
    assert story.last("update_drafted").status == "monitoring"


@pytest.mark.sop("COM-1", "RES-3")
def test_a_page_that_says_resolved_while_it_is_open_again_is_corrected_within_ten_minutes() -> None:
    story = told().acts(ApproveUpdate(by="ines")).at(minutes=5).acts(OVER, ApproveUpdate(by="ines"))
    story.at(minutes=20).acts(Reopen(by="jonas", reason="no"))
    assert story.due("COM-1/reopened-1").due_at - START == timedelta(minutes=30)
    assert story.last("update_drafted").status == "investigating"
    story.at(minutes=25).acts(ApproveUpdate(by="ines"))
    assert "COM-1/reopened-1" in story.keys("kept")


@pytest.mark.sop("COM-1", "RES-3")
@pytest.mark.parametrize(("minute", "due"), [(34, None), (36, 46)])
def test_a_page_whose_last_word_is_too_old_at_a_reopening_is_brought_up_to_date_in_the_time_of_a_first(
    minute: int, due: int | None
) -> None:
    story = told().at(minutes=5).acts(ApproveUpdate(by="ines")).at(minutes=25).acts(OVER)
    story.at(minutes=minute).acts(Reopen(by="jonas", reason="no"))
    assert ("COM-1/reopened-1" in story.running()) == bool(due)
    if due:
        assert story.due("COM-1/reopened-1").due_at - START == timedelta(minutes=due)
        assert story.last("update_drafted").status == "investigating"
        story.acts(ApproveUpdate(by="ines")).passes(minutes=1)
        assert "COM-1/reopened-1" in story.keys("kept")


@pytest.mark.sop("COM-3")
def test_the_page_is_corrected_after_the_end() -> None:
    story = told().acts(ApproveUpdate(by="ines")).at(minutes=5).acts(OVER, ApproveUpdate(by="ines"))
    story.at(hours=2).acts(DraftUpdate(by="ines", body="It began at 02:50 UTC."), ApproveUpdate(by="ines"))
    assert story.done("publish_update")[-1].model_dump()["status"] == "resolved"
    assert bodies(story)[-1] == "It began at 02:50 UTC."


@pytest.mark.sop("COM-1", "COM-2")
def test_an_internal_outage_tells_customers_nothing_until_somebody_says_that_they_feel_it() -> None:
    story = Story(service="platform").acts(Declare(by="jonas", severity="P2")).passes(minutes=30)
    assert not any(key.startswith("COM-") for key in story.running())
    story.acts(SayCustomersAffected(by="jonas", reason="checkout waits for builds"))
    assert story.due("COM-1").due_at - START == timedelta(minutes=40)
    story.acts(SayCustomersAffected(by="jonas", affected=False, reason="they do not"))
    assert not any(key.startswith("COM-") for key in story.running())


def internal(**over: Any) -> Story:
    """An internal outage for which somebody publishes an update at minute 5."""
    story = Story(changed(policy(), **over), service="platform").acts(Declare(by="jonas", severity="P2"))
    return story.at(minutes=5).acts(DraftUpdate(by="jonas", body="Builds may fail."), ApproveUpdate(by="jonas"))


@pytest.mark.sop("COM-2")
def test_who_publishes_for_an_internal_service_says_that_customers_feel_it() -> None:
    story = internal()
    assert story.due("COM-2/p-1").due_at - START == timedelta(minutes=35)
    assert not any(key.startswith("COM-1") for key in (*story.running(), *story.keys("kept")))
    story.at(minutes=40)
    assert story.when("missed", "COM-2/p-1")[:1] == minutes(35)
    assert story.last("update_drafted").body.startswith("We are still working on it.")
    story.acts(ApproveUpdate(by="jonas")).passes(minutes=1)
    assert story.due("COM-2/p-2").due_at - START == timedelta(minutes=70)
    story.acts(OVER)
    assert not any(key.startswith("COM-2") for key in story.running())


@pytest.mark.sop("COM-2")
def test_a_word_that_customers_feel_nothing_ends_the_rhythm_and_an_older_policy_has_none() -> None:
    story = internal().acts(SayCustomersAffected(by="jonas", affected=False, reason="builds alone"))
    assert not any(key.startswith("COM-2") for key in story.running())
    assert not any(key.startswith("COM-2") for key in internal(updates__internal_goes_on=False).running())


@pytest.mark.sop("COM-3", "COM-6")
def test_the_end_says_what_customers_could_not_do_and_since_when_it_works() -> None:
    story = told().acts(ApproveUpdate(by="ines"), ReportImpact(by="dana", blocks="pay by card."))
    story.at(minutes=12).hears(state="resolved")
    story.acts(DraftUpdate(by="ines", status="monitoring", body="It is fixed."), ApproveUpdate(by="ines"))
    story.at(minutes=45)
    assert story.last("update_drafted").body.startswith("Checkout works again since 03:12 UTC. We keep watching it")
    story.acts(OVER)
    said = "It lasted from 04 March 03:00 to 03:12 UTC. What customers could not do: pay by card."
    assert story.last("update_drafted").body == f"The problem with Checkout is solved. {said}"


@pytest.mark.sop("COM-6")
@pytest.mark.parametrize(
    "blocks", ["what Dana broke", "see https://logs.harbourline.example/1", "the password=h2nter22"]
)
def test_an_impact_that_is_for_colleagues_is_not_proposed_to_customers(blocks: str) -> None:
    story = told().acts(ApproveUpdate(by="ines"), ReportImpact(by="sam", blocks=blocks)).passes(minutes=5).acts(OVER)
    assert story.last("update_drafted").body.endswith("It lasted from 04 March 03:00 to 03:05 UTC.")


MEANWHILE: tuple[Act, ...] = (
    DraftUpdate(by="dana", body="A draft."),
    ApproveUpdate(by="ines", body="Approved meanwhile."),
    WithdrawUpdate(by="ines", because="it is wrong"),
    PostByHand(by="ines", url=URL),
    OVER,
    Declare(by="jonas", severity="P2", reason="small"),
    SayCustomersAffected(by="jonas", affected=False, reason="it is internal"),
)


def decided(incident: Incident) -> dict[int, tuple[Any, ...]]:
    """What people decided of each update: its state, its words, by whom it was approved or put on the page."""
    return {n: (u.status, u.body, u.approved_at, u.approved_by) for n, u in incident.updates.items()}


def in_flight(kind: str) -> tuple[Story, AnyDuty]:
    """A story in which one effect has begun and is not answered."""
    story = Story().fails("status_page", kind)
    story.acts(Declare(by="jonas", severity="P1"), TakeRole(by="ines", role="comms"), ApproveUpdate(by="ines"))
    story.passes(minutes=11 if kind == "read_status" else 1)
    held = [duty for duty in duties(story.incident, story.play.now + timedelta(hours=1)) if duty.kind == kind]
    return story, held[0]


@pytest.mark.parametrize("kind", ["publish_update", "read_status"])
@pytest.mark.parametrize("act", MEANWHILE, ids=lambda act: act.kind)
@pytest.mark.sop("COM-3", "COM-7")
def test_no_late_answer_changes_what_a_person_decided_meanwhile(kind: str, act: Act) -> None:
    story, duty = in_flight(kind)
    story.acts(act)
    before, phase, felt = decided(story.incident), story.phase(), story.incident.outward.felt
    step.done(story.incident, duty, Outcome(ref="p9", text="late words"), story.play.now + timedelta(seconds=90))
    after = decided(story.incident)
    assert {number: after[number] for number in before} == before
    assert (story.phase(), story.incident.outward.felt) == (phase, felt)


@pytest.mark.parametrize("act", MEANWHILE, ids=lambda act: act.kind)
@pytest.mark.sop("COM-3")
def test_a_late_template_takes_no_ones_place(act: Act) -> None:
    story = Story()
    story.acts(Declare(by="jonas", severity="P1"), TakeRole(by="ines", role="comms"))
    late = story.done("draft_from_template")[0].model_copy(update={"key": "draft/late"})
    story.acts(act)
    before = decided(story.incident)
    step.done(story.incident, late, Outcome(text="late words"), story.play.now + timedelta(seconds=90))
    assert decided(story.incident) == before


@pytest.mark.sop("WAR-6")
def test_what_several_pages_ask_for_is_owed_once() -> None:
    """Who is called again and again while the room is away is to be told once."""
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).fails("room", days=1)
    seen = set[str]()
    for _ in range(40):
        owed = story.passes(minutes=1).owes()
        assert len(set(owed)) == len(owed)
        seen.update(owed)
    assert "tell/page-wake-manager/priya" in seen
