"""What lists and key figures are read from, made again from the events: a reading can always be."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.incident.event import Event
from domain.report.view import view
from domain.run import read as fold
from records import reading, writing
from records.overview import Overview, overview
from records.table import EVENT


async def recount(connection: AsyncConnection) -> int:
    """Make the rows again that say nothing yet of what they add to the key figures; answers how many."""
    waiting = list(await connection.scalars(reading.uncounted()))
    for incident in waiting:
        made = await read_again(connection, incident)
        if made:
            await writing.keep_overview(connection, *made)
    return len(waiting)


async def read_again(connection: AsyncConnection, incident: str) -> tuple[Overview, int] | None:
    """An incident's row as its events say it, and how many they are; None where they cannot be read."""
    bodies = await connection.scalars(select(EVENT.c.body).where(EVENT.c.incident == incident).order_by(EVENT.c.number))
    try:
        found = fold.read(Event.model_validate_json(body) for body in bodies)
    except (ValueError, KeyError):  # pydantic's are ValueErrors; a chain without its first event is one too
        return None
    return overview(view(found, ())), found.number
