"""Looks at the open incidents for everybody at once: the engine's list, each incident's clocks, the records behind.

However many people look, the engine is asked for one list every few seconds and for a bounded number of incidents, a
few at a time. What did not answer in time is shown as it was last known, and that is said.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from client.port import OPEN, IncidentReader, IncidentSummary, NotTaken, Unanswered
from domain.report.view import View, view
from domain.value.model import said_count
from ingress.board.memory import RecordsReader
from ingress.board.reader import HistoryReader, Recalled
from ingress.board.status import BoardSnapshot, OpenIncident, Trouble, by_list, by_row, by_view
from records.overview import Overview
from records.refusal import RecordsUnavailable

FRESH = timedelta(seconds=2)
"""How long one look serves everybody."""
STALE = timedelta(seconds=15)
"""How old a look may be and still be shown at once, while the next one is taken."""
WITHIN = timedelta(seconds=2)
"""How long the list is waited for, and an answer of the incidents that are asked together."""
SOON = timedelta(seconds=0.15)
"""How long a page waits for the incidents that are being asked; the next one shows what comes later."""
MOST = 500
"""Open incidents on one page."""
ASKED = 60
"""Incidents asked in one look; those asked longest ago come first."""
AT_ONCE = 8
FOLLOWED = timedelta(minutes=1)
"""How long a follow-up's clocks are believed while the list shows no change of it: they are hours and days."""


class Answering:
    """Since when somebody has not answered."""

    def __init__(self) -> None:
        self.last_at: datetime | None = None
        self.said = ""

    def heard(self, at: datetime) -> None:
        """They answered."""
        self.last_at, self.said = at, ""

    def silent(self, said: str) -> None:
        """They did not, and this is why."""
        self.said = said

    def trouble(self, what: str, means: str) -> Trouble:
        """Says so on a page."""
        return Trouble(what=what, since=self.last_at, never=self.last_at is None, means=means)


