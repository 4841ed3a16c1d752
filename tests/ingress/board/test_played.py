"""Sign-in on the embedded run: anybody of the catalog, from this machine and the board's own page, nowhere else."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from ingress.board.gate import PLAYED, BoardAccess, Settings
from tests.ingress.board.guest import AT_HOME, OUTSIDE, read, visiting, words
from tests.ingress.board.night import minutes
from tests.ingress.board.test_act import fields

STAGE = "http://127.0.0.1:8088/stage"
EMBEDDED: dict[str, Any] = {"standfast_stage_url": STAGE, "standfast_stage_word": "k" * 32}


async def is_asked(http: httpx.AsyncClient) -> bool:
    """Whether somebody could say here whom they play."""
    answers = [await http.get("/sign-in/as"), await http.post("/sign-in/as", data={"person": "dana"})]
    return {answer.status_code for answer in answers} != {404}


async def test_a_newcomer_says_who_they_are_and_acts_from_the_printed_address(tmp_path: Path) -> None:
    async with visiting(tmp_path, **EMBEDDED) as (night, http):
        play = night.alert("one", minutes(2))
        page = f"/incidents/{play.incident.id}"
        seen = await read(http, page)
        assert "/acts/" not in seen
        assert f'href="/sign-in/as?next={page}"' in seen
        assert "Dana Okafor" in await read(http, f"/sign-in/as?next={page}")
        signed = await http.post("/sign-in/as", data={"person": "dana", "next": page}, headers={"origin": AT_HOME})
        assert (signed.status_code, signed.headers["location"]) == (303, page)
        assert "Dana Okafor" in words(await read(http, page))
        form = fields(await read(http, f"{page}/acts/acknowledge"))
        assert (await http.post(f"{page}/acts/acknowledge", data=form)).status_code == 303
        [taken] = [event for event in play.incident.events if event.what.kind == "acknowledged"]
        assert (taken.by, taken.via, taken.proof) == ("dana", "board", "said at the board of an embedded run")
        await http.post("/sign-out")
        assert "/acts/" not in await read(http, page)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"standfast_stage_url": STAGE},
        {"standfast_stage_word": "k" * 32},
        {**EMBEDDED, "listen": "0.0.0.0:8080"},
        {**EMBEDDED, "standfast_board_token": "t" * 16},
        {**EMBEDDED, "standfast_board_proxy_header": "X-User", "standfast_board_proxies": "10.0.0.1"},
        {**EMBEDDED, "standfast_oidc_issuer": "https://login.example"},
    ],
)
async def test_nobody_is_played_where_the_run_is_not_embedded_or_anything_guards_the_board(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    async with visiting(tmp_path, **settings) as (_, http):
        assert not await is_asked(http)


async def test_nobody_is_played_from_elsewhere_or_through_a_proxy_or_from_another_site(tmp_path: Path) -> None:
    async with visiting(tmp_path, OUTSIDE, **EMBEDDED) as (_, http):
        assert not await is_asked(http)
    async with visiting(tmp_path, **EMBEDDED) as (_, http):
        asked = {"data": {"person": "dana"}}
        for foreign in (
            {"x-forwarded-for": "203.0.113.9"},
            {"origin": "https://evil.example"},
            {"origin": STAGE.removesuffix("/stage")},
            {"origin": AT_HOME, "sec-fetch-site": "same-site"},
        ):
            assert (await http.post("/sign-in/as", **asked, headers=foreign)).status_code == 404  # type: ignore[arg-type]
        assert PLAYED not in http.cookies
        assert (await http.post("/sign-in/as", data={"person": "mallory"})).status_code == 400


async def test_another_run_knows_nothing_of_whom_somebody_played(tmp_path: Path) -> None:
    async with visiting(tmp_path, **EMBEDDED) as (night, http):
        other = BoardAccess(Settings(**{**EMBEDDED, "standfast_stage_word": "o" * 32}), "127.0.0.1:8080")
        for gate, named in ((other, False), (BoardAccess(Settings(**EMBEDDED), "127.0.0.1:8080"), True)):
            http.cookies.set(PLAYED, gate.part("dana", night.clock()))
            assert ("Dana Okafor" in words((await read(http)).partition("</header>")[0])) == named


async def test_an_empty_board_leads_to_the_stage_where_there_is_one(tmp_path: Path) -> None:
    async with visiting(tmp_path, **EMBEDDED) as (_, http):
        assert f'let an alert fire on <a href="{STAGE}">the stage</a>' in await read(http)
    async with visiting(tmp_path / "other") as (_, http):
        assert "stage" not in await read(http)
