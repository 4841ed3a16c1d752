"""What an attempt has not sent while it surely was its own stays here: another may have the duty by then."""

from types import SimpleNamespace

import httpx
import pytest

from activities.vendor import ANSWER, BEAT
from domain.port.duty import VendorError
from vendors.api import TIMEOUT, Api
from vendors.attempt import ANSWERED, CURRENT, LOST, Attempt, before_sending
from workflows.limit import BY_ROLE, READING, SILENCE

LASTS = 30.0


class Watch:
    """The process's clock, put on by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("vendors.attempt.time", SimpleNamespace(monotonic=lambda: self.now))


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The clock, before anything began."""
    return Watch(monkeypatch)


async def test_what_had_not_left_when_the_worker_stood_still_stays_here(watch: Watch) -> None:
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        return httpx.Response(200)

    CURRENT.set(Attempt(0, LASTS))
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        api = Api("statuspage", http, "https://api.example.com")
        await api.send("GET", "/look")
        watch.now += LOST + 1
        with pytest.raises(VendorError, match="has not said") as refused:
            await api.send("POST", "/write")
    assert refused.value.retryable
    assert sent == ["/look"]


def test_only_a_sign_of_life_that_the_engine_answered_counts_and_from_when_it_was_given(watch: Watch) -> None:
    attempt = Attempt(0, LASTS)
    for _ in range(5):
        watch.now += LOST - 1
        attempt.heard(watch.now)
    assert not attempt.is_lost()
    given_at = watch.now
    watch.now += LOST + 1
    attempt.heard(given_at)  # answered before it stood still, and read after
    assert attempt.is_lost()
    attempt.heard(watch.now)
    assert not attempt.is_lost()


def test_what_the_engine_has_given_up_is_never_sent(watch: Watch) -> None:
    attempt = Attempt(0, LASTS)
    attempt.take()
    attempt.heard(watch.now)
    assert attempt.is_lost()


def test_a_worker_that_stood_still_before_it_began_asks_first(watch: Watch) -> None:
    attempt = Attempt(LOST + 1, LASTS)
    assert attempt.is_lost()
    attempt.heard(watch.now)
    assert not attempt.is_lost()


def test_a_clock_that_is_minutes_ahead_of_the_engines_stops_nothing(watch: Watch) -> None:
    attempt = Attempt(600, LASTS)
    attempt.heard(watch.now)
    assert not attempt.is_lost()


def test_nothing_is_sent_whose_answer_could_outlast_the_attempt(watch: Watch) -> None:
    attempt = Attempt(0, LASTS)
    watch.now += LASTS - ANSWERED - 1
    attempt.heard(watch.now)
    assert not attempt.is_lost()
    watch.now += 2
    attempt.heard(watch.now)
    CURRENT.set(attempt)
    with pytest.raises(VendorError, match="no time left"):
        before_sending("slack")


def test_outside_an_attempt_nothing_is_held_back() -> None:
    CURRENT.set(None)
    before_sending("slack")


def test_it_is_held_back_before_the_engine_gives_it_to_another() -> None:
    assert SILENCE.total_seconds() > LOST + BEAT
    assert BEAT + ANSWER.total_seconds() <= LOST  # one sign that is answered late loses nothing


def test_every_attempt_at_a_vendor_has_time_for_several_slow_answers() -> None:
    assert TIMEOUT.read == ANSWERED
    limits = [BY_ROLE[role] for role in BY_ROLE if role not in ("group", "archive")]
    assert all(limit.try_for.total_seconds() >= 3 * ANSWERED for limit in (*limits, READING))
