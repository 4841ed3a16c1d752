"""Which group an alert belongs to: the grouping key, by default service and environment."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from domain.alerting.alert import Alert, VendorAct
from domain.company.catalog import Catalog

ENVIRONMENTS = {"": "production", "prod": "production", "prd": "production", "stage": "staging", "stg": "staging"}
"""What senders write for the two environments that everybody has; an alert that names none means production."""


class Group(NamedTuple):
    """A group of alerts: its key, the catalog's service or nothing, and the environment."""

    key: str
    service: str
    environment: str


def group_of(heard: Alert | VendorAct, catalog: Catalog, grouping: Sequence[str] = ("service", "environment")) -> Group:
    """Sort what was heard into its group; `grouping` names `service`, `environment` or labels of the alert.

    A service that the catalog does not know has a group of its own, so that its alerts open an incident as well.
    """
    known = catalog.service_called(heard.service)
    service = known.name if known else ""
    word = _slug(heard.environment)
    environment = ENVIRONMENTS.get(word, word)
    named = {"service": service or _unknown(heard.service), "environment": environment}
    labels = heard.labels if isinstance(heard, Alert) else {}
    return Group(
        "/".join(named.get(part) or _slug(labels.get(part, "")) or "none" for part in grouping), service, environment
    )


def _unknown(word: str) -> str:
    return f"unknown-{_slug(word)}".rstrip("-")


def _slug(word: str) -> str:
    """A sender's word as part of a key: lower case, short, nothing that a URL or a shell would mind."""
    return re.sub(r"[^a-z0-9_.-]+", "-", word.strip().lower())[:60].strip("-")
