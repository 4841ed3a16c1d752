"""What the ingress shows to Prometheus: answers by door, the inbox by state, and how far the relay lags."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from ingress.census import Counted
from ingress.webhook.table import Count


class Gauges:
    """The ingress's numbers, in a registry of their own so that several ingresses fit into one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answered = Counter(
            "standfast_webhooks_answered",
            "Webhooks answered, by door and HTTP status",
            ["door", "status"],
            registry=self.registry,
        )
        gauge = partial(Gauge, registry=self.registry)
        self._rows = gauge("standfast_inbox_rows", "Rows that wait or were set aside, by state", ["state"])
        self._lag = gauge("standfast_relay_lag_seconds", "Age of the oldest row that waits for the relay")
        self._stuck = gauge("standfast_relay_stuck_seconds", "For how long the relay has not got on; 0 when it does")
        self._unfit = gauge(
            "standfast_company_unfit",
            "Files of the company that were changed into what cannot be read; what was read before goes on",
        )
        self._read = gauge(
            "standfast_company_read_timestamp_seconds", "When what is in force was read from each file", ["file"]
        )
        self._engine = gauge("standfast_engine_up", "Whether Temporal answered just now")
        self._open = gauge("standfast_incidents_open", "Open incidents, as Temporal lists them", ["severity", "phase"])
        self._overdue = gauge(
            "standfast_deadline_overdue_seconds", "For how long the deadline that passed longest ago is overdue"
        )
        self._up = gauge("standfast_inbox_up", "Whether the inbox could be read just now")

    def count(self, counted: Counted) -> None:
        """The open incidents; where the engine did not answer, the last numbers stay."""
        self._engine.set(counted.answered)
        if counted.answered:
            self._open.clear()
            for (severity, phase), number in counted.incidents.items():
                self._open.labels(severity, phase).set(number)
            self._overdue.set(counted.overdue)

    def read(self, files: Mapping[str, datetime]) -> None:
        """When each file was read."""
        for name, at in files.items():
            self._read.labels(name).set(at.timestamp())

    def show(self, count: Count | None, now: datetime, stuck_since: datetime | None = None, *, unfit: int = 0) -> bytes:
        """Everything in Prometheus' format; without a count the inbox could not be read, and its last numbers stay."""
        self._up.set(count is not None)
        self._unfit.set(unfit)
        if count:
            self._stuck.set(max((now - stuck_since).total_seconds(), 0.001) if stuck_since else 0)
            self._rows.labels("held").set(count.held)
            for state in ("new", "unreadable"):
                self._rows.labels(state).set(count.rows.get(state, 0))
            since = count.waiting_since
            self._lag.set(max((now - since).total_seconds(), 0) if since else 0)
        return generate_latest(self.registry)
