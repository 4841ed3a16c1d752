"""DET-7: whoever takes an incident is told what else is being fought."""

from typing import Any

import pytest

from domain.check import lint
from domain.procedure.acknowledgement import Acknowledge
from domain.simulation.expectation import Expectation
from domain.simulation.outcome import mistaken
from domain.simulation.people import cast
from domain.simulation.simulation import Simulation
from domain.simulation.story import ScenarioFile
from domain.value.elsewhere import Elsewhere
from tests.domain.story import Story, catalog, changed, policy

pytestmark = pytest.mark.sop("DET-7")
FIRST = (
    {"at": "0m", "alert": "cards are declined"},
    {"at": "1m", "dana": "acknowledge"},
    {"at": "2m", "jonas": "declare P1"},
)
SECOND = ({"at": "4m", "alert": "invoices fail", "service": "billing"}, {"at": "6m", "sam": "acknowledge"})


def told(*lines: dict[str, Any], **more: Any) -> Simulation:
    script = ScenarioFile.model_validate({"name": "beside", "says": "x", "story": lines, "lasts": "10m", **more})
    return Simulation(cast(script, catalog()), policy(), catalog()).run()


def test_who_takes_the_second_incident_is_told_of_the_first_with_its_commander() -> None:
    ensemble = told(*FIRST, *SECOND)
    first = ensemble.plays[0].incident
    words = f"{first.id} [P1] checkout: cards are declined, commander Jonas Weber"
    expected = {"said": [{words: "sam"}], "of": {1: {"unsaid": ["open beside this one"]}}}
    assert mistaken(Expectation.model_validate(expected), ensemble) == []


def test_what_is_over_or_keeps_its_subject_is_not_told() -> None:
    over = told(*FIRST, {"at": "3m", "jonas": "resolve the flag"}, *SECOND)
    assert mistaken(Expectation(unsaid=("open beside this one",)), over) == []
    secret = told({"at": "0m", "alert": "data breach at the database"}, *SECOND)
    assert (
        mistaken(Expectation.model_validate({"said": ["open beside this one"], "unsaid": ["database"]}), secret) == []
    )


def test_those_that_the_service_depends_on_come_first_and_are_offered() -> None:
    company = {"services": {"billing": {"depends_on": ["platform"]}}}
    platform = {"at": "3m", "alert": "database primary down", "service": "platform"}
    ensemble = told(*FIRST, platform, *SECOND, catalog=company)
    first, second, third = [play.incident for play in ensemble.plays]
    says = [effect.duty for effect in ensemble.world.effects if effect.duty.kind == "say"]
    [said] = [duty.message for duty in says if duty.incident == third.id and "open beside" in duty.message.text]
    assert said.text.index(second.id) < said.text.index(first.id)
    assert [button.fields["into"] for button in said.buttons] == [second.id]


def test_a_service_that_depends_on_what_nobody_knows_is_found() -> None:
    company = changed(catalog(), services__checkout__depends_on=("vault", "platform"))
    found = [str(one) for one in lint(policy(), company) if "depends_on" in one.path]
    assert found == ["services.checkout.depends_on: found 'vault', expected one of checkout, billing, platform"]


def test_of_many_ten_are_named() -> None:
    story = Story()
    many = tuple(Elsewhere(incident=f"INC-{n:05}", service="billing", title="x") for n in range(12))
    story.play.world.elsewhere = lambda but: many
    story.acts(Acknowledge(by="dana")).passes(seconds=30)
    [said] = [text for text in story.said() if "open beside this one" in text]
    assert (said.count("• INC-"), "and 2 more" in said) == (10, True)


def test_a_drill_is_told_of_nothing() -> None:
    assert Story(kind="drill").acts(Acknowledge(by="dana")).passes(minutes=1).done("find_open") == []
