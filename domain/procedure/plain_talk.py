"""ACK-5, WAR-4: what people write in the war room without a command: a sign of life, or what they found when asked.

What is only heard is not kept; that it was heard is, once in a while for each person (`room.talk_every`).
"""

from datetime import datetime

from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.procedure.acknowledgement import is_silent
from domain.rule.act import Decision, IncidentAct
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId


class TalkHeard(Fact):
    """Somebody who is at work here wrote in the war room (ACK-5)."""

    sign_of_life, minor = True, True
    clause: ClauseId = "ACK-5"

    def line(self, names: Names) -> Line:
        return Line("wrote in the war room", tone="quiet")


class HearTalk(IncidentAct):
    """Somebody wrote in the war room: a sign of life of whoever is at work there (ACK-5)."""

    makes = (TalkHeard,)

    def decide(self, incident: Incident) -> Decision:
        """ACK-5: a word stops the silence; where it changes nothing it is no event."""
        since = counts_from(incident, self.by)
        return (TalkHeard(),) if since and (self.at or since) >= since else ()


def at_work(incident: Incident) -> tuple[str, ...]:
    """Whose plain words count: who holds a role, and who was paged, unless they have left the company."""
    paged = (name for sent in incident.pages.values() for name in sent.people)
    people = incident.people([*incident.holders.values(), *paged])
    return tuple(dict.fromkeys(person.id for person in people if not person.left))


def counts_from(incident: Incident, person: str) -> datetime | None:
    """From when on the next word of somebody counts; None where none does.

    At once where it is waited for: after a page, a reopening, or while silence is chased.
    """
    if incident.over or not incident.open_room or person not in at_work(incident):
        return None
    last = incident.presence.voices.get(person, [])[-1:]
    if not last or is_silent(incident):
        return incident.opened_at
    asked = [*incident.reopenings, *(sent.at for sent in incident.pages.values() if person in sent.people)]
    waited_for = max(asked, default=incident.opened_at)
    return waited_for if last[0] < waited_for else last[0] + incident.policy.room.talk_every


RULES = Ruleset()
