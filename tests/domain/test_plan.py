"""A new clause is one file, its line of the policy and its place in the tuple: everything else is made of it.

The clause is made up and stands in tests.domain.plan. While these tests run it is the last of the procedure.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest
import typer
from typer.testing import CliRunner

from console import acts as console
from console.page import told as in_terminal
from demo.teller import said as in_demo
from domain.check import lint
from domain.company.policy import Policy
from domain.incident.fact import Fact
from domain.port.chat import Say
from domain.port.message import Button
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.postmortem_document import sections
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.procedure.sop import PROCEDURE
from domain.replay.input import cues
from domain.report.explanation import explain
from domain.report.offer import offered
from domain.report.scorecard import scorecard
from domain.report.view import view
from domain.value.act import Act
from domain.value.line import AsTheyAre
from ingress.chat.answer import menu
from tests.again import again
from tests.domain.story import Story, catalog, changed, minutes, policy
from tests.domain.wording import worded
from tests.other_rules import follow
from tests.vendors.slack.modal import modal_of
from workflows.show import details

LINE = {"within": {"P1": "20m"}, "owner": "commander", "remind": "5m", "every": "10m", "tell": ["manager"]}


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The made-up clause is in the procedure, and nowhere else once the test is over."""
    sys.modules.pop("tests.domain.plan", None)
    made = import_module("tests.domain.plan")
    follow(monkeypatch, *PROCEDURE.rulesets, made.RULES)
    yield made
    monkeypatch.undo()
    Act.kinds.pop("state_plan")  # type: ignore[attr-defined]
    Fact.kinds.pop("plan_stated")  # type: ignore[attr-defined]


def rules() -> Policy:
    made: Policy = changed(policy(), clocks={**policy().model_dump()["clocks"], "WAR-99": LINE})
    return made


@again
def p1() -> Story:
    return Story(rules()).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


def verdict(story: Story) -> str:
    return next(one.verdict for one in scorecard(story.incident, story.play.now) if one.clause == "WAR-99")


def test_the_commander_is_reminded_and_a_miss_is_told_with_the_answering_press(plan: ModuleType) -> None:
    story = p1().passes(minutes=21)
    assert story.when("reminded", "WAR-99") == minutes(15)
    assert story.when("missed", "WAR-99") == minutes(20)
    assert {"jonas", "mira"} <= story.told("WAR-99 State the plan: was due")
    says = [duty for duty in story.done("say") if isinstance(duty, Say)]
    [said] = [say.message for say in says if worded(say).startswith("WAR-99 State the plan by")]
    assert said.buttons == (Button(act="state_plan", label="State the plan", asks=True),)
    assert verdict(story) == "missed"


def test_a_plan_keeps_it_is_told_is_heard_and_stands_wherever_events_are_read(plan: ModuleType) -> None:
    story = p1().passes(minutes=10).acts(plan.StatePlan(by="jonas", plan="roll back"))
    assert verdict(story) == "met"
    assert "WAR-99 Jonas stated the plan: roll back" in story.said()
    [event] = story.events("plan_stated")
    assert in_terminal(event) == "stated the plan · roll back"
    assert in_demo(event) == "jonas stated the plan: roll back"
    assert event.what.line(AsTheyAre())[:2] == ("stated the plan", "roll back")
    account = [line for section in sections(story.incident) for line in section.lines]
    assert any("the incident commander stated the plan: roll back" in line for line in account)


def test_it_is_refused_after_the_end_and_asked_of_no_p2(plan: ModuleType) -> None:
    late = p1().acts(Resolve(by="jonas", summary="x"), plan.StatePlan(by="jonas", plan="x"))
    assert late.refused.endswith("reopen it first")
    story = Story(rules(), service="billing")
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2")).passes(hours=1)
    assert "WAR-99" not in story.keys("missed")
    assert verdict(story) == "not_applicable"


def test_it_is_linted_and_explained(plan: ModuleType) -> None:
    assert lint(rules(), catalog()) == []
    nobody = changed(rules(), may={**policy().may, "state_plan": ("nobody",)})
    assert any(one.path.startswith("clocks.WAR-99") for one in lint(nobody, catalog()))
    [first, *_] = explain("WAR-99", rules(), catalog()) or [""]
    assert first.startswith("The incident commander must state the plan within 20 min at P1")


def test_it_is_offered_in_the_web_ui_in_slack_and_on_the_command_line(plan: ModuleType) -> None:
    assert '`state_plan` with `{"by": "jonas", "plan": "what you are going to do"}`' in details(p1().incident)
    seen = view(p1().incident, ())
    acts = offered(seen, "jonas", rules(), catalog())
    assert any(one.act == "state_plan" for one in menu(seen, acts, whole=True)[0][0].buttons)
    assert modal_of("state_plan", "INC-00000", {})["title"]["text"] == "State the plan"
    app = typer.Typer()
    app.command("plan")(console.command(plan.StatePlan, plan.StatePlan.commands()[0]))
    assert "The commander says how it is going to be mended" in CliRunner().invoke(app, ["--help"]).output


def test_it_is_read_back_when_the_incident_is_replayed(plan: ModuleType) -> None:
    story = p1().passes(minutes=1).acts(plan.StatePlan(by="jonas", plan="roll back"))
    acts = [cue.act for cue in cues(story.incident.events) if cue.act]
    assert [one.plan for one in acts if isinstance(one, plan.StatePlan)] == ["roll back"]
