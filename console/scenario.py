"""Scenarios by name: the shipped library, or a file."""

from pathlib import Path

from config.company import InvalidFile
from config.scenario import NotFound, cast_for, find, read
from console.ending import CommandRefused
from domain.company.catalog import Catalog
from domain.simulation.scenario import Scenario
from domain.simulation.story import ScenarioFile


def script_called(word: str) -> tuple[Path, ScenarioFile]:
    """The file of this name in the library, or this file, read; an unknown name is refused with those there are."""
    try:
        file = find(word)
    except NotFound as unknown:
        raise CommandRefused(f"{unknown}; `standfast simulate --list` says what each shows") from None
    try:
        return file, read(file)
    except InvalidFile as unfit:
        raise _told(unfit) from None


def scenario_called(word: str, catalog: Catalog) -> Scenario:
    """The scenario of this name or file, with this company's people."""
    file, script = script_called(word)
    return cast_with(script, catalog, file)


def cast_with(script: ScenarioFile, catalog: Catalog, file: Path) -> Scenario:
    """The scenario with this company's people, or what the company lacks."""
    try:
        return cast_for(script, catalog, file)
    except InvalidFile as unfit:
        raise _told(unfit) from None


def _told(unfit: InvalidFile) -> CommandRefused:
    return CommandRefused("\n".join(f"{unfit.file}: {finding}" for finding in unfit.findings))
