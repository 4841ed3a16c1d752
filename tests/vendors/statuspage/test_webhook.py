"""A status page is heard as context, and only through the door with its token."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from domain.port.status_page import PublishUpdate
from standins.statuspage.standin import Standin
from tests.specs import spec
from vendors.door import Request, Unreadable, Unverified
from vendors.statuspage import webhook
from vendors.statuspage.client import Client, Settings

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SAMPLES = ("inbound/statuspage/samples/vendor.*.json", "statuspage/samples/webhooks/*.json")


def delivery(body: bytes, query: dict[str, str] | None = None, **headers: str) -> Request:
    return Request(headers=headers, body=body, query=query or {}, received_at=NOW)


@pytest.mark.parametrize("where", SAMPLES)
def test_every_sample_is_a_remark_and_never_an_alert(where: str) -> None:
    samples = sorted(spec(where).parent.glob(where.rsplit("/", 1)[1]))
    assert len(samples) >= 4
    for sample in samples:
        heard = webhook.read(delivery(sample.read_bytes()))
        sent = json.loads(sample.read_bytes())
        name = sent["incident"]["name"] if "incident" in sent else sent["component"]["name"]
        assert name in heard.remark
        assert (heard.alerts, heard.acts) == ((), ())
        assert "unsubscribe" not in heard.remark


def test_a_vendors_incident_is_told_with_its_newest_words() -> None:
    sample = spec("inbound/statuspage/samples/vendor.incident.resolved.json").read_bytes()
    said = "Status page j2mfxwj97wnj: “Card payments failing” is resolved (none). “Fixed.” https://stspg.io/abc"
    assert webhook.read(delivery(sample)).remark == said


def test_a_component_is_told_with_both_states() -> None:
    sample = spec("inbound/statuspage/samples/vendor.component_update.json").read_bytes()
    said = "“Payments API” went from operational to degraded performance. Partial System Outage"
    assert said in webhook.read(delivery(sample)).remark


@pytest.mark.parametrize("token", ["old-token", "statuspage-door"])
def test_each_configured_token_opens_the_door_in_the_address_or_as_bearer(settings: Settings, token: str) -> None:
    webhook.verify(delivery(b"", {"token": token}), settings)
    webhook.verify(delivery(b"", authorization=f"Bearer {token}"), settings)
    assert token not in repr(delivery(b"", {"token": token}))


@pytest.mark.parametrize("token", ["", "statuspage-doos", "old-token, statuspage-door", "ключ"])
def test_another_token_or_none_does_not(settings: Settings, token: str) -> None:
    with pytest.raises(Unverified):
        webhook.verify(delivery(b"", {"token": token}), settings)


@pytest.mark.parametrize("configured", ["", " , "])
def test_without_a_configured_token_the_door_is_closed(configured: str) -> None:
    with pytest.raises(Unverified, match="STATUSPAGE_WEBHOOK_TOKEN"):
        webhook.verify(delivery(b"", {"token": ""}), Settings(statuspage_webhook_token=SecretStr(configured)))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"{", "byte 1"),
        (b"\xff", "byte 0"),
        (b"[]", "body"),
        (b'{"incident": {}}', "page"),
        (b'{"page": {"id": 1}}', "page.id"),
    ],
)
def test_what_cannot_be_read_says_where(body: bytes, path: str) -> None:
    with pytest.raises(Unreadable) as unread:
        webhook.read(delivery(body))
    assert unread.value.path == path


async def test_an_edit_by_hand_arrives_twice_and_is_the_same_remark(
    client: Client, page: Standin, settings: Settings
) -> None:
    update = PublishUpdate(
        key="update-1",
        incident="INC-7K3QF",
        clause="COM-1",
        summary="publish",
        number=1,
        status="investigating",
        title="Checkout is failing",
        body="We are looking.",
        impact="major",
    )
    ref = (await client.publish_update(update, again=False)).ref
    pressed = page.press_update(ref, "monitoring", "Better.")
    webhook.verify(pressed, settings)
    assert webhook.read(pressed) == webhook.read(pressed)
    assert "is monitoring (major). “Better.”" in webhook.read(pressed).remark
