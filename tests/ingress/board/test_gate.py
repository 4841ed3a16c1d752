"""Who may look: this machine, the token, a name that a trusted proxy says; and nobody else."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from ingress.board.brake import Brake
from ingress.board.gate import COOKIE, LASTING, BoardAccess, Settings, is_loopback
from tests.ingress.board.guest import OUTSIDE, visiting

SECRET = "correct-horse-battery"  # noqa: S105
ANYWHERE = "0.0.0.0:8080"
GUARDED = {"listen": ANYWHERE, "standfast_board_token": SECRET}
PAGES = ("/", "/incidents", "/incidents/INC-00000", "/suppressed", "/kpi")


async def statuses(http: httpx.AsyncClient, **headers: str) -> set[int]:
    return {(await http.get(path, headers=headers)).status_code for path in PAGES if "INC" not in path}


async def test_on_loopback_this_machine_just_looks(tmp_path: Path) -> None:
    async with visiting(tmp_path) as (_, http):
        assert await statuses(http) == {200}


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via", "x-forwarded-host"])
async def test_what_comes_to_loopback_through_a_proxy_is_turned_away(tmp_path: Path, header: str) -> None:
    async with visiting(tmp_path) as (_, http):
        answer = await http.get("/", headers={header: "203.0.113.9"})
        assert (answer.status_code, "its own machine only" in answer.text) == (403, True)


async def test_a_foreign_name_for_this_machine_is_turned_away(tmp_path: Path) -> None:
    async with visiting(tmp_path, OUTSIDE) as (_, http):
        assert await statuses(http) == {403}


async def test_elsewhere_without_a_setting_the_board_is_not_there_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "standfast.ingress.board"):
        async with visiting(tmp_path, OUTSIDE, listen=ANYWHERE) as (_, http):
            answers = [await http.get(path) for path in PAGES] + [await http.post("/sign-in", data={"token": ""})]
    assert {answer.status_code for answer in answers} == {404}
    assert "STANDFAST_BOARD_TOKEN" in caplog.text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"standfast_board_token": "short"}, "found 5 characters"),
        ({"standfast_board_proxy_header": "X-User"}, "STANDFAST_BOARD_PROXIES: found none"),
    ],
)
def test_a_setting_that_guards_nothing_closes_the_board_even_on_loopback(
    caplog: pytest.LogCaptureFixture, settings: dict[str, Any], said: str
) -> None:
    with caplog.at_level(logging.WARNING, "standfast.ingress.board"):
        assert BoardAccess(Settings(**settings), "127.0.0.1:8080").closed
    assert said in caplog.text
    assert "short" not in caplog.text.replace("shorter", "")


async def test_a_program_shows_the_token_as_a_bearer(tmp_path: Path) -> None:
    async with visiting(tmp_path, OUTSIDE, **GUARDED) as (_, http):
        assert await statuses(http, authorization=f"Bearer {SECRET}") == {200}
        for wrong in ("", "Bearer", f"Bearer {SECRET}x", f"Bearer {SECRET[:-1]}", f"Basic {SECRET}"):
            answer = await http.get("/kpi", headers=[("authorization", wrong), ("accept", "application/json")])
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_person_signs_in_once_and_is_signed_in_for_a_week(tmp_path: Path) -> None:
    async with visiting(tmp_path, OUTSIDE, **GUARDED) as (night, http):
        asked = await http.get("/kpi?team=payments")
        assert (asked.status_code, 'name="next" value="/kpi?team=payments"' in asked.text) == (401, True)
        wrong = await http.post("/sign-in", data={"token": "wrong", "next": "/kpi"})
        assert (wrong.status_code, "That is not the token" in wrong.text) == (401, True)
        right = await http.post("/sign-in", data={"token": SECRET, "next": "/kpi?team=payments"})
        assert (right.status_code, right.headers["location"]) == (303, "/kpi?team=payments")
        kept = right.headers["set-cookie"]
        assert all(word in kept for word in ("HttpOnly", "SameSite=strict", f"Max-Age={7 * 86_400}"))
        assert SECRET not in kept
        assert await statuses(http) == {200}
        night.clock.at += LASTING
        assert await statuses(http) == {401}


async def test_signing_out_ends_it(tmp_path: Path) -> None:
    async with visiting(tmp_path, OUTSIDE, **GUARDED) as (_, http):
        await http.post("/sign-in", data={"token": SECRET})
        assert "Sign out" in (await http.get("/")).text
        await http.post("/sign-out")
        assert await statuses(http) == {401}


async def test_behind_tls_the_ticket_travels_only_through_tls(tmp_path: Path) -> None:
    async with visiting(tmp_path, OUTSIDE, **GUARDED) as (_, http):
        answer = await http.post("/sign-in", data={"token": SECRET}, headers={"x-forwarded-proto": "https"})
        assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "evil"])
async def test_signing_in_leads_nowhere_else(tmp_path: Path, onward: str) -> None:
    async with visiting(tmp_path, OUTSIDE, **GUARDED) as (_, http):
        answer = await http.post("/sign-in", data={"token": SECRET, "next": onward})
        assert answer.headers["location"] == "/"


async def test_a_form_that_is_no_form_is_turned_away(tmp_path: Path) -> None:
    async with visiting(tmp_path, OUTSIDE, **GUARDED) as (_, http):
        assert (await http.post("/sign-in", content=b"token=" + b"x" * 5000)).status_code == 413
        assert (await http.post("/sign-in", content=b"\xff\xfe=&&%")).status_code == 401


async def test_who_guesses_on_must_wait_a_minute_and_who_is_signed_in_need_not(tmp_path: Path) -> None:
    async with visiting(tmp_path, OUTSIDE, **GUARDED) as (_, http):
        signed_in = (await http.post("/sign-in", data={"token": SECRET})).headers["set-cookie"].partition(";")[0]
        http.cookies.clear()
        guesses = [(await http.post("/sign-in", data={"token": f"guess-{n}"})).status_code for n in range(12)]
        assert guesses == [401] * 10 + [429] * 2
        assert (await http.post("/sign-in", data={"token": SECRET})).status_code == 429
        assert (await http.get("/", headers={"authorization": f"Bearer {SECRET}"})).status_code == 401
        assert (await http.get("/", headers={"cookie": signed_in})).status_code == 200


def test_the_brake_lets_go_after_a_minute_and_holds_everybody_when_many_guess() -> None:
    brake, now = Brake(), datetime(2026, 3, 3, tzinfo=UTC)
    for number in range(100):
        brake.wrong(f"203.0.113.{number}", now)
    assert brake.holds("198.51.100.1", now + timedelta(seconds=59))
    assert not brake.holds("198.51.100.1", now + timedelta(seconds=60))


def test_a_ticket_is_worth_nothing_with_another_end_or_another_token() -> None:
    now = datetime(2026, 3, 3, tzinfo=UTC)
    gate = BoardAccess(Settings(standfast_board_token=SECRET), ANYWHERE)
    other = BoardAccess(Settings(standfast_board_token=SECRET[::-1]), ANYWHERE)
    until, _, proof = gate.ticket(now).partition(".")
    longer = f"{int(until) + 9}.{proof}"
    forged = ("", ".", f"{until}.", longer, f"{until}.{proof[:-1]}", other.ticket(now), f"\u0663.{proof}", "9" * 5000)
    assert gate.admit(asking(gate.ticket(now)), now) is not None
    assert [gate.admit(asking(ticket), now) for ticket in forged] == [None] * len(forged)
    assert gate.admit(asking(gate.ticket(now)), now + timedelta(days=8)) is None


def asking(ticket: str) -> Any:
    """A request with this ticket."""
    cookie = f"{COOKIE}={ticket}".encode()
    return Request({"type": "http", "headers": [(b"cookie", cookie)], "client": ("203.0.113.9", 1), "path": "/"})


PROXY = {
    "standfast_board_proxy_header": "X-Forwarded-User",
    "standfast_board_proxies": "10.0.0.0/8, 127.0.0.1",
    "listen": ANYWHERE,
}


async def test_a_trusted_proxy_says_who_somebody_is(tmp_path: Path) -> None:
    async with visiting(tmp_path, OUTSIDE, "10.2.3.4", **PROXY) as (_, http):
        answer = await http.get("/", headers={"x-forwarded-user": "dana@harbourline.example"})
        assert (answer.status_code, "Dana Okafor" in answer.text) == (200, True)
        assert await statuses(http) == {403}
        twice = [("x-forwarded-user", "mira"), ("x-forwarded-user", "dana"), ("accept", "text/html")]
        assert (await http.get("/", headers=twice)).status_code == 403


@pytest.mark.parametrize("peer", ["203.0.113.9", "11.0.0.1", "::1", "nowhere"])
async def test_nobody_else_is_believed(tmp_path: Path, peer: str) -> None:
    async with visiting(tmp_path, OUTSIDE, peer, **PROXY) as (_, http):
        assert await statuses(http, **{"x-forwarded-user": "dana"}) == {403}


def test_loopback_is_what_no_other_machine_reaches() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "[::1]", "::1", "localhost")))
    assert not any(map(is_loopback, ("", "0.0.0.0", "[::]", "10.0.0.1", "localhost.example")))  # noqa: S104
