"""What README and the pages for readers print is true: commands run, in their order, and the example company loads."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from domain.company.catalog import Catalog
from starter import app
from tests import yaml
from tests.console.conftest import Standfast
from tests.console.memory import Memory

ROOT = Path(__file__).parents[2]
RUN = [ROOT / f"docs/{name}.md" for name in ("operations", "operating", "recipes", "reliability")]
PAGES = (ROOT / "README.md", *RUN, *sorted((ROOT / "docs/reader").glob("*.md")))
PRINTED = "INC-7K3QF"


def test_the_commands_of_the_readme_run_as_printed(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = (ROOT / "README.md").read_text().partition("## The command line\n\n")[2].partition("\n\n")[0]
    export, *lines = [line.strip() for line in block.splitlines()]
    assert export == "export STANDFAST_USER=dana"
    for line in lines:
        known = next(iter(house.incidents), PRINTED)
        _, *words = [word.replace(PRINTED, known) for word in shlex.split(line)]
        result = standfast(*words)
        assert result.exit_code == 0, f"{line}\n{result.output}"
    [incident] = house.incidents.values()
    assert (incident.phase, incident.learning.cause) == ("resolved", "deployment")


def test_an_incident_is_repaired_by_hand_as_printed(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = (ROOT / "docs/recipes.md").read_text().partition("## Repair an incident by hand\n\n")[2]
    export, *lines = re.findall(r"^    (.+)", part, re.MULTILINE)
    monkeypatch.setenv(*export.removeprefix("export ").split("="))
    incident = house.begin()
    for line in lines:
        _, *words = [word.replace(PRINTED, incident) for word in shlex.split(line.partition("  #")[0])]
        result = standfast(*words)
        assert result.exit_code == 0, f"{line}\n{result.output}"
    happened = {event.what.kind for event in house.incidents[incident].events}
    assert happened >= {"corrected", "severity_declared", "page_asked", "noted"}, sorted(happened)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_that_is_printed_is_one(page: Path) -> None:
    printed = [
        *re.findall(r"`standfast ([^`]+)`", page.read_text()),
        *re.findall(r"^    standfast (.+)", page.read_text(), re.M),
    ]
    unknown = [line for line in printed if not _is_command(re.split(r"\s#|\s{8}", line)[0])]
    assert unknown == []


def test_every_secret_has_its_place_in_the_recipe_of_changing_it() -> None:
    names = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    secret = re.compile(r"_(TOKENS?|SECRETS?|KEYS?|PASSWORD)$|^PGPASSWORD$|^SMTP_URL$")
    part = (ROOT / "docs/recipes.md").read_text().partition("## Temporal is away")[0]
    wanted = {name for name in names if secret.search(name)}
    assert len(wanted) > 40
    assert wanted - set(re.findall(r"[A-Z_]{4,}", part)) == set()


def test_what_holds_a_promise_or_lived_a_recipe_is_there() -> None:
    pages = (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    held = {page.stem: re.findall(r"`(tests/[a-z_/.]+)`", page.read_text()) for page in pages}
    assert all(len(held[page]) > 5 for page in ("recipes", "reliability", "soc2"))
    assert [(page, one) for page, paths in held.items() for one in paths if not (ROOT / one).exists()] == []


def test_the_example_company_is_one() -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/reader/adopt.md").read_text(), re.DOTALL)
    company = Catalog.model_validate(yaml.safe_load(example))
    assert company.services["shop"].team == "web"


def test_the_example_company_fits_the_shipped_policy_as_the_page_says(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, shipped = (ROOT / "docs/reader/adopt.md").read_text(), (ROOT / "policy.yaml").read_text()
    [example] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert "`alerts.default_service` (`shop` here)" in page
    (tmp_path / "catalog.yaml").write_text(example)
    (tmp_path / "policy.yaml").write_text(re.sub("default_service: .*", "default_service: shop", shipped))
    for name in ("catalog", "policy"):
        monkeypatch.setenv(f"STANDFAST_{name.upper()}", str(tmp_path / f"{name}.yaml"))
    for line in re.findall(r"^    standfast ((?:policy|simulate) [^#\n]+)", page, re.MULTILINE):
        assert standfast(*shlex.split(line)).exit_code == 0, line


def _is_command(line: str) -> bool:
    """Whether the words lead to a command, and every option is one of its own."""
    command: Any = typer.main.get_command(app)
    words = shlex.split(line.replace("…", ""))
    while words and hasattr(command, "commands"):
        if words[0].startswith("-"):
            break
        found = command.commands.get(words[0])
        if found is None:
            return False
        command, words = found, words[1:]
    options = {name for one in command.params for name in one.opts}
    return all(word in {*options, "--help", "--json"} for word in words if word.startswith("--"))
