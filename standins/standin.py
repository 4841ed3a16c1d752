"""What every stand-in has: it records the calls it got, and can be told to fail as the vendor would."""

import asyncio
import base64
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True)
class Fault:
    """One failure to come, for the next request whose path contains `path` and whose body contains `says`.

    `refuse` answers `status` and does nothing, `page` answers with a web page as a proxy does; `hang` waits `seconds`
    before it does anything, `mute` waits and never does. The others do the work, and the caller can't know: `lose`
    answers 504, `cut` closes the connection in the middle of the answer, `drip` takes `seconds` for its body, `text`
    says that its JSON is text.
    """

    kind: Literal["refuse", "page", "hang", "mute", "lose", "cut", "drip", "text"] = "refuse"
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
    at: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)


Wanted = TypeVar("Wanted", bound=BaseModel)
Moment = Callable[[Call], Awaitable[None]]
Act = Callable[[Request], Awaitable[Any]]


class Refused(Exception):
    """A no of the vendor's; `body` where its shape says more than status and message."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None, body: Any = None) -> None:
        super().__init__(message)
        self.status, self.headers, self.body = status, headers, body


class Failing:
    """What can be told to fail, and what of it lasts."""

    name = ""
    lasting: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    """What a restart keeps, where it is asked for: attributes by their dotted name, with the type of each."""

    def __init__(self) -> None:
        self.faults: deque[Fault] = deque()
        self.down: Fault | None = None
        """Fails every request while set."""
        self.keep: Callable[[], None] = lambda: None
        """Keeps what lasts; called before an answer leaves."""

    def fail(self, *faults: Fault) -> None:
        """Let the next matching requests fail, one each."""
        self.faults.extend(faults)

    def next_fault(self, hits: Callable[[Fault], bool]) -> Fault | None:
        """The failure of a request, which is used up by it."""
        if self.down and hits(self.down):
            return self.down
        hit = next(filter(hits, self.faults), None)
        if hit:
            self.faults.remove(hit)
        return hit


class Standin(Failing):
    """A vendor played in this process: an ASGI application with its calls, its faults and, in subclasses, its state."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.called: Moment | None = None
        """Told of every request before anything is done."""
        self.answering: Moment | None = None
        """Told of every request once it is done, before its answer leaves."""
        self.app: ASGIApp = self._faulty(Starlette(routes=list(routes)))

    def refused_body(self, status: int, message: str = "refused") -> Any:
        """The vendor's error body for a refusal; subclasses say it in the vendor's shape."""
        return {"error": status}

    def admit(self, request: Request) -> None:
        """Raise `Refused` for what is turned away before it is looked at; subclasses know whom they know."""

    def route(self, path: str, act: Act, *methods: str) -> Route:
        """An act, or its answer as JSON, for those who are let in; refusals are in the vendor's shape."""

        async def serve(request: Request) -> Response:
            try:
                self.admit(request)
                answer = await act(request)
                return answer if isinstance(answer, Response) else JSONResponse(answer)
            except Refused as no:
                return JSONResponse(no.body or self.refused_body(no.status, str(no)), no.status, no.headers)

        return Route(path, serve, methods=methods or ["GET"])

    def _faulty(self, app: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                return await app(scope, receive, send)
            request = Request(scope, receive)
            body = await request.body()
            call = Call(scope["method"], scope["path"], dict(request.headers), body)
            self.calls.append(call)
            if self.called:
                await self.called(call)
            fault = self.next_fault(lambda one: one.hits(scope, body))
            if fault and fault.kind in ("hang", "mute"):
                await asyncio.sleep(fault.seconds)
            if fault and fault.kind in ("refuse", "page", "mute"):
                return await self._refusing(fault)(scope, receive, send)
            answer = await _answered(app, scope, body)
            self.keep()
            if self.answering:
                await self.answering(call)
            if fault and fault.kind == "lose":
                return await JSONResponse(self.refused_body(504, "refused with 504"), 504)(scope, receive, send)
            return await _spoilt(answer, fault, send)

        return serve

    def _refusing(self, fault: Fault) -> Response:
        if fault.kind == "page":
            return HTMLResponse("<!doctype html><title>Sign in</title>", 200)
        headers = {"retry-after": str(fault.retry_after)} if fault.retry_after is not None else {}
        body = self.refused_body(fault.status, f"refused with {fault.status}")
        return JSONResponse(body, fault.status, headers)


def understood(model: type[Wanted], body: bytes, status: int = 422) -> Wanted:
    """A body in the vendor's shape, or `Refused`: with 400 where it is no JSON, else with this status."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        status = 400 if first["type"] == "json_invalid" else status
        raise Refused(status, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def written(moment: datetime) -> str:
    """A moment as most vendors write it: in UTC, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> str:
    """This moment, in the same form."""
    return written(datetime.now(UTC))


def is_date(text: str) -> bool:
    """Whether this is a day, such as 2026-12-07."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def basic(user: str, password: str) -> str:
    """The header of Basic authentication."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


async def _answered(app: ASGIApp, scope: Scope, body: bytes) -> list[Message]:
    """Everything that the application answers to a request."""
    answer: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def keep(message: Message) -> None:
        answer.append(message)

    await app(scope, receive, keep)
    return answer


async def _spoilt(answer: list[Message], fault: Fault | None, send: Send) -> None:
    """Send an answer, as it is or as the fault has it."""
    start, *parts = answer
    kind, body = fault.kind if fault else "", b"".join(part.get("body", b"") for part in parts)
    if kind == "text":
        others = [(name, value) for name, value in start["headers"] if name != b"content-type"]
        start = {**start, "headers": [*others, (b"content-type", b"text/plain; charset=utf-8")]}
    await send(start)
    step = max(len(body) // 4, 1) if fault and kind in ("cut", "drip") else max(len(body), 1)
    sent = 0
    while sent + step < len(body):
        await send({"type": "http.response.body", "body": body[sent : sent + step], "more_body": True})
        sent += step
        if kind == "cut":
            return  # the server closes what was not ended
        await asyncio.sleep(fault.seconds / 4 if fault else 0)
    await send({"type": "http.response.body", "body": body[sent:], "more_body": False})
