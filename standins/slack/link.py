"""The stand-in's end of Socket Mode: it hands over what people do in envelopes, and keeps what they are answered.

It has a server of its own because the one that serves the Web API speaks no WebSocket.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from aiohttp import WSMsgType, web

from vendors import door


class Link:
    """Connections of the app, and the envelopes that went through them."""

    def __init__(self) -> None:
        self.connected = asyncio.Event()
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = count(1)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Listen on a free loopback port; answers the address that apps.connections.open gives."""
        application = web.Application()
        application.router.add_get("/link", self._serve)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"ws://127.0.0.1:{runner.addresses[0][1]}/link"
        finally:
            await runner.cleanup()

    async def deliver(self, request: door.Request) -> dict[str, Any]:
        """Hand over what somebody did; answers the payload of the acknowledgement, empty when it had none."""
        await self.connected.wait()
        envelope = {"envelope_id": f"envelope-{next(self._numbers)}", **enveloped(request)}
        answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[str(envelope["envelope_id"])] = answered
        await self._sockets[-1].send_json(envelope)
        return await answered

    async def disconnect(self) -> None:
        """Ask the app to connect anew, as Slack does every few hours."""
        self.connected.clear()
        await self._sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0STANDFAST"}})
        self.connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledged(json.loads(message.data))
        return socket

    def _acknowledged(self, response: dict[str, Any]) -> None:
        waiting = self._waiting.pop(response["envelope_id"], None)
        if waiting and not waiting.done():
            waiting.set_result(response.get("payload") or {})


def enveloped(request: door.Request) -> dict[str, Any]:
    """What would have been posted, as an envelope carries it."""
    if request.headers["content-type"] == "application/json":
        return {
            "type": "events_api",
            "payload": json.loads(request.body),
            "accepts_response_payload": False,
            "retry_attempt": 0,
            "retry_reason": "",
        }
    form = {name: values[0] for name, values in parse_qs(request.body.decode(), keep_blank_values=True).items()}
    if "payload" in form:
        return {"type": "interactive", "payload": json.loads(form["payload"]), "accepts_response_payload": True}
    return {"type": "slash_commands", "payload": form, "accepts_response_payload": True}
