"""What is heard at one moment of a scenario, sorted into the groups it is for, as the ingress tells them."""

from collections.abc import Iterable
from datetime import datetime

from domain.alerting.alert import CALM
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group, group_of
from domain.alerting.hearing import heard
from domain.alerting.heartbeat import promised
from domain.alerting.unseen import mark, packed
from domain.company.alert_rule import AlertRule
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.simulation.scenario import Scenario, ScenarioAlert

MOST = 50
"""Alerts in one digest, as the ingress tells them; the rest are counted."""


def is_old(sound: ScenarioAlert, starts_at: datetime, rule: AlertRule) -> bool:
    """Whether it is heard so late that it is a remark, and wakes nobody; what has recovered is heard however late.

    Of a start that cannot be its arrival counts, as where it is heard.
    """
    at = starts_at + sound.after
    fired_at = heard(sound.alert(starts_at), at).fired_at
    return sound.state not in CALM and not (sound.by or sound.again) and at - fired_at > rule.oldest


def by_group(
    sounds: Iterable[ScenarioAlert], scenario: Scenario, policy: Policy, catalog: Catalog
) -> dict[Group, list[ScenarioAlert]]:
    """What is heard in time, sorted into the groups it is for."""
    sorted_in: dict[Group, list[ScenarioAlert]] = {}
    for sound in (one for one in sounds if not is_old(one, scenario.starts_at, policy.alerts)):
        alert = promised(sound.alert(scenario.starts_at), policy.alerts)
        group = group_of(alert, catalog, policy.alerts.grouping)
        sorted_in.setdefault(group, []).append(sound)
    return sorted_in


def digest(group: Group, said: list[ScenarioAlert], row: int, scenario: Scenario, rule: AlertRule) -> AlertDigest:
    """What a group is told at once: the newest state of each alert."""
    at = scenario.starts_at + max(sound.after for sound in said)
    newest = {sound.key: heard(promised(sound.alert(scenario.starts_at), rule), at) for sound in said}
    chosen = sorted(newest.values(), key=lambda alert: alert.state in CALM)
    left = chosen[MOST:]
    return AlertDigest(
        group=group.key,
        service=group.service,
        environment=group.environment,
        first_row=row,
        last_row=row,
        alerts=tuple(chosen[:MOST]),
        more=len(left),
        left_firing=packed(mark(alert.key) for alert in left if alert.state not in CALM),
        left_over=packed(mark(alert.key) for alert in left if alert.state in CALM),
        count=sum(sound.count for sound in said),
        heard_at=at,
    )


def silent(group: Group) -> AlertGroup:
    """A group that has heard nothing yet."""
    return AlertGroup(group=group.key, service=group.service, environment=group.environment)
