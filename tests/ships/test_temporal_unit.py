"""What the unit of Temporal starts comes up in its own folder without rights, and keeps what an auditor asks about."""

import asyncio
import re
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from demo.process import free_port
from tests.house.source import ROOT
from tests.ships.installed import without_rights
from tests.stories.engine import binary

UNIT = ROOT / "deploy/systemd/standfast-temporal.service"
HOME = "/var/lib/standfast-temporal"
PATIENCE = 120.0


def line(name: str, state: Path) -> str:
    """A line of the unit, as it is here: the program that is installed, a folder of the test, ports that are free."""
    text = UNIT.read_text().replace("\\\n", " ")
    [said] = re.findall(rf"^{name}=(.+)$", text, re.MULTILINE)
    here = said.replace("/opt/standfast/bin/temporal", binary("temporal")).replace(HOME, str(state))
    return re.sub(r"-port \d+", lambda _: f"-port {free_port()}", here)


@asynccontextmanager
async def started(words: list[str], state: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process with what the unit gives it and no more."""
    given = {"HOME": line("Environment", state).removeprefix("HOME="), "PATH": "/usr/bin:/bin"}
    log = (state / "log").open("wb")
    process = await asyncio.create_subprocess_exec(
        *without_rights(), *words, cwd=state, env=given, stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()
        log.close()


@pytest.mark.sop("SOC-1")
async def test_temporal_comes_up_as_its_unit_says_and_keeps_histories_for_a_quarter(tmp_path: Path) -> None:
    words = shlex.split(line("ExecStart", tmp_path))
    address = f"127.0.0.1:{words[words.index('--port') + 1]}"
    async with started(words, tmp_path), asyncio.timeout(PATIENCE):
        client = await connected(address)
        after = shlex.split(line("ExecStartPost", tmp_path).removeprefix("-"))
        given = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "TEMPORAL_ADDRESS": address}
        done = await asyncio.create_subprocess_exec(*after, env=given, stdout=asyncio.subprocess.DEVNULL)
        assert await done.wait() == 0
        known = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
        assert known.config.workflow_execution_retention_ttl == Duration(seconds=90 * 24 * 3600)
    assert (tmp_path / "temporal.db").exists()


async def connected(address: str) -> Client:
    """Its client, once it answers."""
    while True:
        try:
            return await Client.connect(address)
        except RuntimeError:
            await asyncio.sleep(0.1)
