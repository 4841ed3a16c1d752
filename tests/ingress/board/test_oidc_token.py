"""What a provider's token must be before it is believed, and whom of the company it means."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.company import Company
from config.company import Settings as CompanySettings
from ingress.board.oidc import ProvedAddress
from ingress.board.sign_in import known
from tests.ingress.board.arrival import Visit, arriving
from tests.ingress.board.night import NOW
from tests.ingress.board.provider import CLIENT, FIRST, SECOND, unsigned


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    async with arriving(tmp_path) as visit:
        yield visit


AT = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"nonce": "of another attempt"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": AT - 120}, "expired"),
        ({"exp": None}, "exp"),
        ({"iat": AT + 3600}, "issued in the future"),
        ({"aud": "another client"}, "aud"),
        ({"aud": ["another client"], "azp": CLIENT}, "aud"),
        ({"aud": [CLIENT, "another client"], "azp": "another client"}, "azp"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"sub": None}, "sub"),
        ({"at_hash": "of another token"}, "at_hash"),
    ],
)
async def test_a_token_that_is_not_for_us_and_now_is_not_believed(
    visit: Visit, claims: dict[str, Any], said: str
) -> None:
    visit.provider.claims = claims
    shown = await visit.refused()
    assert "did not prove who you are" in shown
    assert said in shown


@pytest.mark.parametrize(
    "write",
    [
        unsigned,
        FIRST.confused,
        SECOND.signed,
        lambda claims: SECOND.signed(claims, kid="first"),
        lambda claims: SECOND.signed(claims, kid="encrypts"),
        lambda claims: FIRST.signed(claims)[:-4] + "AAAA",
        lambda claims: "no token",
        lambda claims: "",
    ],
    ids=["none", "HS256", "unknown key", "another's key", "key to encrypt", "broken", "words", "nothing"],
)
async def test_a_token_that_the_provider_did_not_sign_is_not_believed(visit: Visit, write: Any) -> None:
    visit.provider.write = write
    assert "did not prove who you are" in await visit.refused()


async def test_a_provider_that_has_turned_its_keys_is_asked_for_them_once(visit: Visit) -> None:
    assert (await visit.signs_in()).status_code == 303
    visit.provider.key, visit.provider.published = SECOND, [FIRST, SECOND]
    assert (await visit.signs_in()).status_code == 303
    assert (await visit.signs_in()).status_code == 303
    counted = [visit.provider.asked.count(place) for place in ("/.well-known/openid-configuration", "/keys", "/token")]
    assert counted == [1, 2, 3]
    visit.night.clock.at += timedelta(hours=1)
    await visit.signs_in()
    assert visit.provider.asked.count("/.well-known/openid-configuration") == 2


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ({"email_verified": False}, "has verified Dana@harbourline.example (email_verified)"),
        ({"email_verified": None}, "has verified"),
        ({"email": ""}, "told no e-mail address"),
        ({"email": "dana"}, "dana is the address of nobody in the catalog"),
        (
            {"email": "dana.okafor@harbourline.example"},
            "nobody in the catalog, which has dana@harbourline.example for Dana",
        ),
        ({"email": "dana@gmail.example"}, "nobody in the catalog. Whoever keeps"),
    ],
)
async def test_somebody_whom_the_catalog_does_not_know_by_a_verified_address_is_not_let_in(
    visit: Visit, person: dict[str, Any], said: str
) -> None:
    visit.provider.person |= person
    assert said in await visit.refused()


@pytest.mark.parametrize("thin", [True, False])
@pytest.mark.parametrize(
    "says", [{"email_verified": "true"}, {"email_verified": None, "xms_edov": True}, {"email_verified": True}]
)
async def test_each_provider_says_its_own_way_that_an_address_is_verified(
    visit: Visit, thin: bool, says: dict[str, Any]
) -> None:
    visit.provider.thin = thin
    visit.provider.person |= says
    assert (await visit.signs_in()).status_code == 303


async def test_what_is_told_of_the_address_must_be_of_the_same_person(visit: Visit) -> None:
    visit.provider.thin, visit.provider.claims = True, {"sub": "somebody else"}
    assert "of somebody else" in await visit.refused()


def test_an_address_that_two_people_have_is_nobodys() -> None:
    catalog = Company(CompanySettings()).catalog
    sam = catalog.people["sam"].model_copy(update={"email": "Dana@Harbourline.example"})
    twice = catalog.model_copy(update={"people": {**catalog.people, "sam": sam}})
    assert "of several people" in str(known(ProvedAddress("dana@harbourline.example", True), twice))
