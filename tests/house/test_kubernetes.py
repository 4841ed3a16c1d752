"""The overlays, built as kubectl builds them: what every pod must have, and names that lead somewhere."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import yaml
from tests.house.promql import dashboard, labelled
from tests.house.setting import EXAMPLE, listed
from tests.house.source import ROOT

OVERLAYS = ("inside", "cloud")
WORKLOADS = ("Deployment", "StatefulSet", "Job")
SECRET = re.compile(
    r"^#([A-Z_]*(?:(?<!TLS_CLIENT_)KEYS?|TOKEN|SECRETS?|PASSWORD|HEARTBEAT_URL|SMTP_URL))=", re.MULTILINE
)
MADE_BY_HAND = {("ConfigMap", "standfast-procedure"), ("Secret", "standfast"), ("Secret", "standfast-database")}
FOREIGN = {"DB", "DB_PORT", "POSTGRES_SEEDS", "POSTGRES_USER", "POSTGRES_PWD", "SQL_PASSWORD", "PGDATA"}
"""What the images of Temporal and PostgreSQL read themselves."""


@cache
def built(overlay: str) -> tuple[Any, ...]:
    """Everything that `kubectl apply -k` would send."""
    return kustomized(ROOT / "deploy/kubernetes" / overlay)


def kustomized(folder: Path) -> tuple[Any, ...]:
    kubectl = shutil.which("kubectl")
    if not kubectl:
        pytest.skip("no kubectl here: the overlays cannot be built")
    command = [kubectl, "kustomize", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return tuple(yaml.safe_load_all(done.stdout))


def named(overlay: str, kind: str) -> dict[str, Any]:
    return {one["metadata"]["name"]: one for one in built(overlay) if one["kind"] == kind}


def pods(overlay: str) -> dict[str, Any]:
    found = [one for kind in WORKLOADS for one in named(overlay, kind).values()]
    return {one["metadata"]["name"]: one["spec"]["template"] for one in found}


def containers(template: Any) -> list[Any]:
    return [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_runs_as_nobody_without_rights_and_within_bounds(overlay: str) -> None:
    assert {"standfast-worker", "standfast-ingress"} <= set(pods(overlay))
    for name, template in pods(overlay).items():
        own = template["spec"]["securityContext"]
        assert (own["runAsNonRoot"], own["seccompProfile"]["type"]) == (True, "RuntimeDefault"), name
        assert own["runAsUser"] > 0
        assert template["spec"]["automountServiceAccountToken"] is False, name
        for one in containers(template):
            context = one["securityContext"]
            assert (context["allowPrivilegeEscalation"], context["capabilities"]) == (False, {"drop": ["ALL"]}), name
            assert one["resources"]["requests"].keys() == {"cpu", "memory"}
            assert "memory" in one["resources"]["limits"]


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("name", ["standfast-worker", "standfast-ingress"])
def test_ours_are_two_asked_whether_they_live_read_only_and_spread(overlay: str, name: str) -> None:
    deployment = named(overlay, "Deployment")[name]
    assert deployment["spec"]["replicas"] == 2
    spec = deployment["spec"]["template"]["spec"]
    [one] = spec["containers"]
    assert {"startupProbe", "livenessProbe"} <= set(one)
    assert ("readinessProbe" in one) == (name == "standfast-ingress")
    assert one["securityContext"]["readOnlyRootFilesystem"] is True
    assert one["image"] == f"registry.example.com/standfast:{version()}"
    assert [next(iter(source)) for source in one["envFrom"]] == ["secretRef", "configMapRef"]
    assert len(spec["topologySpreadConstraints"]) == 2
    budget = named(overlay, "PodDisruptionBudget")[name]
    assert budget["spec"] == {"minAvailable": 1, "selector": deployment["spec"]["selector"]}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_selects_finds_the_pods_it_means(overlay: str) -> None:
    labels = [template["metadata"]["labels"] for template in pods(overlay).values()]
    for kind in ("Deployment", "StatefulSet"):
        for one in named(overlay, kind).values():
            assert (
                one["spec"]["selector"]["matchLabels"].items() <= one["spec"]["template"]["metadata"]["labels"].items()
            )
    selectors = [one["spec"]["selector"] for one in named(overlay, "Service").values()]
    selectors += [one["spec"]["podSelector"]["matchLabels"] for one in named(overlay, "NetworkPolicy").values()]
    monitors = [*named(overlay, "ServiceMonitor").values(), *named(overlay, "PodMonitor").values()]
    selectors += [one["spec"]["selector"]["matchLabels"] for one in monitors]
    assert len(selectors) >= 5
    assert [one for one in selectors if not any(one.items() <= label.items() for label in labels)] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_workers_are_as_many_as_what_waits_asks_for_and_never_fewer_than_two(overlay: str, tmp_path: Path) -> None:
    """With the component, by a metric of which the dashboard asks too: `tests/ships` finds that in a real scrape."""
    above = os.path.relpath(ROOT / "deploy/kubernetes", tmp_path.resolve())
    here = {"resources": [f"{above}/{overlay}"], "components": [f"{above}/autoscaling"]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(here))
    made = {(one["kind"], one["metadata"]["name"]): one for one in kustomized(tmp_path)}
    assert "replicas" not in made["Deployment", "standfast-worker"]["spec"]
    assert made["Deployment", "standfast-ingress"]["spec"]["replicas"] == 2
    scaled = made["ScaledObject", "standfast-worker"]["spec"]
    assert scaled["scaleTargetRef"] == {"name": "standfast-worker"}
    assert 2 <= scaled["minReplicaCount"] <= scaled["fallback"]["replicas"] <= scaled["maxReplicaCount"]
    [(metric, _), *_] = labelled(scaled["triggers"][0]["metadata"]["query"])
    known = {name for expression in dashboard() for name, _ in labelled(expression)}
    assert metric.replace("_sum", "_bucket") in known


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_port_that_is_named_is_a_port_of_the_pod(overlay: str) -> None:
    ports = {port["name"] for template in pods(overlay).values() for one in containers(template)
             for port in one.get("ports", [])}  # fmt: skip
    asked = {port["targetPort"] for one in named(overlay, "Service").values() for port in one["spec"]["ports"]}
    for one in named(overlay, "NetworkPolicy").values():
        rules = one["spec"].get("ingress", [])
        asked |= {port["port"] for rule in rules for port in rule["ports"]}
    for one in named(overlay, "PodMonitor").values():
        asked |= {end["port"] for end in one["spec"]["podMetricsEndpoints"]}
    assert asked <= ports


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_is_read_is_there_or_made_by_hand_before(overlay: str) -> None:
    made = {(one["kind"], one["metadata"]["name"]) for one in built(overlay)} | MADE_BY_HAND
    read: set[tuple[str, str]] = set()
    for template in pods(overlay).values():
        volumes = template["spec"].get("volumes", [])
        read |= {("ConfigMap", one["configMap"]["name"]) for one in volumes if "configMap" in one}
        for one in containers(template):
            for source in one.get("envFrom", []):
                read |= {("ConfigMap", value["name"]) for key, value in source.items() if key == "configMapRef"}
                read |= {("Secret", value["name"]) for key, value in source.items() if key == "secretRef"}
            mounted = {mount["name"] for mount in one.get("volumeMounts", [])}
            claimed = {"data"}
            assert mounted <= {volume["name"] for volume in volumes} | claimed
    assert read <= made
    assert {kind for kind, _ in read} == {"ConfigMap", "Secret"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_setting_that_is_named_exists(overlay: str) -> None:
    settings = set(named(overlay, "ConfigMap")["standfast"]["data"])
    assert {"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "STANDFAST_DATABASE_URL", "STANDFAST_INBOX"} <= settings
    given = {pair["name"] for template in pods(overlay).values() for one in containers(template)
             for pair in one.get("env", [])}  # fmt: skip
    assert (settings | given) - set(listed()) - FOREIGN == set()


def test_the_secret_has_what_is_secret_and_nothing_that_is_set_for_all() -> None:
    said = re.search(r"The Secret has ([^:]+) and", (ROOT / "docs/operations.md").read_text())
    assert said
    own, _ = EXAMPLE.split("# --- PagerDuty ---")
    assert set(re.findall(r"`([A-Z_]+)`", said[1])) == set(SECRET.findall(own))
    given = {name for overlay in OVERLAYS for name in named(overlay, "ConfigMap")["standfast"]["data"]}
    assert given & set(SECRET.findall(EXAMPLE)) == set()


@pytest.mark.parametrize("url", ["STANDFAST_DATABASE_URL", "STANDFAST_INBOX"])
def test_the_authorities_of_a_database_elsewhere_are_a_file_of_the_image(url: str) -> None:
    [asked] = parse_qs(urlsplit(named("cloud", "ConfigMap")["standfast"]["data"][url]).query)["sslrootcert"]
    assert asked == "/etc/ssl/certs/ca-certificates.crt"


def version() -> str:
    return next(
        line.split('"')[1] for line in (ROOT / "pyproject.toml").read_text().splitlines() if line.startswith("version")
    )
