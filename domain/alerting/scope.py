"""SCP: what is in scope, what is kept as suppressed, and what a security incident asks for."""

import re
from datetime import datetime

from domain.alerting.alert import Alert
from domain.company.alert_rule import AlertRule
from domain.company.catalog import Catalog
from domain.value.model import Shape


class Suppression(Shape):
    """Why an alert opens nothing (SCP-2), and until when."""

    reason: str
    until: datetime | None = None


def suppression(environment: str, service: str, catalog: Catalog, rule: AlertRule, now: datetime) -> Suppression | None:
    """SCP-2: planned maintenance and non-production open nothing; None when the alert is in scope (SCP-1, SCP-4)."""
    if rule.keeps_back(environment):
        return Suppression(reason=f"environment {environment!r} is not production")
    for window in catalog.maintenance:
        if window.service in ("*", service) and window.starts_at <= now < window.ends_at:
            return Suppression(reason=f"planned maintenance: {window.reason}", until=window.ends_at)
    return None


def is_security(alert: Alert, rule: AlertRule) -> bool:
    """SCP-3: whether an alert's words or its kind make a security incident."""
    words = f"{alert.title} {alert.description}"
    said = alert.labels.get("kind") == "security" or alert.labels.get("security") == "true"
    return said or bool(re.search(rule.security, words, re.IGNORECASE))
