"""What is searched for on the board, and what is done there: by whom a proxy names, from our own form, once."""

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.value.line import AsTheyAre
from ingress.chat.others import others
from tests.ingress.board.guest import read, visiting, words
from tests.ingress.board.night import PROXY, Night

DANA, JONAS = {"x-user": "dana@harbourline.example"}, {"x-user": "jonas"}


async def test_the_board_is_searched_by_word_service_person_severity_and_phase(
    night: Night, http: httpx.AsyncClient
) -> None:
    night.alert("one", timedelta(minutes=20)).act(Declare(by="jonas", severity="P1"))
    night.alert("two", timedelta(minutes=10), service="billing", title="invoices are doubled")
    found = {
        query: (await read(http, f"/?{query}")).count('class="incident rank')
        for query in ("q=INVOICES", "q=nothing", "service=billing", "severity=P1", "phase=active", "person=jonas", "")
    }
    assert found == {
        "q=INVOICES": 1, "q=nothing": 0, "service=billing": 1, "severity=P1": 1, "phase=active": 1, "person=jonas": 1,
        "": 2,
    }  # fmt: skip
    page = await read(http, "/?q=invoices&service=billing")
    assert 'value="invoices"' in page
    assert '<option value="billing" selected>' in page
    assert "1 open incident not shown" in words(page)


