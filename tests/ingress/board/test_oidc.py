"""Sign-in by the company's OIDC provider: who gets in, as whom, and each of the ways in which nobody does."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from ingress.board.gate import PERSON, WORKING, BoardAccess, OidcSettings, Settings
from ingress.board.sign_in import COOKIE, TRYING
from tests import yaml
from tests.ingress.board.arrival import BOARD, OIDC, Visit, arriving
from tests.ingress.board.guest import words
from tests.ingress.board.night import NOW
from tests.ingress.board.provider import BACK, CLIENT, ISSUER, SECRET
from tests.ingress.board.test_act import fields


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    async with arriving(tmp_path) as visit:
        yield visit


async def test_somebody_whose_address_the_provider_verified_is_signed_in_as_who_they_are(visit: Visit) -> None:
    asked = await visit.http.get("/kpi?team=payments")
    assert asked.status_code == 401
    assert 'href="/sign-in/oidc?next=/kpi%3Fteam%3Dpayments"' in asked.text
    assert "Sign in at login.harbourline.example" in words(asked.text)
    sent = await visit.signs_in("/kpi?team=payments")
    assert (sent.status_code, sent.headers["location"]) == (303, "/kpi?team=payments")
    kept = [said for said in sent.headers.get_list("set-cookie") if said.startswith(f"{PERSON}=")]
    assert all(word in kept[0] for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=43200"))
    assert "Domain" not in kept[0]
    assert "Dana Okafor" in words((await visit.http.get("/")).text)


async def test_what_the_browser_is_sent_with_says_nothing_of_what_stays_here(visit: Visit) -> None:
    sent = await visit.http.get("/sign-in/oidc")
    asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    assert {name: asked[name] for name in ("redirect_uri", "response_type", "code_challenge_method", "scope")} == {
        "redirect_uri": BACK, "response_type": "code", "code_challenge_method": "S256", "scope": "openid email",
    }  # fmt: skip
    again = dict(parse_qsl(urlsplit((await visit.http.get("/sign-in/oidc")).headers["location"]).query))
    for name in ("state", "nonce", "code_challenge"):
        assert (len(asked[name]), asked[name] == again[name]) == (43, False)
    assert SECRET not in sent.headers["location"] + sent.headers["set-cookie"]


async def test_who_signed_in_acts_and_the_event_says_by_which_proof(visit: Visit) -> None:
    play = visit.night.alert("one", timedelta(minutes=4))
    await visit.signs_in()
    path = f"/incidents/{play.incident.id}/acts/declare"
    form = fields((await visit.http.get(path)).text)
    sent = await visit.http.post(path, data={**form, "severity": "P1", "reason": ""})
    assert sent.status_code == 303, sent.text
    [declared] = [event for event in play.incident.events if event.what.kind == "severity_declared"]
    assert (declared.by, declared.via) == ("dana", "oidc")
    assert declared.proof == f"OIDC sign-in at {ISSUER}, as Dana@harbourline.example"
    elsewhere = {**form, "severity": "P2", "reason": "better", "word": "x" * 43}
    assert (await visit.http.post(path, data=elsewhere)).status_code == 403


async def test_a_session_ends_after_a_shift_by_signing_out_and_when_somebody_leaves(visit: Visit) -> None:
    await visit.signs_in()
    visit.night.clock.at += WORKING - timedelta(seconds=1)
    assert await visit.status() == 200
    visit.night.clock.at += timedelta(seconds=1)
    assert await visit.status() == 401
    await visit.signs_in()
    await visit.http.post("/sign-out")
    assert await visit.status() == 401
    await visit.signs_in()
    catalog = yaml.safe_load(visit.company.read_text())
    catalog["people"]["dana"]["left"] = True
    visit.company.write_text(yaml.safe_dump(catalog))
    assert await visit.status() == 401
    assert "Dana Okafor has left the company" in await visit.refused()


async def test_an_attempt_of_another_browser_or_of_none_leads_nowhere(visit: Visit) -> None:
    back = await visit.there()
    ticket = visit.http.cookies[COOKIE]
    forged = back.replace("state=", "state=x")
    assert "not begun in this browser" in (await visit.http.get(forged)).text
    assert COOKIE not in visit.http.cookies
    assert (await visit.http.get(back)).status_code == 403
    theirs = await visit.there()
    visit.http.cookies.clear()
    for kept in ("", ticket, "x.y", f"{ticket}0"):
        answer = await visit.http.get(theirs, headers={"cookie": f"{COOKIE}={kept}"})
        assert "not begun in this browser" in answer.text
    assert "/token" not in visit.provider.asked


async def test_an_attempt_that_takes_too_long_is_begun_anew(visit: Visit) -> None:
    back = await visit.there()
    visit.night.clock.at += TRYING
    assert "longer than 10 minutes" in (await visit.http.get(back)).text


async def test_a_code_counts_once(visit: Visit) -> None:
    back = await visit.there()
    ticket = visit.http.cookies[COOKIE]
    assert (await visit.http.get(back)).status_code == 303
    visit.http.cookies.clear()
    again = await visit.http.get(back, headers={"cookie": f"{COOKIE}={ticket}"})
    assert (again.status_code, "invalid_grant" in again.text) == (403, True)


async def test_a_code_that_was_stolen_lacks_the_verifier_of_its_attempt(visit: Visit) -> None:
    stolen = dict(parse_qsl(urlsplit(await visit.there()).query))["code"]
    own = dict(parse_qsl(urlsplit(await visit.there()).query))
    answer = await visit.http.get("/sign-in/oidc/back", params={**own, "code": stolen})
    assert (answer.status_code, "invalid_grant" in answer.text) == (403, True)


async def test_who_says_no_at_the_provider_is_told_so(visit: Visit) -> None:
    state = dict(parse_qsl(urlsplit(await visit.there()).query))["state"]
    answer = await visit.http.get("/sign-in/oidc/back", params={"state": state, "error": "access_denied<b>"})
    assert (answer.status_code, "did not sign you in: access_denied&lt;b&gt;" in answer.text) == (403, True)
    mixed = {**dict(parse_qsl(urlsplit(await visit.there()).query)), "iss": "https://evil.example"}
    assert "Another provider" in (await visit.http.get("/sign-in/oidc/back", params=mixed)).text


async def test_while_the_provider_is_away_it_is_said_and_the_token_opens_the_board(tmp_path: Path) -> None:
    token = "correct-horse-battery"  # noqa: S105
    async with arriving(tmp_path, standfast_board_token=token) as visit:
        back = await visit.there()
        visit.provider.away = True
        answer = await visit.http.get(back)
        assert (answer.status_code, "The token opens the board meanwhile" in answer.text) == (503, True)
        visit.night.clock.at += timedelta(hours=1)
        answer = await visit.http.get("/sign-in/oidc")
        assert (answer.status_code, "cannot sign anybody in just now" in answer.text) == (503, True)
        assert 'name="token"' in answer.text
        await visit.http.post("/sign-in", data={"token": token})
        assert await visit.status() == 200
        visit.provider.away = False
        await visit.signs_in()
        assert "Dana Okafor" in (await visit.http.get("/")).text


async def test_a_client_that_the_provider_does_not_take_is_our_fault_and_said_as_such(tmp_path: Path) -> None:
    async with arriving(tmp_path, standfast_oidc_client_secret="x" * 40) as visit:
        assert "does not take our client and secret: invalid_client" in await visit.refused(503)


async def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(visit: Visit) -> None:
    visit.provider.supported = ["client_secret_post"]
    assert (await visit.signs_in()).status_code == 303


async def test_who_comes_back_with_nothing_again_and_again_must_wait(visit: Visit, caplog: Any) -> None:
    with caplog.at_level(logging.WARNING, "standfast.ingress.board"):
        answers = [(await visit.http.get("/sign-in/oidc/back?state=x&code=y")).status_code for _ in range(12)]
    assert answers == [403] * 10 + [429] * 2
    assert (await visit.http.get("/sign-in/oidc")).status_code == 429


async def test_a_session_is_worth_nothing_under_another_secret_issuer_or_purpose(visit: Visit) -> None:
    await visit.signs_in()
    session = visit.http.cookies[PERSON]
    ticket = (await visit.http.get("/sign-in/oidc")).cookies[COOKIE]
    visit.http.cookies.clear()
    others = [
        BoardAccess(Settings.model_validate({**OIDC, **other}), "0.0.0.0:1").session("dana", "d", NOW)
        for other in ({"standfast_oidc_client_secret": "y" * 40}, {"standfast_oidc_issuer": "https://evil.example"})
    ]
    said, _, proof = session.partition(".")
    for forged in (
        *others,
        ticket,
        said,
        f"{said}.",
        f"{said}x.{proof}",
        f"{said}.{proof[:-1]}",
        "." * 5000,
        "\u0663.x",
    ):
        answer = await visit.http.get("/", headers=[(b"cookie", f"{PERSON}={forged}".encode())])
        assert answer.status_code == 401, forged
    assert (await visit.http.get("/", headers={"cookie": f"{PERSON}={session}"})).status_code == 200


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("", CLIENT, SECRET), "STANDFAST_OIDC_ISSUER: found nothing"),
        ((ISSUER, CLIENT, ""), "STANDFAST_OIDC_CLIENT_SECRET: found nothing"),
        ((ISSUER, CLIENT, "short"), "found 5 characters, expected 16"),
        (("http://login.example", CLIENT, SECRET), "expected an https address"),
        (("login.example", CLIENT, SECRET), "expected an https address"),
        ((f"{ISSUER}?a=b", CLIENT, SECRET), "expected an https address"),
    ],
)
def test_settings_that_cannot_be_used_open_nothing(settings: tuple[str, str, str], said: str, caplog: Any) -> None:
    assert said in OidcSettings(*settings).wrong[0]
    given = dict(zip([name for name in OIDC if "oidc" in name], settings, strict=True))
    with caplog.at_level(logging.WARNING, "standfast.ingress.board"):
        gate = BoardAccess(Settings.model_validate(given), "127.0.0.1:8080")
    assert (gate.closed, gate.by_oidc, said in caplog.text) == (True, False, True)
    assert not OidcSettings("", "", "").wrong


async def test_a_policy_that_does_not_say_where_the_board_is_lets_nobody_be_sent_back(visit: Visit) -> None:
    policy = visit.company.with_name("policy.yaml")
    policy.write_text(policy.read_text().replace(BOARD, "http://board.harbourline.example"))
    answer = await visit.http.get("/sign-in/oidc")
    assert (answer.status_code, "does not say where the board is" in answer.text) == (503, True)