class Snapshots:
    """Takes looks and keeps the last one; what an incident answered last stands until it answers again."""

    def __init__(
        self, engine: IncidentReader, records: RecordsReader, recall: HistoryReader, now: Callable[[], datetime]
    ) -> None:
        self._engine, self._records, self._recall, self._now = engine, records, recall, now
        self._last: BoardSnapshot | None = None
        self._looking: asyncio.Task[BoardSnapshot] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._views: dict[str, tuple[datetime, IncidentSummary | None, View]] = {}
        self.engine, self.workers, self.records = Answering(), Answering(), Answering()

    async def scene(self) -> BoardSnapshot:
        """The open incidents; at once if there is a look that is not too old."""
        age = self._now() - self._last.at if self._last else STALE
        if self._last and age < FRESH:
            return self._last
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        if self._last and age < STALE:
            return self._last
        return await asyncio.shield(self._looking)

    def met(self, found: Recalled) -> None:
        """Note who answered when somebody looked at one incident."""
        for who, away in ((self.records, found.records_away), (self.engine, found.engine_away)):
            if not away:
                who.heard(self._now())

    async def stop(self) -> None:
        """Look no more."""
        for task in (self._looking, self._asking):
            if task and not task.done():
                task.cancel()
                await asyncio.wait([task])

    async def _look(self) -> BoardSnapshot:
        listed, rows = await asyncio.gather(self._list(), self._rows())
        if listed is not None:
            await self._ask_around(listed)
        known = {row.id: row for row in rows or ()}
        ids = [one.id for one in listed] if listed is not None else list(dict.fromkeys([*known, *self._views]))
        shown = ids[:MOST]
        if listed is None or self.workers.said:
            await self._remember(sorted(shown, key=lambda name: name in self._views)[:ASKED])
        self._forget(ids)
        entries = {one.id: one for one in listed or ()}
        standing = tuple(self._standing(name, entries.get(name), known.get(name)) for name in shown)
        self._last = BoardSnapshot(
            at=self._now(), standing=standing, troubles=self._troubles(standing), left_out=len(ids) - len(shown)
        )
        return self._last

    async def _list(self) -> tuple[IncidentSummary, ...] | None:
        """The engine's list; None when it does not answer."""
        try:
            async with asyncio.timeout(WITHIN.total_seconds()):
                listed = await self._engine.list_incidents(OPEN, MOST + 1)
        except (Unanswered, TimeoutError) as error:
            self.engine.silent(str(error) or f"no answer within {WITHIN.seconds} s")
            return None
        self.engine.heard(self._now())
        return listed

    async def _rows(self) -> tuple[Overview, ...] | None:
        try:
            rows = await self._records.read(lambda records: records.incidents(open_only=True, limit=MOST + 1))
        except RecordsUnavailable as error:
            self.records.silent(error.said)
            return None
        self.records.heard(self._now())
        return rows

    async def _ask_around(self, listed: Sequence[IncidentSummary]) -> None:
        """Have incidents asked, one round after the other; whoever looks does not wait for the slow ones."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(listed))
        done, _ = await asyncio.wait([self._asking], timeout=SOON.total_seconds())
        for asked in done:
            asked.result()  # a fault of ours is not kept silent

    async def _ask(self, listed: Sequence[IncidentSummary]) -> None:
        """Ask incidents for their clocks, those that were asked longest ago first."""
        due = sorted((one for one in listed if self._is_worth_asking(one)), key=self._asked_at)
        if not due:
            return
        gate, answered = asyncio.Semaphore(AT_ONCE), 0

        async def ask(one: IncidentSummary) -> None:
            nonlocal answered
            async with gate:
                try:
                    self._views[one.id] = (self._now(), one, await self._engine.view(one.id))
                    answered += 1
                except NotTaken:
                    answered += 1
                except Unanswered as error:
                    self.workers.silent(str(error))

        tasks = [asyncio.create_task(ask(one)) for one in due[:ASKED]]
        try:
            _, late = await asyncio.wait(tasks, timeout=WITHIN.total_seconds())
        finally:
            for task in tasks:
                task.cancel()
        if answered:
            self.workers.heard(self._now())
        elif late:
            self.workers.silent(f"no answer within {WITHIN.seconds} s")

    def _is_worth_asking(self, one: IncidentSummary) -> bool:
        if one.id not in self._views:
            return True
        asked_at, before, _ = self._views[one.id]
        return before != one or one.phase != "resolved" or self._now() - asked_at > FOLLOWED

    def _asked_at(self, one: IncidentSummary) -> tuple[bool, datetime]:
        known = self._views.get(one.id)
        return one.phase == "resolved", known[0] if known else datetime.min.replace(tzinfo=self._now().tzinfo)

    async def _remember(self, ids: Iterable[str]) -> None:
        """Read clocks from the records' events, where the incidents themselves do not answer."""
        try:
            async with asyncio.timeout(WITHIN.total_seconds()):
                for name in ids:
                    incident = await self._recall.recorded(name)
                    before = self._views[name][2].events if name in self._views else 0
                    if incident and incident.number > before:
                        self._views[name] = (incident.events[-1].at, None, view(incident, ()))
        except (RecordsUnavailable, TimeoutError):
            return

    def _forget(self, ids: Sequence[str]) -> None:
        """Keep no answer of an incident that is not open any more."""
        self._views = {name: kept for name, kept in self._views.items() if name in set(ids)}

    def _standing(self, name: str, listed: IncidentSummary | None, row: Overview | None) -> OpenIncident:
        """The best that is known of one: its own answer, else the list, else the records' row."""
        if name in self._views:
            asked_at, _, answer = self._views[name]
            return by_view(answer, asked_at)
        if listed:
            team = row.team if row else ""
            return by_list(listed).model_copy(update={"team": team, "misses": row.misses if row else 0})
        assert row is not None
        return by_row(row)

    def _troubles(self, standing: Sequence[OpenIncident]) -> tuple[Trouble, ...]:
        found: list[Trouble] = []
        unknown = sum(one.due is None for one in standing)
        if self.engine.said:
            found.append(_engine(self.engine, self.records, unknown))
        elif self.workers.said:
            found.append(_workers(self.workers, unknown))
        elif unknown:
            found.append(_unknown(unknown))
        if self.records.said:
            means = f"History, key figures and suppressed alerts cannot be read ({self.records.said})."
            found.append(self.records.trouble("The records do not answer", means))
        return tuple(found)


def _engine(engine: Answering, records: Answering, unknown: int) -> Trouble:
    source = "Nothing below can be trusted to be complete" if records.said else "What stands below is from the records"
    clocks = f", and the clocks of {unknown} are not known" if unknown else ""
    means = f"{source} and may be behind{clocks}. Pages and reminders wait until it is back ({engine.said})."
    return engine.trouble("Temporal does not answer", means)


def _workers(workers: Answering, unknown: int) -> Trouble:
    clocks = f" The clocks of {unknown} incidents are not known." if unknown else ""
    means = f"Nobody is paged or reminded until one does; clocks are as last known.{clocks} See `standfast doctor`."
    return workers.trouble("No worker answers", means)


def _unknown(count: int) -> Trouble:
    means = "Only their next deadline is shown; they are asked in turn."
    some = f"{said_count(count, 'incident')} {'has' if count == 1 else 'have'}"
    return Trouble(what=f"{some} not been asked yet what is due", means=means)