async def test_whom_a_proxy_names_acts_once_from_our_own_form(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        page = await read_as(http, f"/incidents/{play.incident.id}", DANA)
        assert f"/incidents/{play.incident.id}/acts/acknowledge" in page
        path = f"/incidents/{play.incident.id}/acts/declare"
        form = fields(await read_as(http, path, DANA))
        for _ in range(2):
            sent = await http.post(path, data={**form, "severity": "P1", "reason": ""}, headers=DANA)
            assert sent.status_code == 303, sent.text
        [declared] = [event for event in play.incident.events if event.what.kind == "severity_declared"]
        assert (declared.by, declared.via, declared.proof) == (
            "dana", "board", "trusted proxy, as dana@harbourline.example",
        )  # fmt: skip


@pytest.mark.sop("RES-1", "COM-6")
async def test_the_words_for_customers_at_the_end_are_prefilled_and_shown_before_they_leave(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        play.act(Declare(by="jonas", severity="P1"))
        path = f"/incidents/{play.incident.id}/acts/resolve"
        page = await read_as(http, path, JONAS)
        assert "The problem with Checkout is solved. It lasted from" in page
        assert "Look at it as customers do" in page
        form = {**fields(page), "summary": "A bad deploy", "customers": "Paying works again."}
        shown = await http.post(path, data=form, headers=JONAS)
        assert "Resolved Paying works again." in words(shown.text)
        assert "Solved, tell customers" in shown.text
        assert play.incident.phase == "active"
        sent = await http.post(path, data={**form, **fields(shown.text)}, headers=JONAS)
        assert sent.status_code == 303
        assert [one.body for one in play.incident.updates.values() if one.approved_at] == ["Paying works again."]


@pytest.mark.sop("DET-7")
async def test_another_incident_is_chosen_by_its_name_and_a_secret_one_keeps_its_subject(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        one, other = (
            night.alert("one", timedelta(minutes=4)),
            night.alert("two", timedelta(minutes=9), title="no login"),
        )
        secret = night.alert("three", timedelta(minutes=5), title="intrusion at the gate")
        one.act(Declare(by="jonas", severity="P1"))
        for act in ("merge", "link"):
            page = await read_as(http, f"/incidents/{one.incident.id}/acts/{act}", JONAS)
            assert f'<option value="{other.incident.id}">P1? no login ({other.incident.id})</option>' in page
            assert f'value="{secret.incident.id}"' in page
            assert "intrusion" not in page
            assert f'value="{one.incident.id}"' not in page
            [choices] = (await others(night.engine, act, one.incident.id)).values()
            assert {id for id, _ in choices} == {other.incident.id, secret.incident.id}
    assert await others(night.engine, "resolve", one.incident.id) == {}


async def test_what_customers_read_is_shown_to_its_writer_first(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        play.act(Declare(by="jonas", severity="P1"))
        path = f"/incidents/{play.incident.id}/acts/draft_update"
        form = {**fields(await read_as(http, path, JONAS)), "status": "investigating", "body": "Some orders wait."}
        shown = await http.post(path, data=form, headers=JONAS)
        assert "Customers will read" in shown.text
        assert not any(event.by == "jonas" and event.via == "board" for event in play.incident.events)
        assert "Checkout: major outage" in words(shown.text)
        other = await http.post(path, data={**form, **fields(shown.text), "body": "All orders wait."}, headers=JONAS)
        assert "All orders wait." in other.text
        assert not any(event.by == "jonas" and event.via == "board" for event in play.incident.events)
        sent = await http.post(path, data={**form, **fields(shown.text)}, headers=JONAS)
        assert sent.status_code == 303
        [mine] = [one for one in play.incident.updates.values() if one.body == "Some orders wait."]
        assert mine.status == "investigating"


@pytest.mark.sop("COM-3")
async def test_fresh_words_for_customers_begin_with_those_of_their_state(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        play.act(Declare(by="jonas", severity="P1"))
        path = f"/incidents/{play.incident.id}/acts/draft_update"
        begun = {
            state: await read_as(http, f"{path}?status={state}", JONAS) for state in ("investigating", "identified")
        }
        for state, page in begun.items():
            assert f'<option value="{state}" selected>' in page
            assert re.search(r"<textarea [^>]+>[^<]{20,}</textarea>", page)
            assert f'href="?status={state}"' in page
        assert 'href="?status=resolved"' not in begun["investigating"]
        assert begun["investigating"] != begun["identified"]
        assert "selected" not in (await read_as(http, f"{path}?status=nonsense", JONAS))


async def test_a_draft_that_waits_stands_in_the_form_that_approves_it(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        play.act(Declare(by="jonas", severity="P1"))
        play.pass_until(night.clock())
        draft = play.incident.updates[1]
        path = f"/incidents/{play.incident.id}/acts/approve_update"
        page = await read_as(http, path, JONAS)
        assert draft.body in page
        form = {**fields(page), "status": draft.status, "body": draft.body}
        assert form["number"] == "1"
        shown = fields((await http.post(path, data=form, headers=JONAS)).text)
        assert (await http.post(path, data={**form, **shown}, headers=JONAS)).status_code == 303
        assert [(one.number, one.approved_by) for one in play.incident.updates.values()] == [(1, "jonas")]


async def test_what_was_refused_can_be_sent_again_put_right_and_other_words_are_another_act(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        play.act(Declare(by="jonas", severity="P1"))
        path = f"/incidents/{play.incident.id}/acts/post_finding"
        form = fields(await read_as(http, path, JONAS))
        refused = await http.post(path, data=form, headers=JONAS)
        assert refused.status_code == 400
        assert fields(refused.text)["once"] != form["once"]
        for text in ("the pool is empty", "the pool is empty", "the flag is on"):
            assert (await http.post(path, data={**form, "conditions": text}, headers=JONAS)).status_code == 303
        found = [event for event in play.incident.events if event.what.kind == "finding_posted"]
        assert [event.what.line(AsTheyAre()).detail for event in found] == ["the pool is empty", "the flag is on"]


async def test_an_act_that_waits_for_the_engine_is_no_deed_yet_and_its_end_is_told(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        await night.archives()
        path = f"/incidents/{play.incident.id}"
        form = fields(await read_as(http, f"{path}/acts/acknowledge", DANA))
        night.engine.closed_to_acts = True
        waits = await http.post(f"{path}/acts/acknowledge", data=form, headers=DANA)
        assert waits.status_code == 202
        assert "not decided yet" in waits.text
        assert "Not noted yet" in await read_as(http, path, DANA)
        assert "Not noted yet" not in await read_as(http, path, JONAS)
        night.engine.closed_to_acts = False
        await night.asking.finish()
        assert "m on it" in await read_as(http, path, DANA)
        assert play.incident.acknowledged_by == "dana"


async def test_behind_a_proxy_that_asks_under_another_name_the_browsers_own_word_counts(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        path = f"/incidents/{play.incident.id}/acts/acknowledge"
        form = fields(await read_as(http, path, DANA))
        own = {"origin": "https://board.example", "sec-fetch-site": "same-origin"}
        assert (await http.post(path, data=form, headers={**DANA, **own})).status_code == 303


@pytest.mark.parametrize(
    ("headers", "change"),
    [
        ({"sec-fetch-site": "cross-site"}, {}),
        ({"origin": "https://elsewhere.example"}, {}),
        ({}, {"word": "x" * 43}),
        ({}, {"word": ""}),
    ],
)
async def test_a_form_from_elsewhere_does_nothing(
    tmp_path: Path, headers: dict[str, str], change: dict[str, str]
) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        path = f"/incidents/{play.incident.id}/acts/acknowledge"
        form = {**fields(await read_as(http, path, DANA)), **change}
        assert (await http.post(path, data=form, headers={**DANA, **headers})).status_code == 403
        assert play.incident.acknowledged_at is None


async def test_who_is_nobody_of_the_company_or_may_not_is_told_so(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        play.act(Declare(by="jonas", severity="P1"))
        path = f"/incidents/{play.incident.id}"
        stranger = await http.get(f"{path}/acts/acknowledge", headers={"x-user": "eve"})
        assert (stranger.status_code, "/acts/" in await read_as(http, path, {"x-user": "eve"})) == (403, False)
        assert (await http.get(f"{path}/acts/resolve", headers=DANA)).status_code == 403
        assert "/acts/resolve" not in await read_as(http, path, DANA)
        assert "/acts/resolve" in await read_as(http, path, JONAS)


async def test_a_press_that_has_become_stale_is_answered_with_what_is_now(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        path = f"/incidents/{play.incident.id}/acts"
        form = fields(await read_as(http, f"{path}/acknowledge", DANA))
        play.act(Acknowledge(by="sam"))
        late = await http.post(f"{path}/acknowledge", data=form, headers=DANA)
        assert (late.status_code, "Sam Lindqvist is on it since 03:12 UTC" in late.text) == (409, True)
        assert f'href="/incidents/{play.incident.id}"' in late.text
        play.act(Declare(by="jonas", severity="P1"))
        theirs = await http.get(f"{path}/resolve", headers=DANA)
        assert "“Resolve” is for the incident commander: Jonas Weber. It is P1 and being fought" in words(theirs.text)
        play.act(Resolve(by="jonas", summary="Mended."))
        over = await http.get(f"{path}/resolve", headers=JONAS)
        assert (over.status_code, "It is solved since 03 Mar 03:12 UTC: Mended." in over.text) == (409, True)
        assert not [event for event in play.incident.events if event.what.kind == "refused"]


async def test_without_a_name_the_board_only_reads(night: Night, http: httpx.AsyncClient) -> None:
    play = night.alert("one", timedelta(minutes=4))
    assert "/acts/" not in await read(http, f"/incidents/{play.incident.id}")
    assert (await http.get(f"/incidents/{play.incident.id}/acts/acknowledge")).status_code == 403


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


async def read_as(http: httpx.AsyncClient, path: str, who: dict[str, str]) -> str:
    answer = await http.get(path, headers=who)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.sop("ACT-1")
async def test_an_action_items_form_has_who_opens_it_and_the_day_that_the_policy_says(tmp_path: Path) -> None:
    async with visiting(tmp_path, **PROXY) as (night, http):
        play = night.alert("one", timedelta(minutes=4))
        play.act(Declare(by="jonas", severity="P1"))
        path = f"/incidents/{play.incident.id}/acts/add_item"
        page = await read_as(http, path, DANA)
        due_at = re.search(r'name="due_at".*?value="([^"]+)"', page, re.DOTALL)
        assert due_at
        said = {"title": "A runbook for it", "owner": "dana", "due_at": due_at[1]}
        sent = await http.post(path, data={**fields(page), **said}, headers=DANA)
        assert sent.status_code == 303, sent.text
        [item] = play.incident.items.values()
        assert f"{item.due_at:%Y-%m-%dT%H:%M}" == due_at[1]
        assert re.search(r'(selected>|value=")(dana|Dana)', page)
