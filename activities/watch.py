"""What the watchman asks: what stands still, and whom it wakes."""

import hashlib
import logging
import re
from datetime import UTC, datetime

import httpx
from pydantic_settings import BaseSettings
from temporalio import activity
from temporalio.client import Client

from activities.trouble import Trouble, look_around
from config.company import Company, InvalidFile, changed_at
from config.trust import authorities
from domain.company.catalog import Catalog, Service
from domain.company.policy import Policy
from domain.exchange import Alarm, CompanyFinding
from domain.port.chat import ShowHeadline
from domain.port.message import Message
from domain.port.pager import Page

log = logging.getLogger("standfast.watch")
PATIENCE = 5.0
NOBODY = "INC-00000"
"""The incident of a page that is about none."""


class Settings(BaseSettings):
    """Who is told each minute that the engine's schedule, its workflows and a worker still work together."""

    standfast_heartbeat_url: str = ""


async def beat(url: str) -> None:
    """Ask for the address, which is a sign of life to whoever waits; it may bear a token, so it is not said."""
    if not url:
        return
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, verify=authorities()) as http:
            (await http.get(url)).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("STANDFAST_HEARTBEAT_URL was not told: %s", type(error).__name__)


class WatchActivities:
    """Looks around in the engine, with the company's people at hand."""

    def __init__(self, client: Client, company: Company, queue: str) -> None:
        self._client, self._company, self._queue = client, company, queue

    @activity.defn(name="look_around")
    async def look(self) -> tuple[Alarm | CompanyFinding, ...]:
        """Everything that stands still, each with the page of the last resort; and what #incidents is to be told."""
        now = datetime.now(UTC)
        found = await look_around(self._client, self._queue, now)
        await beat(Settings().standfast_heartbeat_url)
        catalog, policy = self._company.catalog, self._company.policy
        default, chat = fallback(catalog, policy), catalog.vendors["room"]
        unfit = self._company.unfit.values() if chat != "none" else ()
        standing = tuple(
            alarm(one, catalog, catalog.services.get(one.service, default), policy.ladder, now, name=_name(one))
            for one in found
            if one.kind != "rules"  # its own incident pages
        )
        return (*standing, *(unused(one, chat) for one in unfit))


def unused(unfit: InvalidFile, chat: str) -> CompanyFinding:
    """What #incidents is told once of a file that was changed into what cannot be used; of its next change again."""
    found = "; ".join(unfit.findings)[:1000]
    name = hashlib.sha256(f"{unfit} {changed_at(unfit.file)}".encode()).hexdigest()[:12]
    headline = ShowHeadline(
        key=f"headline/{name}",
        incident=NOBODY,
        clause="SOC-1",
        summary=f"tell #incidents: {unfit.file.name} cannot be used",
        message=Message(
            text=f"The file {unfit.file.name} cannot be used as it is now. *What it said goes on.* Found: {found}",
            small="SOC-1 · `standfast policy check`",
        ),
    )
    return CompanyFinding(key=f"{CompanyFinding.prefix}{name}", headline=headline, vendor=chat)


def fallback(catalog: Catalog, policy: Policy) -> Service:
    """The service whose last resort is paged for what belongs to none; any, where the policy names one that is not."""
    return catalog.services.get(policy.alerts.default_service or "", next(iter(catalog.services.values())))


def _name(trouble: Trouble) -> str:
    """The same for the same trouble, in the letters of a page's key: the pager's answers know it for ours by these."""
    return "watchman-" + re.sub(r"[^\w-]+", "-", trouble.key).strip("-")


def alarm(
    trouble: Trouble, catalog: Catalog, service: Service, ladder: tuple[str, ...], now: datetime, *, name: str
) -> Alarm:
    """The page of this name that says what stands still, to the last level of the service's ladder."""
    levels = catalog.teams[service.team].levels
    level = next((one for one in reversed(ladder) if one in levels), "")
    vendor = catalog.vendor("pager", service.name)
    people = levels[level].on_call(now) if level else ()
    page = Page(
        key=f"page/{name}",
        incident=trouble.workflow if trouble.workflow.startswith("INC-") else NOBODY,
        clause="SOC-1",
        summary=f"page the last resort: {trouble.workflow} stands still",
        level=level or "last resort",
        people=tuple(catalog.people[one] for one in people if one in catalog.people),
        schedule=levels[level].schedule if level else "",
        service=service.at(vendor),
        title=f"Standfast stands still: {trouble.workflow}: {trouble.said}"[:250],
        text=f"What to do: {trouble.do}. `standfast doctor` says what else is wrong.",
        fired_at=trouble.since or now,
    )
    return Alarm(key=trouble.key, page=page, vendor=vendor)
