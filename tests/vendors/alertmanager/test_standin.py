"""The stand-in says what Alertmanager would say: valid by its schema, grouped, forgetful of what has ended."""

import json
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from standins.alertmanager.standin import Standin
from tests.specs import spec
from vendors.alertmanager.webhook import Settings, read, verify
from vendors.door import Request

SCHEMA = json.loads((spec("inbound/alertmanager") / "webhook-v4.schema.json").read_text())
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)
SETTINGS = Settings.model_validate({"alertmanager_webhook_token": "s3cr3t"})


def states(request: Request) -> dict[str, str]:
    """What a message says, by instance; it is proved and valid, and reads the same twice."""
    verify(request, SETTINGS)
    jsonschema.validate(json.loads(request.body), SCHEMA)
    heard = read(request)
    assert heard == read(request)
    return {alert.labels["instance"]: alert.state for alert in heard.alerts}


def test_a_group_is_told_whole_and_what_has_ended_is_told_once() -> None:
    monitor = Standin("s3cr3t")
    assert states(monitor.press_fire(NOW, alertname="Errors", instance="web-1")) == {"web-1": "firing"}
    both = monitor.press_fire(LATER, alertname="Errors", instance="web-2")
    assert states(both) == {"web-1": "firing", "web-2": "firing"}
    ended = monitor.press_resolve(LATER, alertname="Errors", instance="web-1")
    assert states(ended) == {"web-1": "resolved", "web-2": "firing"}
    assert states(monitor.press_repeat(LATER, "Errors")) == {"web-2": "firing"}


def test_an_alert_that_fires_again_after_it_ended_is_a_new_episode_of_the_same() -> None:
    monitor = Standin("s3cr3t")
    first = read(monitor.press_fire(NOW, alertname="Errors", instance="web-1")).alerts[0]
    over = read(monitor.press_resolve(NOW, alertname="Errors", instance="web-1")).alerts[0]
    second = read(monitor.press_fire(LATER, alertname="Errors", instance="web-1")).alerts[0]
    assert first.key == over.key == second.key
    assert first.episode == over.episode != second.episode


def test_a_truncated_group_says_how_many_it_leaves_out() -> None:
    monitor = Standin("s3cr3t", max_alerts=1)
    monitor.press_fire(NOW, alertname="Errors", instance="web-1")
    request = monitor.press_fire(NOW, alertname="Errors", instance="web-2")
    assert states(request) == {"web-1": "firing"}
    assert "left 1 more" in read(request).alerts[0].description


def test_what_does_not_fire_cannot_end() -> None:
    with pytest.raises(KeyError, match="is firing"):
        Standin("s3cr3t").press_resolve(NOW, alertname="Errors")
