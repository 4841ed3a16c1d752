"""Opens the stage on a port of this machine, in front of the stand-ins and the doors that they send to."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette

from client.port import IncidentReader
from domain.company.catalog import Catalog
from stage.alert import Alerts
from stage.app import App
from stage.desk import Desk
from stage.page import Links, Page
from stage.play import Play
from stage.step import Steps
from stage.trouble import Troubles
from standins.keeping import Keeper
from standins.serve import serve
from standins.stage import Stage


@dataclass(frozen=True)
class Worker:
    """How the worker is killed, and started again."""

    kill: Callable[[], Awaitable[None]]
    start: Callable[[], Awaitable[None]]


def play(on: Stage, catalog: Catalog, http: httpx.AsyncClient, worker: Worker | None = None) -> Play:
    """What the stage plays with; everybody reads #incidents there."""
    workspace = on.slack.workspace
    workspace.rooms[0].members |= set(workspace.users)
    desk = Desk(on, catalog, http)
    alerts = Alerts(desk)
    troubles = Troubles(on, catalog, worker.kill if worker else None, worker.start if worker else None)
    return Play(desk, alerts, troubles, Steps(desk, alerts))


def application(playing: Play, links: Links, reader: IncidentReader | None = None) -> Starlette:
    """The stage as an application."""
    return App(playing, Page(playing, links, reader)).application()


@asynccontextmanager
async def stage_open(
    on: Stage,
    catalog: Catalog,
    links: Links,
    *,
    reader: IncidentReader | None,
    worker: Worker,
    port: int,
    keeper: Keeper | None = None,
) -> AsyncIterator[None]:
    """Serve the stage until the block ends; presses go to the doors behind `links.board`."""
    async with httpx.AsyncClient(base_url=links.board) as http:
        playing = play(on, catalog, http, worker)
        if keeper:
            keeper.recall(playing.steps)
        try:
            async with serve(application(playing, links, reader), port):
                yield
        finally:
            await playing.troubles.stop()
