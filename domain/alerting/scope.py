"""SCP: what is in scope, what is kept as suppressed, and what a security incident asks for."""

from datetime import datetime
from fnmatch import fnmatchcase

from domain.alerting.alert import Alert
from domain.company.alert_rule import AlertRule
from domain.company.catalog import Catalog
from domain.value.model import Model


class Suppression(Model):
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
    """SCP-3: whether its sender says so, by its name or its category, or its words do.

    A promise about a measure that is breached is no word of security: an SLO, a budget, a threshold, a latency.
    """
    said = alert.labels.get("kind") == "security" or alert.labels.get("security", "").lower() == "true"
    return said or _sender_says(alert, rule) or rule.speaks_of_security(f"{alert.title} {alert.description}")


CATEGORIES = frozenset(
    [
        *("source", "sender", "product", "product_name", "productname", "provider", "vendor", "integration"),
        *("detail_type", "detailtype", "type", "category", "categories", "class", "alert_type", "finding_type"),
        *("event_source", "event_type", "rule_source", "generator", "tags", "monitoring_service"),
    ]
)
"""The labels in which senders say who they are and what sort of thing they have found."""


def _sender_says(alert: Alert, rule: AlertRule) -> bool:
    told = [value for name, value in alert.labels.items() if _plain(name) in CATEGORIES]
    words = [word.strip().lower() for value in (alert.source, *told) for word in (value, *value.split(","))]
    return any(fnmatchcase(word, pattern) for word in dict.fromkeys(words) for pattern in rule.security_senders)


def _plain(name: str) -> str:
    """`detail-type`, `Detail Type` and `detail_type` are one name."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")
