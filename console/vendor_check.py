"""The doctor's look at the vendors: each has its settings, lets us in, and knows what incidents will ask of it."""

import asyncio
import os
from functools import partial
from typing import Literal

import httpx

from config.company import InvalidFile, load
from config.company import Settings as CompanySettings
from config.trust import authorities
from console.check import CheckResult, patient
from demo.played import home, played
from domain.company.catalog import Catalog
from domain.port.duty import VendorError
from vendors.directory import DIRECTORY
from vendors.vendor import Vendor

AWAY = "try again in a moment; where it stays away, see name resolution, proxy and firewall on this machine"
VENDOR = 30.0
"""Seconds for one vendor, who may be asked of many people's accounts; one that is away hides no other."""


def chosen() -> list[str]:
    """The vendors that play a role, by the catalog; none when the catalog does not load."""
    try:
        catalog = load(CompanySettings().standfast_catalog, Catalog)
    except InvalidFile:
        return []
    everybody = [catalog.vendors, *(service.vendors for service in catalog.services.values())]
    return sorted({name for one in everybody for name in one.values()} - {"none"})


async def vendors() -> list[CheckResult]:
    """Every vendor that plays a role has its settings, and lets us in where that can be asked cheaply.

    Beside `make up` a vendor without settings of its own is the one that is played there.
    """
    there, wanted = played(home()), chosen()
    here = {one.name for one in DIRECTORY.values() if there and one.missing}
    for name, value in there.items():
        os.environ.setdefault(name, value)
    async with httpx.AsyncClient(verify=authorities()) as http:
        asked = [(one, one.name in wanted) for one in DIRECTORY.values() if one.roles]
        looks = [(one.name, partial(_whole, one, plays, http)) for one, plays in asked]
        found = await asyncio.gather(*(patient(name, look, VENDOR) for name, look in looks))
        return [_played(seen) if seen.what in here else seen for each in found for seen in each]


def _played(seen: CheckResult) -> CheckResult:
    """What is said of a vendor that `make up` plays: nobody is to take it for the real one."""
    return seen.model_copy(update={"said": f"played by `make up`: {seen.said}"} if seen.state != "absent" else {})


async def _whole(one: Vendor, plays: bool, http: httpx.AsyncClient) -> list[CheckResult]:
    """How a vendor is, and what it lacks where it lets us in."""
    seen = await vendor(one, plays, http)
    return [seen, *(await lacks(one, http) if plays and seen.state == "ok" else [])]


async def lacks(one: Vendor, http: httpx.AsyncClient) -> list[CheckResult]:
    """What of the catalog the vendor does not know or would not take, before the first incident asks for it."""
    client = one.client(http)
    if not hasattr(client, "lacks"):
        return []
    try:
        found = await client.lacks(load(CompanySettings().standfast_catalog, Catalog))
    except VendorError as error:
        do = error.do or "give its key the right to read what incidents use"
        return [CheckResult(what=f"{one.name} beforehand", state="warn", said=f"could not be asked: {error}", do=do)]
    states: dict[bool, Literal["failed", "warn"]] = {True: "failed", False: "warn"}
    return [
        CheckResult(what=f"{one.name} beforehand", state=states[lack.fails], said=lack.said, do=lack.do)
        for lack in found
    ]


async def vendor(one: Vendor, chosen: bool, http: httpx.AsyncClient) -> CheckResult:
    """One vendor; one that is not chosen may stay without settings."""
    if one.missing:
        said = f"not set: {', '.join(one.missing)}"
        if not chosen:
            return CheckResult(what=one.name, state="absent", said=said)
        if any(os.environ.get(name) for name in one.needs):
            return CheckResult(what=one.name, state="failed", said=said, do="set the rest of its settings")
        do = "set them, or choose `none` in the catalog; until then its duties fail and people are told"
        return CheckResult(what=one.name, state="failed", said=said, do=do)
    client = one.client(http)
    if not hasattr(client, "probe"):
        return CheckResult(what=one.name, said="configured; it offers no cheap question to prove it")
    try:
        return CheckResult(what=one.name, said=await client.probe())
    except VendorError as error:
        do = error.do or (AWAY if error.retryable else f"check {', '.join(one.needs)}")
        return CheckResult(what=one.name, state="failed", said=str(error), do=do)
