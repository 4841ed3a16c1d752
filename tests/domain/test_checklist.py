"""WAR-8: the checklist of each stage is read from the clauses, so that no list is kept by hand."""

import pytest

from domain.port.chat import Say, ShowCard
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.sop import PROCEDURE
from domain.report.checklist import STAGES, ChecklistPhase, checklist
from domain.rule.procedure import CHAPTERS
from domain.simulation.scenario import Outage
from tests.again import again
from tests.domain.story import Story, changed, policy

pytestmark = pytest.mark.sop("WAR-8")


def stage(story: Story, name: str) -> ChecklistPhase:
    return next(one for one in checklist(story.incident, story.play.now) if one.name == name)


def states(story: Story, name: str) -> dict[str, str]:
    return {step.clause: step.state for step in stage(story, name).steps}


def test_every_chapter_that_is_not_a_measure_has_its_stage() -> None:
    placed = [chapter for _, chapters in STAGES for chapter in chapters]
    assert sorted(placed) == sorted({*CHAPTERS} - {"KPI", "SOC"})
    assert {clause.partition("-")[0] for clause in PROCEDURE.clauses} <= {*CHAPTERS}


def test_what_is_owed_is_left_with_who_owes_it_and_what_was_done_is_ticked() -> None:
    story = Story().passes(minutes=1)
    assert states(story, "taken")["ACK-1"] == "open"
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    assert stage(story, "taken").complete
    [first] = [step for step in stage(story, "fought").steps if step.clause == "COM-1"]
    assert (first.state, first.says, first.owner) == (
        "open",
        "publish the first status page update",
        "communications lead",
    )
    assert not stage(story, "fought").complete
    story.passes(minutes=10)
    assert states(story, "fought")["COM-1"] == "overdue"


def test_the_follow_up_is_complete_once_everything_of_it_is_done() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"), Resolve(by="jonas", summary="x"))
    story.passes(hours=1)
    left = {step.clause for step in stage(story, "learned").steps if step.left}
    assert {"PM-1", "GDP-1"} <= left
    story.learns().passes(minutes=1)
    assert stage(story, "learned").complete


def test_what_could_not_be_done_for_the_world_is_left_too() -> None:
    story = Story(outages=(Outage(role="pager"),)).passes(seconds=30)
    assert any(step.owner == "Standfast" and step.left for step in stage(story, "taken").steps)


@again
def declared(most: int = 3) -> Story:
    story = Story(changed(policy(), room__checklist=most)).passes(minutes=1)
    return story.acts(Acknowledge(by="sam"), Declare(by="jonas", severity="P1")).passes(minutes=1)


def pinned(story: Story) -> ShowCard:
    return [duty for duty in story.done("show_card") if isinstance(duty, ShowCard)][-1]


def said(story: Story) -> list[str]:
    return [duty.message.text for duty in story.done("say") if isinstance(duty, Say)]


def to_do(story: Story) -> list[str]:
    return dict(pinned(story).message.facts).get("Next", "").split(" · ")


def test_the_pinned_card_names_the_next_promises_with_who_and_by_when_and_counts_the_others() -> None:
    *named, more = to_do(declared())
    assert named[0] == "Jonas fills the role of communications lead by 03:06 UTC"
    assert (len(named), more.endswith(" more")) == (3, True)


def test_on_the_card_what_is_overdue_stands_first_and_goes_once_it_is_done() -> None:
    story = declared().passes(minutes=8)
    assert to_do(story)[0] == "*overdue since 03:06 UTC: Jonas fills the role of communications lead*"
    assert "03:06" in {f"{at:%H:%M}" for at in pinned(story).message.moments}
    story.acts(TakeRole(by="ines", role="comms")).passes(minutes=1)
    assert not any("fills the role" in line for line in to_do(story))


def test_after_the_fight_the_card_lists_what_the_follow_up_asks_for_until_it_is_done() -> None:
    story = declared().acts(Resolve(by="jonas", summary="x")).passes(minutes=1)
    words = "; ".join(to_do(story))
    assert "completes the post-mortem by 06 Mar" in words
    assert "says whether personal data was touched" in words
    story.learns().passes(minutes=1)
    assert not any("post-mortem" in line or "touched" in line for line in to_do(story))


def test_the_checklist_is_an_edit_of_the_card_and_says_nothing_more_in_the_room() -> None:
    told, silent = (said(declared(most).passes(hours=1)) for most in (3, 0))
    assert told == silent


def test_a_policy_that_asks_for_no_checklist_has_none_on_the_card() -> None:
    assert to_do(declared(0).passes(minutes=1)) == [""]
