"""The engines that stories run on: Temporal's real server on a free port, with a clock that skips or without."""

import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from temporalio.common import SearchAttributeKey
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from workflows.converter import converter
from workflows.query_retry import AskAgain

SERVICE = SearchAttributeKey.for_keyword("IncidentService")
SEARCH_ATTRIBUTES: tuple[SearchAttributeKey[Any], ...] = (
    SERVICE,
    SearchAttributeKey.for_keyword("IncidentSeverity"),
    SearchAttributeKey.for_keyword("IncidentPhase"),
    SearchAttributeKey.for_keyword("IncidentCommander"),
    SearchAttributeKey.for_keyword("IncidentKind"),
    SearchAttributeKey.for_datetime("IncidentNextDue"),
    SearchAttributeKey.for_keyword("IncidentTrouble"),
)
SKIPS = 10_000
"""More skips than a story of months needs; past the server's own limit of 200 the clock would silently stand still."""
SKIPPING = (
    "--dynamic-config-value",
    "frontend.WorkflowTimeSkippingEnabled=true",
    # Without this every skipped timer costs a second of real time.
    "--dynamic-config-value",
    'history.timerProcessorMaxTimeShift="10ms"',
)

# One processor serves a story as fast, and its threads do not wake each other all the time.
os.environ.setdefault("GOMAXPROCS", "1")
# Its memory is small: to be tidied less often saves an eighth of its time.
os.environ.setdefault("GOGC", "400")


def binary(name: str) -> str:
    """Find a program that a package put beside this interpreter, also where .venv/bin is not on PATH.

    `TEMPORAL_PROGRAM` is another server than the pinned one (`make servers`).
    """
    if name == "temporal" and (other := os.environ.get("TEMPORAL_PROGRAM")):
        return other
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which(name, path=places)
    if found is None:
        raise FileNotFoundError(f"{name}: found in none of {places}; `make test` installs it into .venv")
    return found


@asynccontextmanager
async def skipping_engine() -> AsyncIterator[WorkflowEnvironment]:
    """Run a server on which each workflow's time passes only when told, with `fast_forward(handle, span)`.

    A workflow's clock stands still while it has an activity, a child or a signal to another workflow under way.
    """
    async with await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False, max_session_skip_count=SKIPS),
        dev_server_existing_path=binary("temporal"),
        dev_server_extra_args=SKIPPING,
        search_attributes=SEARCH_ATTRIBUTES,
        data_converter=converter(),
        interceptors=[AskAgain()],
    ) as environment:
        yield environment


@asynccontextmanager
async def live_engine() -> AsyncIterator[WorkflowEnvironment]:
    """Run a server in real time, for what happens in milliseconds: crashes, storms, whole processes."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=binary("temporal"),
        search_attributes=SEARCH_ATTRIBUTES,
        data_converter=converter(),
        interceptors=[AskAgain()],
    ) as environment:
        yield environment
