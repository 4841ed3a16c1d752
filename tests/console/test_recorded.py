"""What the records tell of an incident that the engine does not know any more."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from domain.procedure.findings import Note
from domain.value.private import VEIL
from records.overview import overview
from records.record import Stored
from records.store import Records
from starter import app
from tests.console.company import spoilt
from tests.console.conftest import Standfast
from tests.console.kept import kept_and_refused
from tests.console.memory import Memory
from tests.domain.learn.case import Case, completed, days, fought


@pytest.mark.sop("SOC-1")
def test_an_incident_that_the_engine_has_let_go_of_is_shown_from_its_records(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = fought()
    url = f"sqlite:///{tmp_path}/records.db"
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url)
    asyncio.run(_recorded(url, case))
    for words in (("show",), ("show", "--at", "1m"), ("timeline",), ("scorecard",), ("checklist",)):
        told = standfast(words[0], case.incident.id, *words[1:])
        assert (told.exit_code, f"Temporal does not know {case.incident.id} any more" in told.stderr) == (0, True)
    early = json.loads(standfast("show", case.incident.id, "--at", "1m", "--json").stdout)
    assert (early["phase"], early["severity"]) == ("alerting", None)
    assert "There is no incident INC-22222" in standfast("show", "INC-22222").stderr


@pytest.mark.sop("WAR-6")
def test_what_it_did_not_take_after_its_end_is_said_from_the_inbox_as_well(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = fought()
    completed(case)
    case.acts("close_item", "jira", item="item-1")
    case.passes(days(30))
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url := f"sqlite:///{tmp_path}/records.db")
    monkeypatch.setenv("STANDFAST_INBOX", where := f"{tmp_path}/inbox.db")
    asyncio.run(_recorded(url, case))
    asyncio.run(kept_and_refused(where, case.incident.id, Note(by="jonas", text="the bank called")))
    for command in ("show", "timeline"):
        told = standfast(command, case.incident.id)
        assert "(the bank called) was not taken" in " ".join(told.stdout.split())
        assert "not taken" not in standfast(command, case.incident.id, "--json").stdout


@pytest.mark.sop("WAR-6")
def test_what_is_open_is_listed_from_the_records_while_the_engine_is_away(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url := f"sqlite:///{tmp_path}/records.db")
    assert [_away(word).exit_code for word in ("list", "due")] == [3, 3]  # neither engine nor records
    case = Case()
    asyncio.run(_recorded(url, case))
    [listed] = json.loads(_away("list", "--json").stdout)
    due = json.loads(_away("due", "--json").stdout)
    assert (listed["id"], listed["phase"], listed["severity"]) == (
        case.incident.id,
        "alerting",
        f"{case.view.proposed}?",
    )
    assert [(one["clause"], one["key"]) for one in due] == [(one.clause, one.key) for one in case.view.due]
    assert listed["next_due_at"] == due[0]["due_at"]
    one = [(word, case.incident.id) for word in ("due", "scorecard", "checklist")]
    for words in (("list",), ("due",), *one, ("list", "--phase", "closed")):
        told = _away(*words)
        assert (told.exit_code, "This is what the records have" in told.stderr) == (5, True)
    assert json.loads(_away("list", "--severity", "P4", "--json").stdout) == []
    told = standfast("show", case.incident.id)  # the engine answers and has lost it
    assert f"`standfast restore {case.incident.id}` lets it go on" in told.stderr


@pytest.mark.sop("SOC-1")
def test_what_temporal_has_let_go_of_is_listed_from_the_records_and_said(
    standfast: Standfast, house: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url := f"sqlite:///{tmp_path}/records.db")
    here = house.begin()
    without = standfast("list", "--all")
    assert without.exit_code == 0
    assert "What Temporal has let go of is not in this list: there are no records" in " ".join(without.stderr.split())
    case = fought()
    completed(case)
    case.acts("close_item", "jira", item="item-1")
    case.passes(days(30))
    asyncio.run(_recorded(url, case))
    asyncio.run(_recorded(url, still := Case(seed="still")))
    told = standfast("list", "--all", "--json")
    assert {one["id"] for one in json.loads(told.stdout)} == {here, case.incident.id}  # what is open was not let go of
    assert still.incident.id not in told.stdout
    assert told.stderr == ""
    assert "Temporal has let go of 1 incident of this list" in standfast("list", "--all").stderr
    closed = json.loads(standfast("list", "--phase", "closed", "--json").stdout)
    assert [one["id"] for one in closed] == [case.incident.id]
    assert json.loads(standfast("list", "--phase", "closed", "--service", "billing", "--json").stdout) == []
    assert standfast("list").stderr == ""
    said = " ".join(standfast("show", case.incident.id).stderr.split())
    assert f"It closed on {case.incident.closed_at:%d %b %Y}; the policy has Temporal keep it for 90 days." in said


@pytest.mark.sop("SCP-3")
def test_the_title_of_a_security_incident_is_listed_from_the_records_no_more_than_from_the_engine(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url := f"sqlite:///{tmp_path}/records.db")
    case = Case(title="zorbflax intrusion on checkout")
    asyncio.run(_recorded(url, case))
    for words in (("list",), ("list", "--json"), ("due",), ("due", "--json")):
        told = _away(*words)
        assert (told.exit_code, "zorbflax" in told.stdout + told.stderr) == (5, False)
    assert json.loads(_away("list", "--json").stdout)[0]["title"] == VEIL


@pytest.mark.sop("SOC-1")
def test_that_an_open_incident_keeps_an_older_policy_is_said_in_one_line(
    standfast: Standfast, house: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident, says = house.begin(), "It keeps the policy that it opened under"
    assert says not in standfast("show", incident).stdout
    changed = {"clocks.ACK-1.within": "7m", "board": "https://board.harbourline.example"}
    monkeypatch.setenv("STANDFAST_POLICY", str(file := spoilt(tmp_path, "policy.yaml", changed)))
    told = " ".join(standfast("show", incident).stdout.split())
    assert f"{says}; {file} says otherwise now: clocks" in told
    assert "clocks, board" not in told  # the environment may say it in the file's place
    json.loads(standfast("show", incident, "--json").stdout)
    file.write_text("a: [")
    told_of_none = standfast("show", incident)
    assert (told_of_none.exit_code, says in told_of_none.stdout) == (0, False)


def _away(*words: str) -> Result:
    """A command whose engine does not answer."""
    return CliRunner().invoke(app, list(words))


async def _recorded(url: str, case: Case) -> None:
    async with await Records.open(url) as records:
        await records.migrate()
        stored = [Stored.of(event) for event in case.incident.events]
        await records.append(case.incident.id, stored, overview(case.view))
