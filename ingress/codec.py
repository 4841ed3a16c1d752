"""The codec server: shows the Temporal Web UI and the `temporal` command what was encrypted, to those who may look.

Temporal's protocol for remote codecs: `POST /codec/decode` and `/codec/encode` answer `{"payloads": [...]}` with as
many payloads (https://docs.temporal.io/production-deployment/data-encryption). A browser asks from the Web UI's own
origin, so that origin must be named in STANDFAST_CODEC_ORIGINS.
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any

from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from pydantic import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from temporalio.api.common.v1 import Payload, Payloads

from domain.value.model import parse_list
from ingress.body import Turned, small
from workflows.codec import Codec, KeyUnfit

LARGEST = 4 * 1024 * 1024
"""Bytes of one question; Temporal's own messages are no larger."""
Turn = Callable[[Iterable[Payload]], Awaitable[list[Payload]]]
Admit = Callable[[Request], bool]


class Settings(BaseSettings):
    """From which pages a browser may ask."""

    standfast_codec_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(parse_list)] = (
        "http://127.0.0.1:8233",
        "http://localhost:8233",
    )


def codec_server(codec: Codec, admit: Admit, settings: Settings) -> Mount:
    """The two endpoints; `admit` says of each request whether it may look."""
    names = ["content-type", "authorization", "x-namespace"]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=[origin.rstrip("/") for origin in settings.standfast_codec_origins],
        allow_methods=["POST"],
        allow_headers=names,
        allow_credentials=True,
    )
    routes = [
        Route("/decode", _endpoint(codec.decode, admit), methods=["POST"]),
        Route("/encode", _endpoint(codec.encode, admit), methods=["POST"]),
    ]
    return Mount("/codec", routes=routes, middleware=[cors])


def _endpoint(turn: Turn, admit: Admit) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if not admit(request):
            return JSONResponse({"error": "sign in to the board, or send its token as a bearer"}, 401)
        try:
            asked = ParseDict(await _said(request), Payloads(), ignore_unknown_fields=True)
            turned = await turn(asked.payloads)
        except KeyUnfit as error:
            return JSONResponse({"error": str(error)}, 422)
        except (ParseError, ValueError) as error:
            return JSONResponse({"error": f"payloads: {error}"}, 400)
        return JSONResponse(MessageToDict(Payloads(payloads=turned)))

    return answer


async def _said(request: Request) -> Any:
    """The body as JSON, when it is no larger than Temporal's own messages; raises `ValueError`."""
    try:
        said = json.loads(await small(request, LARGEST))
    except Turned as turned:
        raise ValueError(f"found more than {LARGEST} bytes, or a body too slow ({turned.status})") from None
    except RecursionError:
        raise ValueError("found a body nested too deeply") from None
    if not isinstance(said, dict):
        raise ValueError("expected an object with a list named payloads")
    return said
