"""WAR-7: who is on leave is asked for nothing while somebody else is there, and nobody is asked twice in one breath."""

from datetime import timedelta

import pytest

from domain.company.catalog import Catalog
from domain.incident.clocks import DeputyAsked, Kept
from domain.incident.effects import Done
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.changes import RecordChange
from domain.procedure.findings import Note
from domain.procedure.ladder import steps
from domain.procedure.paging import on_call
from domain.procedure.relief import DeclineRole, GiveUpRole, Relieve
from domain.procedure.resolution import Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.procedure.tasks import AssignTask
from tests.domain.story import START, Story, catalog, changed, policy


def without(*names: str) -> Catalog:
    """The company while these people are on leave."""
    leave = [START.date(), START.replace(day=20).date()]
    company: Catalog = changed(catalog(), **{f"people__{name}__away": leave for name in names})
    return company


def fought(company: Catalog, **rules: bool) -> Story:
    story = Story(changed(policy(), **rules) if rules else policy(), company)
    return story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


@pytest.mark.sop("WAR-7", "FIX-2")
def test_who_stands_in_for_a_manager_on_leave_is_reminded_of_what_they_were_asked() -> None:
    asked = RecordChange(by="jonas", change="hotfix", description="the pool by hand", bypass=True)
    story = fought(without("mira", "priya")).acts(asked).passes(minutes=11)
    assert story.told("FIX-2 Jonas wants a hotfix without a normal deployment") == {"sam"}
    assert story.told("A change waits for your word: allow it") == {"sam"}
    assert story.told("A change waits for your word: it was to be") == {"sam", "jonas"}
    assert story.last("deputy_asked").person == "dana"  # never sam again, who owes it, nor jonas, who asks


@pytest.mark.sop("WAR-7", "COM-1", "COM-3")
def test_the_commander_is_asked_what_customers_read_while_nobody_of_communications_is_there() -> None:
    story = fought(without("ines")).passes(minutes=11)
    assert story.told("May customers read this") == {"jonas"}
    assert story.told("Customers hear of it by") == {"jonas"}
    older = fought(without("ines"), absence__counts_away=True).passes(minutes=11)
    assert older.told("May customers read this") == {"ines"}


@pytest.mark.sop("WAR-7", "WAR-3")
def test_who_is_at_it_is_asked_to_command_while_whoever_is_listed_is_on_leave() -> None:
    story = Story(company=without("jonas")).acts(Acknowledge(by="dana")).passes(minutes=16)
    assert "commander" not in story.incident.holders
    assert story.told("Nobody is incident commander yet") == {"dana", "mira"}


@pytest.mark.sop("WAR-7")
def test_nobody_is_passed_by_where_nobody_else_is_there() -> None:
    everybody = without(*catalog().people)
    story = fought(everybody).acts(TakeRole(by="ines", role="comms")).passes(minutes=11)
    assert story.told("Customers hear of it by") == {"ines"}


@pytest.mark.sop("WAR-7", "COM-1")
def test_who_could_take_a_vacant_role_is_told_of_a_miss_and_not_asked_again_as_a_deputy() -> None:
    story = fought(catalog()).passes(minutes=11)
    assert story.told("Customers were to hear of it") == {"ines", "jonas"}
    assert not story.events("deputy_asked", "COM-1")
    older = fought(catalog(), absence__asked_once=False).passes(minutes=11)
    assert older.last("deputy_asked").person == "ines"


