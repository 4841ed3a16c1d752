"""What the board asks of the records: readings only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from domain.company.policy_follow_up import KpiTarget
from domain.report.kpi import KpiReport, Scope
from domain.value.model import ClauseId
from records.overview import MissedPart, Overview, OverviewSearch, SuppressedRow
from records.record import Record


class Known(Protocol):
    """The records. Everything raises `RecordsUnavailable` while they cannot be read."""

    async def events(self, incident: str, after: int = 0) -> tuple[Record, ...]:
        """An incident's records after a number, in order."""
        ...

    async def incident(self, incident: str) -> Overview | None:
        """One incident at a glance."""
        ...

    async def incidents(
        self,
        open_only: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
        after: str | None = None,
        wanted: OverviewSearch | None = None,
    ) -> tuple[Overview, ...]:
        """Incidents that opened in the period and are wanted, newest first."""
        ...

    async def suppressed(
        self, since: datetime, until: datetime, newest: int | None = None
    ) -> tuple[SuppressedRow, ...]:
        """Alerts that opened nothing in the period; only the newest ones where a number is given."""
        ...

    async def sheet(self, targets: Mapping[ClauseId, KpiTarget], scope: Scope, as_of: datetime) -> KpiReport:
        """The key figures of a scope."""
        ...

    async def missed(self, scope: Scope, limit: int) -> tuple[MissedPart, ...]:
        """Who did not keep what the key figures of a scope ask, those that fired last first."""
        ...

    async def close(self) -> None:
        """Let go of the database."""
        ...
