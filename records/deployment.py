"""What was deployed, for a while: each deployment in each of its states, so that its state at any moment is known.

A reading for triage and no evidence; what an engineer was handed is in the incident's own events.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Index, String, Table, Text, and_, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.company.catalog import Service
from domain.company.deployment import Deployment, names, repository
from domain.company.policy_retention import KEPT as KEPT
from records.table import METADATA, Timestamp

MOST = 300
"""States read for one service; the newest say enough."""

DEPLOYMENT = Table(
    "deployment",
    METADATA,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("state", String, primary_key=True),
    Column("repository", String, nullable=False),  # in lower case, as it and the service are looked for
    Column("service", String, nullable=False),
    Column("at", Timestamp, nullable=False),
    Column("body", Text, nullable=False),
    Index("deployment_at", "at"),
    Index("deployment_repository", "repository", "at"),
    Index("deployment_service", "service", "at"),
)


async def keep(connection: AsyncConnection, deployments: Iterable[Deployment], now: datetime, kept: timedelta) -> None:
    """Keep each state once, with its newest time, and let go of what is older than is `kept`."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    for one in deployments:
        row = _row(one)
        statement = dialect.insert(DEPLOYMENT).values(row)
        keys, newer = ["source", "id", "state"], DEPLOYMENT.c.at < statement.excluded.at
        await connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=row, where=newer))
    await connection.execute(delete(DEPLOYMENT).where(DEPLOYMENT.c.at < now - kept))


def _row(one: Deployment) -> dict[str, Any]:
    lowered = {"repository": one.repository.lower(), "service": one.service.lower()}
    return {
        "source": one.source,
        "id": one.id,
        "state": one.state,
        "at": one.at,
        **lowered,
        "body": one.model_dump_json(),
    }


async def of(connection: AsyncConnection, service: Service, until: datetime) -> tuple[Deployment, ...]:
    """The states that a service's deployments had come into by a moment, newest first."""
    table = DEPLOYMENT.c
    own = and_(table.service == "", table.repository == repository(service))
    question = select(table.body).where(or_(own, table.service.in_(names(service))), table.at <= until)
    found = await connection.scalars(question.order_by(table.at.desc()).limit(MOST))
    return tuple(map(Deployment.model_validate_json, found))
