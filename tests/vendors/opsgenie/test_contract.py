"""Every request of Opsgenie's client, and every answer of its stand-in, against Opsgenie's own description."""

import json
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import httpx
import jsonschema
import pytest

from domain.port.duty import VendorError
from standins.opsgenie.standin import Standin
from tests.specs import spec
from tests.vendors.opsgenie import company
from tests.vendors.opsgenie.company import SAM, acknowledging, page, reading, resolving, standin
from tests.vendors.published import Description, Exchange
from vendors.opsgenie import answer
from vendors.opsgenie.client import Client

OFFICIAL = spec("opsgenie/opsgenie.openapi.json")
RESPONSES = spec("opsgenie/samples/responses")


class Official(Description):
    """Opsgenie's document, whose operations share parameters and answers by reference and build bodies of parts."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for operation in (one for path in self.document["paths"].values() for one in path.values()):
            operation["parameters"] = [self._whole(one) for one in operation.get("parameters", [])]
            operation["responses"] = {code: self._whole(one) for code, one in operation["responses"].items()}

    def _whole(self, part: dict[str, Any]) -> dict[str, Any]:
        return self._at(part["$ref"].removeprefix("#")) if "$ref" in part else part

    def _closed(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A body of parts as one object, so that a field which none of the parts has is noticed."""
        whole = self._whole(schema)
        if "allOf" not in whole:
            return super()._closed(whole)
        parts = [self._whole(part) for part in whole["allOf"]]
        required = [name for part in parts for name in part.get("required", [])]
        properties = {name: one for part in parts for name, one in part.get("properties", {}).items()}
        return super()._closed({"type": "object", "required": required, "properties": properties})


@cache
def description() -> Official:
    document = Official(OFFICIAL, loose=frozenset({"details"}))
    document.relax(spec("opsgenie/observed-deviations.json"))
    return document


class Talk:
    """A client whose every exchange with the stand-in is kept."""

    def __init__(self, vendor: Standin) -> None:
        self.answers: list[httpx.Response] = []
        http = company.http(vendor, event_hooks={"response": [self._keep]})
        self.client = Client(company.settings(), http, company.no_pause)

    async def _keep(self, response: httpx.Response) -> None:
        await response.aread()
        self.answers.append(response)

    @property
    def exchanges(self) -> list[Exchange]:
        return [exchange(response) for response in self.answers]


def exchange(response: httpx.Response) -> Exchange:
    """The exchange with its path as it was sent, escaped slashes and all."""
    sent = response.request
    path, _, query = sent.url.raw_path.decode().partition("?")
    return Exchange(sent.method, path, parse_qs(query), sent.content, response.status_code, response.content)


async def everything(client: Client) -> None:
    """Every request the client can make, each twice."""
    await client.probe()
    pages = (page(0), page(1, people=(SAM,)), page(2, schedule="payments_schedule"))
    for again in (False, True):
        refs = [(await client.page(one, again=again)).ref for one in pages]
        await client.acknowledge_pages(acknowledging(*refs, "gone"), again=again)
        await client.read_pages(reading(*refs), again=again)
    for again in (False, True):
        await client.resolve_pages(resolving(*refs), again=again)
        await client.read_pages(reading(*refs), again=again)


async def test_every_request_and_every_answer_is_as_opsgenie_describes_it() -> None:
    vendor = standin()
    vendor.lag = 1
    talk = Talk(vendor)
    await everything(talk.client)
    assert description().complaints(talk.exchanges) == []
    spoken = {(one.method, one.path.rpartition("/")[2].split("-")[0], one.status) for one in talk.exchanges}
    assert spoken == {
        ("POST", "alerts", 202),
        ("POST", "acknowledge", 202),
        ("POST", "close", 202),
        ("GET", "request", 200),
        ("GET", "request", 404),
        ("GET", "INC", 200),
        ("GET", "INC", 404),
        ("GET", "alerts", 200),
        ("GET", "gone", 404),
        ("GET", "00000000", 200),
        ("GET", "on", 200),
    }
    assert {one.request.headers["authorization"] for one in talk.answers} == {f"GenieKey {company.KEY}"}


async def test_a_request_that_opsgenie_would_not_know_fails_the_check() -> None:
    talk = Talk(standin())
    await talk.client.page(page(1), again=False)
    good = talk.exchanges[0]
    wrong = json.loads(good.asked) | {"alais": "x", "message": 7}
    complaints = " ".join(
        description().complaints([Exchange("POST", good.path, {}, json.dumps(wrong).encode(), 202, b"{}")])
    )
    assert "alais" in complaints
    assert "$.message" in complaints
    assert "requestId" in complaints


