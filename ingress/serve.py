"""Puts the ingress together from the environment: doors, inbox, relay, and the routes for people."""

import asyncio
import gc
import logging
import os
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any

import httpx
import uvicorn
from pydantic import Field
from pydantic_settings import BaseSettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute
from temporalio.runtime import Runtime
from temporalio.service import RPCError
from uvicorn.loops.auto import auto_loop_factory

from activities import logs, tracing
from activities.gauge import speaking
from activities.liveness import alive
from activities.poller import refused
from activities.trouble import Trouble, nobody_polls
from client.afterwards import hear_afterwards, left_over, phase_recorded
from client.port import EngineUnavailable
from client.temporal import TemporalIncidents
from config.company import Company, InvalidFile
from config.company import Settings as CompanySettings
from config.trust import authorities
from config.unusable import unusable
from domain.port.duty import VendorError
from domain.port.pager import PagerPort
from domain.value.model import Duration
from ingress.act_sender import ActSender
from ingress.board.gate import BoardAccess
from ingress.board.gate import Settings as BoardSettings
from ingress.board.memory import RecordsReader
from ingress.board.route import Board
from ingress.census import Census
from ingress.chat.endpoint import Chat
from ingress.codec import Settings as Origins
from ingress.codec import codec_server
from ingress.listen import CONNECTIONS, Hurried
from ingress.readiness import Readiness
from ingress.watchdog import Watchdog
from ingress.webhook.app import app
from ingress.webhook.deployments import Shelf
from ingress.webhook.door import Door, door_of
from ingress.webhook.inbox import Inbox
from ingress.webhook.kept_act import KeptActs
from ingress.webhook.late import late_words
from ingress.webhook.relay import Relay
from ingress.webhook.retention import kept_for
from ingress.webhook.sorting import Sorter
from records.refusal import SettingRefused
from records.setting import Settings as RecordsSettings
from vendors.directory import DIRECTORY
from workflows.codec import Settings as CodecKeys
from workflows.codec import codec

log = logging.getLogger("standfast.ingress")


class Settings(BaseSettings):
    """Where the ingress listens, and where it keeps what it hears."""

    standfast_listen: Annotated[str, Field(pattern=r":\d+$")] = "127.0.0.1:8080"
    standfast_inbox: str = "var/inbox.db"
    standfast_inbox_keep: Annotated[Duration, Field(ge=timedelta(days=1))] | None = None
    """How long what was relayed is kept, where that is not the policy's to say (`retention.inbox`)."""
    standfast_task_queue: str = "standfast"


def doors() -> dict[str, Door]:
    """A door for every vendor that sends webhooks; one without its secret stays closed (404)."""
    found = {}
    for name, vendor in DIRECTORY.items():
        if vendor.hears:
            webhook = vendor.part("webhook")
            greeted = hasattr(webhook, "greet")
            found[name] = (
                _greeted(webhook)
                if greeted
                else door_of(
                    webhook,
                    webhook.Settings(),
                    tells_unreadable=name == "generic",
                    answer=vendor.answer,
                    by_header=vendor.by_header,
                )
            )
    return found


def _greeted(webhook: Any) -> Door:
    """The door of a sender whose certificates are fetched, and whose subscriptions are confirmed (SNS)."""
    http = httpx.AsyncClient(verify=authorities())
    certificates = webhook.Certificates(http)
    verify = partial(webhook.verify, settings=webhook.Settings(), certificates=certificates)
    return Door(verify, webhook.read, greet=partial(webhook.greet, http=http))


