"""What Slack's published types say of our requests and of the stand-in's."""

import json
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from standins.standin import Call
from tests.specs import spec
from tests.vendors.schema import reader


@cache
def _api() -> Any:
    return json.loads(spec("slack/slack-web-api.openapi.json").read_text())


@cache
def _types() -> Any:
    return reader({"components": _api()["components"]})


@cache
def _schema(name: str) -> Any:
    return _types()(f"#/components/schemas/{name}")


@cache
def _payloads() -> Any:
    return reader({"$defs": json.loads(spec("slack/slack-inbound.schema.json").read_text())["$defs"]})


@cache
def inbound(name: str) -> Any:
    """The validator of one kind of payload that Slack sends."""
    return _payloads()(f"#/$defs/{name}")


def request_faults(method: str, arguments: Any) -> list[str]:
    """Where a request is not what the method takes."""
    errors = _schema(f"Req_{method.replace('.', '_')}").iter_errors(arguments)
    return [f"{method} {error.json_path}: {error.message[:200]}" for error in errors]


def answer_faults(method: str, answer: Any) -> list[str]:
    """Where an answer is not what the method gives, loosely: the types, and what success must carry."""
    errors = _schema(f"Res_{method.replace('.', '_')}").iter_errors(answer)
    return [f"{method} {error.json_path}: {error.message[:200]}" for error in errors]


def takes_json(method: str) -> bool:
    return bool(_api()["paths"][f"/{method}"]["post"]["x-json-body-accepted"])


def call_faults(call: Call) -> list[str]:
    """Where a call that was made is not what Slack takes, its encoding included."""
    method = call.path.rsplit("/", 1)[-1]
    if call.headers["content-type"].startswith("application/json"):
        wrong = [] if takes_json(method) else [f"{method} reads no JSON"]
        return wrong + request_faults(method, json.loads(call.body))
    form = parse_qs(call.body.decode(), keep_blank_values=True)
    return request_faults(method, {name: _typed(name, values[0]) for name, values in form.items()})


def _typed(name: str, value: str) -> Any:
    return json.loads(value) if name in ("limit", "include_all_metadata", "exclude_archived", "inclusive") else value
