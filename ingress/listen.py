"""How long a connection may take to say what it wants: nobody keeps one open by being slow with its headers."""

import asyncio
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS = 64 * 1024
"""Bytes of all headers of a request together."""
PATIENCE = 10.0
"""Seconds for the headers of a request to arrive."""
CONNECTIONS = 1000
"""Connections at the same time; further ones are asked to come back."""


class Hurried(H11Protocol):
    """HTTP as uvicorn speaks it, over connections that are closed when their next request does not begin in time."""

    patience = PATIENCE
    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give it its time."""
        super().connection_made(cast(Any, transport))
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; while it is not yet a request, time goes on."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._hurry is None:
            self._hurry = self.loop.call_later(self.patience, self._late)

    def _stop(self) -> None:
        if self._hurry:
            self._hurry.cancel()
        self._hurry = None

    def _late(self) -> None:
        self._hurry = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()
