"""What the records held of a period at one moment, read piece by piece."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.company.policy_follow_up import KpiTarget
from domain.report.kpi import KpiCounts, KpiReport, Scope, sheet
from domain.value.model import ClauseId
from records import reading
from records.checkpoint import Signed, Silent
from records.outage import outage
from records.overview import SuppressedRow
from records.record import Record
from records.stamp import Stamp

AT_ONCE = 500
"""Rows that are fetched together."""


class Evidence:
    """One transaction's view of a period; whoever reads it may be slow, and sees one moment all the same."""

    def __init__(self, connection: AsyncConnection, where: str, since: datetime, until: datetime) -> None:
        self._connection, self._where, self.since, self.until = connection, where, since, until

    async def chains(self) -> AsyncIterator[tuple[Record, ...]]:
        """The whole chain of each incident that had an event in the period or was open in it, by their ids."""
        silent = Silent(self.since)
        async for signed in self.checkpoints():
            silent.take(signed)
        chain: list[Record] = []
        async for row in self._rows(reading.recorded_between(self.since, self.until, silent.incidents)):
            record = Record(**row)
            if chain and chain[0].incident != record.incident:
                yield tuple(chain)
                chain = []
            chain.append(record)
        if chain:
            yield tuple(chain)

    async def checkpoints(self) -> AsyncIterator[Signed]:
        """Every checkpoint there is, for they are chained."""
        async for row in self._rows(reading.checkpoints()):
            yield Signed.model_validate_json(row["signed"])

    async def stamps(self) -> AsyncIterator[Stamp]:
        """What time-stamp authorities said of the checkpoints."""
        async for row in self._rows(reading.stamps()):
            yield Stamp.model_validate_json(row["stamped"])

    async def suppressed(self) -> AsyncIterator[SuppressedRow]:
        """Alerts that opened nothing in the period (SCP-2)."""
        async for row in self._rows(reading.suppressed(self.since, self.until)):
            yield SuppressedRow(**row)

    async def _rows(self, question: Select[Any]) -> AsyncIterator[dict[str, Any]]:
        with outage(self._where):
            streamed = await self._connection.stream(question.execution_options(yield_per=AT_ONCE))
            async for row in streamed.mappings():
                yield dict(row)


async def counted(
    connection: AsyncConnection, targets: Mapping[ClauseId, KpiTarget], scope: Scope, as_of: datetime
) -> KpiReport:
    """The sheet of a scope, counted within the database."""
    incidents = (await connection.execute(reading.incidents_counted(scope))).all()
    found = (await connection.execute(reading.tallies(scope))).all()
    tallies = [KpiCounts(*one[:5], *map(int, one[5:])) for one in (*incidents, *found)]
    return sheet(tallies, targets, scope, as_of)
