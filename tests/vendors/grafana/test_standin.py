"""The stand-in posts what Grafana would post: valid by its schema, grouped, forgetful of what has ended."""

import json
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from domain.alerting.alert import State
from standins.grafana.standin import Proof, Rule, Standin
from tests.specs import spec
from vendors.door import Request
from vendors.grafana.webhook import Settings, read, verify

NOW = datetime(2026, 11, 23, 2, 53, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)
SETTINGS = Settings.model_validate({"grafana_webhook_secret": "s3cr3t"})
RULE = Rule("aeq1b7x0s2ww1a", "CheckoutLatencyP99", "p99 > 2 s & rising", "slo-checkout", 4)
SCHEMAS = {
    name: json.loads(spec(f"inbound/grafana/{name}.schema.json").read_text()) for name in ("webhook-v1", "legacy")
}


def states(request: Request) -> dict[str, State]:
    """What a message says, by service; it is proved and valid, and reads the same twice."""
    verify(request, SETTINGS)
    jsonschema.validate(json.loads(request.body), SCHEMAS["webhook-v1"])
    heard = read(request)
    assert heard == read(request)
    return {alert.service: alert.state for alert in heard.alerts}


@pytest.mark.parametrize("proof", ["signature", "bearer", "basic"])
def test_a_group_is_told_whole_and_what_has_ended_is_told_once(proof: Proof) -> None:
    grafana = Standin("s3cr3t", proof=proof)
    assert states(grafana.press_fire(NOW, RULE, service="checkout")) == {"checkout": "firing"}
    both = grafana.press_fire(LATER, RULE, service="search")
    assert states(both) == {"checkout": "firing", "search": "firing"}
    ended = grafana.press_resolve(LATER, RULE, service="checkout")
    assert states(ended) == {"checkout": "resolved", "search": "firing"}
    assert states(grafana.press_fire(LATER, RULE, service="search")) == {"search": "firing"}


def test_an_alert_that_fires_again_after_it_ended_is_a_new_episode_of_the_same() -> None:
    grafana = Standin("s3cr3t")
    first = read(grafana.press_fire(NOW, RULE)).alerts[0]
    over = read(grafana.press_resolve(NOW, RULE)).alerts[0]
    again = read(grafana.press_fire(LATER, RULE)).alerts[0]
    assert first.key == over.key == again.key
    assert first.episode == over.episode != again.episode


def test_missing_data_a_failing_source_a_vanished_series_and_a_test_each_are_what_they_are() -> None:
    grafana = Standin("s3cr3t", max_alerts=1)
    grafana.press_fire(NOW, RULE, service="checkout")
    assert states(grafana.press_no_data(NOW, RULE, service="checkout")) == {"checkout": "no_data"}
    assert states(grafana.press_error(NOW, RULE, "timeout", service="checkout")) == {"checkout": "no_data"}
    assert states(grafana.press_test(NOW)) == {"": "test"}
    gone = grafana.press_resolve(LATER, RULE, reason="MissingSeries", service="checkout")
    assert states(gone) == {"checkout": "merged"}


def test_a_truncated_group_says_how_many_it_leaves_out() -> None:
    grafana = Standin("s3cr3t", max_alerts=1)
    grafana.press_fire(NOW, RULE, service="checkout")
    request = grafana.press_fire(NOW, RULE, service="search")
    assert states(request) == {"checkout": "firing"}
    assert "left 1 more" in read(request).alerts[0].description


def test_a_panels_rule_of_an_older_grafana_fires_and_recovers() -> None:
    grafana = Standin("s3cr3t", proof="basic")
    requests = [grafana.press_panel(NOW, RULE, state, service="checkout") for state in ("alerting", "no_data", "ok")]
    for request in requests:
        verify(request, SETTINGS)
        jsonschema.validate(json.loads(request.body), SCHEMAS["legacy"])
    alerts = [read(request).alerts[0] for request in requests]
    assert [alert.state for alert in alerts] == ["firing", "no_data", "resolved"]
    assert {alert.key for alert in alerts} == {"1:rule 31"}


def test_what_does_not_fire_cannot_end() -> None:
    with pytest.raises(KeyError, match="is firing"):
        Standin("s3cr3t").press_resolve(NOW, RULE)
