"""An invitation is one that calendars act on, and a repeated one is the same meeting."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from pydantic import SecretStr

from domain.company.catalog import Person
from domain.port.duty import VendorError
from domain.port.mailer import SendInvitation
from standins.smtp.standin import Standin
from standins.standin import Fault
from vendors.smtp.client import Client, Settings
from vendors.smtp.invitation import calendar

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
REQUIRED = {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "ATTENDEE"}
"""What a REQUEST must carry (RFC 5546, 3.2.2)."""


def invitation(**changes: Any) -> SendInvitation:
    asked: dict[str, Any] = {
        "key": "invite_postmortem/1",
        "incident": "INC-7K3QF",
        "clause": "PM-1",
        "summary": "invite Mira to the post-mortem",
        "person": Person(id="mira", name='Mira "M" Castellano', email="mira@harbourline.example"),
        "title": "Post-mortem of INC-7K3QF; checkout, größer als je zuvor " + "x" * 80,
        "text": "It was resolved.\nIt is yours to complete.",
        "url": "https://notes.example/1",
        "uid": "inc-7k3qf/postmortem",
        "starts_at": START,
        "length": timedelta(hours=1),
    }
    return SendInvitation.model_validate({**asked, **changes})


def properties(message: EmailMessage) -> dict[str, str]:
    """The calendar part's properties by name, unfolded as RFC 5545 says."""
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    lines = payload.decode().replace("\r\n ", "").split("\r\n")
    assert max(len(line) for line in payload.split(b"\r\n")) <= 75
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    return {name.split(";")[0]: value for name, _, value in (line.partition(":") for line in lines[:-1])}


@pytest.fixture
async def post() -> AsyncIterator[Standin]:
    async with Standin(unknown=("gone@harbourline.example",)) as standin:
        yield standin


@pytest.fixture
def client(post: Standin) -> Client:
    return Client(Settings(smtp_url=SecretStr(post.url), mail_from="Standfast <incidents@harbourline.example>"))


@pytest.mark.sop("PM-1")
async def test_the_owners_calendar_gets_the_meeting(client: Client, post: Standin) -> None:
    sent = await client.send_invitation(invitation(), again=False)
    (message,) = post.messages
    said = properties(message)
    assert said.keys() >= REQUIRED
    assert (said["UID"], said["SEQUENCE"]) == ("inc-7k3qf/postmortem@harbourline.example", "0")
    assert (said["DTSTART"], said["DTEND"]) == ("20260304T090000Z", "20260304T100000Z")
    assert said["SUMMARY"].startswith("Post-mortem of INC-7K3QF\\; checkout\\, größer")
    assert said["DESCRIPTION"] == "It was resolved.\\nIt is yours to complete."
    assert said["ATTENDEE"] == "mailto:mira@harbourline.example"
    assert (sent.ref, sent.people) == (message["Message-ID"], ("mira@harbourline.example",))
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "https://notes.example/1" in plain.get_content()


async def test_a_repeated_invitation_is_the_same_meeting_in_the_same_message(client: Client, post: Standin) -> None:
    post.fail(Fault("lose", path="DATA"))
    with pytest.raises(VendorError):
        await client.send_invitation(invitation(), again=False)
    await client.send_invitation(invitation(), again=True)
    first, second = map(properties, post.messages)
    assert (first["UID"], first["SEQUENCE"]) == (second["UID"], second["SEQUENCE"])
    assert len(post.delivered()) == 1


async def test_a_later_invitation_moves_the_meeting(client: Client, post: Standin) -> None:
    await client.send_invitation(invitation(), again=False)
    moved = {"key": "invite_postmortem/2", "sequence": 1, "starts_at": START + timedelta(days=2)}
    await client.send_invitation(invitation(**moved), again=False)
    first, second = map(properties, post.messages)
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == ("0", "1")
    assert len(post.delivered()) == 2


async def test_an_unknown_person_is_refused_for_good(client: Client, post: Standin) -> None:
    gone = Person(id="gone", name="Gone", email="gone@harbourline.example")
    with pytest.raises(VendorError, match="no such mailbox") as refused:
        await client.send_invitation(invitation(person=gone), again=False)
    assert not refused.value.retryable
    assert post.messages == []


async def test_nothing_a_title_holds_can_add_a_property(client: Client, post: Standin) -> None:
    await client.send_invitation(invitation(title="a\r\nSTATUS:CANCELLED", text="b\r\nUID:2"), again=False)
    said = properties(post.messages[0])
    assert (said["STATUS"], said["UID"]) == ("CONFIRMED", "inc-7k3qf/postmortem@harbourline.example")


async def test_a_name_that_would_break_out_of_its_header_is_refused(client: Client, post: Standin) -> None:
    eve = Person(id="eve", name='Eve"\r\nATTENDEE:mailto:x@y.example', email="eve@harbourline.example")
    assert "\r\nATTENDEE:mailto:x" not in calendar(invitation(person=eve), "a@harbourline.example", START)
    with pytest.raises(VendorError, match="can't be sent"):
        await client.send_invitation(invitation(person=eve), again=False)
    assert post.messages == []
