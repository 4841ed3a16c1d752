"""A worker that stood still sends nothing when it wakes: another may have the duty by then."""

from types import SimpleNamespace

import httpx
import pytest

from activities.vendor import BEAT
from domain.port.duty import VendorError
from vendors.api import Api
from vendors.attempt import CURRENT, LOST, Attempt, before_sending
from workflows.limit import SILENCE


class Watch:
    """The process's clock, put on by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("vendors.attempt.time", SimpleNamespace(monotonic=lambda: self.now))


async def test_what_had_not_left_when_the_worker_stood_still_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        return httpx.Response(200)

    watch, attempt = Watch(monkeypatch), Attempt()
    CURRENT.set(attempt)
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        api = Api("statuspage", http, "https://api.example.com")
        await api.send("GET", "/look")
        watch.now += LOST + 1
        with pytest.raises(VendorError, match="stood still") as refused:
            await api.send("POST", "/write")
    assert refused.value.retryable
    assert sent == ["/look"]


def test_a_sign_of_life_that_comes_too_late_takes_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, attempt = Watch(monkeypatch), Attempt()
    for _ in range(5):
        watch.now += LOST - 1
        attempt.lives()
    assert not attempt.is_lost()
    watch.now += LOST + 1
    attempt.lives()
    assert attempt.is_lost()


def test_outside_an_attempt_nothing_is_held_back() -> None:
    CURRENT.set(None)
    before_sending("slack")


def test_it_is_held_back_before_the_engine_gives_it_to_another() -> None:
    assert SILENCE.total_seconds() > LOST + BEAT
