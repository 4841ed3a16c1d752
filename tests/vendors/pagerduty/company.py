"""The company that the PagerDuty tests are about, and its pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from domain.company.catalog import Link, Person
from domain.port.pager import AcknowledgePages, Page, ReadPages, ResolvePages
from standins.pagerduty.account import Service, User
from standins.pagerduty.standin import Standin
from vendors.pagerduty.client import Client, Settings

FIRED_AT = datetime(2026, 11, 23, 2, 54, 10, tzinfo=UTC)
SECRET = "secret-one"  # noqa: S105
DANA = Person(id="dana", name="Dana Ops", email="dana@acme.example", ids={"pagerduty": "PDANA"})
SAM = Person(id="sam", name="Sam Second", email="sam@acme.example", ids={"pagerduty": "PSAM"})
NEW = Person(id="new", name="Newcomer", email="new@acme.example")
ROUTING_KEY = "0123456789abcdef0123456789abcdef"
TOKEN = "token-one"  # noqa: S105


def settings(**changed: str) -> Settings:
    """The company's settings, some of them changed."""
    usual = {
        "pagerduty_api_token": TOKEN,
        "pagerduty_from": "standfast@acme.example",
        "pagerduty_routing_key": ROUTING_KEY,
        "pagerduty_webhook_secrets": SECRET,
    }
    return Settings.model_validate(usual | changed)


def standin(clock: Callable[[], datetime] = lambda: FIRED_AT) -> Standin:
    """The company's PagerDuty: Dana is paged first, then Sam; checkout has a schedule with both."""
    people = [User(one.at("pagerduty"), one.name, one.email) for one in (DANA, SAM)]
    return Standin(
        token=TOKEN,
        secret=SECRET,
        users=[*people, User("PBOT", "Standfast", "standfast@acme.example")],
        services=[
            Service("PCHECKOUT", "Checkout API (prod)", ("PDANA", "PSAM"), ROUTING_KEY),
            Service("PBILLING", "Billing (prod)", ("PSAM",)),
        ],
        schedules={"PSCHEDULE": ((2, "PSAM"), (1, "PDANA"), (3, "PDANA"))},
        clock=clock,
    )


def http(vendor: Standin, **more: Any) -> httpx.AsyncClient:
    """A way to the stand-in without a socket."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=vendor.app), **more)


def client(vendor: Standin, **changed: str) -> Client:
    """The company's client, talking to this stand-in."""
    return Client(settings(**changed), http(vendor))


def page(number: int = 1, **changed: Any) -> Page:
    """The page of this number about the checkout incident, some of it changed."""
    usual: dict[str, Any] = {
        "key": f"page/{number}",
        "incident": "INC-7K3QF",
        "clause": "ACK-2",
        "summary": "Page the next level",
        "level": "secondary",
        "service": "PCHECKOUT",
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
    return AcknowledgePages.model_validate(what | {"refs": refs, "by": "dana"})


def resolving(*refs: str) -> ResolvePages:
    """The incident of these pages is over."""
    what = {"key": "resolve/1", "incident": "INC-7K3QF", "clause": "RES-1", "summary": "Take the pages back"}
    return ResolvePages.model_validate(what | {"refs": refs, "reason": "rolled back"})


def reading(*refs: str) -> ReadPages:
    """How do these pages stand?"""
    what = {"key": "read_pages/1", "incident": "INC-7K3QF", "clause": "ACK-1", "summary": "Ask the pager"}
    return ReadPages.model_validate(what | {"refs": refs})
