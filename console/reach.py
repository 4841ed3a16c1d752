"""How a command reaches the engine, and how what the engine says ends it."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from client.port import EngineUnavailable, IncidentClient
from client.temporal import Settings, TemporalIncidents
from config.company import Company
from config.company import Settings as CompanySettings
from console.ending import CommandRefused
from demo.played import home, played
from workflows.connection import EngineAway, connect

if TYPE_CHECKING:
    from temporalio.client import Client

HERE = "127.0.0.1:7233"
"""Where Temporal is, unless TEMPORAL_ADDRESS says otherwise."""
Opener = Callable[[], AbstractAsyncContextManager[IncidentClient]]
"""How a command gets its client; the context object of the command line, so that a test can bring its own."""


@asynccontextmanager
async def reach() -> AsyncIterator[IncidentClient]:
    """A client of Temporal as its environment variables say; one clear sentence where nobody answers."""
    company = Company(_with_board(CompanySettings()))
    incidents = TemporalIncidents(company, Settings().standfast_task_queue, recorded=_recorded)
    try:
        await incidents.connect()
    except EngineUnavailable as error:
        raise EngineUnavailable(f"{error}; `standfast doctor` looks at everything") from None
    yield incidents


def _with_board(settings: CompanySettings) -> CompanySettings:
    """What opens an incident beside `make up` leads to the board there, where nothing is said of another."""
    there = played(home())
    same = there.get("TEMPORAL_ADDRESS") == os.environ.get("TEMPORAL_ADDRESS", HERE)
    board = there.get("STANDFAST_BOARD_URL", "") if same else ""
    return settings if settings.standfast_board_url else settings.model_copy(update={"standfast_board_url": board})


async def _recorded(incident: str) -> str:
    """The phase in which the records have it; nothing where there are none."""
    from client.afterwards import phase_recorded  # both cost a database's library, which most acts do not need
    from console.database import opened

    try:
        async with opened() as records:
            return await phase_recorded(records, incident)
    except CommandRefused:
        return ""


async def engine() -> "Client":
    """Temporal itself, for what looks past the incidents; the same sentence where nobody answers."""
    try:
        return await connect()
    except (EngineAway, ValueError) as error:
        raise EngineUnavailable(f"{error}; `standfast doctor` looks at everything") from None
