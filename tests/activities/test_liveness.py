"""A process says that it lives: to a socket like systemd's, and by a file."""

import asyncio
import socket
from pathlib import Path

import pytest

from activities import liveness


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """What systemd listens on."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(tmp_path / "notify"))
    listener.setblocking(False)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    return listener


def heard(listener: socket.socket) -> list[str]:
    """Everything that was said so far."""
    said = []
    while True:
        try:
            said.append(listener.recv(1000).decode())
        except BlockingIOError:
            return said


async def test_systemd_hears_that_it_is_ready_that_it_beats_and_that_it_ends(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "EVERY", 0.004)
    async with liveness.alive():
        await asyncio.sleep(0.01)
        liveness.tell("STATUS=waiting: Temporal does not answer")
    said = heard(systemd)
    systemd.close()
    assert said[0] == "READY=1"
    assert said[-1] == "STOPPING=1"
    assert said.count("WATCHDOG=1") > 1
    assert "STATUS=waiting: Temporal does not answer" in said


def test_a_systemd_that_does_not_read_holds_up_nothing(systemd: socket.socket) -> None:
    for number in range(5000):
        liveness.tell(f"STATUS={number}")
    assert heard(systemd)[0] == "STATUS=0"


async def test_the_file_is_touched_at_each_beat_and_never_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    beats: list[int] = []
    for place in (tmp_path / "alive", tmp_path / "nowhere/alive"):
        monkeypatch.setenv("STANDFAST_ALIVE_FILE", str(place))
        async with liveness.alive(lambda: beats.append(1)):
            await asyncio.sleep(0)
    assert (tmp_path / "alive").exists()
    assert len(beats) == 2
    assert "STANDFAST_ALIVE_FILE" in caplog.text


def test_where_nobody_listens_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "@nobody-listens-here")
    liveness.tell("READY=1")
    monkeypatch.delenv("NOTIFY_SOCKET")
    liveness.tell("READY=1")
