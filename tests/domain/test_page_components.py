"""COM-3, COM-7: people say which component is in which state, update by update; until then the severity says it."""

from typing import Any

import pytest

from domain.company.component_state import states_of
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate, DraftUpdate
from tests.again import again
from tests.domain.story import Story, changed, policy
from tests.vendors.publication import update

API = "cmpapi1"
CHECKOUT = "cmpcheckout1"


@again
def told() -> Story:
    """A P1 on checkout with ines as communications lead."""
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    return story.acts(TakeRole(by="ines", role="comms"))


@pytest.mark.sop("COM-3", "COM-7")
@pytest.mark.parametrize(
    ("stands", "said", "before", "stays"),
    [
        ("major_outage", "partial_outage", None, True),
        ("major_outage", "partial_outage", "partial_outage", True),
        ("major_outage", "partial_outage", "major_outage", False),
        ("partial_outage", "major_outage", None, False),
        ("maintenance", "degraded", None, False),
        (None, "degraded", None, False),
    ],
)
def test_what_another_incident_shows_worse_stays(stands: Any, said: str, before: str | None, stays: bool) -> None:
    """What is not ours by the update before is another's; a word of the page that nobody knows keeps nothing."""
    duty = update(components={API: said}, before={API: before} if before else {})
    assert duty.left({API: stands}) == ({API} if stays else set())


def shown(story: Story) -> list[dict[str, str]]:
    return [duty.model_dump()["components"] for duty in story.done("publish_update")]


@pytest.mark.sop("COM-3")
def test_a_state_that_was_said_holds_until_another_is_said_and_all_work_at_the_end() -> None:
    story = told().acts(ApproveUpdate(by="ines", components=f"degraded, {API}: under maintenance"))
    story.passes(minutes=5).acts(ApproveUpdate(by="ines", body="We found it.", status="identified"))
    story.passes(minutes=5).acts(ApproveUpdate(by="ines", body="Nearly.", components=f"{API}=operational"))
    story.acts(Resolve(by="jonas", summary="rolled back")).passes(minutes=20)
    assert shown(story) == [
        {CHECKOUT: "degraded", API: "maintenance"},
        {CHECKOUT: "degraded", API: "maintenance"},
        {CHECKOUT: "degraded", API: "operational"},
        {CHECKOUT: "operational", API: "operational"},
    ]
    befores = [duty.model_dump().get("before", {}) for duty in story.done("publish_update")]
    assert befores == [{}, *shown(story)[:-1]]


@pytest.mark.sop("COM-6")
def test_the_end_may_leave_a_component_degraded_and_a_correction_puts_it_right() -> None:
    story = told().acts(ApproveUpdate(by="ines"), Resolve(by="jonas", summary="rolled back"))
    story.acts(ApproveUpdate(by="ines", body="It is over; reports are late.", components="degraded"))
    story.passes(hours=2).acts(ApproveUpdate(by="ines", body="Reports are on time again.", status="resolved"))
    assert [states[CHECKOUT] for states in shown(story)] == ["major_outage", "degraded", "operational"]


@pytest.mark.sop("COM-3")
def test_a_draft_says_its_components_and_approving_it_keeps_them() -> None:
    story = told().acts(DraftUpdate(by="ines", body="Payments are slow.", components="slow"))
    assert story.told("Components: cmpcheckout1 degraded") == {"ines"}
    story.acts(ApproveUpdate(by="ines"))
    assert shown(story) == [{CHECKOUT: "degraded"}]


@pytest.mark.sop("COM-3")
@pytest.mark.parametrize("words", ["on fire", "cmpapi1: on fire", ": degraded", "two words: degraded"])
def test_what_is_no_state_is_refused_with_what_is_one(words: str) -> None:
    story = told().acts(ApproveUpdate(by="ines", components=words))
    assert not story.answer.accepted
    assert "under_maintenance" not in story.answer.text
    assert "maintenance" in story.answer.text


@pytest.mark.sop("COM-3")
def test_the_title_of_the_service_stands_for_its_components() -> None:
    assert states_of("Checkout API: partial outage", ["one", "two"], ["checkout", "Checkout API"]) == {
        "one": "partial_outage",
        "two": "partial_outage",
    }


@pytest.mark.sop("COM-3")
def test_a_component_may_have_a_template_of_its_own() -> None:
    rules = changed(policy(), updates__templates_of={CHECKOUT: {"investigating": "Payments"}})
    story = Story(rules).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    [draft] = [duty.model_dump() for duty in story.done("draft_from_template")]
    assert draft["template"] == "Payments"


@pytest.mark.sop("COM-7")
def test_the_page_is_compared_with_what_was_published_whatever_the_severity_is_now() -> None:
    story = Story(severity="warning").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))
    story.acts(TakeRole(by="ines", role="comms"), ApproveUpdate(by="ines"))
    story.passes(minutes=2).acts(Declare(by="jonas", severity="P1")).passes(minutes=20)
    compared = [duty.model_dump()["components"] for duty in story.done("read_status")]
    assert shown(story) == [{CHECKOUT: "partial_outage"}]
    assert compared
    assert all(states == {CHECKOUT: "partial_outage"} for states in compared)


@pytest.mark.sop("COM-1")
@pytest.mark.parametrize(
    ("subject", "name", "same"),
    [
        ("API", "Rapid Transfers are delayed", False),
        ("API", "The api: errors", True),
        ("C++ (EU)", "c++ (eu) down", True),
    ],
)
def test_an_incident_of_the_page_is_about_the_same_where_it_names_it_as_words(
    subject: str, name: str, same: bool
) -> None:
    assert update(subject=subject, components={}).is_about(name, ()) is same
