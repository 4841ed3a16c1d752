"""How fast the records answer with 100,000 incidents in them, and what an append costs.

`python -m bench.records [--incidents N] [--rounds N] [--seconds S]`: fills a database of its own, measures, ends.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import insert

from config.company import SHIPPED, load
from domain.company.policy import Policy
from domain.procedure.figure_part import FigurePart
from domain.report.kpi import Scope
from records.overview import Overview
from records.record import Stored, canonical
from records.store import Records
from records.table import INCIDENT, PART
from records.writing import parts, row

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
TARGETS = load(SHIPPED / "policy.yaml", Policy).targets
OPEN = 200
"""How many of the newest incidents are still open."""


def overviews(count: int) -> Iterator[Overview]:
    """Incidents spread evenly over a year."""
    for place in range(count):
        fired = START + YEAR * place / count
        ended = fired + timedelta(minutes=20 + place % 300) if place < count - OPEN else None
        yield Overview(
            id=f"INC-{place:05d}",
            title=f"Checkout answers slowly ({place})",
            service=f"service-{place % 40}",
            team=f"team-{place % 8}",
            phase="closed" if ended else "triage",
            severity=f"P{place % 4 + 1}",
            commander="ada",
            fired_at=fired,
            opened_at=fired,
            acknowledged_at=fired + timedelta(minutes=place % 9),
            resolved_at=ended,
            closed_at=ended,
            items=place % 5,
            items_due=place % 5,
            items_in_time=place % 4 if place % 5 > place % 4 else place % 5,
            postmortem_due_at=ended + timedelta(hours=48) if ended else None,
            postmortem_completed_at=ended + timedelta(hours=place % 60) if ended else None,
            root_cause="capacity" if ended else None,
            repeat_of="INC-00000" if place % 40 == 7 else None,
            gravest=f"P{place % 4 + 1}",
            ended_at=ended,
            parts=added(place, grave=place % 4 < 2),
        )


def added(place: int, *, grave: bool) -> tuple[FigurePart, ...]:
    """What such an incident adds to the key figures."""
    minute, fast = 60_000_000, place % 300 < 40
    spans = [
        FigurePart(figure="KPI-1", judged=1, kept=int(place % 9 < 5), timed=1, spent=place % 9 * minute),
        FigurePart(figure=f"KPI-{place % 4 + 2}", judged=1, kept=int(fast), timed=1, spent=(20 + place % 300) * minute),
        FigurePart(figure="KPI-4", judged=1, kept=int(place % 60 < 48)),
    ]
    items, repeats = place % 5, FigurePart(figure="KPI-6", judged=1, kept=int(place % 40 != 7))
    return (
        *(spans if grave else ()),
        *((FigurePart(figure="KPI-5", judged=items, kept=items),) if items else ()),
        repeats,
    )


async def fill(records: Records, count: int) -> None:
    """Put the rows there in large transactions; what is measured is reading."""
    rows = overviews(count)
    while batch := list(islice(rows, 5000)):
        async with records.engine.begin() as connection:
            await connection.execute(insert(INCIDENT), [row(one, 1) for one in batch])
            await connection.execute(insert(PART), [part for one in batch for part in parts(one)])


async def measure(name: str, rounds: int, until: float, call: Callable[[int], Awaitable[int]]) -> float:
    """Call until the rounds or the time are over; print the median and the 95th percentile, answer the latter."""
    spent: list[float] = []
    answered = 0
    for turn in range(rounds):
        if len(spent) > 1 and time.monotonic() > until:
            break
        began = time.perf_counter()
        answered = await call(turn)
        spent.append((time.perf_counter() - began) * 1000)
    p95 = quantiles(spent, n=20)[-1]
    print(f"{name:<34}{answered:>8} rows{median(spent):>10.1f} ms median{p95:>10.1f} ms p95{len(spent):>6} rounds")
    return p95


def event(number: int) -> Stored:
    """An event of a usual size."""
    body = canonical({"number": number, "what": {"kind": "noted", "text": "x" * 400}})
    return Stored(number=number, at=START + timedelta(seconds=number), by="ada", kind="noted", body=body)


async def run(folder: Path, incidents: int, rounds: int, seconds: float) -> None:
    quarter = START + YEAR / 4, START + YEAR / 2
    until = time.monotonic() + seconds
    async with await Records.open(f"sqlite:///{folder}/records.db") as records:
        await records.migrate()

        async def kpi(_: int) -> int:
            made = await records.sheet(TARGETS, Scope(since=quarter[0], until=quarter[1]), START + YEAR)
            return made.incidents

        async def list_open(_: int) -> int:
            return len(await records.incidents(open_only=True))

        async def append(turn: int) -> int:
            return await records.append("INC-ZZZZZ", [event(turn + 1)])

        await fill(records, incidents // 10)
        small = await measure(f"open incidents of {incidents // 10:,}", rounds, until, list_open)
        await records.close()
    async with await Records.open(f"sqlite:///{folder}/whole.db") as records:
        await records.migrate()
        await fill(records, incidents)
        large = await measure(f"open incidents of {incidents:,}", rounds, until, list_open)
        quarterly = await measure(f"a quarter's KPI sheet of {incidents:,}", rounds, until, kpi)
        await measure("append one event", rounds, until, append)
    print(f"ten times the incidents cost a list of the open ones {large / small:.2f} times the time")
    print(f"an incident in the KPI sheet costs {quarterly / max(incidents / 4, 1) * 1000:.1f} microseconds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0, help="no measurement begins a further round after this")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="standfast-") as folder:
        asyncio.run(run(Path(folder), arguments.incidents, max(arguments.rounds, 2), arguments.seconds))


if __name__ == "__main__":
    main()
