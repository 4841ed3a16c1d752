"""How long things are kept is policy: it is said, and the doctor says where less is kept (SOC-1)."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceResponse
from temporalio.service import RPCError, RPCStatusCode

from config.company import SHIPPED
from console import retention
from tests import yaml
from tests.console.conftest import Standfast

pytestmark = pytest.mark.sop("SOC-1")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company that keeps webhooks for a month and closed incidents for half a year."""
    said = {"extends": str(SHIPPED / "policy.yaml"), "retention": {"inbox": "30d", "histories": "180d"}}
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(said))
    monkeypatch.setenv("STANDFAST_POLICY", f"{tmp_path}/policy.yaml")
    monkeypatch.delenv("STANDFAST_INBOX_KEEP", raising=False)


class Engine:
    """A Temporal whose namespace keeps what is closed for so many days; None where it does not tell."""

    namespace = "default"

    def __init__(self, days: int | None) -> None:
        self.workflow_service = SimpleNamespace(describe_namespace=self.describe)
        self.days = days

    async def describe(self, _: object) -> DescribeNamespaceResponse:
        if self.days is None:
            raise RPCError("not here", RPCStatusCode.UNIMPLEMENTED, b"")
        told = DescribeNamespaceResponse()
        told.config.workflow_execution_retention_ttl.FromTimedelta(self.days * DAY)
        return told


def engine(days: int | None) -> Any:
    return Engine(days)


def test_the_policy_says_how_long_each_store_keeps_what_it_has(standfast: Standfast) -> None:
    told = " ".join(standfast("policy", "explain", "SOC-1").stdout.split())
    for words in (
        "checkpoints are kept for ever",
        "Webhooks that were handed on are kept for 30 days",
        "Deployments are kept for 90 days",
        "closed incidents in Temporal for 180 days at least",
        "by the vendors that hold them",
    ):
        assert words in told


def test_less_than_a_day_is_refused(standfast: Standfast, tmp_path: Path) -> None:
    said = {"extends": str(SHIPPED / "policy.yaml"), "retention": {"inbox": "1h"}}
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(said))
    told = standfast("policy", "check", f"{tmp_path}/policy.yaml")
    assert (told.exit_code, "retention.inbox" in told.stdout) == (1, True)


@pytest.mark.parametrize(("days", "state"), [(180, "ok"), (365, "ok"), (90, "warn")])
async def test_an_engine_that_keeps_less_than_the_policy_says_is_named(days: int, state: str) -> None:
    [seen] = await retention.histories(engine(days))
    assert (seen.state, f"kept for {days} days" in seen.said) == (state, True)
    assert ("--retention 180d" in seen.do) == (state == "warn")
    assert await retention.histories(engine(None)) == []


@pytest.mark.parametrize(("set_to", "said"), [("", False), ("30d", False), ("90d", False), ("7d", True)])
def test_a_machine_that_lets_go_sooner_than_the_policy_says_is_named(
    monkeypatch: pytest.MonkeyPatch, set_to: str, said: bool
) -> None:
    if set_to:
        monkeypatch.setenv("STANDFAST_INBOX_KEEP", set_to)
    assert bool(retention.webhooks()) == said
