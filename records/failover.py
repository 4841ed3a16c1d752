"""PostgreSQL changes its primary, and the one before may say nothing any more: nobody waits for it for long."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

TCP = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 5000}
"""A machine that is gone is noticed within some ten seconds; by itself the kernel tries for a quarter of an hour.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
"""
READ_ONLY = "25006"
"""What a server says that has become a standby, or was told to write nothing any more."""


def leave_standby(database: Engine) -> None:
    """Let a server that only reads count as gone: the next connection looks for the one that writes."""

    @event.listens_for(database, "handle_error")
    def _gone(context: ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
            context.is_disconnect = True


class Lines:
    """The lines to a database, so that one that is silent can be hung up on while a thread waits for it."""

    def __init__(self, database: Engine) -> None:
        self._open: dict[Any, socket.socket] = {}
        event.listen(database, "connect", self._opened)
        event.listen(database, "close", self._closed)

    @contextmanager
    def bounded(self, span: timedelta) -> Iterator[None]:
        """What takes longer than this in the block ends as a connection that broke."""
        clock = threading.Timer(span.total_seconds(), self.hang_up)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()

    def hang_up(self) -> None:
        """End every line; whoever waits on one of them is told at once."""
        for line in list(self._open.values()):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _opened(self, connection: Any, _: Any) -> None:
        self._open[connection] = socket.socket(fileno=os.dup(connection.fileno()))

    def _closed(self, connection: Any, _: Any) -> None:
        if line := self._open.pop(connection, None):
            line.close()
