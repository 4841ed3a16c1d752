"""WAR-8: the checklist of each stage is read from the clauses, so that no list is kept by hand."""

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.procedure.sop import PROCEDURE
from domain.report.checklist import STAGES, ChecklistPhase, checklist
from domain.rule.procedure import CHAPTERS
from domain.simulation.scenario import Outage
from tests.domain.story import Story

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
    assert (first.state, first.says, first.owner) == ("open", "publish the first status page update", "comms")
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
    assert any(step.owner == "standfast" and step.left for step in stage(story, "taken").steps)
