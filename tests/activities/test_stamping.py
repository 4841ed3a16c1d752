"""The step that signs has the newest checkpoint stamped, and an authority that is away stops nothing (SOC-1)."""

import base64
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from temporalio.testing import ActivityEnvironment

from activities.checkpoint import CheckpointActivities
from console import examination
from records.store import Records
from tests.authority import Authority, listening
from tests.records.case import INCIDENT, events

pytestmark = pytest.mark.sop("SOC-1")
KEY = SecretStr(base64.b64encode(bytes(32)).decode())
MOVED, QUIET = "checkpoint {}: 1 incident moved; ", "nothing has moved since the last checkpoint"


@pytest.fixture
def authority() -> Iterator[tuple[str, Authority]]:
    """An authority and where it listens."""
    with listening() as (address, one):
        yield f"{address}/tsr", one


async def signed(records: Records, authority: str) -> str:
    """What the run says, as it stands in Temporal's Web UI."""
    step = CheckpointActivities(records, KEY, authority=authority)
    return str(await ActivityEnvironment().run(step.sign_checkpoint))


async def examined(authority: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> examination.CheckResult | None:
    """What the doctor says of time stamps."""
    monkeypatch.setenv("STANDFAST_TSA_URL", authority)
    monkeypatch.setenv("STANDFAST_SIGNING_KEY", KEY.get_secret_value())
    monkeypatch.setenv("STANDFAST_DATABASE_URL", f"sqlite:///{tmp_path}/records.db")
    return next((one for one in await examination.evidence() if one.what == "time stamps"), None)


async def test_what_is_signed_is_stamped_once(records: Records, authority: tuple[str, Authority]) -> None:
    address, _ = authority
    assert await signed(records, address) == MOVED.format(1) + "checkpoint 1 is stamped"
    assert await signed(records, address) == QUIET
    await records.append(INCIDENT, events(2))
    assert await signed(records, address) == MOVED.format(2) + "checkpoint 2 is stamped"


async def test_without_an_authority_nobody_is_asked(records: Records) -> None:
    assert await signed(records, "") == MOVED.format(1).removesuffix("; ")


async def test_an_authority_that_is_away_stops_no_signature_and_is_asked_again(
    records: Records, authority: tuple[str, Authority], caplog: pytest.LogCaptureFixture
) -> None:
    address, one = authority
    one.refuses = True
    with caplog.at_level(logging.WARNING):
        said = await signed(records, address)
    assert said == f"{MOVED.format(1)}checkpoint 1 is not stamped: {address} refused: status 2"
    assert "checkpoint 1 is not stamped" in caplog.text
    one.refuses = False
    assert await signed(records, address) == f"{QUIET}; checkpoint 1 is stamped"


async def test_the_doctor_names_a_checkpoint_that_waits_for_its_stamp(
    records: Records, authority: tuple[str, Authority], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address, one = authority
    one.refuses = True
    await signed(records, address)
    seen = await examined(address, monkeypatch, tmp_path)
    assert seen
    assert (seen.state, seen.said.startswith("checkpoint 1 of ")) == ("warn", True)
    assert "the next checkpoint asks again" in seen.do
    one.refuses = False
    await signed(records, address)
    seen = await examined(address, monkeypatch, tmp_path)
    assert seen
    assert (seen.state, seen.said) == ("ok", f"the newest checkpoint is stamped by {address}")
    assert await examined("", monkeypatch, tmp_path) is None
