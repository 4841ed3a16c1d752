"""Past incidents under another policy, on the command line."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from console.code import NOT_REACHED, REFUSED, UNKNOWN
from domain.incident.incident import Incident
from domain.report.view import view
from records.export import Draft
from records.overview import overview
from records.record import Stored
from records.store import Records
from starter import app
from tests.console.conftest import Standfast
from tests.console.memory import Memory
from tests.domain.learn.case import Case
from tests.domain.past import COUNT, LARGE, some
from tests.tables import lay

EXAMPLE = str(Path(__file__).parents[2] / "deploy/example/stricter.yaml")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Records with the first incidents of a synthetic quarter."""
    url = lay(tmp_path / "records.db")
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url)
    asyncio.run(_filled(url, some(COUNT)))
    return url


async def _filled(url: str, incidents: Sequence[Incident]) -> None:
    async with await Records.open(url) as records:
        for one in incidents:
            await records.append(one.id, [Stored.of(event) for event in one.events], overview(view(one, ())))


def slow() -> Incident:
    """An incident of five minutes ago that was acknowledged after four of them."""
    case = Case(at=datetime.now(UTC) - timedelta(minutes=5))
    case.passes(timedelta(minutes=4))
    case.acts("acknowledge", "dana")
    return case.incident


@pytest.mark.usefixtures("database")
def test_a_recorded_incident_is_shown_beside_its_replay_with_the_limit_and_the_proof(standfast: Standfast) -> None:
    told = standfast("replay", some(COUNT)[LARGE].id.lower(), "--policy", EXAMPLE)
    assert told.exit_code == 0
    assert "Under another policy people would have acted differently" in " ".join(told.stdout.split())
    assert "Replayed under its own policy, standfast-default, every page, reminder and miss is as it happened." in (
        " ".join(told.stdout.split())
    )
    assert "primary: Dana Okafor" in told.stdout


@pytest.mark.usefixtures("database")
def test_an_incident_as_json_has_every_line_of_both_sides(standfast: Standfast) -> None:
    told = json.loads(standfast("replay", some(COUNT)[LARGE - 1].id, "--policy", EXAMPLE, "--json").stdout)
    assert (told["policy"], told["other"], told["control"]) == ("standfast-default", "stricter", [])
    page = next(line for line in told["lines"] if line["sort"] == "page")
    assert page["then_at"]
    assert page["replayed_at"]
    assert {"clause", "then", "replayed"} <= told["verdicts"][0].keys()


def test_an_open_incident_is_read_from_its_workflow(standfast: Standfast, house: Memory) -> None:
    incident = slow()
    house.incidents[incident.id] = incident
    told = json.loads(standfast("replay", incident.id, "--policy", EXAMPLE, "--json").stdout)
    pages = {line["key"]: bool(line["then_at"]) for line in told["lines"] if line["sort"] == "page"}
    assert (pages["0"], pages["1"]) == (True, False)


def test_an_open_incident_is_read_from_the_records_while_nobody_answers(
    standfast: Standfast, house: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = slow()
    house.incidents[incident.id], house.silent = incident, True
    url = lay(tmp_path / "records.db")
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url)
    asyncio.run(_filled(url, [incident]))
    told = standfast("replay", incident.id, "--policy", EXAMPLE)
    assert told.exit_code == 0
    assert "as far as the records have it, up to " in told.stderr
    assert "only replayed" in told.stdout


def test_an_incident_that_nobody_knows_is_said_so(standfast: Standfast) -> None:
    assert standfast("replay", "INC-00000", "--policy", EXAMPLE).exit_code == UNKNOWN


def test_without_records_and_engine_it_is_said_what_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    told = CliRunner().invoke(app, ["replay", "INC-00000", "--policy", EXAMPLE])
    assert told.exit_code == NOT_REACHED


