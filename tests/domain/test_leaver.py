"""WAR-7: somebody leaves while an incident is open; it rings again, and what waited for them waits for another."""

from datetime import timedelta
from typing import Any

import pytest

from domain.incident.pages import HAND
from domain.port.chat import Say
from domain.port.pager import Page
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.adoption import AdoptCatalog
from domain.procedure.changes import RecordChange
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.resolution import Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, policy


@again
def fought() -> Story:
    """A P1 that dana has taken and jonas commands."""
    return Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)


def leaves(story: Story, who: str) -> Story:
    return story.acts(AdoptCatalog(by="priya", reason="their last day", without=(who,)))


@pytest.mark.sop("ACK-6", "WAR-7")
def test_it_rings_again_when_who_has_taken_it_leaves() -> None:
    story = leaves(fought(), "dana")
    assert story.last("unacknowledged").reason == "their last day"
    assert "on_call" not in story.incident.holders
    story.passes(minutes=6)
    assert "sam" in {name for _, people in story.ladder() for name in people}


@pytest.mark.sop("ACK-2", "ACK-6", "WAR-7")
@pytest.mark.parametrize(
    ("rules", "then"),
    [
        ({}, [(1, ("sam",)), (6, ("mira",)), (11, ("priya",))]),
        ({"paging__left_next": False}, [(1, ("mira",)), (6, ("sam",)), (11, ("priya",))]),
        (
            {"ladder": ["secondary", "primary", "manager", "last_resort"]},
            [(1, ("sam",)), (6, ("mira",)), (11, ("priya",))],
        ),
    ],
)
def test_when_the_only_engineer_of_a_level_leaves_the_next_level_is_woken_and_not_the_manager(
    rules: dict[str, Any], then: list[tuple[int, tuple[str, ...]]]
) -> None:
    story = Story(changed(policy(), **rules)).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    assert leaves(story.passes(minutes=1), "dana").passes(minutes=14).ladder()[1:] == then


@pytest.mark.sop("WAR-3", "WAR-7")
@pytest.mark.parametrize(("rules", "next_at"), [({}, 0), ({"paging__left_next": False}, 5)])
def test_who_has_left_is_woken_by_no_rota(rules: dict[str, Any], next_at: int) -> None:
    rota = {"comms": [{"people": ["ines"]}, {"people": ["sam"]}]}
    story = Story(changed(policy(), **rules), company=changed(catalog(), teams__payments__rota=rota))
    story = leaves(story.acts(Acknowledge(by="dana")), "ines").acts(Declare(by="jonas", severity="P1"))
    paged = story.passes(minutes=6).paged()
    assert next(minute for minute, people in paged if people == ("sam",)) == next_at
    assert (("ines",) in {people for _, people in paged}) is (next_at > 0)


@pytest.mark.sop("ACK-6", "WAR-7")
def test_nobody_is_woken_where_another_is_at_it_or_it_is_over_or_an_older_policy_holds() -> None:
    handed = fought().acts(OfferRole(by="dana", role="on_call", to="sam"), TakeRole(by="sam", role="on_call"))
    over = fought().acts(Resolve(by="jonas", summary="rolled back"))
    older = Story(changed(policy(), paging__left_rings=False)).acts(Acknowledge(by="dana"))
    for story in (handed, over, older):
        assert not story.refused
        assert not [event for event in leaves(story, "dana").incident.events if event.what.kind == "unacknowledged"]


@pytest.mark.sop("FIX-2", "WAR-7")
def test_who_manages_from_now_on_reads_what_waits_for_them_and_answers_with_a_press() -> None:
    asked = RecordChange(by="jonas", change="hotfix", description="the pool by hand", bypass=True)
    story = leaves(fought().acts(TakeRole(by="mira", role="manager"), asked), "mira").passes(seconds=5)
    [told] = [duty for duty in story.done("say") if isinstance(duty, Say) and "You manage" in duty.message.text][-1:]
    assert told.person
    assert (told.person.id, told.message.facts[0][0]) == ("priya", "Waits for you")
    assert "the pool by hand" in told.message.facts[0][1]
    assert [button.act for button in told.message.buttons] == ["authorise_change", "authorise_change", "offer_role"]


def rung(*when: float, **rules: bool) -> list[tuple[int, tuple[str, ...]]]:
    """Whom a night without an answer pages in which minute, where sam leaves at this one."""
    story = leaves(Story(changed(policy(), **rules) if rules else policy()).passes(minutes=when[0]), "sam")
    return story.passes(minutes=16 - when[0]).ladder()


@pytest.mark.sop("ACK-2", "WAR-7")
def test_nobody_is_paged_for_two_levels_of_one_call_when_theirs_falls_to_the_manager() -> None:
    assert rung(2) == [(0, ("dana",)), (5, ("mira",)), (10, ("priya",)), (15, ("priya",))]
    assert rung(7) == [(0, ("dana",)), (5, ("sam",)), (10, ("mira",)), (15, ("priya",))]
    assert rung(11) == rung(7)
    assert rung(2, paging__each_once=False)[1:3] == [(5, ("mira",)), (10, ("mira",))]


@pytest.mark.sop("ACK-2", "WAR-7")
def test_who_leaves_while_they_are_paged_is_followed_by_everybody_else() -> None:
    story = leaves(Story().passes(minutes=2), "dana").passes(minutes=19)
    assert [people for _, people in story.ladder()] == [("dana",), ("sam",), ("mira",), ("priya",), ("priya",)]
    assert any("Paged Priya (last resort)" in words for words in story.said())


@pytest.mark.sop("ACK-2")
def test_a_page_by_hand_for_a_level_climbs_past_a_level_of_the_same_people() -> None:
    story = leaves(Story().acts(Acknowledge(by="dana")), "sam").acts(PagePerson(by="dana", to="secondary"))
    pages = [one for one in story.passes(minutes=11).done("page") if isinstance(one, Page) and HAND in one.key]
    assert [[person.id for person in page.people] for page in pages] == [["mira"], ["priya"], ["priya"]]


@pytest.mark.sop("ACT-2", "WAR-7")
def test_what_a_leaver_owes_goes_to_a_manager_who_is_there() -> None:
    leave = [{"starts_at": START - timedelta(days=1), "ends_at": START + timedelta(days=9)}]
    company = changed(catalog(), teams__payments__manager=["mira", "priya"], people__mira__away=leave)
    story = Story(company=company).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(Resolve(by="jonas", summary="rolled back"), AddItem(by="jonas", title="alert on the pool", owner="dana"))
    assert leaves(story, "dana").incident.items["item-1"].owner == "priya"
