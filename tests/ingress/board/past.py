"""A year of closed incidents that slowly get better, the same for the same seed."""

import random
from datetime import datetime, timedelta

from records.overview import Overview
from tests.domain.learn.rows import row


def past(now: datetime, days: int, a_day: float, seed: int) -> list[Overview]:
    """Closed incidents, spread over the days before; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    return [_row(chance, now, place, days / (days * a_day) * place + 1) for place in range(int(days * a_day) - 1)]


def _row(chance: random.Random, now: datetime, place: int, ago: float) -> Overview:
    fired = now - timedelta(days=ago, minutes=chance.randrange(600))
    severity = chance.choice(["P1", "P2", "P2", "P3", "P3", "P4"])
    worse = 1 + ago / 400
    service = chance.choice(["checkout", "billing", "platform"])
    hours = chance.uniform(0.3, 0.75 if severity == "P1" else 3.2) * worse
    grave = severity in ("P1", "P2")
    due = fired + timedelta(hours=hours + 48)
    ended = fired + timedelta(hours=hours)
    items = chance.randrange(3) if grave else 0
    return row(
        id=f"INC-{place:05d}",
        title=chance.choice(["Checkout 5xx error rate above 5 %", "Queue backlog", "High latency", "Disk full"]),
        service=service,
        team="platform" if service == "platform" else "payments",
        kind="incident",
        phase="closed",
        severity=severity,
        commander="jonas",
        fired_at=fired,
        opened_at=fired,
        acknowledged_at=fired + timedelta(minutes=chance.uniform(1, 6) * worse) if chance.random() > 0.04 else None,
        declared_at=fired + timedelta(minutes=8),
        resolved_at=ended,
        closed_at=ended + timedelta(days=12),
        root_cause=chance.choice(["deployment", "capacity", "dependency"]) if grave else None,
        repeat_of="INC-00001" if grave and chance.random() < 0.04 * worse else None,
        postmortem_due_at=due if grave else None,
        postmortem_completed_at=due - timedelta(hours=chance.uniform(-6, 40)) if grave else None,
        items=items,
        items_due=items,
        items_in_time=max(items - (chance.random() < 0.12), 0),
        misses=chance.randrange(3) if grave else 0,
    )
