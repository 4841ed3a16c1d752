"""What the ingress shows to Prometheus: answers by door, the inbox by state, and how far the relay lags."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from ingress.table import Count


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
        self._rows = Gauge(
            "standfast_inbox_rows", "Rows that wait or were set aside, by state", ["state"], registry=self.registry
        )
        self._lag = Gauge(
            "standfast_relay_lag_seconds", "Age of the oldest row that waits for the relay", registry=self.registry
        )
        self._stuck = Gauge(
            "standfast_relay_stuck_seconds",
            "For how long the relay has not got on; 0 when it does",
            registry=self.registry,
        )
        self._unfit = Gauge(
            "standfast_company_unfit",
            "Files of the company that were changed into what cannot be read; what was read before goes on",
            registry=self.registry,
        )
        self._up = Gauge("standfast_inbox_up", "Whether the inbox could be read just now", registry=self.registry)

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
