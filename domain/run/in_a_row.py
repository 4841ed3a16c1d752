"""What the room is to hear one after the other can be on its way together, as far as it hears the same either way."""

from collections.abc import Iterator
from itertools import islice

from domain.incident.incident import Incident
from domain.port.chat import Say
from domain.procedure.war_room import outside
from domain.run.agenda import deadlines
from domain.run.saying import event_of, subject, unsaid

LONGEST = 3
"""Messages that follow the first, so that one try has time for all."""


def followers(incident: Incident, first: Say) -> tuple[Say, ...]:
    """What the room hears next, once it has heard the first."""
    return tuple(islice(_followers(incident, first), LONGEST))


def _followers(incident: Incident, first: Say) -> Iterator[Say]:
    """Until one that failed, that waits for an invitation, or that may take the place of one before it."""
    running, places = {one.key: one for one in deadlines(incident)}, set[str]()
    room = [say for say in unsaid(incident, running, ahead=True) if not say.person]
    if first.tried or not room or room[0].key != first.key:
        return
    for say in room:
        place = subject(incident, event_of(incident, say.key))
        waits = say.room and any(outside(incident, say.message))
        if waits or place in places or say.key in incident.failures:
            return
        places |= {place} - {""}
        if say.key != first.key:
            yield say
