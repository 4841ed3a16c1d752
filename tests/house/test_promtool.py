"""The rules ring when they should and only then, as Prometheus' own tool sees it, where it is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from ingress.webhook.app import app
from ingress.webhook.inbox import Inbox
from tests import yaml
from tests.house.promql import rules
from tests.house.source import ROOT

FOLDER = ROOT / "deploy/prometheus"


def promtool(*words: str, said: str = "") -> str:
    """What promtool says; a failure of the test where it finds something wrong."""
    program = shutil.which(os.environ.get("PROMTOOL", "promtool"))
    if program is None:
        pytest.skip("no promtool here: it comes with Prometheus (Debian's package prometheus)")
    done = subprocess.run([program, *words], cwd=FOLDER, input=said, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_rule_rings_in_a_told_case() -> None:
    told = yaml.safe_load((FOLDER / "rules.test.yaml").read_text())["tests"]
    samples = [one["labels"] for case in told for asked in case["promql_expr_test"] for one in asked["exp_samples"]]
    assert [rule["alert"] for rule in rules() if not any(f'"{rule["alert"]}"' in one for one in samples)] == []


def test_rules_and_configuration_are_what_prometheus_takes() -> None:
    assert f"{len(rules())} rules found" in promtool("check", "config", "prometheus.yaml")


def test_the_rules_ring_as_told() -> None:
    assert "SUCCESS" in promtool("test", "rules", "rules.test.yaml")


async def test_what_an_ingress_shows_is_as_prometheus_wants_it(tmp_path: Path) -> None:
    inbox = Inbox(str(tmp_path / "inbox.db"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app(inbox, {})), base_url="http://ingress") as http:
        shown = (await http.get("/metrics")).text
    await inbox.close()
    assert "standfast_inbox_up 1" in shown
    promtool("check", "metrics", said=shown)
