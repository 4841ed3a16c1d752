"""GitHub tells what was deployed when, and is believed by its signature."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from domain.alerting.alert import WebhookContent
from domain.company.deployment import Deployment
from standins.github.standin import Standin
from tests.vendors.delivery import NOW, captured, delivery, samples, vectors
from vendors.door import DoorClosed, Request, Unreadable, Unverified
from vendors.github.webhook import Settings, read, verify

FOLDER, FACTS = samples("github")
VECTORS = vectors("github")
FORM = "application/x-www-form-urlencoded"
STATES = {"context": "requested", "deploy_started": "started", "deploy": "succeeded", "deploy_failed": "failed"}


def settings(secret: str) -> Settings:
    return Settings.model_validate({"github_webhook_secret": secret})


def believed(request: Request, secret: str) -> bool:
    try:
        verify(request, settings(secret))
    except Unverified:
        return False
    return True


def sample(name: str) -> WebhookContent:
    """A sample with the header that GitHub gives such a body."""
    event = name.removeprefix("docs.").partition(".")[0]
    request = captured(FOLDER / name)
    return read(request.model_copy(update={"headers": {"x-github-event": event}}))


def changed(place: str = "deployment", **changes: Any) -> Deployment:
    """A successful deployment, with changes to a part of it."""
    body = json.loads((FOLDER / "deployment_status.success.production.json").read_text())
    body[place].update(changes)
    [deployment] = read(delivery(json.dumps(body), x_github_event="deployment_status")).deployments
    return deployment


@pytest.mark.parametrize("name", FACTS)
def test_every_sample_says_what_its_facts_say(name: str) -> None:
    facts, heard = FACTS[name], sample(name)
    assert (heard.alerts, heard.acts) == ((), ())
    if facts["signal"] not in STATES:
        assert (heard.deployments, bool(heard.remark)) == ((), True)
        return
    [deployment] = heard.deployments
    assert deployment.state == STATES[facts["signal"]]
    assert deployment.environment == facts.get("env", "production")
    assert deployment.sha == facts.get("sha", deployment.sha)
    if "service" in facts:
        assert deployment.repository.endswith("/" + facts["service"])
    if "at" in facts:
        assert deployment.at == datetime.fromisoformat(facts["at"])


def test_every_sample_was_read() -> None:
    known = {path.name for path in FOLDER.glob("*.json")} - {"facts.json", "signature-vectors.json"}
    assert set(FACTS) == known


def test_a_deployment_says_who_deployed_what_and_where_to_look() -> None:
    assert changed() == Deployment(
        source="github",
        id="acme/checkout#145988746",
        repository="acme/checkout",
        environment="production",
        sha="f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
        ref="main",
        description="checkout 2026.11.23-3",
        url="https://github.com/acme/checkout/actions/runs/9001",
        state="succeeded",
        at=datetime(2026, 11, 23, 2, 47, 31, tzinfo=UTC),
        by="dana",
    )


def test_without_a_log_people_are_led_to_the_commit_and_never_elsewhere() -> None:
    commit = "https://github.com/acme/checkout/commit/f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
    assert changed("deployment_status", log_url="", target_url="javascript:alert(1)").url == commit
    [asked] = sample("docs.deployment.created.json").deployments
    assert asked.url.startswith("https://github.com/Codertocat/Hello-World/commit/")


@pytest.mark.parametrize(
    ("payload", "service"),
    [
        ({"service": "search"}, "search"),
        ('{"service": "search"}', "search"),
        ({"service": 7}, ""),
        ("not json", ""),
        ("[" * 100_000, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_in_a_repository_of_many_the_payload_names_the_service(payload: Any, service: str) -> None:
    assert changed(payload=payload).service == service


@pytest.mark.parametrize(("state", "ours"), [("queued", "requested"), ("waiting", "requested"), ("error", "failed")])
def test_every_state_has_a_word_of_ours(state: str, ours: str) -> None:
    assert changed("deployment_status", state=state).state == ours


def test_a_state_to_come_is_a_remark() -> None:
    body = json.loads((FOLDER / "deployment_status.success.production.json").read_text())
    body["deployment_status"]["state"] = "destroyed"
    assert "is destroyed" in read(delivery(json.dumps(body), x_github_event="deployment_status")).remark


@pytest.mark.parametrize("event", ["", "push", "deployment_protection_rule"])
def test_another_event_is_a_remark_even_if_a_deployment_stands_in_it(event: str) -> None:
    raw = (FOLDER / "docs.deployment.created.json").read_bytes()
    heard = read(delivery(raw, x_github_event=event))
    assert (heard.deployments, "which is no deployment" in heard.remark) == ((), True)


def test_a_form_is_read_as_its_payload() -> None:
    raw = (FOLDER / "deployment_status.success.production.json").read_text()
    form = delivery(urlencode({"payload": raw}), x_github_event="deployment_status", content_type=FORM)
    assert read(form).deployments == (changed(),)


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_a_signature_is_believed_as_the_vector_says(vector: dict[str, Any]) -> None:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    request = Request(headers=headers, body=vector["body"].encode(), received_at=NOW)
    assert believed(request, vector["secret"]) is not vector["expect"].startswith("reject")


def test_one_flipped_bit_anywhere_shuts_the_door() -> None:
    signed = Standin("s3cr3t").press_deploy(NOW, "f95f852b")
    assert believed(signed, "s3cr3t")
    for place in range(len(signed.body)):
        body = bytearray(signed.body)
        body[place] ^= 1
        assert not believed(signed.model_copy(update={"body": bytes(body)}), "s3cr3t")


@pytest.mark.parametrize("secrets", ["s3cr3t,second", "second, s3cr3t"])
def test_while_secrets_change_either_is_believed(secrets: str) -> None:
    for secret in ("s3cr3t", "second"):
        assert believed(Standin(secret).press_ping(NOW), secrets)
    assert not believed(Standin("third").press_ping(NOW), secrets)


@pytest.mark.parametrize("secret", ["", ","])
def test_without_a_secret_the_door_is_closed_even_to_a_signature_with_an_empty_one(secret: str) -> None:
    with pytest.raises(DoorClosed, match="GITHUB_WEBHOOK_SECRET"):
        verify(Standin("").press_ping(NOW), settings(secret))


@pytest.mark.parametrize("signature", ["", "sha256=", "sha1=52fbca38", "\xff"])
def test_a_signature_that_is_none_is_turned_away(signature: str) -> None:
    assert not believed(delivery("{}", x_hub_signature_256=signature), "s3cr3t")
    assert not believed(delivery("{}"), "s3cr3t")


@pytest.mark.parametrize(
    ("body", "path"),
    [("{}", "deployment"), ("not json", "byte 0"), ("[]", "body")],
)
def test_what_is_no_deployment_is_unreadable(body: str, path: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(delivery(body, x_github_event="deployment_status"))
    assert refused.value.path == path


def test_a_status_event_without_a_status_is_unreadable() -> None:
    raw = (FOLDER / "docs.deployment.created.json").read_bytes()
    with pytest.raises(Unreadable, match="deployment_status"):
        read(delivery(raw, x_github_event="deployment_status"))
