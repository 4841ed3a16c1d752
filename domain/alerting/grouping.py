"""Which group an alert belongs to: the grouping key, by default service and environment."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from domain.alerting.alert import Alert, VendorAct
from domain.company.catalog import Catalog, Service

ENVIRONMENTS = {"": "production", "prod": "production", "prd": "production", "stage": "staging", "stg": "staging"}
"""What senders write for the two environments that everybody has; an alert that names none means production."""
RULES = ("alertname", "rule", "rule_uid", "monitor", "monitor_id", "alarm", "check")
"""The labels in which senders name what raised an alert, the best first."""
WORKLOADS = (
    *("exported_service", "exported_job", "destination_service_name", "destination_workload", "consul_service"),
    *("deployment", "k8s_deployment_name", "kube_deployment", "statefulset", "k8s_statefulset_name"),
    *("kube_stateful_set", "daemonset", "k8s_daemonset_name", "kube_daemon_set", "workload", "component", "system"),
    *("container", "container_name", "k8s_container_name", "kube_container_name", "exported_container"),
    *("app", "kube_app_name", "namespace", "k8s_namespace_name", "kubernetes_namespace", "kube_namespace"),
    *("exported_namespace", "monitor_name", "check_name", "monitor", "check", "alias", "dataset"),
)
"""The labels that say what runs there or is watched, tried where the catalog does not know the service's word, the
closest first."""
TAGS = 50
"""The tags of an alert among which a service is looked for by its mere name."""
GROUPS = "alerts/"
"""How the workflow ids of groups begin."""


class Group(NamedTuple):
    """A group of alerts: its key, the catalog's service or nothing, and the environment."""

    key: str
    service: str
    environment: str


def group_id(group: str) -> str:
    """The workflow id of a group of alerts."""
    return f"{GROUPS}{group}"


def group_of(heard: Alert | VendorAct, catalog: Catalog, grouping: Sequence[str] = ("service", "environment")) -> Group:
    """Sort what was heard into its group; `grouping` names `service`, `environment` or labels of the alert.

    A service that the catalog does not know has a group of its own, so that its alerts open an incident as well.
    """
    known = catalog.service_called(heard.service) or _by_workload(heard, catalog)
    service = known.name if known else ""
    word = heard.environment.strip().lower()[:60] if _slug(heard.environment) else ""
    environment = ENVIRONMENTS.get(word, word)
    named = {"service": service or f"unknown-{_identity(heard)}".rstrip("-"), "environment": _slug(environment)}
    labels = heard.labels if isinstance(heard, Alert) else {}
    return Group(
        "/".join(named.get(part) or _slug(labels.get(part, "")) or "none" for part in grouping), service, environment
    )


def _by_workload(heard: Alert | VendorAct, catalog: Catalog) -> Service | None:
    """The service that the catalog knows by what runs there, or by a title or a tag that is just its name.

    A pager's acts do not say, so its alerts go without.
    """
    if isinstance(heard, VendorAct) or heard.page:
        return None
    labels = {re.sub(r"[^a-z0-9]+", "_", name.lower()): value for name, value in heard.labels.items() if value}
    words = [labels[name] for name in WORKLOADS if name in labels]
    words += [heard.title, *re.split(r"[,\s]+", labels.get("tags", ""))[:TAGS]]
    return next((found for word in words if (found := catalog.service_called(word))), None)


def _identity(heard: Alert | VendorAct) -> str:
    """What tells alerts of services that the catalog does not know apart: the sender's word, or else its rule."""
    if word := _slug(heard.service):
        return word
    if isinstance(heard, VendorAct):
        return _slug(heard.alert)
    rule = "" if heard.page else next((heard.labels[name] for name in RULES if heard.labels.get(name)), "")
    return _slug(rule or heard.key)


def _slug(word: str) -> str:
    """A sender's word as part of a key, nothing in it that a URL or a shell would mind.

    What the slug of a word loses, it keeps by a mark: two words are one key only where case and spaces around differ.
    """
    meant = unicodedata.normalize("NFC", word).strip().lower()
    slug = re.sub(r"[^a-z0-9_.-]+", "-", meant)[:60].strip("-")
    if slug == meant or not any(one.isalnum() or not one.isascii() for one in meant):
        return slug if slug == meant and slug.strip("-._") else ""
    digest = hashlib.sha256(meant.encode(errors="replace")).hexdigest()[:8]
    return f"{slug[:50]}-{digest}".strip("-")
