"""What the next plain words in the war room come to: nothing, a sign of life (ACK-5), or a finding (WAR-4)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.incident.incident import Incident
from domain.procedure.acknowledgement import ACK_5
from domain.procedure.findings import WAR_4
from domain.procedure.plain_talk import at_work, counts_from
from domain.run.agenda import deadlines
from domain.run.question import CLOCK
from domain.run.saying import DIGEST
from domain.run.telling import owed_by
from domain.value.model import Instant, Model

ASKS = (WAR_4.id, ACK_5.id)
"""The clauses by which somebody is asked what they see."""


class TalkAsked(Model):
    """Somebody is asked what they see: until when what they write in the room is the answer, and in which threads."""

    person: str
    until: Instant
    messages: tuple[str, ...] = ()
    """The chat's own references of the messages that ask; in their threads there is time."""


class TalkCounts(Model):
    """What plain words in the war room come to now; nothing where nobody is at work, or it is over."""

    heard: dict[str, Instant] = Field(default_factory=dict)
    """By person: from when on their next word is a sign of life."""
    asked: tuple[TalkAsked, ...] = ()

    def comes_to(self, person: str, at: datetime, thread: str = "") -> Literal["", "heard", "finding"]:
        """What the words of somebody come to, said at a moment in the room, or under a message of it."""
        own = [one for one in self.asked if one.person == person]
        if any(thread in one.messages if thread else at <= one.until for one in own):
            return "finding"
        since = self.heard.get(person)
        return "heard" if since and at >= since else ""


def talk_counts(incident: Incident) -> TalkCounts:
    """What the next words come to."""
    since = ((person, counts_from(incident, person)) for person in at_work(incident))
    heard = {person: at for person, at in since if at}
    return TalkCounts(heard=heard, asked=tuple(_asked(incident)) if heard else ())


def _asked(incident: Incident) -> Iterator[TalkAsked]:
    for one in deadlines(incident):
        moments = (incident.reminded.get(one.key), incident.presence.chased.get(one.key))
        at = max((moment for moment in moments if moment), default=None)
        if one.clause not in ASKS or at is None:
            continue
        places = [f"{CLOCK}{one.key}", *([DIGEST] if one.key in incident.missed else [])]
        refs = tuple(incident.said[place].ref for place in places if place in incident.said)
        until: datetime = at + incident.policy.room.talk_answers
        for person in owed_by(incident, one.key, one.owner, at):
            yield TalkAsked(person=person.id, until=until, messages=refs)
