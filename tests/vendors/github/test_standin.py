"""The stand-in posts what GitHub would post, and its deployments are found at triage."""

import json
from datetime import UTC, datetime, timedelta

import jsonschema

from domain.alerting.alert import WebhookContent
from domain.company.catalog import Service
from domain.company.deployment import before
from standins.github.standin import Standin
from tests.specs import spec
from vendors.door import Request
from vendors.github.webhook import Settings, read, verify

NOW = datetime(2026, 11, 23, 2, 45, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
CHECKOUT = Service(name="checkout", title="Checkout", team="shop", repository="acme/checkout")


def heard(request: Request) -> WebhookContent:
    """What a message says; it is proved and valid, and reads the same twice."""
    verify(request, Settings.model_validate({"github_webhook_secret": "s3cr3t"}))
    event = request.headers["x-github-event"]
    if event != "ping":
        schema = json.loads(spec(f"inbound/github/{event}.schema.json").read_text())
        jsonschema.validate(json.loads(request.body), schema)
    assert read(request) == read(request)
    return read(request)


def test_a_deployment_is_one_from_its_request_to_its_end_and_found_before_the_alert() -> None:
    forge = Standin("s3cr3t")
    requests = [forge.press_deploy(NOW, "f95f852b", service="checkout")]
    requests += [forge.press_status(NOW, "in_progress"), forge.press_status(LATER)]
    deployments = [one for request in requests for one in heard(request).deployments]
    assert [one.state for one in deployments] == ["requested", "started", "succeeded"]
    assert len({one.id for one in deployments}) == 1
    assert before(deployments * 2, CHECKOUT, LATER) == (deployments[-1],)
    assert before(deployments, CHECKOUT, NOW) == (deployments[1],)


def test_what_deploys_nothing_is_a_remark() -> None:
    forge = Standin("s3cr3t")
    forge.press_deploy(NOW, "f95f852b")
    for said in (heard(forge.press_ping(NOW)), heard(forge.press_status(LATER, "inactive"))):
        assert (said.deployments, bool(said.remark)) == ((), True)
