"""The stack: Temporal with its Web UI and a file, the stage, worker and ingress, each on free loopback ports."""

import asyncio
import contextlib
import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client

from client.temporal import Settings as ClientSettings
from client.temporal import TemporalIncidents
from config.company import Company
from config.company import Settings as CompanySettings
from demo.process import Child, free_port, program, running
from demo.stopped import Stopped
from stage.open import Worker, stage_open
from stage.page import Links
from standins.keeping import Keeper
from standins.stage import Stage, stage
from vendors.directory import DIRECTORY
from workflows.connection import EngineAway, connect
from workflows.namespace import prepare

ROOT = Path(__file__).parents[1]


class NotStarted(Stopped):
    """A part of the stack did not come up: which, and its last words."""


@dataclass(frozen=True)
class Stack:
    """What runs, and where."""

    stage: Stage
    company: Company
    client: Client
    ui: str
    url: str
    shown: str
    """Where everything is seen and pressed that the stand-ins hold."""
    folder: Path
    environment: dict[str, str]
    real: tuple[str, ...]
    """The vendors that are not played, for the settings hold what they need."""
    temporal: Child
    worker: Child
    ingress: Child

    @property
    def reached(self) -> dict[str, str]:
        """The settings by which the vendors are reached that are played, and whose board it is."""
        own = ("TEMPORAL_ADDRESS", "STANDFAST_BOARD_URL")
        return _played(self.stage, self.real) | {name: self.environment[name] for name in own}


