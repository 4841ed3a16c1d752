"""Every request of PagerDuty's client, and every answer of its stand-in, against PagerDuty's own descriptions."""

import json
from functools import cache
from typing import Any

import httpx
import jsonschema
import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from standins.pagerduty.standin import Standin
from tests.specs import spec
from tests.vendors.pagerduty import company
from tests.vendors.pagerduty.company import SAM, acknowledging, page, reading, resolving, standin
from vendors.pagerduty.client import Client

REST = spec("pagerduty/pagerduty-rest-v2.openapi.json")
EVENTS = spec("pagerduty/pagerduty-events-v2.openapi.json")
DEVIATIONS = spec("pagerduty/observed-deviations.json")


def relax(node: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    """A property's schema as real bodies want it."""
    match rule["op"]:
        case "allow_ref":
            return {"anyOf": [node, {"$ref": rule["add"]}]}
        case "allow_type":
            return {"anyOf": [node, {"type": rule["add"]}]}
        case _:
            return node | {"nullable": True}


def relaxed(document: dict[str, Any]) -> dict[str, Any]:
    """The description with the observed deviations applied."""
    for rule in json.loads(DEVIATIONS.read_text())["relaxations"]:
        *parents, last = rule["pointer"].strip("/").split("/")
        node: Any = document
        for step in parents:
            node = node[int(step)] if isinstance(node, list) else node[step]
        node[last] = relax(node[last], rule)
    for name in ("id", "type"):
        # The document calls them read-only, yet a reference is sent by them in its own examples.
        del document["components"]["schemas"]["Tag"]["allOf"][0]["properties"][name]["readOnly"]
    return document


@cache
def description(path: str) -> OpenAPI:
    document = json.loads((EVENTS if path.endswith("/enqueue") else REST).read_text())
    checked = document if path.endswith("/enqueue") else relaxed(document)
    return OpenAPI.from_dict(checked)


def check(response: httpx.Response) -> None:
    """Hold one exchange against the description of its operation; a refusal's request need not be right."""
    sent, url = response.request, response.request.url
    host, _, path = str(url.copy_with(query=None)).partition(url.host)
    query: dict[str, Any] = {}
    for name, value in url.params.multi_items():
        query.setdefault(name, []).append(value)
    args = {name: values if name.endswith("[]") else values[0] for name, values in query.items()}
    asked = MockRequest(
        host + url.host,
        sent.method.lower(),
        path,
        args=args,
        headers=dict(sent.headers),
        data=sent.content or None,
        content_type=sent.headers.get("content-type", ""),
    )
    known = description(path)
    if response.is_success:
        known.validate_request(asked)
    answered = MockResponse(response.content, response.status_code, content_type=response.headers["content-type"])
    known.validate_response(asked, answered)


class Talk:
    """A client whose every exchange with the stand-in is kept."""

    def __init__(self, vendor: Standin) -> None:
        self.exchanges: list[httpx.Response] = []
        self.client = Client(company.settings(), company.http(vendor, event_hooks={"response": [self._keep]}))

    async def _keep(self, response: httpx.Response) -> None:
        await response.aread()
        self.exchanges.append(response)


async def everything(client: Client) -> None:
    """Every request the client can make, each twice."""
    named = page(1, people=(SAM,))
    for again in (False, True):
        refs = [(await client.page(one, again=again)).ref for one in (page(0), named, page(2, schedule="PSCHEDULE"))]
        await client.read_pages(reading(*refs, "QGONE"), again=again)
        await client.acknowledge_pages(acknowledging(*refs, "QGONE"), again=again)
        await client.read_pages(reading(*refs), again=again)
    await client.page(named, again=False)
    await client.probe()
    for again in (False, True):
        await client.resolve_pages(resolving(*refs), again=again)
        await client.read_pages(reading(*refs), again=again)


async def test_every_request_and_every_answer_is_as_pagerduty_describes_it() -> None:
    talk = Talk(standin())
    await everything(talk.client)
    for exchange in talk.exchanges:
        check(exchange)
    spoken = {(one.request.method, one.request.url.path.split("/Q")[0], one.status_code) for one in talk.exchanges}
    assert spoken == {
        ("POST", "/v2/enqueue", 202),
        ("POST", "/incidents", 201),
        ("POST", "/incidents", 400),
        ("GET", "/incidents", 200),
        ("GET", "/incidents", 404),
        ("PUT", "/incidents", 200),
        ("GET", "/oncalls", 200),
    }


async def test_a_request_that_pagerduty_would_not_know_fails_the_check() -> None:
    talk = Talk(standin())
    await talk.client.page(page(1, people=(SAM,)), again=False)
    request = talk.exchanges[0].request
    del request.headers["From"]
    with pytest.raises(OpenAPIError):
        check(talk.exchanges[0])


@pytest.mark.parametrize("name", ["trigger", "acknowledge", "resolve"])
async def test_the_documented_events_are_taken(name: str) -> None:
    vendor = standin()
    body = json.loads(spec(f"pagerduty/samples/requests/docs.events.{name}.json").read_text())
    body |= {"routing_key": company.ROUTING_KEY}
    answer = await company.http(vendor).post("https://events.pagerduty.com/v2/enqueue", json=body)
    assert (answer.status_code, len(vendor.pages)) == (202, 1 if name == "trigger" else 0)


@pytest.mark.parametrize("name", ["simple-request", "body-details", "incident-key-details"])
async def test_the_documented_incidents_are_taken(name: str) -> None:
    vendor = standin()
    body = json.loads(spec(f"pagerduty/samples/requests/docs.incidents.create.{name}.json").read_text())
    body["incident"]["service"]["id"] = "PCHECKOUT"
    headers = {"Authorization": f"Token token={company.TOKEN}", "From": "dana@acme.example"}
    answer = await company.http(vendor).post("https://api.pagerduty.com/incidents", json=body, headers=headers)
    assert (answer.status_code, vendor.pages[0].title) == (201, body["incident"]["title"])


Asked = tuple[str, str, dict[str, str], Any]
GOOD = {"Authorization": f"Token token={company.TOKEN}", "From": "dana@acme.example"}
NEW: dict[str, Any] = {"type": "incident", "title": "t", "service": {"id": "PCHECKOUT", "type": "service_reference"}}
EVENT: dict[str, Any] = {"routing_key": company.ROUTING_KEY, "event_action": "resolve", "dedup_key": "k"}
MANY = [{"id": "Q1", "type": "incident_reference", "status": "resolved"}] * 251
BAD_TRIGGER = EVENT | {"event_action": "trigger"}
REFUSED: dict[str, tuple[Asked, int]] = {
    "no token": (("GET", "/incidents", {}, None), 401),
    "a token in another form": (("GET", "/incidents", {"Authorization": f"Bearer {company.TOKEN}"}, None), 401),
    "no From": (("POST", "/incidents", {"Authorization": GOOD["Authorization"]}, {"incident": NEW}), 400),
    "a stranger's From": (("POST", "/incidents", GOOD | {"From": "x@example.com"}, {"incident": NEW}), 400),
    "a field that does not exist": (("POST", "/incidents", GOOD, {"incident": NEW | {"colour": "red"}}), 400),
    "a missing title": (("POST", "/incidents", GOOD, {"incident": {**NEW, "title": ""}}), 400),
    "an unknown service": (
        ("POST", "/incidents", GOOD, {"incident": NEW | {"service": {"id": "PX", "type": "service_reference"}}}),
        400,
    ),
    "an unknown assignee": (
        (
            "POST",
            "/incidents",
            GOOD,
            {"incident": NEW | {"assignments": [{"assignee": {"id": "PX", "type": "user_reference"}}]}},
        ),
        400,
    ),
    "an unknown incident": (("GET", "/incidents/QX", GOOD, None), 404),
    "more than 250 changes": (("PUT", "/incidents", GOOD, {"incidents": MANY}), 413),
    "a short routing key": (("POST", "/v2/enqueue", {}, EVENT | {"routing_key": "short"}), 400),
    "an unknown routing key": (("POST", "/v2/enqueue", {}, EVENT | {"routing_key": "f" * 32}), 400),
    "a trigger without payload": (("POST", "/v2/enqueue", {}, BAD_TRIGGER), 400),
    "a resolve without key": (("POST", "/v2/enqueue", {}, EVENT | {"dedup_key": ""}), 400),
    "a key of 256 characters": (("POST", "/v2/enqueue", {}, EVENT | {"dedup_key": "k" * 256}), 400),
}


@pytest.mark.parametrize("why", REFUSED)
async def test_the_standin_refuses_as_pagerduty_does(why: str) -> None:
    (method, path, headers, body), status = REFUSED[why]
    vendor = standin()
    host = "https://events.pagerduty.com" if path == "/v2/enqueue" else "https://api.pagerduty.com"
    answer = await company.http(vendor).request(method, host + path, headers=headers, json=body)
    assert answer.status_code == status
    assert vendor.pages == []
    check(answer)


async def test_who_the_token_belongs_to_can_be_asked() -> None:
    answer = await company.http(standin()).get("https://api.pagerduty.com/users/me", headers=GOOD)
    assert answer.json()["user"]["id"] == "PDANA"
    full = {"Accept": "application/vnd.pagerduty+json;version=2", "Content-Type": "application/json"}
    check(await company.http(standin()).get("https://api.pagerduty.com/users/me", headers=GOOD | full))


@pytest.mark.parametrize(
    "schema", ["pagerduty/webhook-v3.derived.schema.json", "inbound/pagerduty/webhook-v3.schema.json"]
)
def test_every_press_sends_a_webhook_of_the_documented_shape(schema: str) -> None:
    vendor = standin()
    sent = [vendor.press_trigger("PCHECKOUT", title, priority="P1") for title in ("Disk full", "Disk fuller")]
    first, second = (page.id for page in vendor.pages)
    sent += [vendor.announce(first), vendor.escalate(first, "PSAM"), vendor.press_acknowledge(first, "PSAM")]
    sent += [vendor.press_note(first, "PSAM", "on it"), vendor.press_merge(second, first, "PSAM")]
    sent += [vendor.press_resolve(first), vendor.press_reopen(first, "PSAM"), vendor.press_test()]
    rules = jsonschema.Draft202012Validator(json.loads(spec(schema).read_text()))
    assert [error.message for one in sent for error in rules.iter_errors(json.loads(one.body))] == []
    assert len({one.headers["x-webhook-id"] for one in sent}) == len(sent)
