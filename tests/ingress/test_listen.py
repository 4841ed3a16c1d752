"""Nobody keeps a connection, or memory, by being slow or large with a request: over real sockets on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingress.body import Turned, small
from ingress.listen import HEADERS, Hurried

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
ONE = HEAD + b"Content-Length: 3\r\n\r\nabc"


class Impatient(Hurried):
    """The same, for tests that do not want to wait."""

    patience = 0.3


async def door(request: Request) -> Response:
    """A door of the usual size."""
    try:
        return Response(str(len(await small(request))))
    except Turned as turned:
        return Response(status_code=turned.status)


@asynccontextmanager
async def listening() -> AsyncIterator[int]:
    """A server that ends with the test; the port it listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            Starlette(routes=[Route("/", door, methods=["POST"])]),
            http=Impatient,
            log_config=None,
            lifespan="off",
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[held]))
        while not server.started:  # noqa: ASYNC110, uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield held.getsockname()[1]
        finally:
            server.should_exit = True
            await task


async def said(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """What the server answers until it closes, given these parts with a pause after each."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(300):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("parts", [(), (b"POST / HT",), (b"POST / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n",)])
async def test_a_connection_that_never_says_what_it_wants_is_closed(parts: tuple[bytes, ...]) -> None:
    async with listening() as port:
        assert await said(port, *parts) == b""


async def test_headers_that_come_one_by_one_are_closed_all_the_same() -> None:
    async with listening() as port:
        trickle = (b"POST / HTTP/1.1\r\nHost: a\r\n", *(b"X-%d: 1\r\n" % n for n in range(12)))
        assert await said(port, *trickle, pause=0.05) == b""


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(HEAD + b"X-A: " + b"a" * (2 * HEADERS), id="without end"),
        pytest.param(HEAD + b"X-A: " + b"a" * (2 * HEADERS) + b"\r\n\r\n", id="one long header"),
        pytest.param(HEAD + b"X-A: aaaaaaaaaaaaaaaa\r\n" * (HEADERS // 16) + b"\r\n", id="many headers"),
        pytest.param(b"POST /" + b"a" * (2 * HEADERS) + b" HTTP/1.1\r\nHost: a\r\n\r\n", id="a long address"),
    ],
)
async def test_headers_that_are_too_long_are_refused_also_when_they_come_at_once(request_: bytes) -> None:
    async with listening() as port:
        answer = await said(port, request_)
        assert answer.split(b"\r\n")[0] in (b"HTTP/1.1 400 Bad Request", b"")


async def test_headers_within_the_bound_are_taken() -> None:
    async with listening() as port:
        headers = b"X-A: " + b"a" * (HEADERS - 1024) + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        assert b" 200 OK" in await said(port, HEAD + headers)


@pytest.mark.parametrize("trailer", [b"X-A: aaaaaaaaaaaaaaaa\r\n", b"a" * 20])
async def test_trailers_have_the_bound_of_the_headers(trailer: bytes) -> None:
    async with listening() as port:
        body = HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-A: "
        assert b" 200 OK" not in await said(port, body, *[trailer * (HEADERS // 20)] * 3, pause=0.05)


async def test_what_follows_an_answer_keeps_no_connection_open() -> None:
    async with listening() as port:
        refused = HEAD + b"Transfer-Encoding: chunked\r\n\r\n200000\r\n" + b"x" * 0x200000 + b"\r\n0\r\n"
        for first in (ONE, refused):
            assert b"HTTP/1.1 " in await said(port, first, *([b"\r\n"] * 3), pause=0.05)
            assert b"HTTP/1.1 " in await said(port, first, b"X: 1\r\n", pause=0.05)


async def test_a_body_without_end_is_refused_before_it_is_in_memory() -> None:
    async with listening() as port:
        head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        assert b" 413 " in await said(port, head + b"Content-Length: 400000000\r\n\r\n")
        chunks = (b"10000\r\n" + b"x" * 65536 + b"\r\n" for _ in range(20))
        answer = await said(port, head + b"Transfer-Encoding: chunked\r\n\r\n", *chunks)
        assert b" 413 " in answer or answer == b"", "cut off"


async def test_an_ordinary_request_is_answered_and_its_connection_serves_the_next_one() -> None:
    async with listening() as port:
        last = ONE.replace(b"Host: a", b"Host: a\r\nConnection: close")
        assert (await said(port, ONE, last, pause=0.1)).count(b" 200 OK") == 2
        assert (await said(port, ONE + ONE + last)).count(b" 200 OK") == 3, "sent before they are asked for"
