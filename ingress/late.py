"""The engine, connected when it is first needed: the ingress takes webhooks before Temporal answers."""

from activities.company import Company
from domain.alerting.digest import Digest
from domain.alerting.grouping import Group
from domain.exchange import Opening
from domain.incident.event import Event
from domain.report.view import View
from domain.run.progress import Answer
from domain.value.act import Act
from ingress.engine import EngineAway, Listed
from ingress.temporal import MOST, TemporalEngine
from workflows import connection


class LateEngine:
    """Connects on the first message, and again while it fails."""

    def __init__(self, company: Company, queue: str) -> None:
        self._company, self._queue = company, queue
        self._engine: TemporalEngine | None = None

    async def tell_group(self, group: str, digest: Digest) -> None:
        """See `Engine`."""
        await (await self._connected()).tell_group(group, digest)

    async def tell_incident(self, incident: str, act: Act) -> None:
        """See `Engine`."""
        await (await self._connected()).tell_incident(incident, act)

    async def ask_incident(self, incident: str, act: Act) -> Answer:
        """See `PeoplesEngine`."""
        return await (await self._connected()).ask_incident(incident, act)

    async def view(self, incident: str) -> View:
        """See `PeoplesEngine`."""
        return await (await self._connected()).view(incident)

    async def timeline(self, incident: str, after: int = 0) -> list[Event]:
        """See `PeoplesEngine`."""
        return await (await self._connected()).timeline(incident, after)

    async def open_incidents(self, most: int = MOST) -> tuple[Listed, ...]:
        """See `PeoplesEngine`."""
        return await (await self._connected()).open_incidents(most)

    async def open_incident(self, group: Group, order: Opening) -> str:
        """See `PeoplesEngine`."""
        return await (await self._connected()).open_incident(group, order)

    async def _connected(self) -> TemporalEngine:
        if self._engine is None:
            try:
                client = await connection.connect()
            except connection.EngineAway as error:
                raise EngineAway(str(error)) from None
            self._engine = TemporalEngine(client, self._company, self._queue)
        return self._engine
