"""Plays GitHub: a repository that is deployed, and its webhook."""

import json
from datetime import datetime
from itertools import count
from typing import Any

from standins.standin import Standin as _Standin
from vendors.door import Request, signed_hex


class Standin(_Standin):
    """One repository whose webhook signs with the secret."""

    name = "github"

    def __init__(self, secret: str, *, repository: str = "acme/checkout", by: str = "dana") -> None:
        super().__init__([])
        self._secret, self._by = secret, {"login": by, "id": 1, "type": "User"}
        self._repository = {
            "id": 186_853_002,
            "name": repository.partition("/")[2],
            "full_name": repository,
            "html_url": f"https://github.com/{repository}",
        }
        self._deployments: dict[int, dict[str, Any]] = {}
        self._numbers = count(145_988_746)

    def press_ping(self, at: datetime) -> Request:
        """Somebody sets the webhook up."""
        return self._send(at, "ping", {"zen": "Keep it logically awesome.", "hook_id": 30})

    def press_deploy(self, at: datetime, sha: str, environment: str = "production", **payload: str) -> Request:
        """A deployment is asked for."""
        number = next(self._numbers)
        self._deployments[number] = {
            "id": number,
            "sha": sha,
            "ref": "main",
            "task": "deploy",
            "payload": payload,
            "environment": environment,
            "original_environment": environment,
            "production_environment": environment == "production",
            "description": f"{self._repository['name']} {sha[:7]}",
            "creator": self._by,
            "created_at": _written(at),
            "updated_at": _written(at),
        }
        return self._send(at, "deployment", {"action": "created", "deployment": self._deployments[number]})

    def press_status(self, at: datetime, state: str = "success") -> Request:
        """The latest deployment comes into this state."""
        number, deployment = next(reversed(self._deployments.items()))
        status = {
            "id": number + 63_927_508,
            "state": state,
            "description": "",
            "environment": deployment["environment"],
            "target_url": "",
            "log_url": f"{self._repository['html_url']}/actions/runs/{number}",
            "created_at": _written(at),
            "updated_at": _written(at),
            "creator": self._by,
        }
        body = {"action": "created", "deployment_status": status, "deployment": deployment}
        return self._send(at, "deployment_status", body)

    def _send(self, at: datetime, event: str, body: dict[str, Any]) -> Request:
        raw = json.dumps({**body, "repository": self._repository, "sender": self._by}).encode()
        headers = {
            "content-type": "application/json",
            "user-agent": "GitHub-Hookshot/044aadd",
            "x-github-event": event,
            "x-github-delivery": f"72d3162e-cc78-11e3-81ab-{next(self._numbers):012d}",
            "x-hub-signature-256": f"sha256={signed_hex(self._secret, raw)}",
        }
        return Request(headers=headers, body=raw, received_at=at)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
