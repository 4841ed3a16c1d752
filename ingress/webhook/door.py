"""A door of the ingress: how one vendor is proved, and how its words are read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from domain.alerting.alert import WebhookContent
from vendors.door import SMALL, Request

_Settings = TypeVar("_Settings", contravariant=True)


class Webhook(Protocol[_Settings]):
    """What every vendor's `webhook` module offers."""

    def verify(self, request: Request, settings: _Settings) -> None: ...
    def read(self, request: Request) -> WebhookContent: ...


class ReadOnce:
    """What the door has read of a request, for the relay that reads it next; some thousand small ones at most."""

    most = 2_000

    def __init__(self, read: Callable[[Request], WebhookContent]) -> None:
        self._read = read
        self._kept: dict[tuple[bytes, datetime], WebhookContent] = {}

    def __call__(self, request: Request) -> WebhookContent:
        """Read a request, or take what was read of it before."""
        key = request.body, request.received_at
        if (before := self._kept.pop(key, None)) is not None:
            return before
        heard = self._read(request)
        if len(request.body) <= SMALL:
            self._kept[key] = heard
            if len(self._kept) > self.most:
                del self._kept[next(iter(self._kept))]
        return heard


@dataclass(frozen=True)
class Door:
    """`tells_unreadable` where the sender can mend its body and so is answered 400; vendors only lose what is 4xx."""

    verify: Callable[[Request], Awaitable[None] | None]
    read: Callable[[Request], WebhookContent]
    tells_unreadable: bool = False
    greet: Callable[[Request], Awaitable[str | None]] | None = None
    """Answers a sender that asks whether it may send at all (SNS), once the request is proved and kept."""
    answer: int = 202
    """The status that says we have it."""
    by_header: bool = False
    """Whether a header alone proves the sender, so that a body need not be read whole to believe it."""


def door_of(
    webhook: Webhook[_Settings],
    settings: _Settings,
    *,
    tells_unreadable: bool = False,
    answer: int = 202,
    by_header: bool = False,
) -> Door:
    """The door of a vendor's `webhook` module with its settings."""
    read = ReadOnce(webhook.read) if tells_unreadable else webhook.read
    return Door(partial(webhook.verify, settings=settings), read, tells_unreadable, answer=answer, by_header=by_header)
