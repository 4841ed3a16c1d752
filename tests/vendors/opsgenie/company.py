"""The company that the Opsgenie tests are about, and its pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from domain.company.catalog import Link, Person
from domain.port.pager import AcknowledgePages, Page, ReadPages, ResolvePages
from standins.opsgenie.account import Team, User
from standins.opsgenie.standin import Standin
from vendors.opsgenie.client import Client, Settings

FIRED_AT = datetime(2026, 11, 23, 2, 54, 10, 123000, tzinfo=UTC)
KEY = "genie-key-one"
TOKEN = "door-one"  # noqa: S105
SAM_ID = "64818849-71d6-40ce-87c6-ed5e588702fd"
DANA = Person(id="dana", name="Dana Ops", email="dana@acme.example", ids={"opsgenie": "dana@acme.example"})
SAM = Person(id="sam", name="Sam Second", email="sam@acme.example", ids={"opsgenie": SAM_ID})
NEW = Person(id="new", name="Newcomer", email="new@acme.example")
ON_CALL = ("dana@acme.example", "sam@acme.example")


def settings(**changed: str) -> Settings:
    """The company's settings, some of them changed."""
    return Settings.model_validate({"opsgenie_api_key": KEY, "opsgenie_webhook_token": TOKEN} | changed)


def standin(clock: Callable[[], datetime] = lambda: FIRED_AT) -> Standin:
    """The company's Opsgenie: the payments team pages Dana first; its schedule has both."""
    return Standin(
        key=KEY,
        token=TOKEN,
        users=[User("daed1180-0ce8-438b-8f8e-57e1a5920a2d", "dana@acme.example"), User(SAM_ID, "sam@acme.example")],
        teams=[Team("5d6cf2a8-1b7e-4f77-9a5f-0c8d2b9f1e10", "payments", ON_CALL)],
        schedules={"payments_schedule": ON_CALL, "empty_schedule": ()},
        clock=clock,
    )


def http(vendor: Standin, **more: Any) -> httpx.AsyncClient:
    """A way to the stand-in without a socket."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=vendor.app), **more)


async def no_pause(seconds: float) -> None:
    """Nobody waits here."""


def client(vendor: Standin, **changed: str) -> Client:
    """The company's client, talking to this stand-in."""
    return Client(settings(**changed), http(vendor), no_pause)


def page(number: int = 1, **changed: Any) -> Page:
    """The page of this number about the checkout incident, some of it changed."""
    usual: dict[str, Any] = {
        "key": f"page/{number}",
        "incident": "INC-7K3QF",
        "clause": "ACK-2",
        "summary": "Page the next level",
        "level": "secondary",
        "service": "payments",
        "title": "Checkout 5xx rate above 5%",
        "text": "Nobody has acknowledged for 5 minutes.",
        "severity": "P1",
        "links": (Link(label="Dashboard", url="https://grafana.acme.example/d/checkout"),),
        "fired_at": FIRED_AT,
    }
    return Page.model_validate(usual | changed)


def acknowledging(*refs: str) -> AcknowledgePages:
    """Dana has acknowledged these pages somewhere else."""
    what = {"key": "acknowledge/1", "incident": "INC-7K3QF", "clause": "ACK-1", "summary": "Tell the pager"}
    return AcknowledgePages.model_validate(what | {"refs": refs, "by": "Dana Ops"})


def resolving(*refs: str) -> ResolvePages:
    """The incident of these pages is over."""
    what = {"key": "resolve/1", "incident": "INC-7K3QF", "clause": "RES-1", "summary": "Take the pages back"}
    return ResolvePages.model_validate(what | {"refs": refs, "reason": "rolled back"})


def reading(*refs: str) -> ReadPages:
    """How do these pages stand?"""
    what = {"key": "read_pages/1", "incident": "INC-7K3QF", "clause": "ACK-1", "summary": "Ask the pager"}
    return ReadPages.model_validate(what | {"refs": refs})
