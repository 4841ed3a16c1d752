"""What a chat's `talk.py` gives the ingress: how it is proved, read and answered, and how people are reached."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from domain.port.conversation import Answer, ChatConversation, Heard
from vendors import door

Hear = Callable[[Heard], Awaitable[dict[str, Any]]]
"""Takes one delivery and gives the body that answers it; raises `door.Unverified` or `VendorError`."""


class Talk(Protocol):
    """One chat, as the ingress meets it."""

    path: str
    """Where it posts to."""
    command: str
    """What people type to begin a command."""

    @property
    def conversation(self) -> ChatConversation:
        """What is done at once for the person who pressed or typed."""

    def prove(self, request: door.Request) -> None:
        """Accept what was signed, or raise `door.Unverified`."""

    def read(self, request: door.Request) -> Heard:
        """Read a proved request; `door.Unreadable` says what was not understood."""

    async def admit(self, heard: Heard) -> None:
        """Raise `door.Unverified` for what comes from a workspace that is none of ours."""

    def answer(self, answer: Answer) -> dict[str, Any]:
        """The body that answers a delivery; empty where there is nothing to say."""

    def running(self, hear: Hear) -> AbstractAsyncContextManager[None]:
        """Be connected, and give `hear` what comes by a connection that we open, where there is one."""
