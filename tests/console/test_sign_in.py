"""The doctor asks the provider by which people sign in to the board."""

import time
from pathlib import Path

import httpx
import pytest

from console.sign_in import board
from tests.ingress.board.arrival import OIDC, reachable
from tests.ingress.board.provider import BACK, ISSUER, Provider


async def asked(monkeypatch: pytest.MonkeyPatch, folder: Path, provider: Provider) -> dict[str, tuple[str, str]]:
    """What is found of each thing."""
    reachable(folder)
    monkeypatch.setenv("STANDFAST_POLICY", str(folder / "policy.yaml"))
    for name, value in OIDC.items():
        monkeypatch.setenv(name.upper(), value)
    return {one.what: (one.state, f"{one.said} {one.do}") for one in await board(provider.http())}


async def test_a_provider_that_knows_us_is_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = await asked(monkeypatch, tmp_path, Provider(time.time))
    assert found == {"sign-in by OIDC": ("ok", f"{ISSUER}, 2 keys "), "redirect address": ("ok", f"{BACK} ")}


async def test_a_redirect_address_that_is_not_registered_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    provider = Provider(time.time)
    provider.registered = ["https://elsewhere.example/"]
    state, said = (await asked(monkeypatch, tmp_path, provider))["redirect address"]
    assert state == "warn"
    assert f"answered 400 and did not send a browser back register exactly {BACK}" in said


async def test_a_provider_that_is_away_or_another_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    provider = Provider(time.time)
    provider.away = True
    state, said = (await asked(monkeypatch, tmp_path, provider))["sign-in by OIDC"]
    assert (state, "the token opens the board meanwhile" in said) == ("failed", True)
    provider.away = False
    monkeypatch.setitem(OIDC, "standfast_oidc_issuer", f"{ISSUER}/")
    [(state, said)] = (await asked(monkeypatch, tmp_path, provider)).values()
    assert (state, f"found issuer '{ISSUER}', expected '{ISSUER}/'" in said) == ("failed", True)


async def test_without_settings_it_is_not_configured_and_with_some_it_is_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert [one.state for one in await board(httpx.AsyncClient())] == ["absent"]
    monkeypatch.setenv("STANDFAST_OIDC_ISSUER", ISSUER)
    [found] = await board(httpx.AsyncClient())
    assert (found.state, "STANDFAST_OIDC_CLIENT_ID: found nothing" in found.said) == ("failed", True)


async def test_a_policy_without_the_boards_address_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = await asked(monkeypatch, tmp_path, Provider(time.time))
    (tmp_path / "policy.yaml").write_text((tmp_path / "policy.yaml").read_text().replace("board: https", "board: http"))
    provider = Provider(time.time)
    again = {one.what: one for one in await board(provider.http())}
    assert found["redirect address"][0] == "ok"
    assert (again["redirect address"].state, "board: https" in again["redirect address"].do) == ("failed", True)
