"""Incidents as the records keep them, to be measured."""

from datetime import datetime, timedelta
from typing import Any

from domain.report.kpi import Figure, Scope, measure
from records.overview import Overview
from tests.domain.learn.case import NOON, POLICY, days, hours

TARGETS = POLICY.targets
LATER = NOON + days(400)
EVER = Scope()
MINUTE = timedelta(minutes=1)


def row(**said: Any) -> Overview:
    usual: dict[str, Any] = {
        "id": "INC-00001",
        "phase": "closed",
        "service": "checkout",
        "team": "payments",
        "severity": "P1",
        "fired_at": NOON,
        "opened_at": NOON,
        "acknowledged_at": NOON + 3 * MINUTE,
        "resolved_at": NOON + hours(0.5),
    }
    return Overview.model_validate({**usual, **said})


def figures(*rows: Overview, scope: Scope = EVER, as_of: datetime = LATER) -> dict[str, Figure]:
    return {one.clause: one for one in measure(rows, TARGETS, scope, as_of)}
