"""Earlier incidents, each as its own events tell it (REP-1)."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from domain.incident.event import Event
from domain.incident.opening import Opened
from domain.procedure.repeats import as_earlier, modes_at_opening
from domain.run import read as fold
from domain.value.kind import OF_ANOTHER_RELEASE
from domain.value.repeat import Repeat

if TYPE_CHECKING:  # a command line that asks the engine need not load a database
    from records.store import Records

log = logging.getLogger("standfast.past")
AT_OPENING = 5
"""Earlier incidents that are read while somebody waits to be paged; the newest say enough."""
PATIENCE = timedelta(seconds=2)
"""How long the opening of an incident waits for what the records know."""


async def told_by(records: "Records", incidents: Iterable[str]) -> tuple[Repeat, ...]:
    """These incidents as later ones know them."""
    found = []
    for incident in incidents:
        kept = await records.events(incident)
        found.append(as_earlier(fold.read(Event.model_validate_json(record.body) for record in kept)))
    return tuple(found)


async def seen_before(records: "Records", first: Opened) -> tuple[Repeat, ...]:
    """What may be happening again; nothing, and a line in the log, where the records do not say it in time.

    Whatever is wrong with the records, the incident opens and somebody is paged. The root cause, once it is named, is
    looked for again, as a duty that stays owed until the records answer.
    """
    since = first.fired_at - first.policy.learn.repeat_within
    marks = modes_at_opening(first)
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            alike = await records.alike(first.service, marks, since, first.fired_at, AT_OPENING)
            return await told_by(records, alike)
    except Exception as error:  # an outage, an old table, a record nobody can read: none may delay the page
        said = str(error).partition("\n")[0] or type(error).__name__
        log.warning("REP-1 %s opens without its earlier incidents: %s", first.incident, said)
        return ()


async def is_recorded(records: "Records", first: Opened) -> bool:
    """Whether the records have the incident that these very alerts opened; where they do not say it in time, not."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            if await records.incident(first.incident) is None:
                return False
            [record, *_] = await records.events(first.incident)
            began = Event.model_validate_json(record.body, extra="ignore", context=OF_ANOTHER_RELEASE).what
    except Exception as error:  # as above: nothing of the records may delay the page
        said = str(error).partition("\n")[0] or type(error).__name__
        log.warning("%s opens though the records do not say whether they have it: %s", first.incident, said)
        return False
    return isinstance(began, Opened) and _alerts(began) == _alerts(first)


def _alerts(one: Opened) -> tuple[object, ...]:
    """By which alerts an incident was opened, and when they fired."""
    return (one.group, one.fired_at, *((alert.key, alert.episode) for alert in one.alerts))
