"""Calls to Slack go through connections that are kept, for as long as somebody says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import pytest
from pydantic import SecretStr

from vendors.slack.client import Client, Settings

OK = b'{"ok": true, "user": "standfast", "team": "Example"}'
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(OK), OK)


@asynccontextmanager
async def counting(ports: list[int]) -> AsyncIterator[str]:
    """A server that says yes to everything, and notes each connection that is opened to it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports.append(writer.get_extra_info("peername")[1])
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            writer.write(ANSWER)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"


@pytest.mark.parametrize(("kept", "opened"), [(True, 1), (False, 2)])
async def test_a_connection_is_used_again_while_it_is_kept(kept: bool, opened: int) -> None:
    ports: list[int] = []
    async with counting(ports) as url:
        settings = Settings(slack_api_url=url, slack_bot_token=SecretStr("xoxb-1"))
        first, second = Client(settings), Client(settings)
        async with first.connected() if kept else nullcontext():
            assert await first.probe() == "standfast in Example"
            first._api._identity = {}
            assert await first.probe() == "standfast in Example"
        assert len(ports) == opened
        assert await second.probe() == "standfast in Example"
    assert len(ports) == opened + 1
