"""A request's body, never larger than is allowed, never slower, and never too many large ones at once."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from starlette.requests import ClientDisconnect, Request

SMALL = 1024 * 1024
"""Bytes of a body that anybody may send; the largest that most senders document is far below it."""
LARGEST = 32 * 1024 * 1024
"""Bytes of a body at most: a group of 30,000 alerts in one message of a sender that knows no bounds."""
TOGETHER = 96 * 1024 * 1024
"""Bytes of large bodies that are read at the same time."""
SLOWEST: Final = 10.0
"""Seconds for a whole body to arrive."""
CUT = 64 * 1024
"""What is kept of a body that is too large, so that people see who said it."""


class Turned(Exception):
    """The request is turned away with this status, before anything was kept."""

    def __init__(self, status: int) -> None:
        super().__init__(f"turned away with {status}")
        self.status = status


class TooLarge(Exception):
    """The body is larger than is taken; `beginning` is what has come of it."""

    def __init__(self, size: int, beginning: bytes) -> None:
        super().__init__(f"a body of {size} bytes or more")
        self.size, self.beginning = size, beginning


class BodyMemory:
    """The memory that large bodies share: who finds none is asked to come back."""

    def __init__(self, most: int = TOGETHER) -> None:
        self._left = most

    @contextmanager
    def guest(self) -> Iterator[Callable[[int], None]]:
        """What takes a part of it for one request, and 503 when there is none; at the end all of it is given back."""
        taken: list[int] = []

        def take(size: int) -> None:
            if size > self._left:
                raise Turned(503)
            self._left -= size
            taken.append(size)

        try:
            yield take
        finally:
            self._left += sum(taken)


async def bounded(request: Request, most: int = SMALL, take: Callable[[int], None] | None = None) -> bytes:
    """Read the body. More than `most` is `TooLarge`; `take` is asked for what goes beyond a small one, as it comes."""
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST):
            async for chunk in request.stream():
                if len(body) + len(chunk) > most:
                    raise TooLarge(max(announced(request), len(body) + len(chunk)), bytes(body[:CUT]))
                if take and len(body) + len(chunk) > SMALL:
                    take(len(chunk))
                body += chunk
    except TimeoutError:
        raise Turned(408) from None
    except ClientDisconnect:
        raise Turned(400) from None
    return bytes(body)


async def small(request: Request, most: int = SMALL) -> bytes:
    """Read a body that anybody may send; one that says that it is too large is not read at all."""
    if announced(request) > most:
        raise Turned(413)
    try:
        return await bounded(request, most)
    except TooLarge:
        raise Turned(413) from None


def announced(request: Request) -> int:
    """How large the sender says that the body is; 0 where it does not."""
    told = request.headers.get("content-length", "")
    return int(told[:12]) if told.isascii() and told.isdigit() else 0
