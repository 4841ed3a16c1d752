"""The Web UI reads what was encrypted, when whoever sits before it may look."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from google.protobuf.json_format import MessageToDict
from starlette.applications import Starlette
from starlette.requests import Request
from temporalio.api.common.v1 import Payload, Payloads

from ingress.board.gate import BoardAccess
from ingress.board.gate import Settings as BoardSettings
from ingress.codec import LARGEST, Settings, codec_server
from ingress.serve import decoding
from workflows.codec import Codec

UI = "http://127.0.0.1:8233"
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'{"title": "checkout 5xx"}')


@asynccontextmanager
async def asked(codec: Codec, *, admits: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[codec_server(codec, lambda request: admits, Settings())])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://codec") as client:
        yield client


def codec(*bytes_of: int) -> Codec:
    return Codec([bytes([one] * 32) for one in bytes_of])


def said(*payloads: Payload) -> dict[str, Any]:
    words: dict[str, Any] = MessageToDict(Payloads(payloads=payloads))
    return words


async def test_what_was_encrypted_is_shown_and_what_was_not_stays_as_it_is() -> None:
    ring = codec(2, 1)
    (old,) = await codec(1).encode([PLAIN])
    async with asked(ring) as client:
        (hidden,) = (await client.post("/codec/encode", json=said(PLAIN))).json()["payloads"]
        assert "checkout" not in base64.b64decode(hidden["data"]).decode(errors="ignore")
        both = {"payloads": [hidden, *said(old, PLAIN)["payloads"]]}
        assert (await client.post("/codec/decode", json=both)).json() == said(PLAIN, PLAIN, PLAIN)


async def test_nobody_reads_who_may_not_look() -> None:
    ring = codec(1)
    (hidden,) = await ring.encode([PLAIN])
    async with asked(ring, admits=False) as client:
        answer = await client.post("/codec/decode", json=said(hidden))
    assert answer.status_code == 401
    assert "checkout" not in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"x"', b'{"payloads": 7}', b'{"payloads": [{"data": 7}]}', b"x" * (LARGEST + 1), b"\xff"]
)
async def test_rubbish_is_refused_with_what_was_expected(body: bytes) -> None:
    async with asked(codec(1)) as client:
        answer = await client.post("/codec/decode", content=body)
    assert answer.status_code == 400
    assert json.loads(answer.content)["error"].startswith("payloads: ")


async def test_a_lost_key_is_named_and_an_altered_payload_is_not_shown() -> None:
    (hidden,) = await codec(1).encode([PLAIN])
    altered = Payload(metadata=dict(hidden.metadata), data=hidden.data[:-1] + bytes([hidden.data[-1] ^ 1]))
    async with asked(codec(2)) as client:
        lost = await client.post("/codec/decode", json=said(hidden))
    async with asked(codec(1)) as client:
        broken = await client.post("/codec/decode", json=said(altered))
    assert (lost.status_code, broken.status_code) == (422, 422)
    assert "STANDFAST_CODEC_KEYS" in lost.json()["error"]


@pytest.mark.parametrize(("origin", "allowed"), [(UI, True), ("https://evil.example", False)])
async def test_only_the_web_ui_may_ask_from_a_browser(origin: str, allowed: bool) -> None:
    wish = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-namespace",
    }
    async with asked(codec(1)) as client:
        preflight = await client.options("/codec/decode", headers=wish)
    assert (preflight.headers.get("access-control-allow-origin") == origin) is allowed
    assert (preflight.status_code == 200) is allowed


async def test_the_ingress_decrypts_for_whom_its_board_lets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    key = base64.b64encode(bytes([1] * 32)).decode()
    gate = BoardAccess(BoardSettings.model_validate({"standfast_board_token": "a token of some length"}), "127.0.0.1:0")

    def admit(request: Request) -> bool:
        return gate.admit(request, datetime.now(UTC)) is not None

    assert decoding(admit) == []
    monkeypatch.setenv("STANDFAST_CODEC_KEYS", key)
    (hidden,) = await codec(1).encode([PLAIN])
    transport = httpx.ASGITransport(Starlette(routes=decoding(admit)))
    async with httpx.AsyncClient(transport=transport, base_url="http://codec") as client:
        assert (await client.post("/codec/decode", json=said(hidden))).status_code == 401
        bearer = {"authorization": "Bearer a token of some length"}
        answer = await client.post("/codec/decode", json=said(hidden), headers=bearer)
    assert answer.json() == said(PLAIN)
