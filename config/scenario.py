"""Where scenarios are kept and how they are read: by name from those that ship with the program, or from any file."""

import re
from pathlib import Path

from config.company import SHIPPED, InvalidFile, load
from domain.company.catalog import Catalog
from domain.simulation.people import UnknownPeople, cast
from domain.simulation.scenario import Scenario
from domain.simulation.story import ScenarioFile

FOLDER = SHIPPED / "deploy/scenario"
SORT = re.compile(r"^(story\.\d+)\.(?:alert|recovers|report|away|unwritten|act)\b(?:\.act\b)?")
"""How the model tells the sorts of lines apart, which is nothing to whoever wrote the file."""


class NotFound(Exception):
    """No scenario of that name ships with the program, and no file is there."""


def library() -> dict[str, Path]:
    """The scenarios that ship with the program, by name."""
    return {file.stem: file for file in sorted(FOLDER.glob("*.yaml"))}


def find(word: str) -> Path:
    """The file that is meant, by its path or by a name of the library; raises `NotFound` with the names there are."""
    if Path(word).is_file():
        return Path(word)
    name, known = word.strip().lower().replace(" ", "-").replace("_", "-").removesuffix(".yaml"), library()
    if name not in known:
        raise NotFound(f"scenario: found {word!r}, expected a file or one of {', '.join(known)}")
    return known[name]


def read(file: Path) -> ScenarioFile:
    """Read a scenario's file; raises `InvalidFile` with path, found and expected of everything that does not fit."""
    try:
        script = load(file, ScenarioFile)
    except InvalidFile as unfit:
        raise InvalidFile(
            file, [SORT.sub(r"\1", finding).replace("Value error, ", "") for finding in unfit.findings]
        ) from None
    return script if script.name else script.model_copy(update={"name": file.stem})


def cast_for(script: ScenarioFile, catalog: Catalog, file: Path) -> Scenario:
    """The scenario with this company's people; raises `InvalidFile` where the company lacks somebody."""
    try:
        return cast(script, catalog)
    except UnknownPeople as miscast:
        raise InvalidFile(file, list(map(str, miscast.findings))) from None
