"""How long a connection may take to say what it wants: nobody keeps one open by being slow with its headers."""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS = 64 * 1024
"""Bytes of the address and all headers of a request together, trailers included."""
PATIENCE = 10.0
"""Seconds for the headers of a request to arrive."""
CONNECTIONS = 1000
"""Connections at the same time; further ones are asked to come back."""


class TooLong(Exception):
    """The headers are longer than is taken; the parser is stopped by it."""


class Hurried(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, over connections that are closed when their next request does not begin in time.

    The parser itself knows no bound of the headers, so they are counted here: each as it is whole, and what comes
    outside of a body, for one that never ends.
    """

    patience = PATIENCE
    _hurry: asyncio.TimerHandle | None = None
    _beginning = True
    """Whether a request is awaited, or its headers are not all there yet."""
    _told = 0
    """Bytes of the address and the headers of the present request."""
    _came = 0
    """Bytes that have come since the last piece of a body, or the last whole request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give it its time."""
        super().connection_made(cast(Any, transport))
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; while it is not yet a request, time goes on, and no more is taken than headers may have."""
        self._came += len(data)
        super().data_received(data)
        if self._came > HEADERS and not self.transport.is_closing():
            self.send_400_response("The headers are too long.")
        self._wait()

    def on_message_begin(self) -> None:
        """A request begins, and has a time of its own."""
        self._stop()
        self._beginning, self._told = True, 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of its address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its headers, or of the trailers of its body."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """It has said what it wants."""
        self._beginning = False
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of its body, which others bound."""
        self._came = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """It is all there."""
        self._came = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It is answered: the next one is awaited, whatever else comes, unless one is here already."""
        self._beginning = self._beginning or not self.pipeline
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop()
        super().connection_lost(exc)

    def _count(self, size: int) -> None:
        self._told += size
        if self._told > HEADERS:
            raise TooLong

    def _wait(self) -> None:
        if not self._beginning:
            self._stop()
        elif self._hurry is None and not self.transport.is_closing():
            self._hurry = self.loop.call_later(self.patience, self._late)

    def _stop(self) -> None:
        if self._hurry:
            self._hurry.cancel()
        self._hurry = None

    def _late(self) -> None:
        self._hurry = None
        if self._beginning and not self.transport.is_closing():
            self.transport.close()
