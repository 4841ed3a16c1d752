"""Logs for people and for machines: the incident is named, and no address with a token is."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """What a test sets up is taken back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.CHATTY}
    yield
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_of_json_names_the_incident_and_the_activity(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STANDFAST_LOG_FORMAT", "json")
    logs.set_up()
    about = {"temporal_activity": {"workflow_id": "INC-7K2QF", "activity_type": "page", "attempt": 2}}
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("standfast.desk").exception("the pager said %s", "no", extra=about)
    [line] = told(capsys)
    assert (line["incident"], line["activity"], line["level"]) == ("INC-7K2QF", "page", "ERROR")
    assert (line["logger"], line["said"]) == ("standfast.desk", "the pager said no")
    assert "ValueError: no" in line["error"]


def test_what_a_vendor_refused_is_one_line_and_a_fault_of_ours_is_told_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STANDFAST_LOG_FORMAT", "json")
    logs.set_up()
    for error in (ApplicationError("slack: channel_not_found", type="VendorRefused"), KeyError("channel")):
        try:
            raise error
        except Exception:
            logging.getLogger("temporalio.activity").warning("Completing activity as failed", exc_info=True)
    refused, fault = told(capsys)
    assert (refused["said"], "error" in refused) == (
        "Completing activity as failed: VendorRefused: slack: channel_not_found",
        False,
    )
    assert "KeyError: 'channel'" in fault["error"]


def test_the_level_is_set_and_no_request_is_told_with_its_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STANDFAST_LOG_LEVEL", "WARNING")
    logs.set_up()
    logging.getLogger("standfast.worker").info("at work")
    logging.getLogger("standfast.worker").warning("waiting")
    monkeypatch.setenv("STANDFAST_LOG_LEVEL", "DEBUG")
    logs.set_up()
    for name in ("httpx", "slack_sdk.web.async_base_client", "slack_sdk.socket_mode.aiohttp", "urllib3.connectionpool"):
        logging.getLogger(name).info("HTTP Request: GET https://example.com/t0ken")
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.endswith("standfast.worker WARNING waiting\n")
