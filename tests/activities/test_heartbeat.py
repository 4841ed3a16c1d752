"""The sign of life that goes outside: asked for, and never in the way."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.watch import beat
from standins.serve import serve


async def test_the_address_is_asked_for_once_and_a_refusal_is_said_without_its_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked: list[str] = []

    async def ping(request: Request) -> Response:
        asked.append(request.url.path)
        return Response(status_code=404 if request.url.path.endswith("gone") else 200)

    async with serve(Starlette(routes=[Route("/{token}", ping)])) as url:
        await beat(f"{url}/s3cret")
        assert caplog.records == []
        await beat(f"{url}/s3cret-gone")
    await beat(f"{url}/s3cret")  # nobody there any more
    await beat("no address at all")
    await beat("")
    assert asked == ["/s3cret", "/s3cret-gone"]
    told = [one.getMessage() for one in caplog.records if one.name == "standfast.watch"]
    assert [one.partition(": ")[2] for one in told] == ["HTTPStatusError", "ConnectError", "UnsupportedProtocol"]
    assert "s3cret" not in "".join(told)
