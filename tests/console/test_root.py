"""The root of the command line: every command is found, and help costs no more than it must."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from client.error import IncidentNotFound
from console.code import NOT_REACHED
from console.listing import PANELS, listing
from console.root import meant_by
from ingress.chat.word import ROLES, SAID, USAGE, VERBS
from starter import app

PROJECT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_the_help_names_every_command_on_one_screen() -> None:
    told = CliRunner().invoke(app, ["--help"]).stdout
    assert len(told.splitlines()) <= 34
    assert max(len(line) for line in told.splitlines()) <= 80
    assert {one.name for one in listing()} <= {*told.split()}
    assert all(f"\n{title} " in told for title in PANELS)


@pytest.mark.parametrize("words", [["ack"], ["show"], ["finding"]])
def test_a_command_without_its_incident_names_the_list(words: list[str]) -> None:
    told = CliRunner().invoke(app, words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "`standfast list`" in told.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["severity", "INC-7KQ2M", "--by", "sam"], "How bad is it? Type: standfast severity INCIDENT SEVERITY\n"),
        (
            ["breach", "no", "INC-7KQ2M", "--by", "mira"],
            "Why do you say so? Type: standfast breach no INCIDENT REASON\n",
        ),
        (["ack", "INC-7KQ2M"], "Who are you? export STANDFAST_USER=dana, or add --by dana.\n"),
    ],
)
def test_what_was_not_typed_is_asked_as_a_form_asks_it(
    words: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STANDFAST_USER", raising=False)
    answer = CliRunner().invoke(app, words, prog_name="standfast")
    assert (answer.exit_code, answer.stderr) == (2, told)


def test_another_tools_word_is_answered_with_our_command() -> None:
    told = CliRunner().invoke(app, ["sev", "QXCK9"])
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.endswith("severity\n")
    names = {one.name for one in listing()}
    others = {meant for word in (*USAGE, *VERBS, *SAID, *ROLES) if (meant := meant_by(word))}
    assert {meant.split()[0] for meant in others} <= {*names, "--help"}
    assert {meant_by(word) for word in names} == {""}
    ours = {"lead": "role take", "Handover": "role offer", "status": "show", "publish": "update approve", "blink": ""}
    assert {word: meant_by(word) for word in ours} == ours


def test_an_incident_that_is_none_is_said_in_a_line() -> None:
    for near in ((), ("INC-7KQ2M", "INC-7KQ2N", "INC-7KQ2P")):
        assert len(str(IncidentNotFound("INC-NOPE", near))) < 80


def test_every_command_with_its_line_is_shown_once_in_its_panel() -> None:
    told = CliRunner().invoke(app, ["--commands"], env={"COLUMNS": "80"}).stdout
    for title in PANELS:
        assert f"─ {title} ─" in told
    assert all(told.count(f"│ {one.name} ") == 1 for one in listing())


def test_what_is_placed_in_a_panel_exists() -> None:
    placed = {name for names in PANELS.values() for name in names}
    assert placed <= {one.name for one in listing()}


PRESSED = ("ack INC-7K3QF --by s", "severity INC-7K3QF p", "policy explain a", "role take INC-7K3QF c", "declare ch")
"""Words after which TAB is pressed."""
HEAVY = {"domain", "pydantic_settings", "temporalio", "sqlalchemy", "httpx"}
LOOK = """
import contextlib, io, json, os, sys
import starter
found = []
for words, pressed in json.loads(sys.argv[1]):
    sys.argv = ["standfast", *words]
    if pressed:
        os.environ |= {"_STANDFAST_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": f"standfast {pressed}"}
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
        starter.app(prog_name="standfast")
    found.append((bool(said.getvalue().strip()), sorted({name.partition(".")[0] for name in sys.modules})))
