"""The environments that the deploy files give the two processes, with this machine's addresses in them."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo.process import free_port
from tests import yaml
from tests.house.source import ROOT

DEPLOY = ROOT / "deploy"
DATABASE = "postgresql://standfast@postgres/standfast"


def systemd() -> dict[str, str]:
    """The sample of settings, and what the worker's unit adds."""
    text = (DEPLOY / "systemd/standfast.env.example").read_text()
    text += (DEPLOY / "systemd/standfast-worker.service").read_text().replace("Environment=", "")
    return dict(re.findall(r"^((?:STANDFAST|TEMPORAL)_[A-Z_]+)=(.+)$", text, re.MULTILINE))


def compose() -> dict[str, str]:
    """What both services are given."""
    services: Any = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return {**services["worker"]["environment"], **services["ingress"]["environment"]}


def kubernetes() -> dict[str, str]:
    """The settings of the base, and of the overlay that has everything inside."""
    files = ("base/settings.yaml", "inside/settings.yaml")
    maps: list[Any] = [yaml.safe_load((DEPLOY / "kubernetes" / name).read_text()) for name in files]
    return {**maps[0]["data"], **maps[1]["data"]}


PLACES: dict[str, Callable[[], dict[str, str]]] = {"systemd": systemd, "compose": compose, "kubernetes": kubernetes}


def environment(place: str, state: Path, engine: str, database: str) -> dict[str, str]:
    """What is set there, as it is here: an address that listens, a file in the state, the database that runs."""
    told = PLACES[place]()
    assert told["TEMPORAL_ADDRESS"].endswith(":7233")
    here = {name: value.replace(DATABASE, database) for name, value in told.items() if value and "${" not in value}
    here["TEMPORAL_ADDRESS"] = engine
    for name in ("STANDFAST_LISTEN", "STANDFAST_METRICS"):
        assert re.fullmatch(r"(127\.0\.0\.1|0\.0\.0\.0):\d+", told[name])
        here[name] = f"127.0.0.1:{free_port()}"
    for name, file in (("STANDFAST_POLICY", "policy.yaml"), ("STANDFAST_CATALOG", "catalog.yaml")):
        assert told[name] == f"/etc/standfast/{file}"
        here[name] = str(shutil.copy(ROOT / file, state))
    if "STANDFAST_ALIVE_FILE" in told:
        here["STANDFAST_ALIVE_FILE"] = str(state / "alive")
    return here


def probes(place: str, here: dict[str, str]) -> list[list[str]]:
    """The commands by which the place asks whether they live, as it runs them, with this machine's addresses."""
    moved = {"/tmp/alive": here.get("STANDFAST_ALIVE_FILE", ""), "localhost:8080": here["STANDFAST_LISTEN"]}  # noqa: S108
    found = [[_moved(word, moved) for word in command] for command in ASKED[place]()]
    assert len(found) == (0 if place == "systemd" else 2)
    return found


def _moved(word: str, moved: dict[str, str]) -> str:
    for there, to in moved.items():
        word = word.replace(there, to)
    return word


def _asked_by_compose() -> list[list[str]]:
    services: Any = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    tests = [services[name]["healthcheck"]["test"] for name in ("worker", "ingress")]
    return [[word.replace("$$", "$") for word in words] for _, *words in tests]


def _asked_by_kubernetes() -> list[list[str]]:
    """Of the worker; the ingress is asked over HTTP."""
    described: list[Any] = yaml.safe_load_all((DEPLOY / "kubernetes/base/worker.yaml").read_text())
    [container] = described[0]["spec"]["template"]["spec"]["containers"]
    return [probe["exec"]["command"] for name, probe in container.items() if name.endswith("Probe") and "exec" in probe]


ASKED: dict[str, Callable[[], list[list[str]]]] = {
    "systemd": list,
    "compose": _asked_by_compose,
    "kubernetes": _asked_by_kubernetes,
}
