"""The people and the duties of these tests, and what is asked of a client more than once."""

from collections.abc import Awaitable
from typing import Any

import pytest

from domain.company.catalog import Link, Person
from domain.port.chat import OpenRoom, Say, ShowCard, ShowHeadline
from domain.port.duty import VendorError
from domain.port.message import Button, Message
from standins.slack.standin import Standin

ADA = Person(id="ada", name="Ada Lovelace", ids={"slack": "UADA"})
BOB = Person(id="bob", name="Bob", ids={"slack": "UBOB"})
EVE = Person(id="eve", name="Eve")
GONE = Person(id="gone", name="Gone", ids={"slack": "UGONE"})
ABOUT: dict[str, Any] = {"incident": "INC-7K3QF", "clause": "WAR-1", "summary": "the war room"}
HELLO = Message(
    title="Checkout is down", text="Errors at 40 %", buttons=(Button(act="acknowledge", label="Acknowledge"),)
)
OPEN = OpenRoom(key="open_room", name="incident-7k3qf", topic="P1 · triage", **ABOUT)
HEADLINE = ShowHeadline(key="headline/1", message=HELLO, **ABOUT)


def say(**where: Any) -> Say:
    return Say(key="say/ack", message=HELLO, **where, **ABOUT)


def card(room: str, **more: Any) -> ShowCard:
    links = (Link(label="Dashboard", url="https://grafana.example.com/d/1"),)
    return ShowCard(key="card/1", room=room, message=HELLO, links=links, **more, **ABOUT)


def calls(slack: Standin, method: str) -> int:
    return sum(call.path.endswith(f"/{method}") for call in slack.calls)


async def refusal(doing: Awaitable[Any]) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await doing
    return caught.value
