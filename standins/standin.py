"""What every stand-in has: it records the calls it got, and can be told to fail as the vendor would."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True)
class Fault:
    """One failure to come, for the next request whose path contains `path` and whose body contains `says`.

    `refuse` answers `status` and does nothing; `lose` does the work and answers 504, so that the caller can't know;
    `hang` waits `seconds` before it does anything.
    """

    kind: Literal["refuse", "lose", "hang"] = "refuse"
    path: str = ""
    method: str = ""
    status: int = 500
    retry_after: int | None = None
    seconds: float = 0.0
    says: str = ""

    def hits(self, scope: Scope, body: bytes) -> bool:
        right = self.path in scope["path"] and self.method in ("", scope["method"])
        return right and self.says.encode() in body


@dataclass(frozen=True)
class Call:
    """One request as the stand-in got it."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes


class Standin:
    """A vendor played in this process: an ASGI application with its calls, its faults and, in subclasses, its state."""

    name = ""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self.calls: list[Call] = []
        self.faults: deque[Fault] = deque()
        self.down: Fault | None = None
        """Fails every request while set."""
        self.app: ASGIApp = self._faulty(Starlette(routes=list(routes)))

    def fail(self, *faults: Fault) -> None:
        """Let the next matching requests fail, one each."""
        self.faults.extend(faults)

    def refused_body(self, status: int) -> Any:
        """The vendor's error body for a refusal; subclasses say it in the vendor's shape."""
        return {"error": status}

    def _next_fault(self, scope: Scope, body: bytes) -> Fault | None:
        if self.down and self.down.hits(scope, body):
            return self.down
        hit = next((fault for fault in self.faults if fault.hits(scope, body)), None)
        if hit:
            self.faults.remove(hit)
        return hit

    def _faulty(self, app: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                return await app(scope, receive, send)
            request = Request(scope, receive)
            body = await request.body()
            self.calls.append(Call(scope["method"], scope["path"], dict(request.headers), body))
            fault = self._next_fault(scope, body)
            if fault and fault.kind == "hang":
                await asyncio.sleep(fault.seconds)
            if fault and fault.kind == "refuse":
                headers = {"retry-after": str(fault.retry_after)} if fault.retry_after is not None else {}
                answer: Response = JSONResponse(self.refused_body(fault.status), fault.status, headers)
                return await answer(scope, receive, send)
            if fault and fault.kind == "lose":
                await app(scope, _replay(body), _swallow)
                return await JSONResponse(self.refused_body(504), 504)(scope, receive, send)
            return await app(scope, _replay(body), send)

        return serve


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _swallow(message: Message) -> None:
    """Drop an answer."""
