"""Logs for people and for machines: the incident is named, and no address with a token is."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities import logs
from activities.gauge import speaking
from records.refusal import RecordsUnavailable


@activity.defn
async def nothing() -> None:
    """Never asked for."""


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


def test_what_a_vendor_or_the_records_refused_is_one_line_and_a_fault_of_ours_is_told_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STANDFAST_LOG_FORMAT", "json")
    logs.set_up()
    errors = (
        ApplicationError("slack: channel_not_found", type="VendorRefused"),
        RecordsUnavailable("db-a", "no connection"),
        KeyError("channel"),
    )
    for error in errors:
        try:
            raise error
        except Exception:
            logging.getLogger("temporalio.activity").warning("Completing activity as failed", exc_info=True)
    refused, away, fault = told(capsys)
    assert (refused["said"], "error" in refused) == (
        "Completing activity as failed: VendorRefused: slack: channel_not_found",
        False,
    )
    assert (away["said"], "error" in away) == (
        "Completing activity as failed: records at db-a: no connection; try again",
        False,
    )
    assert "KeyError: 'channel'" in fault["error"]


async def test_what_the_sdk_says_by_itself_is_a_line_like_every_other(
    live_engine: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STANDFAST_LOG_FORMAT", "json")
    logs.set_up()
    address = live_engine.client.service_client.config.target_host
    stranger = await Client.connect(address, namespace="nowhere", runtime=speaking())
    with pytest.raises(RuntimeError, match="nowhere"):
        await asyncio.wait_for(Worker(stranger, task_queue="q", activities=[nothing]).run(), 300)
    said = list[str]()
    async with asyncio.timeout(300):
        while not any("Namespace nowhere is not found" in one for one in said):
            await asyncio.sleep(0.02)  # another thread writes it
            said += [line["said"] for line in told(capsys) if line["logger"] == "temporalio.core"]


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
