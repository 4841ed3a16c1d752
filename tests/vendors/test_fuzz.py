"""Whatever one value of a proved alert becomes, somebody hears of it; whatever a body becomes, nothing falls over."""

import json
import random
from contextlib import suppress
from typing import Any

import pytest

from tests.specs import root
from tests.vendors.delivery import NOW, captured
from tests.vendors.generic.test_senders import SENDERS
from tests.vendors.mutation import OPEN, broken, firing, garbage, heard, mutated, mutations
from vendors.directory import DIRECTORY
from vendors.door import Request, Unreadable

FIRING = firing()
SAMPLES = sorted(path for name in FIRING for path in (root() / f"inbound/{name}/samples").glob("*.json"))
NO_BODY = ("facts.json", "signature-vectors.json", "signing-cert-urls.json", "captured.retry-timeline.json")


def unheard(name: str, request: Request, content: Any) -> list[str]:
    """The mutations after which neither the alert nor anything in its stead is heard."""
    silent = []
    for path, odd in mutations(content):
        told = heard(name, broken(request, mutated(content, path, odd)))
        open_word = path.startswith(OPEN.get(name, "-"))
        if not told.alerts and not open_word:
            silent.append(f"{path} = {str(odd)[:20]!r}: {told.remark}")
    return silent


@pytest.mark.parametrize("name", FIRING)
def test_no_odd_value_makes_an_alert_unheard(name: str) -> None:
    request = FIRING[name]
    content = json.loads(request.body)
    assert unheard(name, request, content) == []


def test_no_odd_value_of_an_alarm_in_an_envelope_makes_it_unheard() -> None:
    envelope = json.loads(FIRING["cloudwatch"].body)
    alarm = json.loads(envelope["Message"])
    bare = FIRING["cloudwatch"].model_copy(update={"headers": {}})
    assert unheard("cloudwatch", bare, alarm) == []


@pytest.mark.parametrize("name", SENDERS)
def test_no_odd_value_of_a_monitor_without_a_door_makes_it_unheard(name: str) -> None:
    _, fires, _ = SENDERS[name]
    assert unheard("generic", Request(headers={}, body=json.dumps(fires).encode(), received_at=NOW), fires) == []


@pytest.mark.parametrize("name", FIRING)
def test_no_garbage_falls_over(name: str) -> None:
    chance = random.Random(name)  # noqa: S311, the same garbage every time
    for _ in range(150):
        heard(name, FIRING[name].model_copy(update={"body": garbage(chance, FIRING[name].body)}))


@pytest.mark.parametrize("name", [name for name, vendor in DIRECTORY.items() if vendor.hears and name not in FIRING])
def test_no_garbage_falls_over_where_no_alerts_come_from(name: str) -> None:
    chance = random.Random(name)  # noqa: S311, the same garbage every time
    seeds = [request.body for request in FIRING.values()]
    for _ in range(300):
        request = Request(headers={}, body=garbage(chance, chance.choice(seeds)), received_at=NOW)
        with suppress(Unreadable):
            assert DIRECTORY[name].part("webhook").read(request).unread == ()


@pytest.mark.slow
@pytest.mark.parametrize("path", [one for one in SAMPLES if one.name not in NO_BODY], ids=lambda one: one.name)
def test_no_odd_value_in_a_real_message_makes_it_unheard(path: Any) -> None:
    name, request = path.parts[-3].removeprefix("aws-"), captured(path)
    try:
        content = json.loads(request.body)
    except ValueError:
        return
    told = heard(name, request)
    silent = unheard(name, request, content) if any(one.state == "firing" for one in told.alerts) else []
    assert [one for one in silent if "AWS suppresses" not in one] == []
    chance = random.Random(path.name)  # noqa: S311, the same garbage every time
    for _ in range(2000):
        heard(name, request.model_copy(update={"body": garbage(chance, request.body)}))