def ingress(settings: Settings) -> Starlette:
    """The application: it answers webhooks from the first moment, also while the engine is away.

    Raises `InvalidFile` where by policy and catalog alerts would be lost.
    """
    company, http = Company(CompanySettings()), httpx.AsyncClient(verify=authorities())
    company.refuse_grave()
    inbox, entrances = Inbox(settings.standfast_inbox), doors()
    url = RecordsSettings().standfast_database_url.get_secret_value()
    shelf = Shelf(url, lambda: company.policy.retention.deployments)
    engine = TemporalIncidents(company, settings.standfast_task_queue, recorded=partial(phase_recorded, shelf.records))
    holder = f"{socket.gethostname()}/{os.getpid()}"
    keeper = KeptActs(inbox, engine)
    sort, rule, late = Sorter(company), lambda: company.policy.alerts, partial(left_over, engine)
    ended = partial(hear_afterwards, engine, shelf.records, settings.standfast_task_queue)
    more: dict[str, Any] = {"keeper": keeper, "shelf": shelf, "rule": rule, "afterwards": ended, "left_over": late}
    relay = Relay(inbox, entrances, engine, sort, holder=holder, **more)
    asking = ActSender(engine, keeper=keeper)
    chats = [Chat(vendor.talk(), engine, company, asking=asking) for vendor in DIRECTORY.values() if vendor.talks]
    gate = BoardAccess(BoardSettings(), settings.standfast_listen)
    board = Board(engine, RecordsReader(url), company, gate, asking=asking, http=http, late=partial(late_words, inbox))
    talks = (route for chat in chats for route in chat.routes())
    routes = [*talks, *board.routes(), *decoding(board.admits)]
    working = partial(polled, engine, settings.standfast_task_queue)
    watchdog = Watchdog(inbox, company, working, partial(pager, http), lambda: datetime.now(UTC), holder)
    readiness = Readiness(working, lambda: datetime.now(UTC))
    beside: list[AbstractAsyncContextManager[Any]] = [
        http,
        shelf.open(),
        *(chat.running() for chat in chats),
        board.running(),
        kept_for(inbox, lambda: settings.standfast_inbox_keep or company.policy.retention.inbox),
        watchdog.running(),
        readiness.running(),
        alive(),
    ]
    unfit = lambda: [str(one) for one in company.unfit.values()]  # noqa: E731
    census = Census(engine, lambda: datetime.now(UTC))
    told: dict[str, Any] = {"unfit": unfit, "unready": readiness.unready, "census": census}
    return app(inbox, entrances, relay, extra_routes=routes, beside=beside, read=partial(read_at, company), **told)


async def polled(engine: TemporalIncidents, queue: str, now: datetime) -> tuple[Trouble, ...]:
    """Whether any worker asks for work; raises `EngineUnavailable` where the engine does not answer."""
    client = await engine.connect()
    try:
        return await nobody_polls(client, queue, now)
    except RPCError as error:
        raise EngineUnavailable(refused(error, client)) from None


def pager(http: httpx.AsyncClient, name: str) -> PagerPort:
    """The pager of this name, for the page that nobody works; raises `VendorError` where its settings are missing."""
    vendor = DIRECTORY.get(name)
    if vendor is None:
        raise VendorError(name, "no pager is chosen in the catalog", retryable=False)
    if vendor.missing:
        raise VendorError(name, f"set {', '.join(vendor.missing)}", retryable=False)
    client: PagerPort = vendor.client(http)
    return client


def read_at(company: Company) -> dict[str, datetime]:
    """When the policy and the catalog in force were read; what was changed since is read now, if it can be."""
    with suppress(InvalidFile):
        _ = company.policy, company.catalog
    return {file.stem: at for file, at in company.read_at.items()}


def decoding(admit: Callable[[Request], bool]) -> list[BaseRoute]:
    """The codec server, where there is something to decrypt; who may look at the board may read it."""
    ring = codec(CodecKeys())
    return [codec_server(ring, admit, Origins())] if ring else []


def run() -> None:
    """Serve until told to stop, on the fastest event loop that this machine has.

    Raises `SystemExit` with one line where a setting cannot be used, or policy and catalog would lose alerts.
    """
    try:
        logs.set_up()
        tracing.set_up("ingress")
        _run(Settings())
    except (ValueError, InvalidFile, SettingRefused) as error:
        raise SystemExit(unusable(error)) from None
    tracing.end()


def _run(settings: Settings) -> None:
    Runtime.set_default(speaking(), error_if_already_set=False)
    gc.freeze()  # what was imported stays: no pause of the collector looks through it again (ADR 101)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_served(settings))


async def _served(settings: Settings) -> None:
    await serve(settings, ingress(settings))


async def serve(settings: Settings, application: Starlette) -> None:
    """Serve until SIGTERM or SIGINT. Who a request comes from is the peer itself, whatever its headers say."""
    host, _, port = settings.standfast_listen.rpartition(":")
    config = uvicorn.Config(
        application,
        host=host,
        port=int(port),
        http=Hurried,
        limit_concurrency=CONNECTIONS,
        log_config=None,
        access_log=False,
        proxy_headers=False,
    )
    await uvicorn.Server(config).serve()
