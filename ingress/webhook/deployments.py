"""Where the relay puts what was deployed: the records, made ready with the first deployment and not before."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from domain.company.deployment import Deployment
from records.deployment import KEPT
from records.store import Records

PATIENCE = timedelta(seconds=1)
"""How long another writer is waited for: alerts wait behind it."""


class Shelf:
    """The records as the ingress needs them; it starts and takes alerts without them."""

    def __init__(self, url: str, kept: Callable[[], timedelta] = lambda: KEPT) -> None:
        self.records, self._ready, self._kept = Records.at(url, PATIENCE), False, kept

    async def keep(self, deployments: Iterable[Deployment], now: datetime) -> None:
        """Keep deployments; the same one in the same state is kept once. Raises `RecordsUnavailable`."""
        if not self._ready:
            await self.records.migrate()
            self._ready = True
        await self.records.keep_deployments(deployments, now, self._kept())

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Close the records when the ingress ends."""
        try:
            yield
        finally:
            await self.records.close()
