"""One exchange with Slack's Web API: HTTP 200 is not success, `ok` is."""

from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.port.duty import VendorError
from domain.value.model import comma_list
from vendors.attempt import before_sending
from vendors.slack.refusal import DONE, Refused

TIMEOUT = 10
"""Seconds; shorter than the activity's start-to-close, so that a slow answer is an answer."""

READS = frozenset({"auth.test", "conversations.history", "conversations.info", "conversations.list"}) | {
    "conversations.replies",
    "bookmarks.list",
    "users.info",
}
"""Methods that take a form only; a JSON body is ignored by them (docs.slack.dev/apis/web-api)."""


IDLE = 10
"""Seconds that a connection without a request is kept; Slack keeps it longer, so that none is lost under a request."""


class Api:
    """Slack's Web API through its own client, without that client's retries: it would post twice.

    The SDK opens a connection for each call, unless it is `connected`.
    """

    def __init__(self, token: str, base_url: str) -> None:
        self._web = AsyncWebClient(token=token, base_url=base_url, timeout=TIMEOUT, retry_handlers=[])
        # The SDK takes a proxy from the environment and overlooks NO_PROXY; a stand-in on loopback is no proxy's.
        if proxy_bypass(urlsplit(base_url).hostname or ""):
            self._web.proxy = None
        self._identity: dict[str, Any] = {}

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Until the block ends a call goes through a connection that another one has left."""
        connector, whole = aiohttp.TCPConnector(keepalive_timeout=IDLE), aiohttp.ClientTimeout(total=TIMEOUT)
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(connector=connector, timeout=whole, cookie_jar=jar) as self._web.session:
            yield

    async def me(self) -> dict[str, Any]:
        """Who the app is in this workspace; asked once."""
        self._identity = self._identity or await self.call("auth.test")
        return self._identity

    async def link(self, channel: str, ts: str = "") -> str:
        """Where a person can look, as Slack's own permalinks are made."""
        home = str((await self.me()).get("url") or "https://slack.com/").rstrip("/")
        return f"{home}/archives/{channel}" + (f"/p{ts.replace('.', '')}" if ts else "")

    async def scopes(self) -> frozenset[str]:
        """What the token may do, as Slack says beside every answer; nothing where it does not say."""
        response = await self._answered("auth.test", self._web.api_call("auth.test"))
        headers = _flat((str(name).lower(), value) for name, value in response.headers.items())
        return frozenset(comma_list(headers.get("x-oauth-scopes", "")))

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Send one request and answer its body; a refusal that means "already done" counts as an answer."""
        before_sending("slack")
        form = {"data": {key: _form(arg) for key, arg in arguments.items()}}
        asked = form if method in READS else {"json": arguments}
        try:
            response = await self._answered(method, self._web.api_call(method, **asked))
        except Refused as refused:
            if refused.code in DONE.get(method, ()):
                return refused.body
            raise
        return response.data if isinstance(response.data, dict) else {}

    async def _answered(self, method: str, asking: Awaitable[Any]) -> Any:
        """What Slack answers; `Refused`, or `VendorError` where nothing of Slack's came."""
        try:
            return await asking
        except SlackApiError as error:
            raise _refused(method, error.response) from None
        except (aiohttp.ClientError, TimeoutError, OSError, AttributeError) as error:
            # AttributeError: the SDK stumbles over a 200 of text/plain, which is some proxy's and no answer.
            raise VendorError("slack", f"{method}: {type(error).__name__}", retryable=True) from None


def _form(argument: Any) -> str:
    return str(argument).lower() if isinstance(argument, bool) else str(argument)


def _refused(method: str, response: Any) -> Refused:
    """Read the refusal from what the SDK puts there: its own response, or aiohttp's when the body is no JSON."""
    body = getattr(response, "data", None)
    body = body if isinstance(body, dict) else {}
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    return Refused(method, str(body.get("error") or ""), int(status), _flat(response.headers.items()), body)


def _flat(headers: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {str(name): str(value) for name, value in headers}
