"""SOC-1: careless changes of the rules are noticed by the recorded histories, before a release meets open incidents."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.procedure import announcement, sop, war_room
from domain.procedure.sop import PROCEDURE
from domain.rule.ruleset import Ruleset
from tests import histories
from tests.other_rules import follow
from tests.stories.test_replay import golden, replay

NAMES = {id(module.RULES): name for name, module in vars(sop).items() if hasattr(module, "RULES")}
UNSHOWN = {
    "scope",
    "report",
    "ladder",
    "adoption",
    "item_changes",
    "postmortem",
    "kept_back",
    "faults",
    "figures",
}
"""Rulesets that order nothing in any recorded history, beside those that declare acts alone. Of these `faults` orders
where a rule of ours fails, which no release that was kept has; the others word or read.

A history that shows one of them takes it off this list; no name is added.
"""
Changed = Callable[[], tuple[Ruleset, ...]]


async def first_unread() -> str:
    """The first recorded history that can't be replayed; empty where all can."""
    for name in (*histories.tagged(), *histories.names()):
        if await replay(golden(name)) is not None:
            return name
    return ""


def without(ruleset: Ruleset) -> tuple[Ruleset, ...]:
    return tuple(one for one in PROCEDURE.rulesets if one is not ruleset)


def instead(ruleset: Ruleset, changed: Ruleset) -> tuple[Ruleset, ...]:
    return tuple(changed if one is ruleset else one for one in PROCEDURE.rulesets)


def no_card(incident: Incident) -> Iterator[AnyDuty]:
    return (duty for duty in war_room.duties(incident) if duty.kind != "show_card")


def twice(incident: Incident) -> Iterator[AnyDuty]:
    for duty in announcement.RULES.duties(incident):
        yield duty
        yield duty.model_copy(update={"key": f"{duty.key}/again"})


CHANGES: dict[str, Changed] = {
    "the rules in another order": lambda: tuple(reversed(PROCEDURE.rulesets)),
    "no pinned card": lambda: instead(war_room.RULES, replace(war_room.RULES, duties=no_card)),
    "announced twice": lambda: instead(announcement.RULES, replace(announcement.RULES, duties=twice)),
    "a room without its promise": lambda: instead(war_room.RULES, replace(war_room.RULES, clocks=lambda _: iter(()))),
}


@pytest.mark.slow
@pytest.mark.sop("SOC-1")
async def test_the_rules_as_they_are_read_every_history() -> None:
    assert await first_unread() == ""


@pytest.mark.slow
@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize("name", CHANGES)
async def test_a_careless_change_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(monkeypatch, *CHANGES[name]())
    assert await first_unread()


@pytest.mark.slow
@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize(
    "ruleset", [one for one in PROCEDURE.rulesets if one != Ruleset()], ids=lambda one: NAMES[id(one)]
)
async def test_rules_that_were_forgotten_are_noticed(ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(monkeypatch, *without(ruleset))
    assert bool(await first_unread()) != (NAMES[id(ruleset)] in UNSHOWN)