Asked = tuple[str, str, Any]
NEW: dict[str, Any] = {"message": "m", "alias": "a"}
REFUSED: dict[str, tuple[Asked, int]] = {
    "a body that is no JSON": (("POST", "/v2/alerts", b"{"), 400),
    "a missing message": (("POST", "/v2/alerts", {"alias": "a"}), 422),
    "a message of 131 characters": (("POST", "/v2/alerts", NEW | {"message": "m" * 131}), 422),
    "an alias of 513 characters": (("POST", "/v2/alerts", NEW | {"alias": "a" * 513}), 422),
    "a description of 15001 characters": (("POST", "/v2/alerts", NEW | {"description": "d" * 15_001}), 422),
    "21 tags": (("POST", "/v2/alerts", NEW | {"tags": ["t"] * 21}), 422),
    "a tag of 51 characters": (("POST", "/v2/alerts", NEW | {"tags": ["t" * 51]}), 422),
    "a priority P6": (("POST", "/v2/alerts", NEW | {"priority": "P6"}), 422),
    "details that are no text": (("POST", "/v2/alerts", NEW | {"details": {"n": 1}}), 422),
    "a responder without a name": (("POST", "/v2/alerts", NEW | {"responders": [{"type": "user"}]}), 422),
    "a user by name": (("POST", "/v2/alerts", NEW | {"responders": [{"type": "user", "name": "dana"}]}), 422),
    "a field that does not exist": (("POST", "/v2/alerts", NEW | {"colour": "red"}), 422),
    "an unknown alert": (("GET", "/v2/alerts/gone", None), 404),
    "an alias asked for as an id": (("GET", "/v2/alerts/disk-1", None), 404),
    "a slash that is not escaped": (("GET", "/v2/alerts/INC-7K3QF/page/0?identifierType=alias", None), 404),
    "an unknown action": (("POST", "/v2/alerts/disk-1/explode?identifierType=alias", {}), 404),
    "a query nobody plays": (("GET", "/v2/alerts?query=status:open", None), 422),
    "an unknown request": (("GET", "/v2/alerts/requests/none", None), 404),
    "an unknown schedule": (("GET", "/v2/schedules/x/on-calls?scheduleIdentifierType=name&flat=true", None), 404),
    "a schedule's name as an id": (("GET", "/v2/schedules/payments_schedule/on-calls?flat=true", None), 404),
}


@pytest.mark.parametrize("why", REFUSED)
async def test_the_standin_refuses_as_opsgenie_does(why: str) -> None:
    (method, path, body), status = REFUSED[why]
    vendor = standin()
    vendor.press_create("Disk full", alias="disk-1")
    sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"authorization": f"GenieKey {company.KEY}"}
    refused = await company.http(vendor).request(
        method, f"https://api.opsgenie.com{path}", content=sent, headers=headers
    )
    assert refused.status_code == status
    assert [one.status for one in vendor.alerts] == ["open"]
    rules = {"$ref": "#/components/schemas/ErrorResponse", "components": description().document["components"]}
    jsonschema.validate(refused.json(), rules, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("key", ["", "genie-key-one", "Bearer genie-key-one", "GenieKey genie-key-two"])
async def test_another_key_or_none_is_refused(key: str) -> None:
    vendor = standin()
    http = company.http(vendor)
    refused = await http.post("https://api.opsgenie.com/v2/alerts", json=NEW, headers={"authorization": key})
    assert (refused.status_code, vendor.alerts) == (401, [])


def test_real_answers_are_read() -> None:
    for name, acknowledged in (("a", False), ("b", True)):
        real = json.loads((RESPONSES / f"ocean.alert.{name}.json").read_text())
        alert = answer.Alert.model_validate(real)
        assert (alert.id, alert.has("acknowledge"), alert.has("close"), alert.paged) == (
            real["id"],
            acknowledged,
            False,
            (),
        )
    oncall = json.loads((RESPONSES / "ocean.schedule-oncall.a.json").read_text())["__currentOncalls"]
    assert answer.Oncall.model_validate(oncall).recipients == ()
    for name, done in (("success", True), ("failure", False)):
        status = json.loads((RESPONSES / f"docs.incident-request-status.{name}.json").read_text())
        assert answer.Status.model_validate(status["data"]).success is done


async def test_the_limit_as_the_official_sdk_tests_it_is_waited_out() -> None:
    said = json.loads((RESPONSES / "sdk-test.error.429.json").read_text())
    limited = httpx.MockTransport(lambda _: httpx.Response(429, headers=said["headers"], json=said["body"]))
    async with httpx.AsyncClient(transport=limited) as http:
        with pytest.raises(VendorError, match="TooManyRequests") as refused:
            await Client(company.settings(), http, company.no_pause).page(page(0), again=False)
    assert (refused.value.retryable, refused.value.retry_after) == (True, timedelta(seconds=60))
    assert standin().refused_body(429).keys() == said["body"].keys()


@pytest.mark.parametrize("schema", ["opsgenie/webhook.derived.schema.json", "inbound/opsgenie/webhook.schema.json"])
def test_every_press_sends_a_webhook_of_the_documented_shape(schema: str) -> None:
    vendor, by = standin(), "dana@acme.example"
    sent = [vendor.press_create("Disk full", priority="P1")]
    ref = vendor.alerts[0].id
    sent += [vendor.announce(ref), vendor.escalate(ref, "sam@acme.example", "e"), vendor.press_acknowledge(ref, by)]
    sent += [vendor.press_escalate_next(ref, by, "sam@acme.example", "e"), vendor.press_unacknowledge(ref, by)]
    sent += [vendor.press_note(ref, by, "on it"), vendor.press_priority(ref, by, "P2")]
    sent += [vendor.press_action(ref, by, "RestartPods"), vendor.press_close(ref), vendor.press_delete(ref, by)]
    rules = jsonschema.Draft202012Validator(json.loads(spec(schema).read_text()))
    assert [error.message for one in sent for error in rules.iter_errors(json.loads(one.body))] == []
    assert vendor.alerts == []
