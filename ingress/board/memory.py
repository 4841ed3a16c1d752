"""The records as the board opens them: when they are first needed, to read only, and never the end of a page."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from domain.company.policy_follow_up import KpiTarget
from domain.report.kpi import KpiReport, Scope
from domain.value.model import ClauseId
from records.overview import MissedPart, Overview, OverviewSearch, SuppressedRow
from records.record import Record
from records.refusal import RecordsUnavailable, SettingRefused
from records.store import Records

PATIENCE = timedelta(seconds=2)
"""How long a reading is waited for; people look again."""
Found = TypeVar("Found")


class RecordsReader:
    """Reads the records at a URL. Whatever keeps it from reading is `RecordsUnavailable`, with what was said."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._records: Records | None = None

    async def close(self) -> None:
        """Let go of the database."""
        if self._records:
            await self._records.close()

    async def events(self, incident: str, after: int = 0) -> tuple[Record, ...]:
        """See `Known`."""
        return await self._read(lambda records: records.events(incident, after))

    async def incident(self, incident: str) -> Overview | None:
        """See `Known`."""
        return await self._read(lambda records: records.incident(incident))

    async def incidents(
        self,
        open_only: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
        after: str | None = None,
        wanted: OverviewSearch | None = None,
    ) -> tuple[Overview, ...]:
        """See `Known`."""
        return await self._read(lambda records: records.incidents(open_only, since, until, limit, after, wanted))

    async def suppressed(
        self, since: datetime, until: datetime, newest: int | None = None
    ) -> tuple[SuppressedRow, ...]:
        """See `Known`."""
        return await self._read(lambda records: records.suppressed(since, until, newest))

    async def sheet(self, targets: Mapping[ClauseId, KpiTarget], scope: Scope, as_of: datetime) -> KpiReport:
        """See `Known`."""
        return await self._read(lambda records: records.sheet(targets, scope, as_of))

    async def missed(self, scope: Scope, limit: int) -> tuple[MissedPart, ...]:
        """See `Known`."""
        return await self._read(lambda records: records.missed(scope, limit))

    async def _read(self, question: Callable[[Records], Awaitable[Found]]) -> Found:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                self._records = self._records or await Records.open(self._url, PATIENCE)
                return await question(self._records)
        except TimeoutError:
            raise RecordsUnavailable(self._where, f"no answer within {PATIENCE.seconds} s") from None
        except DBAPIError as error:  # no tables yet, or those of another release: a worker makes them
            raise RecordsUnavailable(self._where, str(error.orig).partition("\n")[0]) from None
        except (OSError, SettingRefused) as error:
            raise RecordsUnavailable(self._where, str(error)) from None

    @property
    def _where(self) -> str:
        return self._records.where if self._records else "STANDFAST_DATABASE_URL"