@pytest.mark.parametrize("form", ["json", "lines", "bundle"])
def test_events_come_from_a_file_too(standfast: Standfast, tmp_path: Path, database: str, form: str) -> None:
    first = some(COUNT)[0]
    file = asyncio.run(_exported(tmp_path, database, first, form))
    told = standfast("replay", first.id, "--policy", EXAMPLE, "--events", str(file), "--json")
    assert json.loads(told.stdout) == json.loads(standfast("replay", first.id, "--policy", EXAMPLE, "--json").stdout)
    other = standfast("replay", "INC-00000", "--policy", EXAMPLE, "--events", str(file))
    assert other.exit_code == UNKNOWN


async def _exported(folder: Path, url: str, incident: Incident, form: str) -> Path:
    file = folder / f"events.{form}"
    async with await Records.open(url) as records:
        kept = await records.events(incident.id)
    if form == "json":
        file.write_text(json.dumps([event.model_dump(mode="json") for event in incident.events]))
    elif form == "lines":
        file.write_text("".join(f"{one.line()}\n" for one in kept))
    else:
        with Draft(file, kept[0].at, kept[-1].at, kept[-1].at) as draft:
            draft.add(kept)
            draft.seal(Ed25519PrivateKey.generate())
    return file


def test_a_file_without_events_is_refused(standfast: Standfast, tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("nothing")
    told = standfast("replay", "INC-00000", "--policy", EXAMPLE, "--events", str(tmp_path / "none.json"))
    assert told.exit_code == REFUSED
    assert "found no events" in told.stderr


@pytest.mark.usefixtures("database")
def test_a_period_is_compared_and_its_figures_are_those_of_the_kpi_command(standfast: Standfast) -> None:
    period = ("--from", "2026-07-01", "--to", "2026-12-31")
    compared = json.loads(standfast("replay", *period, "--policy", EXAMPLE, "--json").stdout)
    sheet = json.loads(standfast("kpi", *period, "--json").stdout)
    assert compared["incidents"] == sheet["incidents"] == COUNT
    assert [one["then"] for one in compared["figures"]] == sheet["figures"]
    assert compared["unproved"] == []


@pytest.mark.usefixtures("database")
def test_a_service_or_a_team_of_a_period_is_compared_alone(standfast: Standfast) -> None:
    asked = ("replay", "--from", "2026-07-01", "--policy", EXAMPLE, "--json")
    for name, value in (("--service", "billing"), ("--team", "platform")):
        mine = [one for one in some(COUNT) if value in (one.opened.service, one.service.team)]
        assert json.loads(standfast(*asked, name, value).stdout)["incidents"] == len(mine) > 0
    assert (
        "There are no incidents of the records that ended since 2026-07-01 00:00 UTC, service nothing."
        in standfast(*asked[:-1], "--service", "nothing").stdout
    )


@pytest.mark.parametrize(
    "words",
    [(), ("INC-00000", "--synthetic"), ("--synthetic", "--from", "2026-07-01", "INC-00000"), ("--keep", "x.db")],
)
def test_one_thing_is_replayed_at_a_time(standfast: Standfast, words: tuple[str, ...]) -> None:
    told = standfast("replay", "--policy", EXAMPLE, *words)
    assert told.exit_code == REFUSED
    assert "say what to replay" in told.stderr


@pytest.mark.usefixtures("database")
def test_a_policy_that_does_not_fit_is_refused(standfast: Standfast, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(f"extends: {Path(EXAMPLE).parents[2] / 'policy.yaml'}\nladder: [ceo]\n")
    told = standfast("replay", some(COUNT)[LARGE].id, "--policy", str(tmp_path / "odd.yaml"))
    assert told.exit_code == REFUSED
    assert "levels.ceo: found nothing in the catalog of INC-" in told.stderr
    assert standfast("replay", "--synthetic", "--policy", str(tmp_path / "none.yaml")).exit_code == REFUSED


def test_records_that_are_there_are_not_written_over(standfast: Standfast, tmp_path: Path) -> None:
    (tmp_path / "mine.db").write_text("precious")
    told = standfast("replay", "--synthetic", "--policy", EXAMPLE, "--keep", str(tmp_path / "mine.db"))
    assert told.exit_code == REFUSED
    assert (tmp_path / "mine.db").read_text() == "precious"
