"""Runs the worker: workflows, a desk for every vendor the company uses, the records, the engine's errands."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
from dotenv import load_dotenv
from pydantic_settings import BaseSettings
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.runtime import Runtime
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities import logs, tracing
from activities.archive import RecordActivities
from activities.beside import beside
from activities.checkpoint import CheckpointActivities, Mailed
from activities.engine import IncidentActivities
from activities.gauge import Deadlines, Measured, beats, speaking, telemetry
from activities.liveness import alive
from activities.mailing import mailed
from activities.presence import presence
from activities.resting import AtWork
from activities.runbooks import RunbookIndex
from activities.tracing import TracedClient
from activities.vendor import Performance, absences, performances
from activities.watch import WatchActivities
from client.restoring import Restorer
from config.company import Company
from config.company import Settings as CompanySettings
from config.trust import authorities
from config.unusable import unusable
from domain.company.catalog import Catalog
from domain.drill import PRACTICE
from domain.value.model import Duration
from records.setting import Settings as RecordSettings
from records.store import Records
from vendors.directory import DIRECTORY
from vendors.vendor import Vendor
from workflows.checkpoint import CheckpointWorkflow
from workflows.drill import DrillWorkflow
from workflows.group import AlertGroupWorkflow
from workflows.guard import GuardedRunner
from workflows.incident import IncidentWorkflow
from workflows.override import DEPLOYMENT
from workflows.ramp import Ramp, Steps
from workflows.release import release
from workflows.rollout import Anew, is_promoted, keep
from workflows.starting import migrating, prepared, reached, unless
from workflows.watchman import WatchmanWorkflow

Errand = Callable[..., Any]
"""An activity."""

log = logging.getLogger("standfast.worker")


class Settings(BaseSettings):
    """How this worker runs."""

    standfast_task_queue: str = "standfast"
    standfast_database_url: str = "sqlite:///var/records.db"
    standfast_keep_rates: bool = True
    """Whether the vendors' rate limits are kept; stand-ins have none."""
    standfast_build: str = ""
    """The release that these workers run, under which incidents are pinned to it; they are unversioned without one."""
    standfast_metrics: str = ""
    """Where Prometheus finds this worker's numbers, as host:port; nowhere unless it is set."""
    standfast_versioned: bool = True
    """Whether the release is told to Temporal; a server before 1.28 cannot be told."""
    standfast_ramp: Steps = ""
    """The shares that a release has before it is current, in per cent, as in `10,50`; it is at once without them."""
    standfast_ramp_every: Duration = timedelta(minutes=10)
    """How long it has each share."""


def vendors_of(catalog: Catalog) -> set[str]:
    """Every vendor that plays a role for the company or for one of its services, and the one that drills need."""
    chosen = set(catalog.vendors.values())
    return (
        chosen | {PRACTICE} | {name for service in catalog.services.values() for name in service.vendors.values()}
    ) - {"none"}


async def abilities(vendor: Vendor, http: httpx.AsyncClient, stack: AsyncExitStack) -> list[Performance]:
    """What a vendor's desk can do; connections and a notebook's runbooks are kept at hand here, until `stack` ends."""
    if vendor.missing:
        log.warning("%s is chosen but not configured: set %s", vendor.name, ", ".join(vendor.missing))
        return absences(vendor.name, vendor.missing)
    client = vendor.client(http)
    if hasattr(client, "connected"):
        await stack.enter_async_context(client.connected())
    if not hasattr(client, "runbooks"):
        return performances(vendor.name, client)
    library = RunbookIndex(client.runbooks)
    stack.push_async_callback(library.close)
    return [*performances(vendor.name, client), *performances(vendor.name, library)]


async def desks(
    client: Client,
    catalog: Catalog,
    http: httpx.AsyncClient,
    *,
    settings: Settings,
    stack: AsyncExitStack,
    measured: Measured,
) -> list[Worker]:
    """One worker per vendor: a task queue of its own, with the vendor's rate limit and slots nobody else can fill."""
    workers = []
    for name in sorted(vendors_of(catalog)):
        vendor = DIRECTORY[name]
        workers.append(
            Worker(
                client,
                task_queue=f"{settings.standfast_task_queue}-{name}",
                activities=await abilities(vendor, http, stack),
                max_concurrent_activities=20,
                max_task_queue_activities_per_second=vendor.per_second if settings.standfast_keep_rates else None,
                interceptors=[measured],
                **_version(settings.standfast_build),
            )
        )
    return workers


def _version(build: str) -> dict[str, Any]:
    """What makes a worker one of a release, whose incidents and their effects come to it alone; nothing without one."""
    if not build:
        return {}
    version = WorkerDeploymentVersion(DEPLOYMENT, build)
    return {"deployment_config": WorkerDeploymentConfig(version=version, use_worker_versioning=True)}


def deciders(client: Client, queue: str, opens: Sequence[Errand], build: str = "") -> Worker:
    """The worker of the workflows; few slots, for they share one interpreter (TEMPORAL: late timers).

    `opens` is what opens an incident within the task that asks for it (workflows/opening.py).
    """
    versioned = _version(build)
    if versioned:
        pinned = VersioningBehavior.PINNED
        versioned["deployment_config"] = replace(versioned["deployment_config"], default_versioning_behavior=pinned)
    return Worker(
        client,
        task_queue=queue,
        workflows=[IncidentWorkflow, AlertGroupWorkflow, DrillWorkflow, CheckpointWorkflow, WatchmanWorkflow],
        activities=opens,
        no_remote_activities=True,
        workflow_runner=GuardedRunner(),
        max_concurrent_workflow_tasks=4,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=5),
        **versioned,
    )


