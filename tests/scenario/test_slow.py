"""However long the vendors take, nothing that people are to be asked is passed over."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from config.scenario import cast_for, library, read
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.procedure.war_room import awaits_card, is_opening
from domain.run.agenda import deadlines
from domain.run.question import answer
from domain.run.retry import Attempt
from domain.run.saying import unsaid
from domain.run.telling import notice
from domain.simulation.incident import SimulatedIncident
from domain.value.key import DutyKey
from tests.domain import simulated
from tests.domain.story import catalog, changed, policy

OFTEN = {"p3-should-be-p1": 1, "maintenance-ends-mid-incident": 2, "marked-as-security": 3}
"""The scenarios that are played in every `make test`, by the seed of how long each effect takes."""


class SlowIncident(SimulatedIncident):
    """Every effect takes from no time to a minute, the war room up to four, the same for the same seed."""

    dice = random.Random()  # noqa: S311

    def _attempt(self, duty: AnyDuty) -> None:
        under_way = self.trials.get(duty.key)
        if under_way is None:
            begun = Attempt(self.now)
            longest = 240 if duty.kind == "open_room" else self.dice.choice((0, 0.5, 3, 20, 60))
            begun.again_at = self.now + timedelta(seconds=longest * self.dice.random())
            self.trials[duty.key] = (duty, begun)
            return
        super()._attempt(duty)

    def settle(self) -> None:
        super().settle()
        assert [event.number for event in unasked(self.incident)] == [], self.incident.id


def unasked(incident: Incident) -> Iterator[Event]:
    """The questions without an answer of which neither anybody has heard nor will."""
    if not incident.open_room or is_opening(incident) or awaits_card(incident):
        return
    running = {one.key: one for one in deadlines(incident)}
    said = [*map(DutyKey, incident.done), *(say.key for say in unsaid(incident, running, ahead=True))]
    for event in incident.events:
        waits = event.what.asks and answer(incident, {}, event.what.place) is None and notice(incident, event)
        if waits and not any(key == f"say/{event.number}" or key.under(f"say/{event.number}") for key in said):
            yield event


def play(monkeypatch: pytest.MonkeyPatch, name: str, seed: int, **otherwise: object) -> None:
    monkeypatch.setattr(simulated, "SimulatedIncident", SlowIncident)
    monkeypatch.setattr(SlowIncident, "dice", random.Random(seed))  # noqa: S311
    file = library()[name]
    simulated.play(cast_for(read(file), catalog(), file), changed(policy(), **otherwise), catalog())


@pytest.mark.sop("COM-3", "COM-5", "WAR-4")
@pytest.mark.parametrize(("name", "seed"), OFTEN.items())
def test_no_question_is_lost_while_vendors_take_their_time(
    monkeypatch: pytest.MonkeyPatch, name: str, seed: int
) -> None:
    play(monkeypatch, name, seed)


@pytest.mark.slow
@pytest.mark.sop("COM-3", "COM-5", "WAR-4")
@pytest.mark.parametrize("name", library())
def test_none_is_lost_in_any_scenario(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for seed in range(3):
        play(monkeypatch, name, seed)


def test_a_policy_that_passes_questions_over_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match="INC-"):
        play(monkeypatch, "alone-while-all-are-on-leave", 1, room__asks_stay=False)
