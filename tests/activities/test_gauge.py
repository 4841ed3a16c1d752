"""What a worker counts: deadlines by how they ended, and what is owed the longest."""

import re
import socket
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.gauge import FORGOTTEN, RESULTS, Deadlines, Measured, ended, telemetry
from domain.incident.clocks import Kept, Missed
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.procedure.sop import PROCEDURE
from tests import yaml
from tests.house.source import ROOT

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PROMISE = {"clause": "ACK-1", "key": "acknowledge", "owner": "oncall", "due_at": NOON, "says": "acknowledge the page"}


def after(**span: float) -> datetime:
    return NOON + timedelta(**span)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (Kept(**PROMISE, stopped_at=NOON), "met"),
        (Missed(**PROMISE), "missed"),
        (Missed(**PROMISE, times=2), ""),
        (Missed(**PROMISE, stopped_at=after(minutes=3)), "late"),
        (Missed(**PROMISE, stopped_at=after(minutes=3), broken=True), ""),
    ],
)
def test_a_deadline_counts_once_for_each_way_it_ends(what: Fact, said: str) -> None:
    assert ended(what) == said


def test_what_is_owed_is_owed_since_its_first_try_and_until_it_is_done() -> None:
    measured, page = Measured(), ("INC-7K2QF", "page/1")
    measured.begun("q-pagerduty", page, NOON, after(seconds=1))
    measured.begun("q-pagerduty", page, after(minutes=2), after(minutes=2))  # scheduled again after it was given up
    measured.begun("q-pagerduty", ("INC-7K2QF", "page/2"), after(minutes=1), after(minutes=1))
    measured.begun("q-records", ("INC-7K2QF", "records"), after(minutes=1), after(minutes=1))
    assert measured.oldest(after(minutes=2.5)) == {"q-pagerduty": 150, "q-records": 90}
    measured.done("q-pagerduty", page)
    measured.done("q-records", ("INC-7K2QF", "records"))
    assert measured.oldest(after(minutes=2.5)) == {"q-pagerduty": 90, "q-records": 0}


def test_what_another_worker_did_meanwhile_is_forgotten() -> None:
    measured = Measured()
    measured.begun("q-slack", ("INC-7K2QF", "say/1"), NOON, NOON)
    assert measured.oldest(NOON + FORGOTTEN) == {"q-slack": 0}
    assert measured.oldest(NOON + FORGOTTEN) == {"q-slack": 0}


class Failing(ActivityInboundInterceptor):
    """A vendor that says no."""

    def __init__(self, non_retryable: bool) -> None:
        self.non_retryable = non_retryable

    async def execute_activity(self, input: ExecuteActivityInput) -> None:
        raise ApplicationError("no", non_retryable=self.non_retryable)


@pytest.mark.parametrize(("non_retryable", "owed"), [(False, True), (True, False)])
async def test_what_is_refused_is_not_tried_again_and_owed_no_more(non_retryable: bool, owed: bool) -> None:
    measured, environment = Measured(), ActivityEnvironment()
    measuring = measured.intercept_activity(Failing(non_retryable))

    @activity.defn
    async def page() -> None:
        await measuring.execute_activity(ExecuteActivityInput(fn=page, args=(), executor=None, headers={}))

    with pytest.raises(ApplicationError):
        await environment.run(page)
    [age] = measured.oldest(datetime.now(UTC)).values()
    assert (age > 0) == owed


def test_an_alert_on_what_is_owed_waits_for_longer_than_another_workers_work_is_remembered() -> None:
    [group] = yaml.safe_load((ROOT / "deploy/prometheus/rules.yaml").read_text())["groups"]
    rules = [rule for rule in group["rules"] if "standfast_owed_seconds" in rule["expr"]]
    assert len(rules) == 2
    assert all(timedelta(minutes=int(rule["for"].removesuffix("m"))) > FORGOTTEN for rule in rules)


def test_every_deadline_is_shown_from_0_on_so_that_the_first_is_an_increase() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    runtime = telemetry(address)
    assert runtime
    deadlines = Deadlines(runtime.metric_meter)
    assert shown(address) == dict.fromkeys(((one, result) for one in PROCEDURE.clauses for result in RESULTS), 0)
    deadlines.count([Event(number=number, at=NOON, by="", what=Kept(**PROMISE, stopped_at=NOON)) for number in (1, 2)])
    assert shown(address)["ACK-1", "met"] == 2


def shown(address: str) -> dict[tuple[str, str], int]:
    """The deadlines that Prometheus would read."""
    text = urllib.request.urlopen(f"http://{address}/metrics").read().decode()
    line = re.compile(r'^standfast_deadlines_total\{.*clause="([^"]+)".*result="([^"]+)".*\} (\d+)$', re.MULTILINE)
    return {(clause, result): int(count) for clause, result, count in line.findall(text)}


def test_an_address_that_cannot_be_listened_on_is_said_and_nothing_ends(caplog: pytest.LogCaptureFixture) -> None:
    assert telemetry("") is None
    assert telemetry("nowhere") is None
    assert "STANDFAST_METRICS: found nowhere" in caplog.text
