"""The web application that webhooks come to: it proves the sender, makes the request durable, and answers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from activities import tracing
from domain.port.duty import VendorError
from ingress.body import LARGEST as LARGEST
from ingress.body import BodyMemory, TooLarge, Turned, announced, bounded
from ingress.census import Census
from ingress.webhook.door import Door
from ingress.webhook.inbox import Inbox, InboxUnavailable
from ingress.webhook.metrics import Gauges
from ingress.webhook.relay import Relay
from ingress.webhook.waiting import progress
from vendors import door
from vendors.hearing import CUT

log = logging.getLogger("standfast.ingress")
PROBE = 3.0
"""Seconds in which a probe is answered, whatever the database does; compose and Kubernetes wait for four and five."""


def app(
    inbox: Inbox,
    doors: Mapping[str, Door],
    relay: Relay | None = None,
    *,
    extra_routes: Iterable[BaseRoute] = (),
    beside: Iterable[AbstractAsyncContextManager[Any]] = (),
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    unfit: Callable[[], Sequence[str]] = tuple,
    unready: Callable[[], str] = str,
    read: Callable[[], Mapping[str, datetime]] = dict,
    census: Census | None = None,
) -> Starlette:
    """The ingress over an inbox; `relay`, when this process is to have one, and what is `beside` run with it.

    `unfit` says which of the company's files were changed into what cannot be read, `read` when what is in force was;
    `unready` why alerts would wake nobody; `census` counts the open incidents.
    """
    ingress = _Ingress(inbox, doors, now=now, unfit=unfit, unready=unready, read=read, census=census)
    routes = [
        Route("/webhooks/{door}", ingress.webhook, methods=["POST"]),
        Route("/healthz", ingress.healthz),
        Route("/readyz", ingress.readyz),
        Route("/metrics", ingress.metrics),
        *extra_routes,
    ]

    return Starlette(routes=routes, lifespan=partial(_living, inbox, relay, tuple(beside)))


@asynccontextmanager
async def _living(
    inbox: Inbox, relay: Relay | None, beside: Sequence[AbstractAsyncContextManager[Any]], _: Starlette
) -> AsyncIterator[None]:
    """The relay and what is beside it run until the block ends; then the inbox is closed."""
    running = asyncio.create_task(relay.run()) if relay else None
    async with AsyncExitStack() as stack:
        for other in beside:
            await stack.enter_async_context(other)
        yield
        if running:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
    await inbox.close()


class _Ingress:
    """The endpoints, over one inbox and the doors into it."""

    def __init__(
        self,
        inbox: Inbox,
        doors: Mapping[str, Door],
        *,
        now: Callable[[], datetime],
        unfit: Callable[[], Sequence[str]],
        unready: Callable[[], str],
        read: Callable[[], Mapping[str, datetime]],
        census: Census | None,
    ) -> None:
        self._inbox, self._doors, self._now, self._unfit = inbox, doors, now, unfit
        self._read, self._census, self._unready = read, census, unready
        self._gauges = Gauges()
        self._known, self._strangers = BodyMemory(), BodyMemory()

    async def webhook(self, request: Request) -> Response:
        """Answer a vendor, and count the answer."""
        name = request.path_params["door"]
        try:
            with tracing.span(f"webhook {name if name in self._doors else 'unknown'}", kind="SERVER", parent=""):
                response = await self._take(name, request)
        except Turned as turned:
            later = {"retry-after": "5"} if turned.status == 503 else {}
            response = Response(status_code=turned.status, headers={"connection": "close", **later})
        except InboxUnavailable:
            response = Response(status_code=503, headers={"retry-after": "5"})
        self._gauges.answered.labels(name if name in self._doors else "unknown", response.status_code).inc()
        return response

    async def healthz(self, _: Request) -> Response:
        """The process is alive."""
        return JSONResponse({"alive": True})

    async def readyz(self, _: Request) -> Response:
        """`ready`, like the status, is whether webhooks can be kept; `pages`, whether all that was kept wakes somebody.

        Probes go by the status: an ingress that keeps alerts stays in service while the engine is away.
        """
        try:
            async with asyncio.timeout(PROBE):
                await self._inbox.probe()
                stuck = progress(await self._inbox.count(), *await self._inbox.trouble(), self._now())
        except TimeoutError:
            return JSONResponse({"ready": False, "reason": f"the inbox did not answer within {PROBE:.0f} s"}, 503)
        except InboxUnavailable as error:
            return JSONResponse({"ready": False, "reason": str(error)}, 503)
        why = self._unready()
        said: dict[str, object] = {"ready": True, "pages": not (why or stuck.said)}
        if stuck.said:
            said["relay"] = {"stuck": stuck.said, "since": stuck.since and stuck.since.isoformat()}
        if why:
            said["engine"] = {"said": why, "means": "alerts are taken and kept, and wake nobody yet"}
        if unfit := self._unfit():
            said["company"] = {"unfit": list(unfit), "means": "what was read before goes on"}
        return JSONResponse(said)

    async def metrics(self, _: Request) -> Response:
        """Prometheus asks; an inbox that is away is a number too."""
        count, since = None, None
        try:
            async with asyncio.timeout(PROBE):
                count = await self._inbox.count()
                since = progress(count, *await self._inbox.trouble(), self._now()).since
        except (InboxUnavailable, TimeoutError):
            count = None
        self._gauges.read(self._read())
        if self._census:
            self._gauges.count(await self._census.count())
        return Response(
            self._gauges.show(count, self._now(), since, unfit=len(self._unfit())),
            media_type="text/plain; version=0.0.4",
        )

    async def _take(self, name: str, request: Request) -> Response:
        """Prove the sender on the raw bytes, and answer once the request is durable."""
        entrance = self._doors.get(name)
        if not entrance:
            raise Turned(404)
        headers = {name: value for name, value in request.headers.items() if name != CUT}
        bare = door.Request(
            headers=headers | tracing.current(),
            body=b"",
            received_at=self._now(),
            query=dict(request.query_params),
        )
        known = await _is_proved(entrance, bare)
        with (self._known if known else self._strangers).guest() as take:
            arrived = await _arrive(entrance, request, bare, known, take)
            row = await self._inbox.put(name, arrived)
        await _greet(entrance, arrived)
        wrong = _wrong(entrance, arrived) if entrance.tells_unreadable else None
        if wrong:
            told = {"row": row, "path": wrong.path, "found": wrong.found, "expected": wrong.expected}
            return JSONResponse(told, 400)
        return JSONResponse({"row": row}, entrance.answer)


async def _arrive(
    entrance: Door, request: Request, bare: door.Request, known: bool, take: Callable[[int], None]
) -> door.Request:
    """The proved request. Who is known before the body is read may send a storm: what is too large of it is cut."""
    if not known and announced(request) > LARGEST:
        raise Turned(413)
    try:
        body = await bounded(request, LARGEST, take)
    except TooLarge as error:
        if not known:
            raise Turned(413) from None
        headers = bare.headers | {CUT: str(error.size)}
        return bare.model_copy(update={"headers": headers, "body": error.beginning})
    arrived = bare.model_copy(update={"body": body})
    if not entrance.by_header:
        await _prove(entrance, arrived)
    return arrived


async def _is_proved(entrance: Door, bare: door.Request) -> bool:
    """Whether the headers alone prove the sender, whatever the body; where nothing else could, others are refused."""
    try:
        await _prove(entrance, bare)
    except Turned as turned:
        if entrance.by_header or turned.status == 404:
            raise
        return False
    except InboxUnavailable:
        return False
    return True


async def _prove(entrance: Door, request: door.Request) -> None:
    try:
        proof = entrance.verify(request)
        if proof is not None:
            await proof
    except door.DoorClosed:
        raise Turned(404) from None
    except door.Unverified:
        raise Turned(401) from None
    except door.Undecided as error:
        raise InboxUnavailable(str(error)) from None


async def _greet(entrance: Door, request: door.Request) -> None:
    """A sender that could not be greeted now asks again, so it is told to."""
    if entrance.greet is None:
        return
    try:
        done = await entrance.greet(request)
    except VendorError as error:
        raise InboxUnavailable(str(error)) from None
    if done:
        log.info("%s", done)


def _wrong(entrance: Door, request: door.Request) -> door.Unreadable | None:
    """What the sender can mend. The row is kept all the same: the relay reads it, sets it aside and shows it."""
    try:
        heard = entrance.read(request)
    except door.Unreadable as error:
        return error
    return next((door.Unreadable(one.path, one.found, one.expected) for one in heard.unread), None)
