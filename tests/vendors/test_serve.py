"""An application is served while it is needed, on a port of its own, and not a moment longer."""

import signal

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from standins.serve import serve, serve_all


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


async def test_it_answers_while_it_is_served_and_not_afterwards() -> None:
    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with httpx.AsyncClient(trust_env=False) as http:
        async with serve(hello) as first, serve(hello) as second:
            assert first != second
            assert [(await http.get(url + "/path")).text for url in (first, second)] == ["/path", "/path"]
            assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers
        with pytest.raises(httpx.ConnectError):
            await http.get(first)


async def test_a_port_that_was_given_back_can_be_served_again() -> None:
    async with serve(hello) as url:
        port = int(url.rpartition(":")[2])
    async with serve(hello, port) as again:
        assert again == url


async def test_a_port_in_use_is_refused_at_once() -> None:
    async with serve(hello) as url:
        with pytest.raises(OSError, match="in use"):
            async with serve(hello, int(url.rpartition(":")[2])):
                pass


async def test_a_server_that_nobody_asked_ends_cleanly() -> None:
    async with serve(hello) as url:
        assert url.startswith("http://127.0.0.1:")


async def test_several_are_served_and_end_together() -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        async with serve_all(hello, hello) as urls:
            assert [(await http.get(url + "/path")).text for url in urls] == ["/path", "/path"]
        for url in urls:
            with pytest.raises(httpx.ConnectError):
                await http.get(url)
