"""A change of the house is no change of the procedure: what it brings about stays, event by event and duty by duty."""

from config.scenario import library
from tests.golden.accounts import kept, of_quarter


def test_what_the_procedure_brings_about_is_what_it_brought_about() -> None:
    assert of_quarter() == kept("quarter ")


def test_an_account_is_kept_of_every_scenario_of_the_library() -> None:
    assert {name.split()[1] for name in kept("scenario ")} == library().keys()