@asynccontextmanager
async def stack(
    folder: Path,
    settings: Mapping[str, str],
    ports: Mapping[str, int] | None = None,
    *,
    keeps: bool = False,
    told: Callable[[str], None] = lambda part: None,
    options: Sequence[str] = (),
) -> AsyncIterator[Stack]:
    """Start everything and stop everything; `settings` are environment variables that win over the stage's.

    With `keeps` the stand-ins find again what they held; `told` hears what is up already; `options` are more of the
    server's own.
    """
    place = {name: (ports or {}).get(name) or free_port() for name in ("temporal", "ui", "ingress", "stage")}
    own = f"http://127.0.0.1:{place['stage']}"
    company = Company(CompanySettings(**{k.lower(): v for k, v in settings.items() if k in PATHS}))  # type: ignore[arg-type]
    async with AsyncExitStack() as held:
        keeper = Keeper(folder / "stage") if keeps else None
        played = await held.enter_async_context(stage(company.catalog, site=f"{own}/stage", keeper=keeper))
        real = _real(settings)
        environment = {**_played(played, real), **_own(folder, place), **_stage(own, real), **settings}
        os.environ.update({name: environment[name] for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE")})
        temporal = await held.enter_async_context(running(_temporal(folder, place, options)))
        client = await _connected(temporal)
        told("Temporal ✓")
        await _keep_long(client)
        await prepare(client)
        worker = Child("worker", [sys.executable, str(ROOT / "worker.py")], folder / "worker.log", environment)
        ingress = Child("ingress", [sys.executable, "-m", "ingress"], folder / "ingress.log", environment)
        await held.enter_async_context(running(worker))
        await held.enter_async_context(running(ingress))
        url = f"http://127.0.0.1:{place['ingress']}"
        await _answering(ingress, url)
        told("worker and ingress ✓")
        ui, shown = f"http://127.0.0.1:{place['ui']}", f"{own}/stage"
        begun = Stack(played, company, client, ui, url, shown, folder, environment, real, temporal, worker, ingress)
        await held.enter_async_context(_seen(begun, own, place["stage"], keeper))
        yield begun


@asynccontextmanager
async def _seen(begun: Stack, own: str, port: int, keeper: Keeper | None) -> AsyncIterator[None]:
    """Everything can be seen and pressed on the stage."""
    reader = TemporalIncidents(begun.company, ClientSettings().standfast_task_queue)
    await reader.connect()
    links, worker = Links(own, begun.url, begun.ui), Worker(begun.worker.kill, begun.worker.start)
    on, catalog = begun.stage, begun.company.catalog
    async with stage_open(on, catalog, links, reader=reader, worker=worker, port=port, keeper=keeper):
        yield


PATHS = frozenset({"STANDFAST_POLICY", "STANDFAST_CATALOG"})


PREFIXES = {"smtp": ("SMTP_", "MAIL_")}
"""How a vendor's settings begin, where it is not with its own name."""


def own_settings() -> dict[str, str]:
    """What the environment says of vendors and files, for a stack that is to take real vendors where it can."""
    starts = (*(start for name in DIRECTORY for start in _prefixes(name)), "STANDFAST_", "GENERIC_")
    return {name: value for name, value in os.environ.items() if name.startswith(starts) and value}


def _prefixes(vendor: str) -> tuple[str, ...]:
    return PREFIXES.get(vendor, (f"{vendor.upper()}_",))


def _real(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The vendors whose every need is among the settings."""
    return tuple(name for name, one in DIRECTORY.items() if one.needs and all(need in settings for need in one.needs))


def _played(on: Stage, real: tuple[str, ...]) -> dict[str, str]:
    """The stage's settings without those of vendors that are real."""
    starts = tuple(start for name in real for start in _prefixes(name))
    return {name: value for name, value in on.environment.items() if not starts or not name.startswith(starts)}


def _own(folder: Path, place: Mapping[str, int]) -> dict[str, str]:
    return {
        "TEMPORAL_ADDRESS": f"127.0.0.1:{place['temporal']}",
        "TEMPORAL_NAMESPACE": "default",
        "STANDFAST_LISTEN": f"127.0.0.1:{place['ingress']}",
        "STANDFAST_BOARD_URL": f"http://127.0.0.1:{place['ingress']}",
        "STANDFAST_INBOX": str(folder / "inbox.db"),
        "STANDFAST_DATABASE_URL": f"sqlite:///{folder / 'records.db'}",
        "STANDFAST_TEMPORAL_UI": f"http://127.0.0.1:{place['ui']}/namespaces/default",
        "STANDFAST_KEEP_RATES": "false",
        "PYTHONPATH": str(ROOT),
    }


def _stage(own: str, real: Sequence[str]) -> dict[str, str]:
    """Where the stage is; and where nobody real is reached, whoever is at this machine may be anybody on the board."""
    key = {} if real else {"STANDFAST_STAGE_WORD": secrets.token_urlsafe(24)}
    return {"STANDFAST_STAGE_URL": f"{own}/stage", **key}


def _temporal(folder: Path, place: Mapping[str, int], options: Sequence[str]) -> Child:
    """A real server whose state is a file: killed and started again, it has lost nothing."""
    pragmas = ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"]
    command = [program("temporal"), "server", "start-dev", "--ip", "127.0.0.1", "--log-level", "error"]
    command += ["--port", str(place["temporal"]), "--ui-port", str(place["ui"]), "--ui-ip", "127.0.0.1", *options]
    return Child(
        "Temporal", [*command, "--db-filename", str(folder / "temporal.db"), *pragmas], folder / "temporal.log"
    )


async def _connected(temporal: Child) -> Client:
    while temporal.running:
        try:
            return await connect(1.0)
        except EngineAway:
            await asyncio.sleep(0.25)
    raise NotStarted(f"Temporal did not start; its last words:\n{temporal.last_words()}")


async def _keep_long(client: Client) -> None:
    """Keep closed incidents for as long as the policy says; the server's own default is a day."""
    retention = Duration()
    retention.FromTimedelta(Company(CompanySettings()).policy.retention.histories)
    config = NamespaceConfig(workflow_execution_retention_ttl=retention)
    await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=client.namespace, config=config))


async def _answering(ingress: Child, url: str) -> None:
    async with httpx.AsyncClient() as http:
        while ingress.running:
            with contextlib.suppress(httpx.TransportError):
                if (await http.get(f"{url}/readyz")).is_success:
                    return
            await asyncio.sleep(0.1)
    raise NotStarted(f"the ingress did not start; its last words:\n{ingress.last_words()}")
