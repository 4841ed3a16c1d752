"""The units, read by systemd itself where it is, and for what it does not mind."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.house.setting import listed
from tests.house.source import ROOT

UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
OURS = [path for path in UNITS if path.stem != "standfast-temporal"]


def read(path: Path) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser


def test_there_is_a_unit_for_each_of_the_two_and_for_temporal() -> None:
    assert [path.stem for path in UNITS] == ["standfast-ingress", "standfast-temporal", "standfast-worker"]
    assert [read(path)["Service"]["ExecStart"].split()[-1] for path in OURS] == ["serve", "worker"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_reads_it(path: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("no systemd here")
    for one in UNITS:  # programs that are here stand for those that are installed there
        (tmp_path / one.name).write_text(re.sub(r"/opt/standfast/bin/\w+", "/bin/true", one.read_text()))
    command = [analyze, "verify", "--man=no", str(tmp_path / path.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    ours = [line for line in done.stderr.splitlines() if "standfast" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_it_is_started_again_for_ever_and_writes_where_it_must(path: Path) -> None:
    unit = read(path)
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    service = unit["Service"]
    assert (service["Restart"], service["ProtectSystem"]) == ("always", "strict")
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert service["CapabilityBoundingSet"] == ""


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_systemd_is_told_that_it_is_ready_and_that_it_beats(path: Path) -> None:
    service = read(path)["Service"]
    assert (service["Type"], service["NotifyAccess"], service["WatchdogSec"]) == ("notify", "main", "30")
    assert service["EnvironmentFile"] == "/etc/standfast/standfast.env"


def test_the_command_line_runs_as_the_units_do() -> None:
    command = (ROOT / "deploy/systemd/standfast").read_text().replace("\\\n", " ").splitlines()[-1].split()
    for service in (read(path)["Service"] for path in OURS):
        assert f"--uid={service['User']}" in command
        assert {f"{name}={service[name]}" for name in ("EnvironmentFile", "WorkingDirectory")} <= set(command)
        assert command[-2:] == [service["ExecStart"].split()[0], '"$@"']


def test_the_sample_of_settings_names_what_exists() -> None:
    sample = (ROOT / "deploy/systemd/standfast.env.example").read_text()
    names = re.findall(r"^#?([A-Z_]+)=", sample, re.MULTILINE)
    assert {"TEMPORAL_ADDRESS", "STANDFAST_LISTEN"} <= set(names) <= set(listed())
