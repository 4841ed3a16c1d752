"""What is deployed says the project's own names. Images and clusters are not run here; what can be run is."""

import asyncio
import os
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.envconfig import ClientConfig
from temporalio.testing import WorkflowEnvironment

from tests.house.setting import EXAMPLE, classes, listed, read_by
from tests.house.source import ROOT
from tests.stories.engine import SEARCH_ATTRIBUTES, binary

DEPLOY = ROOT / "deploy"
OURS = re.compile(r"\b(?:STANDFAST|TEMPORAL)_[A-Z_]+\b")
DAYS = 86_400


def documents(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text()))


def test_every_setting_is_listed_once_with_a_comment_and_no_value_that_opens_a_door() -> None:
    assert len(listed()) == len(set(listed())) > 50
    lines = EXAMPLE.splitlines()
    set_at = [number for number, line in enumerate(lines) if re.match(r"#?[A-Z][A-Z0-9_]*=", line)]
    assert [lines[number] for number in set_at if not lines[number - 1].startswith("# ")] == []
    assert [lines[number] for number in set_at if not lines[number].startswith("#")] == []


def test_every_setting_that_the_product_reads_is_listed() -> None:
    assert {one.__module__: read_by(one) - set(listed()) for one in classes() if read_by(one) - set(listed())} == {}


def test_the_names_a_settings_class_reads_are_found() -> None:
    class Settings(BaseSettings):
        model_config = SettingsConfigDict(env_prefix="shop_")
        door: str = ""
        key: str = Field("", validation_alias="SHOP_SECRET")

    assert read_by(Settings) == {"SHOP_DOOR", "SHOP_SECRET"}


def test_deployments_name_no_setting_that_does_not_exist() -> None:
    files = [*DEPLOY.rglob("*.yaml"), *DEPLOY.rglob("*.service"), *DEPLOY.rglob("*.example")]
    known = {*listed(), "TEMPORAL_CONFIG_FILE", "TEMPORAL_PROFILE"}
    assert len(files) > 5
    assert {str(path): set(OURS.findall(path.read_text())) - known for path in files} == {
        str(path): set() for path in files
    }


def test_compose_starts_the_engine_the_worker_and_the_ingress_in_order() -> None:
    [compose] = documents(DEPLOY / "compose.yaml")
    services = compose["services"]
    assert set(services) == {"postgres", "schema", "temporal", "namespace", "temporal-ui", "worker", "ingress"}
    waited_for = {name for one in services.values() for name in one.get("depends_on", {})}
    assert waited_for <= set(services)
    assert [services[name]["command"] for name in ("worker", "ingress")] == [
        ["python", "worker.py"],
        ["python", "starter.py", "serve"],
    ]


def test_kubernetes_asks_the_ingress_whether_it_lives_and_is_ready() -> None:
    [deployment, service] = documents(DEPLOY / "kubernetes/ingress.yaml")
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert service["spec"]["selector"] == deployment["spec"]["template"]["metadata"]["labels"]


def test_a_deployment_selects_the_pods_it_makes() -> None:
    made = [
        one for path in (DEPLOY / "kubernetes").glob("*.yaml") for one in documents(path) if one["kind"] == "Deployment"
    ]
    assert len(made) == 2
    for one in made:
        assert one["spec"]["selector"]["matchLabels"] == one["spec"]["template"]["metadata"]["labels"]


@pytest.mark.parametrize("profile", ["default", "cloud-apikey"])
def test_temporal_reads_the_example_profiles(profile: str) -> None:
    file = str(DEPLOY / "temporal.toml.example")
    config = ClientConfig.load_client_connect_config(profile=profile, config_file=file, override_env_vars={})
    assert config["target_host"].endswith(":7233")


async def test_temporal_is_given_its_namespace_and_search_attributes_twice(live_engine: WorkflowEnvironment) -> None:
    name, client = f"shop-{uuid4()}", live_engine.client
    path = f"{Path(binary('temporal')).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "TEMPORAL_ADDRESS": client.service_client.config.target_host, "NAMESPACE": name}
    for _ in range(2):
        script = await asyncio.create_subprocess_exec("sh", DEPLOY / "temporal.sh", "namespace", env=environment)
        assert await script.wait() == 0
    known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=name))
    assert {one.name for one in SEARCH_ATTRIBUTES} <= set(known.custom_attributes)
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=name))
    assert described.config.workflow_execution_retention_ttl.seconds == 90 * DAYS
