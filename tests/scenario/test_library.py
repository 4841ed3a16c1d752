"""Every scenario of the library comes out as its file says and as it did before, and hangs on no second."""

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest

from config.scenario import cast_for, library, read
from domain.incident.clocks import Missed, Reminded, WaitOver
from domain.incident.event import Event
from domain.simulation.outcome import mistaken
from domain.simulation.scenario import Scenario
from domain.simulation.simulation import Simulation, beats
from tests.domain.story import catalog, policy
from tests.golden import accounts
from tests.scenario import budget, cover
from tests.scenario.agreement import differences
from workflows.limit import patience

FILES = list(library().values())
FEW = cover.cover(cover.kept())
"""The scenarios that the engine plays before anything lands, whose clock is a moment late now and then."""
LONG = {"github-2018-10-21", "gitlab-2017-01-31"}
"""Outages of a day and of two nights: `make stories` plays them, for their pages in docs/reader too."""
NOT, MOMENT, APART = timedelta(), timedelta(seconds=2), timedelta(seconds=4)


class Played:
    """A scenario as it is written, and played once for each time that everybody is a moment early or late."""

    def __init__(self, file: Path) -> None:
        self.name, self.script = file.stem, read(file)
        self.scenario = cast_for(self.script, catalog(), file)
        self.known: dict[timedelta, Simulation] = {}

    def ensemble(self, late: timedelta = NOT) -> Simulation:
        if late not in self.known:
            self.known[late] = Simulation(self.delayed(late), policy(), catalog(), patience()).run()
        return self.known[late]

    def events(self, late: timedelta = NOT) -> list[list[Event]]:
        return [play.incident.events for play in self.ensemble(late).plays]

    def delayed(self, late: timedelta) -> Scenario:
        return delayed(self.scenario, late) if late else self.scenario


def each(often: Collection[str]) -> pytest.MarkDecorator:
    """Every scenario; but for these only in `make proof`."""
    files = [pytest.param(file, id=file.stem, marks=_left(file.stem, often)) for file in FILES]
    return pytest.mark.parametrize("played", files, indirect=True, scope="module")


def _left(name: str, often: Collection[str]) -> Collection[pytest.MarkDecorator]:
    return [pytest.mark.slow] if name not in often else [pytest.mark.story] if name in LONG else []


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest) -> Played:
    return Played(request.param)


def test_there_are_scenarios_enough_and_each_shows_something_else() -> None:
    assert len(FILES) >= 18
    assert len({read(file).says for file in FILES}) == len(FILES)


@each(library())
def test_what_comes_of_a_scenario_is_what_its_file_expects(played: Played) -> None:
    assert played.script.expect.model_fields_set
    assert mistaken(played.script.expect, played.ensemble()) == []


@each(library())
def test_what_a_scenario_brings_about_is_what_it_brought_about(played: Played) -> None:
    anew = "where that was meant: python -m tests.golden.accounts"
    assert accounts.of_scenario(played.name, played.ensemble()) == accounts.kept(f"scenario {played.name} "), anew
    assert cover.shown(played.ensemble()) == cover.kept().get(played.name), anew


@each(library())
def test_a_card_has_twelve_lines_at_most_a_message_four_and_nobody_is_asked_twice_in_five_minutes(
    played: Played,
) -> None:
    for play in played.ensemble().plays:
        says = [one for one in play.world.effects if one.duty.incident == play.incident.id]
        assert [long for long in map(budget.too_long, says) if long] == []
        assert budget.too_often(play.incident, says) == []


def test_the_scenarios_that_the_engine_plays_show_most_of_what_any_of_them_shows() -> None:
    shows = cover.kept()
    chosen, every = cover.cover(shows), {kind for kinds in shows.values() for kind in kinds}
    seen = {kind for name in chosen for kind in shows[name]}
    assert shows.keys() == library().keys()
    assert len(chosen) == cover.PLAYED
    assert len(seen) > len(every) * 3 / 5
    # What a group suppresses and what is refused, the engine shows in tests/stories: test_group.py, test_life.py.
    assert {kind.split()[0] for kind in every} - {kind.split()[0] for kind in seen} <= {"suppressed", "refused"}


@each(FEW)
@pytest.mark.parametrize("late", [pytest.param(-MOMENT, marks=pytest.mark.slow), MOMENT], ids=["early", "late"])
def test_a_scenario_comes_out_the_same_when_everybody_is_a_moment_early_or_late(
    played: Played, late: timedelta
) -> None:
    one, other = sorted([NOT, late])
    assert differences(played.events(one), played.events(other), MOMENT) == []


@each(FEW)
def test_no_line_of_a_scenario_stands_beside_something_that_rings_by_itself(played: Played) -> None:
    scenario = played.scenario
    lines = [scenario.starts_at + at for at, _, _ in beats(scenario)] + [scenario.starts_at + scenario.lasts]
    later = [(ring.what, ring.at) for ring in rings(played.events(MOMENT))]
    still = [ring for ring in rings(played.events()) if (ring.what, ring.at) in later]
    assert [(line, ring.what) for ring in still for line in lines if abs(ring.at - line) < APART] == []


def rings(plays: list[list[Event]]) -> list[Event]:
    return [event for events in plays for event in events if rang(event)]


def rang(event: Event) -> bool:
    return isinstance(event.what, WaitOver | Reminded) or (isinstance(event.what, Missed) and not event.what.stopped_at)


def delayed(scenario: Scenario, late: timedelta) -> Scenario:
    """The same scenario in which everything after its first line comes a moment later."""
    first = min(sound.after for sound in scenario.alerts)
    sounds = tuple(
        one if one.after == first else one.model_copy(update=by(one.after + late)) for one in scenario.alerts
    )
    turns = tuple(one.model_copy(update=by(one.after + late)) for one in scenario.acts)
    return scenario.model_copy(update={"alerts": sounds, "acts": turns, "lasts": scenario.lasts + late})


def by(after: timedelta) -> dict[str, object]:
    return {"after": after}
