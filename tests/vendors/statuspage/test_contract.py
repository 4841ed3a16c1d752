"""Every request of Statuspage's client, and every delivery of its stand-in, against Statuspage's own description."""

import json

import jsonschema
import pytest

from standins.statuspage.standin import Standin
from tests.specs import spec
from tests.vendors.publication import account, draft, reading, update
from tests.vendors.published import Exchange
from tests.vendors.statuspage.conftest import published
from vendors.statuspage.client import Client

SCHEMAS = ("statuspage/webhook.derived.schema.json", "inbound/statuspage/webhook.schema.json")


async def test_every_request_and_every_answer_is_as_statuspage_describes_it(
    client: Client, exchanges: list[Exchange]
) -> None:
    for again in (False, True):
        await client.draft_from_template(draft(), again=again)
        ref = (await client.publish_update(update(), again=again)).ref
    for again in (False, True):
        await client.publish_update(update(2, ref=ref, status="resolved"), again=again)
        await client.read_status(reading(ref), again=again)
        await client.publish_postmortem(account(ref), again=again)
    await client.publish_update(update(3, incident="INC-7K3QG"), again=True)
    await client.probe()
    assert published().complaints(exchanges) == []
    spoken = {(one.method, one.path.rpartition("/")[2].replace(ref, "{id}"), one.status) for one in exchanges}
    assert spoken == {
        ("GET", "incident_templates", 200),
        ("GET", "unresolved", 200),
        ("GET", "incidents", 200),
        ("POST", "incidents", 201),
        ("GET", "{id}", 200),
        ("PATCH", "{id}", 200),
        ("GET", "postmortem", 404),
        ("GET", "postmortem", 200),
        ("PUT", "postmortem", 200),
        ("PUT", "publish", 200),
    }


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_press_sends_a_webhook_of_the_documented_shape(page: Standin, schema: str) -> None:
    ref = page.press_open("Checkout is failing")
    sent = [page.press_update(ref, "monitoring", "Better."), page.press_update(ref, "resolved", "Fixed.")]
    rules = jsonschema.Draft202012Validator(json.loads(spec(schema).read_text()))
    assert [error.message for one in sent for error in rules.iter_errors(json.loads(one.body))] == []


@pytest.mark.sop("COM-8")
async def test_the_public_post_mortem_stands_beside_the_incident_once_and_mails_once(
    client: Client, page: Standin
) -> None:
    ref = (await client.publish_update(update(status="resolved"), again=False)).ref
    before = len(page.notified)
    for again in (False, True):
        posted = await client.publish_postmortem(account(ref), again=again)
    assert (posted.ref, posted.url) == (ref, f"{page.site}{ref}")
    assert page.notified[before:] == [page.postmortems[ref]["body"]] == ["Payments failed for an hour."]
    await client.publish_postmortem(account(ref, "Payments failed for two hours."), again=False)
    assert page.postmortems[ref]["body"] == "Payments failed for two hours."
