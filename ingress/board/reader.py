"""Incidents read again from their events: from the records, and what these do not have yet from the engine."""

import asyncio
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from datetime import timedelta

from client.port import IncidentReader, NotTaken, Unanswered
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.run import read as fold
from ingress.board.memory import RecordsReader
from records.refusal import RecordsUnavailable

KEPT = 100
"""Incidents whose reading is kept, so that the next look needs only what happened since."""
WITHIN, AGAIN = timedelta(seconds=3), timedelta(seconds=0.5)
"""How long each of the two is waited for, and how long while it has not answered of late."""
LATELY = timedelta(seconds=20)
TURNS = 64
PAGES = 60
"""Answers of the engine for one incident; more is left to the records."""


class Recalled:
    """An incident, and who could not be asked about it; None when nobody who answered knows it."""

    def __init__(self, incident: Incident | None, records_away: bool = False, engine_away: bool = False) -> None:
        self.incident, self.records_away, self.engine_away = incident, records_away, engine_away


class HistoryReader:
    """Keeps the readings it made, and appends to them what is new."""

    def __init__(self, records: RecordsReader, engine: IncidentReader) -> None:
        self._records, self._engine = records, engine
        self._kept: OrderedDict[str, Incident] = OrderedDict()
        self._silent_at = {"records": -LATELY.total_seconds(), "engine": -LATELY.total_seconds()}
        self._turns = tuple(asyncio.Lock() for _ in range(TURNS))

    async def whole(self, incident: str) -> Recalled:
        """The incident as of now, from both; one that is over is read anew, for somebody may have been erased."""
        async with self._turn(incident):
            if incident in self._kept and self._kept[incident].phase == "closed":
                del self._kept[incident]
            records_away = not await self._recorded(incident)
            engine_away = not await self._answered(incident)
            return Recalled(self._kept.get(incident), records_away, engine_away)

    async def recorded(self, incident: str) -> Incident | None:
        """The incident as the records have it; raises `RecordsUnavailable`."""
        async with self._turn(incident):
            if not await self._recorded(incident):
                raise RecordsUnavailable("the database", "no answer in time")
            return self._kept.get(incident)

    def _turn(self, incident: str) -> asyncio.Lock:
        """One at a time reads an incident; a few others may have to wait for it too."""
        return self._turns[zlib.crc32(incident.encode()) % TURNS]

    def _patience(self, who: str) -> asyncio.Timeout:
        lately = time.monotonic() - self._silent_at[who] < LATELY.total_seconds()
        return asyncio.timeout((AGAIN if lately else WITHIN).total_seconds())

    async def _recorded(self, incident: str) -> bool:
        """Append what the records have; whether they answered."""
        try:
            async with self._patience("records"):
                rows = await self._records.read(lambda records: records.events(incident, self._number(incident)))
        except (RecordsUnavailable, TimeoutError):
            self._silent_at["records"] = time.monotonic()
            return False
        if rows:
            await self._learn(incident, [row.body for row in rows])
        return True

    async def _answered(self, incident: str) -> bool:
        """Append what the engine has beyond that; whether it answered."""
        try:
            async with self._patience("engine"):
                for _ in range(PAGES):
                    events = await self._engine.timeline(incident, self._number(incident))
                    self._append(incident, events)
                    if not events:
                        break
        except NotTaken:
            return True
        except (Unanswered, TimeoutError):
            self._silent_at["engine"] = time.monotonic()
            return False
        return True

    async def _learn(self, incident: str, bodies: list[str]) -> None:
        """Read events in a thread: a long incident must not hold up the webhooks of the same process."""
        events = await asyncio.to_thread(lambda: [Event.model_validate_json(body) for body in bodies])
        self._append(incident, events)

    def _append(self, incident: str, events: Iterable[Event]) -> None:
        for event in events:
            known = self._kept.get(incident)
            if known is None:
                self._kept[incident] = fold.begin(event)
            elif event.number == known.number + 1:
                fold.append(known, event)
        if incident in self._kept:
            self._kept.move_to_end(incident)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _number(self, incident: str) -> int:
        return self._kept[incident].number if incident in self._kept else 0