print(json.dumps(found))
"""
"""One process that runs these words, and then presses TAB behind others; what one brought in is there for the next."""


def imported(*words: str, pressed: tuple[str, ...] = ()) -> list[set[str]]:
    """The packages that are there after the words, and after each TAB; each of them says something."""
    lines = [(words, ""), *(((), one) for one in pressed)]
    run = subprocess.run(  # noqa: S603 ours
        [sys.executable, "-c", LOOK, json.dumps(lines)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert [said for said, _ in found] == [True] * len(lines)
    return [{*seen} for _, seen in found]


def test_help_and_completion_import_no_models_and_no_engine_once_they_are_remembered(cache: Path) -> None:
    listing()
    for line, seen in zip(("--help", *PRESSED), imported("--help", pressed=PRESSED), strict=True):
        assert not HEAVY & seen, line


def test_who_asks_the_engine_alone_waits_for_no_library_of_databases(cache: Path) -> None:
    listing()
    [there] = imported("whoami", "sam")
    assert not HEAVY & there
    asked = "console.due, client.glance"
    for module, spared in (("console.reading", "sqlalchemy"), (asked, "pydantic"), (asked, "temporalio.client")):
        seen = f"import sys, {module}; print({spared!r} in sys.modules)"
        words = [sys.executable, "-c", seen]
        told = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=True)  # noqa: S603 ours
        assert told.stdout == "False\n", (module, spared)


def test_without_an_engine_what_is_due_is_asked_of_records_only_where_there_are_some(cache: Path) -> None:
    """What the engine's lack means is said before a database's library is waited for."""
    listing()
    shows = "print(end.code, 'sqlalchemy' in sys.modules, flush=True)"  # an ordinary exit may crash (sdk-python#300)
    words = f"import sys, starter\ntry:\n    starter.app(prog_name='standfast')\nexcept SystemExit as end:\n    {shows}"
    at = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "STANDFAST_DATABASE_URL": f"sqlite:///{cache}/none.db"}
    run = [sys.executable, "-c", words, "due"]
    told = subprocess.run(run, cwd=PROJECT, capture_output=True, text=True, check=False, env={**os.environ, **at})  # noqa: S603 ours
    assert told.stdout == f"{NOT_REACHED} False\n"
    assert f"What is due is not known: there are no records at {cache}/none.db either." in told.stderr


def test_a_memory_that_cannot_be_read_or_written_changes_nothing(cache: Path) -> None:
    remembered = listing()
    (kept,) = (cache / "standfast").iterdir()
    kept.write_text('[["broken"')
    assert listing() == remembered
    (cache / "standfast").rename(cache / "elsewhere")
    (cache / "standfast").write_text("a file where the folder was")
    assert listing() == remembered


def test_who_has_no_home_is_helped_too(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert {one.name for one in listing()} >= {"declare", "ack"}
    assert not (cache / "standfast").exists()


def test_a_mistyped_command_is_told_the_nearest() -> None:
    told = CliRunner().invoke(app, ["timelin"])
    assert told.exit_code == 2
    assert "Did you mean 'timeline'" in told.output


def test_the_release_says_its_name() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.startswith("standfast ")


def test_somebody_is_told_who_they_are_and_a_stranger_that_nobody_is() -> None:
    told = CliRunner().invoke(app, ["whoami", "sam"])
    assert told.stdout.startswith("Sam Lindqvist (sam)\n")
    assert "payments" in told.stdout
    stranger = CliRunner().invoke(app, ["whoami", "smm"])
    assert stranger.exit_code == 2
    assert "did you mean sam" in stranger.stderr
    assert CliRunner().invoke(app, ["whoami"], env={"STANDFAST_USER": ""}).exit_code == 2


def test_the_board_of_an_incident_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def no_browser(url: str) -> bool:
        opened.append(url)
        return False

    monkeypatch.setattr("webbrowser.open", no_browser)
    told = CliRunner().invoke(app, ["open", "7kq2m"], env={"STANDFAST_BOARD_URL": "https://sf.example/"})
    assert opened == ["https://sf.example/incidents/INC-7KQ2M"]
    assert "no browser could be started here" in told.stderr
