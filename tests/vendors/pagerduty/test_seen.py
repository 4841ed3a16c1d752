"""What PagerDuty was seen to say, or says it does, is read as it stands."""

import json
from datetime import timedelta

import httpx
import pytest

from domain.port.duty import VendorError
from tests.specs import spec
from tests.vendors.delivery import captured
from tests.vendors.pagerduty.company import page, settings, standin
from vendors.api import Api
from vendors.pagerduty import answer, webhook
from vendors.pagerduty.client import Client

SEEN = spec("pagerduty/samples/responses")
RULES = spec("pagerduty/samples/webhooks-v3")


@pytest.mark.parametrize("name", ["a", "b"])
async def test_real_incidents_are_read_alone_and_in_a_list(name: str) -> None:
    shown = json.loads((SEEN / f"ocean.incidents.{name}.json").read_text())
    one, several = (httpx.Response(200, json=whole) for whole in ({"incident": shown}, {"incidents": [shown]}))
    async with httpx.AsyncClient() as http:
        api = Api("PagerDuty", http, "https://api.pagerduty.com")
    incident = api.parsed(one, answer.Incident, "incident")
    assert (incident.id, incident.status) == (shown["id"], shown["status"])
    assert api.parsed(several, tuple[answer.Incident, ...], "incidents") == (incident,)


@pytest.mark.parametrize("name", ["a", "b"])
def test_real_people_on_call_are_read(name: str) -> None:
    shown = json.loads((SEEN / f"ocean.oncalls.{name}.json").read_text())
    [oncall] = answer.Oncalls.model_validate({"oncalls": [shown]}).oncalls
    assert oncall.user is not None
    assert (oncall.user.id, oncall.escalation_level) == (shown["user"]["id"], shown["escalation_level"])


async def test_the_documented_limit_is_waited_out() -> None:
    said = json.loads((SEEN / "docs.error.429.json").read_text())
    limited = httpx.MockTransport(lambda _: httpx.Response(429, headers=said["headers"], json=said["body"]))
    async with httpx.AsyncClient(transport=limited) as http:
        with pytest.raises(VendorError, match="Rate Limit Exceeded") as refused:
            await Client(settings(), http).page(page(1), again=False)
    assert (refused.value.retryable, refused.value.retry_after) == (True, timedelta(seconds=20))
    assert standin().refused_body(429) == said["body"]


def test_the_documented_refusal_has_a_number_for_programs() -> None:
    said = (SEEN / "docs.error.generic.json").read_bytes()
    assert answer.code(httpx.Response(400, content=said)) == 2001
    assert standin().refused_body(400)["error"].keys() <= json.loads(said)["error"].keys()


def test_an_event_about_a_service_is_a_remark() -> None:
    heard = webhook.read(captured(RULES / "docs.service.updated.json"))
    assert (heard.alerts, heard.acts) == ((), ())
    assert "service.updated" in heard.remark
