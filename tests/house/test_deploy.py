"""What is deployed says the project's own names. Images and clusters are not run here; what can be run is."""

import asyncio
import os
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.envconfig import ClientConfig
from temporalio.testing import WorkflowEnvironment

from tests import yaml
from tests.house.setting import EXAMPLE, classes, listed, read_by
from tests.house.source import ROOT
from tests.stories.engine import SEARCH_ATTRIBUTES, binary

DEPLOY = ROOT / "deploy"
OURS = re.compile(r"\b(?:STANDFAST|TEMPORAL)_[A-Z_]+\b")
DAYS = 86_400
OF_THE_WEB_UI = [f"TEMPORAL_WORKFLOW_{one}_DISABLED" for one in ("CANCEL", "TERMINATE", "RESET")]
"""By which the Web UI's own image hides what would end an incident unresolved."""


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
    files = [path for path in DEPLOY.rglob("*") if path.suffix in (".yaml", ".service", ".example", ".sh", ".md")]
    files += [DEPLOY / "Containerfile", ROOT / "docs/operations.md"]
    known = {*listed(), "TEMPORAL_CONFIG_FILE", "TEMPORAL_PROFILE", *OF_THE_WEB_UI}
    assert len(files) > 20
    assert {str(path): set(OURS.findall(path.read_text())) - known for path in files} == {
        str(path): set() for path in files
    }


def test_compose_starts_the_engine_the_worker_and_the_ingress_in_order() -> None:
    [compose] = documents(DEPLOY / "compose.yaml")
    services = compose["services"]
    once = {"schema", "namespace", "records"}
    assert set(services) == {"postgres", *once, "temporal", "temporal-ui", "worker", "ingress"}
    waited_for = {name for one in services.values() for name in one.get("depends_on", {})}
    assert waited_for <= set(services)
    commands = [services[name]["command"] for name in ("worker", "ingress")]
    assert commands == [["standfast", "worker"], ["standfast", "serve"]]
    for name in ("worker", "ingress"):
        waits = services[name]["depends_on"]
        assert {other for other, on in waits.items() if on["condition"].endswith("completed_successfully")} <= once
        assert "records" in waits
    asked = {name for name, one in services.items() if "healthcheck" in one}
    assert asked == {"postgres", "temporal", "worker", "ingress"}


def test_the_web_ui_of_compose_offers_nothing_that_ends_an_incident_unresolved() -> None:
    [compose] = documents(DEPLOY / "compose.yaml")
    said = compose["services"]["temporal-ui"]["environment"]
    assert [said[one] for one in OF_THE_WEB_UI] == ["true"] * 3


def test_compose_publishes_nothing_beyond_this_machine_and_writes_nothing_but_its_volumes() -> None:
    [compose] = documents(DEPLOY / "compose.yaml")
    published = [port for one in compose["services"].values() for port in one.get("ports", [])]
    assert len(published) == 3
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []
    for name in ("worker", "ingress"):
        one = compose["services"][name]
        assert (one["read_only"], one["tmpfs"], one["cap_drop"]) == (True, ["/tmp"], ["ALL"])  # noqa: S108


def test_a_password_is_in_no_url_and_the_superusers_in_no_service_but_the_database() -> None:
    [compose] = documents(DEPLOY / "compose.yaml")
    for name, one in compose["services"].items():
        values = {key: value for key, value in one.get("environment", {}).items() if value}
        assert [value for value in values.values() if "://" in value and "PASSWORD" in value] == []
        assert ("POSTGRES_PASSWORD" in values) == (name == "postgres")
    for path in (DEPLOY / "kubernetes").rglob("*.yaml"):
        assert not re.search(r"postgresql://[^/@\s]*:", path.read_text()), path


def test_what_compose_needs_is_listed() -> None:
    needed = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    assert len(needed) == 5
    assert needed <= set(listed())


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
        script = await asyncio.create_subprocess_exec("sh", DEPLOY / "temporal/setup.sh", "namespace", env=environment)
        assert await script.wait() == 0
    known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=name))
    assert {one.name for one in SEARCH_ATTRIBUTES} <= set(known.custom_attributes)
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=name))
    assert described.config.workflow_execution_retention_ttl.seconds == 90 * DAYS
