"""The records: what everybody else in the house calls to remember and to read back."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509 import Certificate
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.company.catalog import Service
from domain.company.deployment import Deployment
from domain.company.person import Person
from domain.company.policy_follow_up import KpiTarget
from domain.report.kpi import KpiReport, Scope
from domain.value.model import ClauseId
from records import deployment, erasing, reading, writing
from records.anchor import anchor, remembered
from records.checkpoint import Signed, erasures
from records.engine import SNAPSHOT, WRITES, connect, database_url
from records.erasing import Plan
from records.erasure import Erasure, Request
from records.evidence import Evidence, counted
from records.grant import grant_statements
from records.inspection import believed, inspect_all, inspect_incident, stamped, unanchored, unstamped
from records.key import public
from records.migration import upgrade
from records.outage import outage
from records.overview import MissedPart, Overview, OverviewSearch, SuppressedRow
from records.record import Record, Stored
from records.recount import recount
from records.redaction import Redaction
from records.refusal import NotErased, SettingRefused
from records.stamp import Stamp, Stamped

Anchoring = tuple[AsyncConnection, list[Signed]]
PATIENCE = timedelta(seconds=5)
"""How long another writer is waited for; shorter than an activity's start-to-close."""


class Records:
    """Remembers incidents in one database.

    Every call is one transaction and may be made twice. Where the database is away or held, a call raises
    `RecordsUnavailable`; `RecordConflict` and `RecordGap` are final.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.where = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=True)
        self._writer = engine.execution_options(**WRITES)
        self._reader = engine.execution_options(**SNAPSHOT[engine.dialect.name])

    @classmethod
    async def open(cls, url: str, patience: timedelta = PATIENCE) -> Self:
        """The records at a URL. Nothing is asked of the database yet: one that is away now may be there later."""
        return cls.at(url, patience)

    @classmethod
    def at(cls, url: str, patience: timedelta = PATIENCE) -> Self:
        """The same, where nothing can be awaited."""
        return cls(connect(database_url(url), patience))

    async def close(self) -> None:
        await self.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def migrate(self) -> None:
        """Make or update the tables; several workers may start at once."""
        async with self._writing() as connection:
            await connection.run_sync(upgrade)
        async with self._writing() as connection:
            await recount(connection)

    async def grant(self, role: str) -> None:
        """As the owner: bring the tables up to date, and let a role add to the evidence without altering it."""
        if self.engine.dialect.name != "postgresql":
            raise SettingRefused("STANDFAST_DATABASE_URL", self.where, "PostgreSQL: SQLite has no roles")
        await self.migrate()
        async with self._writing() as connection:
            for statement in grant_statements(role):
                await connection.exec_driver_sql(statement)

    async def append(self, incident: str, events: Sequence[Stored], overview: Overview | None = None) -> int:
        """Remember events and the overview they come to; answers how many were new.

        An event that is recorded already must be the same (`RecordConflict`), a new one must follow (`RecordGap`);
        otherwise nothing is written. An overview that has read fewer events than the one there is, is dropped.
        """
        if overview and overview.id != incident:
            raise ValueError(f"overview.id: found {overview.id}, expected {incident}")
        async with self._writing() as connection:
            return await writing.append(connection, incident, events, overview)

    async def suppress(self, alert: str, reason: str, at: datetime, key: str) -> bool:
        """Keep an alert (its JSON) that opened nothing; the same key again is a no-op. Answers whether it is new."""
        async with self._writing() as connection:
            return await writing.suppress(connection, SuppressedRow(key=key, at=at, reason=reason, alert=alert))

    async def checkpoint(self, key: Ed25519PrivateKey, at: datetime, memory: Path | None = None) -> Signed | None:
        """Sign the ends of the chains that moved since the last checkpoint; None when none has.

        With a `memory` outside, what is not as it remembers is not signed over (`Unremembered`), and it learns what is
        new.
        """
        async with self._anchoring(key, memory) as (connection, signed):
            made = await writing.checkpoint(connection, key, at)
            signed += filter(None, [made])
        return made

    async def known(self, person: str) -> list[Person]:
        """Somebody as the incidents have them, each way in which they were ever written down."""
        async with self._reading() as connection:
            return await erasing.people(connection, person)

    async def last_known(self) -> dict[str, dict[str, datetime]]:
        """Which incidents had anybody in their company, and when last, by person."""
        async with self._reading() as connection:
            return await erasing.last_known(connection)

    async def would_erase(self, redaction: Redaction, at: datetime, held: Mapping[str, str] | None = None) -> Plan:
        """What an erasure would reach, but for incidents under a legal hold; nothing is touched."""
        async with self._reading() as connection:
            return await erasing.planned(connection, redaction, at, held)

    async def erase(
        self,
        redaction: Redaction,
        request: Request,
        *,
        key: Ed25519PrivateKey,
        at: datetime,
        memory: Path | None = None,
        over_only: bool = False,
        held: Mapping[str, str] | None = None,
    ) -> tuple[Plan, Signed]:
        """As the owner of the tables: take somebody out of what is recorded and not held, and sign that it was done.

        Raises `NotErased`, with nothing touched, where an incident that names them is not over, unless `over_only`.
        """
        if redaction.may_be_in(request.model_dump_json()):
            raise NotErased("the request names whom it erases, and stands for ever; say it without")
        async with self._anchoring(key, memory) as (connection, signed):
            plan = await erasing.planned(connection, redaction, at, held)
            if plan.running and not over_only:
                raise NotErased(f"not over yet: {', '.join(plan.running)}")
            signed.append(made := await erasing.erased(connection, plan, request, key=key, at=at))
        return plan, made

    async def events(self, incident: str, after: int = 0) -> tuple[Record, ...]:
        """An incident's records in order, those after a number."""
        async with self._reading() as connection:
            return tuple(Record(**row) for row in await reading.rows(connection, reading.events(incident, after)))

    @asynccontextmanager
    async def evidence(self, since: datetime, until: datetime) -> AsyncIterator[Evidence]:
        """What the records hold of a period, all of one moment, for as long as it is read."""
        with outage(self.where):
            connection = await self._reader.connect()
        try:
            yield Evidence(connection, self.where, since, until)
        finally:
            await connection.close()

    async def checkpoints(self) -> tuple[Signed, ...]:
        """Every checkpoint there is."""
        async with self._reading() as connection:
            rows = await reading.rows(connection, reading.checkpoints())
            return tuple(Signed.model_validate_json(row["signed"]) for row in rows)

    async def unstamped(self) -> Signed | None:
        """The newest checkpoint, where no authority has stamped it."""
        async with self._reading() as connection:
            return await unstamped(connection)

    async def keep_stamp(self, stamp: Stamp) -> None:
        """Keep what an authority said of a checkpoint; the first word stands."""
        async with self._writing() as connection:
            await writing.keep_stamp(connection, stamp)

    async def stamped(self, trusted: Sequence[Certificate], as_of: datetime) -> Stamped:
        """What time-stamp authorities say of the checkpoints, and what they leave to believe."""
        async with self._reading() as connection:
            return await stamped(connection, trusted, as_of)

    async def erasures(self) -> tuple[Erasure, ...]:
        """What was erased on request."""
        return tuple(erasures(await self.checkpoints()))

    async def incident(self, incident: str) -> Overview | None:
        """One incident at a glance."""
        async with self._reading() as connection:
            rows = await reading.rows(connection, reading.overview(incident))
            return Overview(**rows[0]) if rows else None

    async def incidents(
        self,
        open_only: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
        after: str | None = None,
        wanted: OverviewSearch | None = None,
    ) -> tuple[Overview, ...]:
        """Incidents that opened in the period, newest first; `after` is the id of the last one of the page before."""
        last = await self.incident(after) if after else None
        async with self._reading() as connection:
            return await reading.listed(connection, reading.overviews(open_only, since, until, limit, last, wanted))

    async def kpi_rows(self, since: datetime, until: datetime) -> tuple[Overview, ...]:
        """Incidents that were resolved, or closed without, in the period; drills too, which say so."""
        async with self._reading() as connection:
            return await reading.listed(connection, reading.ended(since, until))

    async def sheet(self, targets: Mapping[ClauseId, KpiTarget], scope: Scope, as_of: datetime) -> KpiReport:
        """The key figures of a scope, as everybody shows them; counted within the database (KPI)."""
        async with self._reading() as connection:
            return await counted(connection, targets, scope, as_of)

    async def missed(self, scope: Scope, limit: int) -> tuple[MissedPart, ...]:
        """Who did not keep what the key figures of a scope ask, those that fired last first (KPI)."""
        async with self._reading() as connection:
            return await reading.missed(connection, scope, limit)

    async def caused_by(self, cause: str, since: datetime, until: datetime) -> tuple[Overview, ...]:
        """Incidents with this root cause that fired in the period, newest first (REP-1)."""
        async with self._reading() as connection:
            return await reading.listed(connection, reading.caused_by(cause, since, until))

    async def alike(
        self, service: str, modes: Collection[str], since: datetime, until: datetime, limit: int
    ) -> tuple[str, ...]:
        """The newest incidents of a service that showed one of these failure modes in the period (REP-1)."""
        async with self._reading() as connection:
            found = await connection.scalars(reading.alike(service, modes, since, until, limit)) if modes else ()
            return tuple(found)

    async def suppressed(
        self, since: datetime, until: datetime, newest: int | None = None
    ) -> tuple[SuppressedRow, ...]:
        """Alerts that opened nothing in the period; with a number only the newest ones, and these first."""
        question = reading.suppressed(since, until, newest)
        async with self._reading() as connection:
            return tuple(SuppressedRow(**row) for row in await reading.rows(connection, question))

    async def keep_deployments(self, deployments: Iterable[Deployment], now: datetime, kept: timedelta) -> None:
        """Remember what was deployed for a while; the same deployment in the same state is one (TRI-1)."""
        async with self._writing() as connection:
            await deployment.keep(connection, deployments, now, kept)

    async def deployments(self, service: Service, until: datetime) -> tuple[Deployment, ...]:
        """Every state that the service's deployments had come into by then, newest first."""
        async with self._reading() as connection:
            return await deployment.of(connection, service, until)

    async def verify(self, incident: str, keys: Collection[str] = ()) -> list[str]:
        """What is wrong with an incident's records, each finding with the record's name; `keys` as in `verify_all`."""
        async with self._reading() as connection:
            return await inspect_incident(connection, incident, keys)

    async def verify_all(self, keys: Collection[str] = (), memory: Sequence[Signed] = ()) -> list[str]:
        """What is wrong with any record or checkpoint; `keys` are the public keys that are known to be ours.

        `memory` are the checkpoints that were anchored outside.
        """
        async with self._reading() as connection:
            return await inspect_all(connection, keys, memory)

    async def unproved(self, keys: Collection[str], as_of: datetime) -> list[str]:
        """What somebody would have to believe, at a moment, of records with which nothing is wrong."""
        async with self._reading() as connection:
            return await believed(connection, keys, as_of)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        with outage(self.where):
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        with outage(self.where):
            async with self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def _anchoring(self, key: Ed25519PrivateKey, memory: Path | None) -> AsyncIterator[Anchoring]:
        """A transaction, and the checkpoints that the memory outside learns once it is committed."""
        async with self._writing() as connection:
            signed = await unanchored(connection, remembered(memory), public(key)) if memory else []
            yield connection, signed
        if memory and signed:
            anchor(memory, signed)