def _by_mail(company: Company, to: str) -> Mailed | None:
    """How a checkpoint is mailed, by whoever plays the mailer then; nothing where no address is set."""
    return (lambda one: mailed(company.catalog.vendors.get("mailer", "none"), to, one)) if to else None


def _notary(company: Company, records: Records) -> CheckpointActivities:
    """Who signs the records, as the settings say."""
    kept = RecordSettings()
    return CheckpointActivities(
        records,
        kept.standfast_signing_key,
        kept.standfast_anchor_file,
        authority=kept.standfast_tsa_url,
        mail=_by_mail(company, kept.standfast_anchor_mail),
    )


def clerks(
    client: Client,
    company: Company,
    records: Records,
    engine: IncidentActivities,
    *,
    settings: Settings,
    measured: Measured,
) -> list[Worker]:
    """The workers of the house's own activities: records, and the engine's errands."""
    queue, meter = settings.standfast_task_queue, Runtime.default().metric_meter
    archive, notary = RecordActivities(records, Deadlines(meter)), _notary(company, records)
    remembers: list[Errand] = [
        archive.record,
        archive.suppress,
        archive.find_repeats,
        archive.find_deployments,
        notary.sign_checkpoint,
    ]
    errands: list[Errand] = [
        engine.open_incident,
        engine.report_to_group,
        engine.tell_incident,
        engine.find_open,
        engine.find_company,
        engine.tell_kept_back,
        WatchActivities(client, company, queue).look,
    ]
    told: dict[str, Any] = {"interceptors": [measured], **_version(settings.standfast_build)}
    return [
        Worker(client, task_queue=f"{queue}-records", activities=remembers, **told),
        Worker(client, task_queue=f"{queue}-engine", activities=errands, **told),
    ]


@asynccontextmanager
async def working(
    client: Client, company: Company, records: Records, settings: Settings, *, measured: Measured | None = None
) -> AsyncIterator[None]:
    """All of it at work until the block ends."""
    queue, measured = settings.standfast_task_queue, measured or Measured()
    async with AsyncExitStack() as stack:
        plain_or_traced = TracedClient if tracing.tracer() else httpx.AsyncClient
        http = await stack.enter_async_context(plain_or_traced(verify=authorities()))
        at_desks = await desks(client, company.catalog, http, settings=settings, stack=stack, measured=measured)
        engine = IncidentActivities(client, company, queue, records)
        at_home = clerks(client, company, records, engine, settings=settings, measured=measured)
        await stack.enter_async_context(AtWork(*at_home, *at_desks))
        decider = deciders(client, queue, [engine.open_incident], settings.standfast_build)
        await stack.enter_async_context(AtWork(decider))
        if settings.standfast_build:
            anew = Restorer(client, records, queue).take_over
            ramp = Ramp.read(settings.standfast_ramp, settings.standfast_ramp_every)
            await stack.enter_async_context(_taking_over(client, queue, settings.standfast_build, anew, ramp))
        yield


@asynccontextmanager
async def _taking_over(client: Client, queue: str, build: str, anew: Anew, ramp: Ramp) -> AsyncIterator[None]:
    """This release is current or on its way to it, and looks after what an older one left, until the block ends."""
    promoted = await is_promoted(client, queue, build, ramp)
    async with beside(lambda: keep(client, queue, build, anew, promoted=promoted, ramp=ramp)):
        yield


async def work() -> None:
    """Wait for the engine, make sure the namespace knows our search attributes, work until SIGTERM or SIGINT."""
    settings, stop, measured = _released(Settings()), asyncio.Event(), Measured()
    company = Company(CompanySettings())
    company.refuse_grave()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runtime = telemetry(settings.standfast_metrics)
    Runtime.set_default(runtime or speaking(), error_if_already_set=False)  # replays log as we do, too
    async with alive(*([beats(runtime, measured, settings.standfast_build)] if runtime else [])):
        client = await unless(stop, reached())
        if client is None or not await unless(stop, prepared(client, settings.standfast_task_queue)):
            return
        async with (
            await Records.open(settings.standfast_database_url) as records,
            migrating(records),
            working(client, company, records, settings, measured=measured),
            presence(client, settings.standfast_task_queue),
        ):
            await stop.wait()


def _released(settings: Settings) -> Settings:
    """The settings with the release by its content: nobody has to name it, and no name says more than it does."""
    build = release(settings.standfast_build) if settings.standfast_versioned else ""
    return settings.model_copy(update={"standfast_build": build})


def main() -> None:
    """Run until told to stop; the exit code is 0 then, and 1 with a reason otherwise."""
    load_dotenv()
    gc.freeze()  # what was imported stays: no pause of the collector looks through it again (ADR 101)
    code = 0
    try:
        logs.set_up()
        tracing.set_up("worker")
        asyncio.run(work())
    except Exception as error:
        log.error("%s", unusable(error))
        code = 1
    with contextlib.suppress(Exception):
        tracing.end()
        logging.shutdown()
    os._exit(code)  # the SDK's threads may crash an ordinary exit (sdk-python#300)


if __name__ == "__main__":
    main()
