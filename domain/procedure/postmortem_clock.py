"""PM-1, PM-2: the time of the post-mortem, from each resolution or from the correction that asked for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.incident.severity import asked_since
from domain.procedure.postmortem import PM_1
from domain.rule.ruleset import Ruleset
from domain.rule.timer import earliest, lasting, nth
from domain.value.calendar import counted


def clocks(incident: Incident) -> Iterator[Clock]:
    """PM-1, PM-2: due from each resolution; a reopening stops the time, and gives only what was left of it.

    One that was written or missed before the reopening stays so, and the next has a time of its own.
    """
    used = timedelta()
    for number, (resolved_at, _) in enumerate(incident.resolutions):
        reopened_at = incident.reopenings[number] if number < len(incident.reopenings) else None
        asked = asked_since(incident, "post_mortem", resolved_at) if not incident.retracted else None
        if asked is None or (reopened_at and reopened_at <= asked[0]):
            continue
        start, gone = asked[0], earliest(reopened_at, asked[1])
        stop = next((at for at in incident.learning.completions if at >= start), None)
        for clock in lasting(incident, PM_1, start=start, stop=stop, gone=gone, runs=(nth(number),), used=used):
            hours = incident.policy.hours(PM_1.id, incident.likely)
            used = used + counted(start, gone, hours) if gone and clock.void else timedelta()
            yield clock


def owed_since(incident: Incident) -> datetime | None:
    """Since when the present post-mortem is owed: the resolution, or the correction that asked for it."""
    return max((clock.started_at for clock in clocks(incident) if not clock.void), default=None)


def due_at(incident: Incident) -> datetime | None:
    """When the post-mortem of the last resolution is due."""
    since = incident.resolved_at
    due = [clock.due_at for clock in clocks(incident) if since and not clock.void and clock.started_at >= since]
    return due[-1] if due else None


RULES = Ruleset(clocks=clocks)
