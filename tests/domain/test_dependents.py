"""DET-7: what opens because something that it depends on fails joins that incident, where the policy says so."""

from typing import Any

import pytest

from domain.incident.incident import Incident
from tests.domain.test_joining import told

pytestmark = pytest.mark.sop("DET-7")
DEPENDS = {"services": {"checkout": {"depends_on": ["platform"]}}}
JOIN = {"alerts": {"dependents": "join"}}
CAUSE = (
    {"at": "0m", "alert": "database primary down", "service": "platform", "severity": "warning"},
    {"at": "1m", "sam": "acknowledge"},
)
EFFECT = {"at": "6m", "alert": "cards are declined"}


def two(*lines: dict[str, Any], policy: dict[str, Any] = JOIN, **more: Any) -> tuple[Incident, Incident]:
    first, second = (play.incident for play in told(*lines, policy=policy, catalog=DEPENDS, lasts="20m", **more).plays)
    return first, second


def test_alerts_of_what_depends_on_it_join_the_incident_of_the_cause() -> None:
    cause, effect = two(*CAUSE, EFFECT)
    assert (effect.phase, effect.relations.merged_into) == ("closed", cause.id)
    assert "cards are declined" in {alert.title for alert in cause.alerts.values()}
    assert any(key.startswith("resolve_pages/") for key in effect.done)


def test_the_worse_of_the_two_severities_is_asked_for() -> None:
    cause, _ = two(*CAUSE, EFFECT)
    assert cause.likely == "P1"
    assert cause.challenges[-1].because.endswith("of checkout was P1")


def test_as_it_ships_it_is_offered_and_nothing_joins_by_itself() -> None:
    cause, effect = two(*CAUSE, EFFECT, policy={})
    assert effect.phase == "alerting"
    assert not cause.relations.taken_in


@pytest.mark.parametrize(
    "lines",
    [
        (*CAUSE, EFFECT | {"at": "40m"}),
        (EFFECT | {"at": "0m"}, CAUSE[0] | {"at": "6m"}),
        (CAUSE[0] | {"alert": "data breach at the database"}, EFFECT),
        (*CAUSE, EFFECT | {"alert": "data breach at the till"}),
        (*CAUSE, {"at": "6m", "report": "customers cannot pay", "by": "ines", "service": "checkout"}),
    ],
    ids=["long after", "before", "a secret cause", "a secret effect", "a person's report"],
)
def test_what_is_no_plain_effect_stays_an_incident_of_its_own(lines: tuple[dict[str, Any], ...]) -> None:
    plays = told(*lines, policy=JOIN, catalog=DEPENDS, lasts="50m").plays
    assert [play.incident.relations.merged_into for play in plays] == ["", ""]
