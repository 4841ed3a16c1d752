"""What a worker shows to Prometheus: the SDK's own numbers, and what the world and the records are owed."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from temporalio import activity
from temporalio.common import MetricMeter
from temporalio.exceptions import ApplicationError
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from activities import logs
from activities.poller import SAID_EVERY
from domain.exchange import EventBatch
from domain.incident.clocks import Kept, Missed
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.procedure.sop import PROCEDURE

log = logging.getLogger("standfast.metrics")
FORGOTTEN = timedelta(minutes=2)
"""What was tried so long ago was done by another worker, or is owed no more: the longest pause is a minute."""
RESULTS = ("met", "late", "missed")
"""How a deadline ends."""


def speaking(telemetry: TelemetryConfig | None = None) -> Runtime:
    """A runtime that tells the engine every few seconds that its workers live, and logs as we do."""
    return Runtime(
        telemetry=replace(telemetry or TelemetryConfig(), logging=logs.of_the_sdk()),
        worker_heartbeat_interval=SAID_EVERY,
    )


def telemetry(bind: str) -> Runtime | None:
    """The runtime whose numbers are served at host:port; none where nothing is set, or somebody listens there."""
    if not bind:
        return None
    served = PrometheusConfig(
        bind_address=bind, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
    )
    try:
        return speaking(TelemetryConfig(metrics=served))
    except (ValueError, RuntimeError) as error:
        log.error("no metrics: STANDFAST_METRICS: found %s, expected host:port that is free (%s)", bind, error)
        return None


class Measured(Interceptor):
    """Counts what activities come to, and remembers since when what was not done yet is owed."""

    def __init__(self) -> None:
        self._queues: set[str] = set()
        self._owed: dict[tuple[str, str, str], tuple[datetime, datetime]] = {}

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Every activity of the workers that have this."""
        return _Measuring(next, self)

    def begun(self, queue: str, what: tuple[str, str], since: datetime, now: datetime) -> None:
        """It is being tried; it is owed since it was tried first."""
        self._queues.add(queue)
        first, _ = self._owed.get((queue, *what), (since, now))
        self._owed[(queue, *what)] = (min(first, since), now)

    def done(self, queue: str, what: tuple[str, str]) -> None:
        """It is owed no more, or not by another try of this."""
        self._owed.pop((queue, *what), None)

    def oldest(self, now: datetime) -> dict[str, float]:
        """For how many seconds the oldest thing of each task queue is owed; 0 where nothing is."""
        ages = dict.fromkeys(self._queues, 0.0)
        self._owed = {key: (since, tried) for key, (since, tried) in self._owed.items() if now - tried < FORGOTTEN}
        for (queue, *_), (since, _) in self._owed.items():
            ages[queue] = max(ages[queue], (now - since).total_seconds())
        return ages


class _Measuring(ActivityInboundInterceptor):
    """One activity, on its way through."""

    def __init__(self, next: ActivityInboundInterceptor, measured: Measured) -> None:
        super().__init__(next)
        self._measured = measured

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        info, now = activity.info(), datetime.now(UTC)
        what, since = _owed(input.args, info)
        self._measured.begun(info.task_queue, what, since, now)
        result = "failed"
        try:
            outcome = await super().execute_activity(input)
        except ApplicationError as error:
            if error.non_retryable:
                result = "refused"
                self._measured.done(info.task_queue, what)
            raise
        except asyncio.CancelledError:
            result = "called back"
            self._measured.done(info.task_queue, what)
            raise
        else:
            result = "done"
            self._measured.done(info.task_queue, what)
            return outcome
        finally:
            counter = activity.metric_meter().create_counter("standfast_effects", "Effects tried, by how it went")
            counter.add(1, {"result": result})


def _owed(args: Iterable[Any], info: activity.Info) -> tuple[tuple[str, str], datetime]:
    """What is owed, under the same name at each try of each scheduling, and since when."""
    first = next(iter(args), None)
    if isinstance(first, EventBatch):
        return (first.incident, "records"), first.events[0].at
    return (info.workflow_id or "", str(getattr(first, "key", info.activity_type))), info.scheduled_time


def beats(runtime: Runtime, measured: Measured, build: str) -> Callable[[], None]:
    """What the worker's own loop says at each beat: that it runs, which release it is, and what is owed the longest."""
    meter: MetricMeter = runtime.metric_meter
    beat = meter.create_gauge_float("standfast_worker_beat_timestamp_seconds", "When the worker's loop ran last")
    owed = meter.create_gauge_float("standfast_owed_seconds", "For how long the oldest effect not done yet is owed")

    def tell() -> None:
        now = datetime.now(UTC)
        beat.set(now.timestamp(), {"build": build or "unversioned"})
        for queue, age in measured.oldest(now).items():
            owed.set(age, {"queue": queue})

    return tell


class Deadlines:
    """Counts what was kept, kept late or missed; from 0, for a series that begins at 1 shows no increase."""

    def __init__(self, meter: MetricMeter) -> None:
        self._counter = meter.create_counter("standfast_deadlines", "Deadlines, by clause and how they ended")
        for clause, result in product(PROCEDURE.clauses, RESULTS):
            self._counter.add(0, {"clause": clause, "result": result})

    def count(self, events: Iterable[Event]) -> None:
        """Count the deadlines among events that come to the records for the first time."""
        for event in events:
            if (result := ended(event.what)) and event.clause:
                self._counter.add(1, {"clause": event.clause, "result": result})


def ended(what: Fact) -> str:
    """How a deadline ended by this; one that is missed still, again and again, counts once."""
    if isinstance(what, Kept):
        return "met"
    if isinstance(what, Missed) and what.kept_late:
        return "" if what.broken else "late"
    return "missed" if isinstance(what, Missed) and what.times == 1 else ""
