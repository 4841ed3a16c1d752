"""The stand-in posts what Datadog would post: valid by its schema, one cycle from trigger to recovery."""

import json
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from domain.alerting.alert import Alert
from standins.datadog.standin import Encoding, Monitor, Standin
from tests.specs import spec
from vendors.datadog.webhook import Settings, read, verify
from vendors.door import Request

NOW = datetime(2026, 11, 23, 2, 54, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)
SETTINGS = Settings.model_validate({"datadog_webhook_token": "s3cr3t"})
CHECKOUT = Monitor(148275309, "Checkout 5xx rate above 5%", "P1", ("team:payments",))
SCOPE = "env:prod,service:checkout"
SCHEMAS = {
    name: json.loads(spec(f"inbound/datadog/{file}.schema.json").read_text())
    for name, file in (("template", "recommended-template"), ("default", "default-payload"))
}


def heard(request: Request) -> Alert:
    """What a message says; it is proved, and reads the same twice."""
    verify(request, SETTINGS)
    assert read(request) == read(request)
    [alert] = read(request).alerts
    return alert


@pytest.mark.parametrize("encoding", ["template", "default", "form"])
def test_an_alert_is_the_same_from_its_trigger_over_reminders_to_its_recovery(encoding: Encoding) -> None:
    monitor = Standin("s3cr3t", encoding=encoding)
    fired = heard(monitor.press_trigger(NOW, CHECKOUT, SCOPE))
    reminded = heard(monitor.press_renotify(LATER, CHECKOUT, SCOPE))
    over = heard(monitor.press_recover(LATER, CHECKOUT, SCOPE))
    assert [one.state for one in (fired, reminded, over)] == ["firing", "firing", "resolved"]
    assert (fired.key, fired.episode) == (reminded.key, reminded.episode) == (over.key, over.episode)
    assert (fired.service, fired.environment, fired.severity) == ("checkout", "prod", "P1")
    assert (fired.fired_at, over.at) == (NOW, LATER)


@pytest.mark.parametrize("encoding", ["template", "default"])
def test_what_it_posts_is_valid_by_the_schema(encoding: Encoding) -> None:
    monitor = Standin("s3cr3t", encoding=encoding)
    presses = (monitor.press_trigger, monitor.press_renotify, monitor.press_recover)
    bodies = [json.loads(press(NOW, CHECKOUT, SCOPE).body) for press in presses]
    for body in [*bodies, json.loads(monitor.press_test(NOW, CHECKOUT).body)]:
        schema = SCHEMAS[encoding]
        ours = {"schema": schema["properties"]["schema"]["const"]} if encoding == "template" else {}
        jsonschema.validate(body | ours, schema)


def test_an_alert_that_fires_again_after_its_recovery_is_a_new_episode() -> None:
    monitor = Standin("s3cr3t")
    first = heard(monitor.press_trigger(NOW, CHECKOUT, SCOPE))
    monitor.press_recover(NOW, CHECKOUT, SCOPE)
    again = heard(monitor.press_trigger(LATER, CHECKOUT, SCOPE))
    assert first.key == again.key
    assert first.episode != again.episode


@pytest.mark.parametrize("encoding", ["template", "default", "form"])
def test_the_test_button_makes_a_test_and_missing_data_its_own_state(encoding: Encoding) -> None:
    monitor = Standin("s3cr3t", encoding=encoding)
    assert heard(monitor.press_test(NOW, CHECKOUT)).state == "test"
    assert heard(monitor.press_trigger(NOW, CHECKOUT, SCOPE, word="No Data")).state == "no_data"


def test_a_monitor_of_one_group_and_without_a_priority_says_neither() -> None:
    alert = heard(Standin("s3cr3t").press_trigger(NOW, Monitor(7, "Disk almost full")))
    assert (alert.key, alert.severity, alert.service, alert.environment) == ("421337:7:", "", "", "")


def test_what_does_not_fire_cannot_end_or_be_reminded_of() -> None:
    monitor = Standin("s3cr3t")
    for press in (monitor.press_recover, monitor.press_renotify):
        with pytest.raises(KeyError, match="does not fire"):
            press(NOW, CHECKOUT, SCOPE)
