"""What Slack refuses is said in words, and whether to try again is Slack's to say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.port.chat import ArchiveRoom
from standins.serve import serve
from standins.slack.standin import Standin
from standins.standin import Fault
from tests.vendors.slack.duty import ABOUT, OPEN, calls, refusal, say
from vendors.slack.client import Client, Settings


async def test_an_archived_room_says_what_to_do(client: Client, slack: Standin, room: str) -> None:
    duty = ArchiveRoom(key="archive", room=room, **ABOUT)
    assert [(await client.archive_room(duty, again=again)).ref for again in (False, True)] == [room, room]
    assert slack.rooms["incident-7k3qf"].archived
    error = await refusal(client.say(say(room=room), again=False))
    assert (error.retryable, error.said) == (
        False,
        "chat.postMessage: is_archived, that channel is archived: unarchive it in Slack",
    )


async def test_a_rate_limit_carries_slacks_own_wish(client: Client, slack: Standin, room: str) -> None:
    slack.fail(Fault(path="chat.postMessage", status=429, retry_after=30))
    error = await refusal(client.say(say(room=room), again=False))
    assert (error.retryable, error.retry_after) == (True, timedelta(seconds=30))
    assert calls(slack, "chat.postMessage") == 1


@pytest.mark.parametrize(
    ("code", "retryable"),
    [
        ("internal_error", True),
        ("fatal_error", True),
        ("request_timeout", True),
        ("service_unavailable", True),
        ("ratelimited", True),
        ("token_revoked", False),
        ("restricted_action", False),
        ("a_code_nobody_has_seen", False),
    ],
)
async def test_whether_to_try_again_is_slacks_to_say(
    client: Client, slack: Standin, room: str, code: str, retryable: bool
) -> None:
    slack.error = code
    slack.fail(Fault(path="chat.postMessage", status=200))
    error = await refusal(client.say(say(room=room), again=False))
    assert (error.retryable, code in error.said) == (retryable, True)


async def test_a_wrong_token_is_final_and_stays_secret(slack: Standin, settings: Settings) -> None:
    async with serve(slack.app) as url:
        wrong = Settings.model_validate({"slack_bot_token": "xoxb-wrong", "slack_api_url": f"{url}/api/"})
        error = await refusal(Client(wrong).open_room(OPEN, again=False))
    assert (error.retryable, "check SLACK_BOT_TOKEN" in error.said, "xoxb" in error.said) == (False, True, False)


async def test_slack_being_away_is_worth_another_try(settings: Settings) -> None:
    async with serve(Standin("", "").app) as url:
        pass
    error = await refusal(Client(settings.model_copy(update={"slack_api_url": url})).open_room(OPEN, again=False))
    assert error.retryable


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/json"])
@pytest.mark.parametrize("status", [200, 503])
async def test_an_answer_that_is_none_may_have_been_one(settings: Settings, kind: str, status: int) -> None:
    async def proxy(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})
        await send({"type": "http.response.body", "body": b"<b>gateway</b>"})

    async with serve(proxy) as url:
        error = await refusal(Client(settings.model_copy(update={"slack_api_url": url})).open_room(OPEN, again=False))
    assert error.retryable


async def test_a_proxy_is_not_asked_for_what_needs_none(
    slack: Standin, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with serve(slack.app) as url:
        client = Client(settings.model_copy(update={"slack_api_url": f"{url}/api/"}))
        assert (await client.open_room(OPEN, again=False)).text == OPEN.name
