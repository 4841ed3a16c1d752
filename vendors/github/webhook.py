"""Proves GitHub's webhooks, and reads the deployments in them (TRI-1).

`X-Hub-Signature-256` is `sha256=` and the HMAC-SHA256, in hex, of the raw body; the older SHA-1 header is not read.
No time is signed: a recording tells a state of a deployment that is known, with the deployment's own time.

GitHub never sends again by itself, and a webhook says nothing but what was deployed: no alert comes from here. A
deployment that a newer one replaces becomes `inactive`, which is no deployment.

https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
"""

import json
from typing import Any
from urllib.parse import parse_qs

from pydantic import AliasPath, Field, SecretStr
from pydantic_settings import BaseSettings

from domain.alerting.alert import WebhookContent
from domain.company.deployment import Deployment, DeploymentState
from domain.value.model import Instant
from vendors.door import Request, Unreadable, parse, read_json, secrets_of, signed_hex, verify_any
from vendors.said import Part, Text

STATES: dict[str, DeploymentState] = {
    "queued": "requested",
    "pending": "requested",
    "waiting": "requested",
    "in_progress": "started",
    "success": "succeeded",
    "failure": "failed",
    "error": "failed",
}
"""The set is open; a word that is not here is a remark."""


class Settings(BaseSettings):
    """The secrets GitHub may sign with, comma-separated so that they can be rotated."""

    github_webhook_secret: SecretStr = SecretStr("")


class _Repository(Part):
    """What was deployed."""

    full_name: str
    html_url: Text = ""


class _Deployed(Part):
    """The deployment."""

    id: int
    sha: str
    ref: Text = ""
    environment: str
    description: Text = ""
    payload: dict[str, Any] | list[Any] | str | None = None
    created_at: Instant
    creator: Text = Field("", validation_alias=AliasPath("creator", "login"))

    @property
    def service(self) -> str:
        """The service that the deployment's own payload names, which may be an object or JSON as text."""
        payload = self.payload
        try:
            content = json.loads(payload) if isinstance(payload, str) else payload
        except (ValueError, RecursionError):
            return ""
        named = content.get("service") if isinstance(content, dict) else None
        return named if isinstance(named, str) else ""


class _Status(Part):
    """What became of the deployment."""

    state: str
    environment: Text = ""
    description: Text = ""
    log_url: Text = ""
    target_url: Text = ""
    created_at: Instant
    creator: Text = Field("", validation_alias=AliasPath("creator", "login"))


class _Body(Part):
    """A deployment that was asked for, or one with its status."""

    deployment: _Deployed
    deployment_status: _Status | None = None
    repository: _Repository


def verify(request: Request, settings: Settings) -> None:
    """Accept a signature with any of the secrets."""
    secrets = secrets_of(settings.github_webhook_secret, "GITHUB_WEBHOOK_SECRET")
    found = request.headers.get("x-hub-signature-256", "")
    verify_any([found], [f"sha256={signed_hex(secret, request.body)}" for secret in secrets])


def read(request: Request) -> WebhookContent:
    """Turn a deployment's event into a deployment; other events, the ping too, are remarks."""
    event = request.headers.get("x-github-event", "")
    if event == "ping":
        return WebhookContent(remark="GitHub has reached us: its webhook is set up")
    if event not in ("deployment", "deployment_status"):
        return WebhookContent(remark=f"GitHub says {event or 'something'!r}, which is no deployment")
    body = parse(_Body, _content(request))
    if event == "deployment":
        return WebhookContent(deployments=(_deployment(body, "requested"),))
    if body.deployment_status is None:
        raise Unreadable("deployment_status", "nothing", "the status that the event is about")
    state = body.deployment_status.state
    if state not in STATES:
        return WebhookContent(remark=f"A deployment of {body.repository.full_name} is {state}, which changes nothing")
    return WebhookContent(deployments=(_deployment(body, STATES[state]),))


def _content(request: Request) -> Any:
    """The body, also when the webhook was set up to send it as a form."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = parse_qs(request.body.decode(errors="replace"))
        return read_json(form.get("payload", [""])[0].encode())
    return read_json(request.body)


def _deployment(body: _Body, state: DeploymentState) -> Deployment:
    """The deployment in the state of its status, with the status's own words, person and time where it has them."""
    made, status, repository = body.deployment, body.deployment_status, body.repository
    logs = (status.log_url, status.target_url) if status else ()
    by = (status.creator if status else "") or made.creator
    return Deployment(
        source="github",
        id=f"{repository.full_name}#{made.id}",
        repository=repository.full_name,
        service=made.service,
        environment=(status and status.environment) or made.environment,
        sha=made.sha,
        ref=made.ref,
        description=(status and status.description) or made.description or "",
        url=_address(*logs, f"{repository.html_url}/commit/{made.sha}"),
        state=state,
        at=status.created_at if status else made.created_at,
        by=by,
    )


def _address(*found: str | None) -> str:
    """The first that is a web address."""
    return next((url for url in found if url and url.startswith(("https://", "http://"))), "")
