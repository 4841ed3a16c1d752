"""The web application that webhooks come to: it proves the sender, makes the request durable, and answers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from domain.port.protocol import VendorError
from ingress.door import Door
from ingress.gauge import Gauges
from ingress.inbox import Inbox, InboxUnavailable
from ingress.relay import Relay
from ingress.waiting import progress
from vendors import door

log = logging.getLogger("standfast.ingress")
LARGEST = 1024 * 1024
"""Bytes of a body; the largest that a sender documents is far below it."""
SLOWEST = 10.0
"""Seconds for a whole body to arrive."""


class _Turned(Exception):
    """The request is turned away with this status, before anything was kept."""

    def __init__(self, status: int) -> None:
        super().__init__(f"turned away with {status}")
        self.status = status


def app(
    inbox: Inbox,
    doors: Mapping[str, Door],
    relay: Relay | None = None,
    *,
    extra_routes: Iterable[BaseRoute] = (),
    beside: Iterable[AbstractAsyncContextManager[None]] = (),
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Starlette:
    """The ingress over an inbox; `relay`, when this process is to have one, and what is `beside` run with it."""
    ingress = _Ingress(inbox, doors, now)
    routes = [
        Route("/webhooks/{door}", ingress.webhook, methods=["POST"]),
        Route("/healthz", ingress.healthz),
        Route("/readyz", ingress.readyz),
        Route("/metrics", ingress.metrics),
        *extra_routes,
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
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

    return Starlette(routes=routes, lifespan=lifespan)


class _Ingress:
    """The endpoints, over one inbox and the doors into it."""

    def __init__(self, inbox: Inbox, doors: Mapping[str, Door], now: Callable[[], datetime]) -> None:
        self._inbox, self._doors, self._now = inbox, doors, now
        self._gauges = Gauges()

    async def webhook(self, request: Request) -> Response:
        """Answer a vendor, and count the answer."""
        name = request.path_params["door"]
        try:
            response = await self._take(name, request)
        except _Turned as turned:
            response = Response(status_code=turned.status, headers={"connection": "close"})
        except InboxUnavailable:
            response = Response(status_code=503, headers={"retry-after": "5"})
        self._gauges.answered.labels(name if name in self._doors else "unknown", response.status_code).inc()
        return response

    async def healthz(self, _: Request) -> Response:
        """The process is alive."""
        return JSONResponse({"alive": True})

    async def readyz(self, _: Request) -> Response:
        """The inbox can be written, so webhooks can be taken; and whether what was taken gets on."""
        try:
            await self._inbox.probe()
            stuck = progress(await self._inbox.count(), *await self._inbox.trouble(), self._now())
        except InboxUnavailable as error:
            return JSONResponse({"ready": False, "reason": str(error)}, 503)
        if not stuck.said:
            return JSONResponse({"ready": True})
        relay = {"stuck": stuck.said, "since": stuck.since and stuck.since.isoformat()}
        return JSONResponse({"ready": True, "relay": relay})

    async def metrics(self, _: Request) -> Response:
        """Prometheus asks; an inbox that is away is a number too."""
        count, since = None, None
        try:
            count = await self._inbox.count()
            since = progress(count, *await self._inbox.trouble(), self._now()).since
        except InboxUnavailable:
            count = None
        return Response(self._gauges.show(count, self._now(), since), media_type="text/plain; version=0.0.4")

    async def _take(self, name: str, request: Request) -> Response:
        """Prove the sender on the raw bytes, and answer once the request is durable."""
        entrance = self._doors.get(name)
        if not entrance:
            raise _Turned(404)
        body = await _bounded(request)
        arrived = door.Request(
            headers=dict(request.headers), body=body, received_at=self._now(), query=dict(request.query_params)
        )
        await _prove(entrance, arrived)
        row = await self._inbox.put(name, arrived)
        await _greet(entrance, arrived)
        wrong = _wrong(entrance, arrived) if entrance.tells_unreadable else None
        if wrong:
            told = {"row": row, "path": wrong.path, "found": wrong.found, "expected": wrong.expected}
            return JSONResponse(told, 400)
        return JSONResponse({"row": row}, entrance.answer)


async def _prove(entrance: Door, request: door.Request) -> None:
    try:
        proof = entrance.verify(request)
        if proof is not None:
            await proof
    except door.Closed:
        raise _Turned(404) from None
    except door.Unverified:
        raise _Turned(401) from None
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
        entrance.read(request)
    except door.Unreadable as error:
        return error
    return None


async def _bounded(request: Request) -> bytes:
    """Read the body, but never more than the largest and never longer than the slowest."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:12]) > LARGEST:
        raise _Turned(413)
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    raise _Turned(413)
    except TimeoutError:
        raise _Turned(408) from None
    except ClientDisconnect:
        raise _Turned(400) from None
    return bytes(body)
