"""An incident is declared on the board: by whom somebody names, from our own form, once."""

import re
from html import unescape
from pathlib import Path

import pytest

from client.port import Declaration, Declared
from tests.ingress.board.guest import read, visiting, words
from tests.ingress.board.night import PROXY, Night, minutes
from tests.ingress.board.test_act import DANA, fields, read_as

SAID = {"title": "Customers cannot pay", "service": "checkout", "severity": "P1"}


@pytest.mark.sop("DET-2", "TRI-3")
async def test_whoever_is_named_declares_once_with_the_severity_that_they_give(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        assert 'href="/declare"' in await read_as(http, "/", DANA)
        form = fields(await read_as(http, "/declare", DANA))
        answers = [await http.post("/declare", data={**form, **SAID}, headers=DANA) for _ in range(2)]
        [play] = night.engine.plays.values()
        assert {answer.headers["location"] for answer in answers} == {f"/incidents/{play.incident.id}"}
        assert play.incident.opened.title == "Customers cannot pay"
        [declared] = [event for event in play.incident.events if event.what.kind == "severity_declared"]
        assert (declared.by, declared.via, declared.proof) == (
            "dana", "board", "trusted proxy, as dana@harbourline.example",
        )  # fmt: skip


async def test_what_a_declaration_lacks_is_said_at_its_field(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        form = fields(await read_as(http, "/declare", DANA))
        lacking = await http.post("/declare", data={**form, "title": " ", "service": "nowhere"}, headers=DANA)
        assert lacking.status_code == 400
        assert 'aria-describedby="w-title"' in lacking.text
        assert 'aria-describedby="w-service"' in lacking.text
        assert not night.engine.plays


async def test_while_the_engine_is_away_a_declaration_is_kept_and_that_is_said(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        form = fields(await read_as(http, "/declare", DANA))
        night.engine.away = True
        answer = await http.post("/declare", data={**form, **SAID}, headers=DANA)
        assert answer.status_code == 202
        assert "Not opened yet" in words(answer.text)
        night.engine.away = False
        await night.asking.finish()
        assert len(night.engine.plays) == 1


@pytest.mark.sop("DET-7")
async def test_what_else_is_open_there_is_merged_into_by_the_boards_own_act(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        other = night.alert("other", minutes(9)).incident.id
        tells(night, others=await night.engine.list_incidents())
        form = fields(await read_as(http, "/declare", DANA))
        page = (await http.post("/declare", data={**form, **SAID}, headers=DANA)).text
        [address] = re.findall(rf'href="([^"]*/acts/merge[^"]*)">It is {other}', page)
        assert "/incident merge" not in page
        assert f'<option value="{other}" selected>' in await read_as(http, unescape(address), DANA)


@pytest.mark.sop("DET-4")
async def test_a_report_that_joined_what_was_just_opened_is_another_with_one_press(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        there = night.alert("there", minutes(1)).incident.id
        tells(night, incident=there, joined=True)
        form = fields(await read_as(http, "/declare", DANA))
        page = (await http.post("/declare", data={**form, **SAID}, headers=DANA)).text
        assert "was opened on checkout a moment ago, and your report joined it." in words(page)
        assert f'href="/incidents/{there}"' in page
        answer = await http.post("/declare", data=fields(page), headers=DANA)
        new = answer.headers["location"].rpartition("/")[2]
        assert new != there
        assert night.engine.plays[new].incident.opened.title == SAID["title"]


def tells(night: Night, **more: object) -> None:
    """The engine has more to say of what is declared, unless that is to stand apart."""
    declare = night.engine.declare

    async def declared(order: Declaration) -> Declared:
        told = await declare(order)
        return told if order.apart else told.model_copy(update=more)

    night.engine.declare = declared  # type: ignore[method-assign]


async def test_nobody_declares_whom_nobody_names_or_from_elsewhere(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        form = fields(await read_as(http, "/declare", DANA))
        for headers in ({"x-user": "mallory"}, {**DANA, "origin": "https://evil.example"}):
            assert (await http.post("/declare", data={**form, **SAID}, headers=headers)).status_code == 403
        http.cookies.clear()
        assert (await http.post("/declare", data={**form, **SAID}, headers=DANA)).status_code == 403
        assert not night.engine.plays
    async with visiting(tmp_path / "other") as (_, http):
        assert "/declare" not in await read(http)
