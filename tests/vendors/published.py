"""Holds what clients and stand-ins say to each other against the vendor's published description."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jsonschema import Draft202012Validator
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True)
class Exchange:
    """One request with its answer, as both went over the wire."""

    method: str
    path: str
    query: dict[str, list[str]]
    asked: bytes
    status: int
    answered: bytes


def recorded(app: ASGIApp, exchanges: list[Exchange]) -> ASGIApp:
    """The same application, with every exchange noted."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        asked, answered, statuses = bytearray(), bytearray(), []

        async def receiving() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            answered.extend(message.get("body", b""))
            statuses.extend([message["status"]] if "status" in message else [])
            await send(message)

        await app(scope, receiving, sending)
        query = parse_qs(scope["query_string"].decode())
        exchanges.append(Exchange(scope["method"], scope["path"], query, bytes(asked), statuses[0], bytes(answered)))

    return serve


@dataclass
class Description:
    """A published OpenAPI document; `loose` are properties that are maps although it lists an example key."""

    path: Path
    prefix: str = ""
    loose: frozenset[str] = frozenset()
    document: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.document = json.loads(self.path.read_text())

    def relax(self, deviations: Path) -> None:
        """Allow what the vendor was seen to answer against its own document."""
        for deviation in json.loads(deviations.read_text())["relaxations"]:
            schema = self._at(deviation["pointer"])
            schema.update({"type": [*_types(schema), deviation.get("add", "null")]})
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]

    def complaints(self, exchanges: Iterable[Exchange]) -> list[str]:
        """Everything in these exchanges that the document does not allow; a refusal's body is only held to JSON."""
        return [complaint for exchange in exchanges for complaint in self._complaints(exchange)]

    def _complaints(self, exchange: Exchange) -> Iterable[str]:
        where = f"{exchange.method} {exchange.path}"
        operation = self._operation(exchange)
        if operation is None:
            return [f"{where}: not in the document"]
        known = {entry["name"] for entry in operation.get("parameters", []) if entry["in"] == "query"}
        found = [f"{where}: unknown query {name}" for name in exchange.query.keys() - known]
        content = (
            self._resolved(operation.get("requestBody", {}))
            .get("content", {})
            .get("application/json", {})
            .get("schema")
        )
        if content:
            found += self._faults(where, self._closed(content), json.loads(exchange.asked))
        answer = operation["responses"].get(str(exchange.status))
        if exchange.status < 300 and answer is None:
            found.append(f"{where}: answered {exchange.status}, which the document does not list")
        if exchange.status < 300 and exchange.status != 204 and answer and "content" in answer:
            schema = answer["content"]["application/json"]["schema"]
            found += self._faults(f"{where} answer", schema, json.loads(exchange.answered))
        return found

    def _faults(self, where: str, schema: dict[str, Any], value: Any) -> list[str]:
        rooted = {**schema, "components": self._components}
        errors = Draft202012Validator(rooted).iter_errors(value)
        return [f"{where}: {error.json_path}: {error.message}" for error in errors]

    @cached_property
    def _components(self) -> Any:
        """The shared schemas, read once: a document may be large, and is not relaxed any more when it is asked."""
        return _nullable(self.document["components"])

    def _operation(self, exchange: Exchange) -> dict[str, Any] | None:
        """The operation with the most literal path that fits."""
        wanted = exchange.path.removeprefix(self.prefix)
        for path in sorted(self.document["paths"], key=lambda path: path.count("{")):
            pattern = re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(path))
            operation = self.document["paths"][path].get(exchange.method.lower())
            if operation and re.fullmatch(pattern, wanted):
                shared = self.document["paths"][path].get("parameters", [])
                listed = [*operation.get("parameters", []), *shared]
                return {**operation, "parameters": [self._resolved(one) for one in listed]}
        return None

    def _resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        return self._at(part["$ref"].removeprefix("#")) if "$ref" in part else part

    def _closed(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema of a request, with unknown fields forbidden: a misspelt field must not pass."""
        if "$ref" in schema:
            return self._closed(self._at(schema["$ref"].removeprefix("#")))
        closed = {key: value for key, value in schema.items() if key not in ("example", "default")}
        properties = schema.get("properties", {})
        if properties:
            closed["properties"] = {
                name: part if name in self.loose else self._closed(part) for name, part in properties.items()
            }
            closed.setdefault("additionalProperties", False)
        return closed

    def _at(self, pointer: str) -> dict[str, Any]:
        part: Any = self.document
        for step in pointer.strip("/").split("/"):
            part = part[step]
        assert isinstance(part, dict)
        return part


def _types(schema: dict[str, Any]) -> list[str]:
    kind = schema.get("type", "object")
    return list(kind) if isinstance(kind, list) else [kind]


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0 writes `nullable: true` where JSON Schema has a type "null"."""
    if isinstance(schema, list):
        return [_nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    read = {key: _nullable(value) for key, value in schema.items()}
    if schema.get("nullable") is True and "type" in schema:
        read["type"] = [*_types(schema), "null"]
    return read
