"""`standfast simulate`: the library, the page, the data, and what it refuses."""

import json
import re
from pathlib import Path

import pytest

from config.scenario import library, read
from tests.console.company import ROOT, spoilt
from tests.console.conftest import Standfast

DOCUMENT = (ROOT / "docs/simulation.md").read_text()


def test_the_library_is_listed_with_what_each_scenario_shows(standfast: Standfast) -> None:
    told = standfast("simulate", "--list")
    assert told.exit_code == 0
    listed = [line.split("  ", 1)[0] for line in told.stdout.splitlines()[1:]]
    assert listed == list(library())
    assert "Nobody answers the page" in told.stdout
    data = json.loads(standfast("simulate", "--list", "--json").stdout)
    assert [one["name"] for one in data["scenarios"]] == list(library())


def test_a_scenario_is_told_with_who_is_woken_what_happens_and_which_clauses_hold(standfast: Standfast) -> None:
    told = standfast("simulate", "comms lead asleep")
    assert told.exit_code == 0
    for words in (
        "Harbourline, checkout, under standfast-default: 57 min",
        "woken: dana",
        "21 min 40 s  COM-1   standfast  done: publish status page update 1",
        "COM-1   7 min late",
        "It came out as the scenario expects.",
    ):
        assert words in told.stdout
    assert "headline" not in told.stdout.split("Clauses")[0]
    assert "keep the headline in #incidents up to date" in standfast("simulate", "comms-lead-asleep", "--all").stdout


def test_a_scenario_comes_as_data(standfast: Standfast) -> None:
    told = standfast("simulate", "maintenance-ends-mid-incident", "--json")
    assert told.exit_code == 0
    data = json.loads(told.stdout)
    [incident] = data["incidents"]
    assert (incident["phase"], data["paged"], len(data["suppressed"])) == ("resolved", ["dana"], 3)
    assert [event["after"] for event in incident["events"] if event["what"]["kind"] == "resolved"] == [38 * 60 + 50]
    assert {"clause": "DET-4", "verdict": "met"}.items() <= {
        **next(one for one in incident["scorecard"] if one["clause"] == "DET-4")
    }.items()
    assert "policy" not in incident["events"][0]["what"]


def test_another_policy_and_another_company_come_out_otherwise(standfast: Standfast, tmp_path: Path) -> None:
    slow = spoilt(tmp_path, "policy.yaml", {"clocks.ACK-1.within": "20m"})
    data = json.loads(standfast("simulate", "nobody-answers", "--policy", str(slow), "--json").stdout)
    assert data["paged"] == ["dana", "sam", "mira"]
    folder = ROOT / "deploy/company/northgate"
    files = ("--policy", str(folder / "policy.yaml"), "--catalog", str(folder / "catalog.yaml"))
    told = standfast("simulate", "nobody-answers", *files)
    assert told.exit_code == 0
    assert "Northgate" in told.stdout
    assert "expects" not in told.stdout


def test_a_file_that_expects_something_else_ends_with_1_and_says_what(standfast: Standfast, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("says: mine\nstory: [{at: 0s, alert: x}]\nexpect: {paged: [primary], met: [ACK-1], incidents: 1}\n")
    told = standfast("simulate", str(file))
    assert told.exit_code == 1
    assert "expect.paged: found dana, sam, mira, priya, priya, priya, priya, expected dana" in told.stdout
    assert "expect.met: found ACK-1 never kept, expected ACK-1 kept" in told.stdout
    assert len(json.loads(standfast("simulate", str(file), "--json").stdout)["unexpected"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody-sleeps",), "scenario: found 'nobody-sleeps', expected a file or one of ack-then-silence"),
        ((), "scenario: found nothing, expected a file or one of ack-then-silence"),
        (("reopen", "--policy", "none.yaml"), "none.yaml: could not be read"),
    ],
)
def test_what_cannot_be_played_is_refused_with_what_there_is(
    standfast: Standfast, words: tuple[str, ...], said: str
) -> None:
    told = standfast("simulate", *words)
    assert told.exit_code == 2
    assert said in told.stderr


def test_a_spoilt_file_is_refused_with_every_finding(standfast: Standfast, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        "says: bad\nstory:\n  - {at: 0s, alert: x}\n  - {at: 1m, dana: sleep}\n  - {at: 2m, zoe: resolve x}\n"
    )
    told = standfast("simulate", str(file))
    assert told.exit_code == 2
    assert f"{file}: story.1: found" in told.stderr
    file.write_text("says: bad\nstory:\n  - {at: 0s, alert: x}\n  - {at: 2m, zoe: resolve x}\n")
    assert "nobody of the catalog" in standfast("simulate", str(file)).stdout  # a stranger is played, and refused


def test_the_document_lists_the_library_and_shows_what_is_really_printed(standfast: Standfast) -> None:
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", DOCUMENT, re.MULTILINE))
    assert rows == {name: read(file).says for name, file in library().items()}
    command, shown = re.findall(r"^    \$ standfast (.+)\n((?:    .*\n|\n)+)", DOCUMENT, re.MULTILINE)[0]
    printed = standfast(*command.split()).stdout
    assert [line.strip() for line in shown.splitlines() if line.strip()] == [
        line.strip() for line in printed.splitlines() if line.strip()
    ]


@pytest.mark.sop("KPI-1")
@pytest.mark.parametrize("verdict", ["late", "missed"])
def test_what_was_done_late_has_missed_the_target_of_its_key_figure(
    standfast: Standfast, tmp_path: Path, verdict: str
) -> None:
    file, story = tmp_path / "mine.yaml", "[{at: 0s, alert: x}, {at: 6m20s, primary: acknowledge}]"
    for clause, code in (("KPI-1", 0), ("ACK-1", 0 if verdict == "late" else 1)):
        file.write_text(f"says: mine\nlasts: 8m\nstory: {story}\nexpect: {{{verdict}: [{clause}]}}\n")
        assert standfast("simulate", str(file)).exit_code == code


def test_the_documents_example_is_a_scenario_that_comes_out_as_it_expects(standfast: Standfast, tmp_path: Path) -> None:
    [example] = re.findall(r"^```yaml\n(.+?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    file = tmp_path / "fraud.yaml"
    file.write_text(example)
    told = standfast("simulate", str(file))
    assert (told.exit_code, "It came out as the scenario expects." in told.stdout) == (0, True), told.output
