"""What the records tell of an incident that the engine does not know any more."""

import asyncio
import json
from pathlib import Path

import pytest

from domain.procedure.findings import Note
from records.overview import overview
from records.record import Stored
from records.store import Records
from tests.console.conftest import Standfast
from tests.console.kept import kept_and_refused
from tests.domain.learn.case import Case, completed, days, fought


@pytest.mark.sop("SOC-1")
def test_an_incident_that_the_engine_has_let_go_of_is_shown_from_its_records(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = fought()
    url = f"sqlite:///{tmp_path}/records.db"
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url)
    asyncio.run(_recorded(url, case))
    for words in (("show",), ("show", "--at", "1m"), ("timeline",)):
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


async def _recorded(url: str, case: Case) -> None:
    async with await Records.open(url) as records:
        await records.migrate()
        stored = [Stored.of(event) for event in case.incident.events]
        await records.append(case.incident.id, stored, overview(case.view))
