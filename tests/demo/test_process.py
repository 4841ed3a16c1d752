"""A measured ingress is alone: it has none of our settings, so it wakes nobody."""

import os
from pathlib import Path

import pytest

from bench.door import lonely
from demo.people import until
from demo.process import free_port, running

OURS = ("PAGERDUTY_API_TOKEN", "SLACK_APP_TOKEN", "STANDFAST_WATCHDOG_ROUTING_KEY", "DATABASE_URL")


async def test_a_measured_ingress_has_its_own_settings_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in OURS:
        monkeypatch.setenv(name, "real")
    async with running(lonely(tmp_path, free_port())) as child:
        seen = Path(f"/proc/{child.pid}")
        await until(lambda: bool((seen / "environ").read_text()), "the program to begin")
        told = dict(one.split("=", 1) for one in (seen / "environ").read_text().split("\0") if one)
        assert seen.joinpath("cwd").resolve() == tmp_path, "no .env of ours lies there"
    assert told["PYTHON_DOTENV_DISABLED"] == "true", "nor is one beside the code read"
    assert not {name for name in told if os.environ.get(name) == told[name]} - {"PATH"}