def _woken(story: Story, page: str = "page/") -> list[tuple[int, str]]:
    """Who was paged, and in which minute."""
    pages = [(event, done) for event, done in story.incident.all(Done) if done.key.startswith(page)]
    return [(int((event.at - START).total_seconds() // 60), ", ".join(done.outcome.people)) for event, done in pages]


@pytest.mark.sop("WAR-7", "ACK-2")
@pytest.mark.parametrize(
    ("leave", "each", "woken"),
    [
        ((3, 9000), True, [(0, "dana"), (5, "mira"), (10, "priya"), (15, "priya")]),
        ((3, 9000), False, [(0, "dana"), (5, "sam"), (10, "mira"), (15, "priya")]),
        ((-9000, 3), True, [(0, "dana"), (5, "sam"), (10, "mira"), (15, "priya")]),
        ((-9000, 3), False, [(0, "dana"), (5, "mira"), (10, "priya"), (15, "priya")]),
    ],
)
def test_whose_leave_begins_or_ends_while_it_rings_is_passed_by_or_woken(
    leave: tuple[int, int], each: bool, woken: list[tuple[int, str]]
) -> None:
    away = tuple(START + timedelta(minutes=minute) for minute in leave)
    story = Story(changed(policy(), absence__each_level=each), changed(catalog(), people__sam__away=away))
    assert _woken(story.passes(minutes=16)) == woken


@pytest.mark.sop("WAR-7", "ACK-2")
def test_it_rings_on_at_who_is_there_when_the_last_of_a_ladder_goes_on_leave() -> None:
    away = (START + timedelta(minutes=17), START + timedelta(days=9))
    story = Story(policy(), changed(catalog(), people__priya__away=away)).passes(minutes=26)
    assert _woken(story)[3:] == [(15, "priya"), (20, "mira"), (25, "mira")]
    nobody = changed(catalog(), **{f"people__{name}__away": away for name in catalog().people})
    assert _woken(Story(policy(), nobody).passes(minutes=26))[3:] == [(15, "priya"), (20, "priya"), (25, "priya")]


@pytest.mark.sop("WAR-7", "ACK-2")
@pytest.mark.parametrize("each", [True, False])
@pytest.mark.parametrize("leave", [(-9000, 9000), (3, 9000), (-9000, 3), (3, 8)])
def test_a_ladder_of_one_level_rings_on_at_the_only_person_though_they_are_on_leave(
    leave: tuple[int, int], each: bool
) -> None:
    away = tuple(START + timedelta(minutes=minute) for minute in leave)
    rules = changed(policy(), absence__each_level=each, ladder=("primary",))
    story = Story(rules, changed(catalog(), people__dana__away=away)).passes(minutes=16)
    assert _woken(story) == [(0, "dana"), (5, "dana"), (10, "dana"), (15, "dana")]
    call = on_call(story.incident, 0)
    assert call
    assert [step.turn for step in steps(story.incident, call)] == [0, 1, 2, 3]


@pytest.mark.sop("WAR-5", "WAR-7")
def test_who_stands_in_is_woken_for_a_manager_where_all_who_lead_are_on_leave() -> None:
    story = fought(without("mira", "priya")).passes(minutes=3)
    assert _woken(story, "page/wake-manager") == [(0, "sam")]
    story.acts(Note(by="sam", text="I see to it")).passes(minutes=9)
    assert _woken(story, "page/wake-manager") == [(0, "sam")]
    assert [event for event, kept in story.incident.all(Kept) if kept.key == "WAR-5/mira"]
    older = fought(without("mira", "priya"), absence__deputies_called=False).passes(minutes=7)
    assert _woken(older, "page/wake-manager") == [(0, "mira"), (5, "priya")]


@pytest.mark.sop("WAR-7", "FIX-2")
@pytest.mark.parametrize("at_once", [True, False])
def test_what_a_relieved_manager_left_without_an_answer_is_asked_of_who_stands_in_at_once(at_once: bool) -> None:
    bypass = RecordChange(by="jonas", change="hotfix", description="the pool by hand", bypass=True)
    story = fought(catalog(), absence__asks_on=at_once).acts(bypass, Relieve(by="sam", role="manager", reason="away"))
    story.acts(Relieve(by="dana", role="manager", reason="she does not answer"))
    assert "manager" not in story.incident.holders
    assert ("priya" in story.told("wants a hotfix without a normal deployment: the pool by hand")) is at_once


@pytest.mark.sop("WAR-7", "WAR-3")
def test_nobody_on_leave_is_woken_for_a_role_that_somebody_at_work_sees_to() -> None:
    alone = (Acknowledge(by="dana"), Declare(by="dana", severity="P1"))
    on_leave = without("jonas", "mira", "priya", "ines")
    for rests, woken in ((True, set()), (False, {"jonas", "ines"})):
        story = Story(changed(policy(), absence__leave_rests=rests), on_leave).acts(*alone).passes(minutes=4)
        assert {who for _, people in story.paged()[1:] for who in people} & {"jonas", "ines"} == woken


@pytest.mark.sop("WAR-7", "COM-1")
def test_who_is_on_leave_is_woken_after_all_once_whoever_sees_to_the_role_falls_silent() -> None:
    story = fought(without("mira", "priya", "ines")).passes(minutes=5)
    assert not {who for _, people in story.paged()[1:] for who in people} & {"ines", "priya"}
    story.passes(minutes=30)
    assert {who for _, people in story.paged()[1:] for who in people} & {"ines", "priya"}


@pytest.mark.sop("WAR-7", "WAR-3", "ACK-5")
def test_who_could_command_is_woken_on_leave_once_the_only_engineer_falls_silent() -> None:
    story = Story(company=without("jonas", "mira", "priya", "ines")).passes(minutes=1)
    story.acts(Acknowledge(by="dana"), Declare(by="dana", severity="P1")).passes(minutes=14)
    assert _woken(story, "page/wake-commander") == []
    story.passes(minutes=30)
    first, *_ = _woken(story, "page/wake-commander")
    assert first[1] == "jonas"


@pytest.mark.sop("WAR-3", "WAR-7")
def test_who_has_declined_a_role_is_called_for_it_where_there_is_nobody_else() -> None:
    alone = {"teams__payments__commanders": ("mira",), "teams__payments__levels__last_resort__people": ("mira",)}
    story = Story(company=changed(catalog(), **alone)).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(Note(by="mira", text="here"), TakeRole(by="ines", role="comms")).passes(minutes=10)
    story.acts(OfferRole(by="jonas", role="commander", to="mira"), DeclineRole(by="mira", role="commander"))
    story.passes(minutes=1).acts(GiveUpRole(by="jonas", role="commander")).passes(minutes=1)
    assert _woken(story, "page/wake-commander") == [(11, "mira")]


@pytest.mark.sop("WAR-7", "COM-1")
@pytest.mark.parametrize(("away", "asked"), [(False, ["ines"]), (True, [])])
def test_nobody_on_leave_is_asked_to_answer_for_a_communications_lead(away: bool, asked: list[str]) -> None:
    leave = [{"starts_at": START - timedelta(days=1), "ends_at": START + timedelta(days=1)}]
    company = changed(catalog(), teams__payments__comms=["sam", "ines"])
    story = Story(company=changed(company, people__ines__away=leave) if away else company)
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"), TakeRole(by="sam", role="comms"))
    story.passes(minutes=12)
    told = [one.what for one in story.incident.events if isinstance(one.what, DeputyAsked)]
    assert [one.person for one in told if one.clause == "COM-1"] == asked


@pytest.mark.sop("WAR-7", "WAR-8")
@pytest.mark.parametrize(("rule", "reminded"), [(True, "jonas"), (False, "ines")])
def test_a_task_of_somebody_whose_leave_begins_is_asked_of_the_commander_while_it_is_fought(
    rule: bool, reminded: str
) -> None:
    leave = (START + timedelta(minutes=2), START + timedelta(days=9))
    story = Story(changed(policy(), absence__items_there=rule), changed(catalog(), people__ines__away=leave))
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"), AssignTask(by="jonas", title="x", to="ines"))
    story.passes(minutes=16)
    assert story.told("Do task 1: was due") == {reminded, "jonas"}
    assert any("Ines Duarte, whose it is, is on leave" in words for words in story.said()) is rule


@pytest.mark.sop("WAR-7", "ACT-2")
@pytest.mark.parametrize(
    ("away", "rule", "reminded"),
    [(["dana"], True, "mira"), (["dana", "mira"], True, "priya"), (["dana"], False, "dana"), ([], True, "dana")],
)
def test_an_action_item_of_somebody_on_leave_is_asked_of_who_stands_in(
    away: list[str], rule: bool, reminded: str
) -> None:
    """It is theirs all the same, and theirs to be asked for once they are back."""
    leave = (START + timedelta(hours=1), START + timedelta(days=13))
    company = changed(catalog(), **{f"people__{name}__away": leave for name in away})
    story = Story(changed(policy(), absence__items_there=rule), company).acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity="P1"), Resolve(by="jonas", summary="a lock"))
    story.acts(AddItem(by="mira", title="limit the pool", owner="dana")).passes(days=12, hours=12)
    assert story.told("Close the action item 'limit the pool' by") == {reminded}
    assert any("Dana Okafor, whose it is, is on leave" in words for words in story.said()) is (reminded != "dana")
    assert story.passes(days=3).incident.items["item-1"].owner == "dana"
    assert "dana" in story.told("Close the action item 'limit the pool': was due")
