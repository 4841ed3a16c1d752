"""However much a proved sender says, and in however odd a shape, what is heard of it is bounded and rings (DET-1)."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.vendors.delivery import NOW
from vendors import door, hearing, wrapping
from vendors.directory import DIRECTORY
from vendors.door import Request

FEW = 5
MANY = 100_000
MESSAGES: dict[str, Callable[[list[Any]], Any]] = {
    "alertmanager": lambda alerts: {"status": "firing", "groupLabels": {}, "alerts": alerts},
    "datadog": lambda alerts: alerts,
    "generic": lambda alerts: alerts,
}
BODIES: dict[str, bytes] = {
    "deep lists": b"[" * MANY,
    "deep objects": b'{"a":' * MANY,
    "many keys": json.dumps({f"k{number}": number for number in range(MANY)}).encode(),
    "a long title": json.dumps({"title": "[(" * MANY, "subject": "** X Service Alert: " + " is" * MANY}).encode(),
    "long tags": json.dumps({"title": "x", "tags": " a:b" * MANY, "type": "aA" * MANY}).encode(),
    "commas for tags": json.dumps({"title": "x", "tags": "," * MANY}).encode(),
    "a long number": b'{"title":"x","value":' + b"9" * MANY + b"}",
    "a far exponent": b'{"title":"x","value":1e' + b"9" * MANY + b"}",
    "half an emoji": b'{"title":"' + b"\\ud800" * MANY + b'"}',
    "commas": b'{"title":"x",' + b" " * MANY + b",}",
    "gzip in gzip": gzip.compress(gzip.compress(b" " * MANY)),
    "entities": b'<!DOCTYPE a [<!ENTITY b "' + b"x" * MANY + b'">]><a>' + b"&b;" * MANY + b"</a>",
}
TYPES = {"entities": "application/xml"}


def alert(number: int) -> dict[str, Any]:
    """One that each of these doors can read."""
    labels = {"alertname": f"a{number}", "service": "checkout"}
    return {"labels": labels, "title": f"a{number}", "monitor_id": str(number), "key": str(number), "kind": "alert"}


def request(body: bytes, kind: str = "application/json") -> Request:
    return Request(headers={"content-type": kind}, body=body, received_at=NOW)


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize("name", MESSAGES)
def test_of_more_alerts_in_one_message_than_are_read_the_rest_is_an_alert(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "WHOLE", FEW)
    body = json.dumps(MESSAGES[name]([alert(number) for number in range(FEW + 2)])).encode()
    heard = DIRECTORY[name].part("webhook").read(request(body))
    assert len(heard.alerts) == FEW + 1
    assert heard.alerts[-1].title == f"{name} said a storm that could not be read whole"


@pytest.mark.sop("DET-1")
def test_a_form_that_takes_too_much_to_read_is_a_storm_that_could_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapping, "FORM", 100)
    body = b"payload=%7B" + b"%22" * 100
    heard = DIRECTORY["generic"].part("webhook").read(request(body, "application/x-www-form-urlencoded"))
    assert [one.title for one in heard.alerts] == ["generic said a storm that could not be read whole"]


@pytest.mark.sop("DET-1")
def test_of_alerts_one_to_a_line_no_more_are_taken_apart_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "WHOLE", FEW)
    assert len(door.read_json(b'{"title":"x"}\n' * 100)) == FEW + 1


@pytest.mark.sop("DET-1")
@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("shape", BODIES)
def test_an_odd_shape_is_heard_or_rings_and_what_is_kept_of_it_is_small(name: str, shape: str) -> None:
    heard = DIRECTORY[name].part("webhook").read(request(BODIES[shape], TYPES.get(shape, "application/json")))
    assert heard.alerts or heard.remark
    assert len(heard.model_dump_json()) < 100_000
