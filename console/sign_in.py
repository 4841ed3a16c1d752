"""The doctor's look at sign-in to the board: what the provider says of itself, and whether it sends people back."""

from datetime import UTC, datetime
from urllib.parse import urljoin

import httpx

from config.company import InvalidFile, load
from config.company import Settings as CompanySettings
from config.trust import authorities
from console.check import CheckResult
from domain.company.policy import Policy
from domain.value.model import said_count
from ingress.board.gate import OidcSettings
from ingress.board.gate import Settings as BoardSettings
from ingress.board.oidc import PATIENCE, Attempt, OidcProvider, ProviderAway
from ingress.board.sign_in import NO_ADDRESS, address

HOPS = 5
"""Addresses of its own over which a provider may send a browser before it sends it back."""
LACKING = "set STANDFAST_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET, all three (docs/operations.md)"


async def board(http: httpx.AsyncClient | None = None) -> list[CheckResult]:
    """People can sign in to the board by the company's provider, where one is set."""
    settings = BoardSettings().oidc
    if not any(settings):
        return [CheckResult(what="sign-in by OIDC", state="absent", said="not set: STANDFAST_OIDC_ISSUER")]
    if settings.wrong:
        return [CheckResult(what="sign-in by OIDC", state="failed", said="; ".join(settings.wrong), do=LACKING)]
    async with http or httpx.AsyncClient(verify=authorities()) as asks:
        return await _provider(OidcProvider(settings, asks), settings, asks)


async def _provider(provider: OidcProvider, settings: OidcSettings, http: httpx.AsyncClient) -> list[CheckResult]:
    now = datetime.now(UTC)
    try:
        await provider.discovery(now)
        keys = await provider.keys(now)
    except ProviderAway as away:
        do = "compare STANDFAST_OIDC_ISSUER with its discovery document; the token opens the board meanwhile"
        return [CheckResult(what="sign-in by OIDC", state="failed", said=str(away), do=do)]
    said = f"{settings.issuer}, {said_count(len(keys['keys']), 'key')}"
    return [CheckResult(what="sign-in by OIDC", said=said), await _redirect(provider, http, now)]


async def _redirect(provider: OidcProvider, http: httpx.AsyncClient, now: datetime) -> CheckResult:
    """Whether it sends a browser back that has no session there, asked as nobody (`prompt=none`, Core 3.1.2.1)."""
    what = "redirect address"
    try:
        back = address(load(CompanySettings().standfast_policy, Policy).board)
    except InvalidFile:
        return CheckResult(what=what, state="warn", said="the policy cannot be read", do="run `standfast policy check`")
    if not back:
        return CheckResult(what=what, state="failed", said=NO_ADDRESS, do="set `board: https://…` in the policy")
    place = await provider.door(back, Attempt("doctor", "doctor", "doctor" * 8), now, prompt="none")
    said = ""
    for _ in range(HOPS):
        try:
            answer = await http.get(place, follow_redirects=False, timeout=PATIENCE)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            said = f"{type(error).__name__}"
            break
        place = urljoin(place, answer.headers.get("location", ""))
        said = f"it answered {answer.status_code} and did not send a browser back"
        if place.startswith(f"{back}?"):
            return CheckResult(what=what, said=back)
        if not answer.is_redirect:
            break
    return CheckResult(what=what, state="warn", said=said, do=f"register exactly {back} there, then try to sign in")
