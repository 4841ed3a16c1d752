"""Socket Mode: for a company that opens no door, the same payloads come through a connection that we open.

The connection is the proof (docs.slack.dev/apis/events-api/using-socket-mode), so nothing is signed. What is not
acknowledged is delivered again; an act's id makes it one act.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from domain.port.duty import VendorError
from vendors import door
from vendors.slack.client import Settings
from vendors.slack.webhook import read_envelope
from vendors.talk import Hear

log = logging.getLogger("standfast.slack.socket")


@asynccontextmanager
async def listening(settings: Settings, hear: Hear) -> AsyncIterator[None]:
    """Be connected until the block ends, or do nothing without an app token.

    The SDK connects in the background, again and again while Slack is away, and anew whenever the connection is lost.
    """
    token = settings.slack_app_token.get_secret_value()
    if not token:
        yield
        return
    web = AsyncWebClient(base_url=settings.slack_api_url, retry_handlers=[])
    near = bool(proxy_bypass(urlsplit(settings.slack_api_url).hostname or ""))
    client = SocketModeClient(token, web_client=web)
    if near:
        web.proxy = client.proxy = None
    client.socket_mode_request_listeners.append(_listener(hear))
    connecting = asyncio.create_task(client.connect())  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        connecting.cancel()
        await client.close()  # type: ignore[no-untyped-call]
        await client.aiohttp_client_session.close()


def _listener(hear: Hear) -> Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]:
    async def listen(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = await _answer(hear, request)
        if answer is not None:
            payload = answer or None
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=payload))

    return listen


async def _answer(hear: Hear, request: SocketModeRequest) -> dict[str, Any] | None:
    """The answer to acknowledge with; None leaves it unacknowledged, so that Slack delivers it again."""
    try:
        return await hear(read_envelope(request.type, request.payload, datetime.now(UTC)))
    except (door.Unreadable, door.Unverified) as error:
        log.warning("from Slack: %s", error)
        return {}
    except VendorError as error:
        log.error("an event could not be taken, Slack sends it again: %s", error)
        return None
