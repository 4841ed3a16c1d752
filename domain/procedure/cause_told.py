"""REP-1: incidents with one root cause tell each other, so that it does not matter whose cause was named last.

Whoever finds another one tells it, and tells it again when its own cause changes; each then judges anew what repeats.
Of two the later one repeats the earlier, and KPI-6 counts it there (`domain.procedure.repeats.repeated`).
"""

from collections.abc import Iterator

from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.internal import TellIncident
from domain.procedure.repeats import REP_1, RepeatFound, as_earlier, has_same_cause, newest
from domain.rule.act import Decision, IncidentAct
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, IncidentId
from domain.value.repeat import Repeat


class CauseTold(Fact):
    """Another incident knows the root cause that an event of this one named (REP-1)."""

    minor = True
    clause: ClauseId = "REP-1"
    incident: IncidentId
    naming: int
    """The number of that event."""

    def apply(self, incident: Incident, event: Event) -> None:
        incident.learning.told[self.incident] = self.naming

    def line(self, names: Names) -> Line:
        return Line(f"{self.incident} knows the root cause")


class CauseHeard(Fact):
    """Another incident says its root cause (REP-1)."""

    minor = True
    clause: ClauseId = "REP-1"
    repeat: Repeat
    naming: int

    def apply(self, incident: Incident, event: Event) -> None:
        """Where both have the same cause, it knows this one's."""
        if has_same_cause(incident, self.repeat):
            incident.learning.told[self.repeat.incident] = incident.learning.naming

    def line(self, names: Names) -> Line:
        return Line(f"heard the root cause of {self.repeat.incident}")


class HearCause(IncidentAct):
    """The root cause of another incident was named or changed: told by that incident (REP-1)."""

    makes = (CauseHeard,)
    object = "repeat"
    repeat: Repeat
    """That incident, as others know it."""
    naming: int
    """The number of its event that named the cause."""

    def decide(self, incident: Incident) -> Decision:
        """REP-1: it is a repetition as long as both have the same cause."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed")
        known, other = incident.learning, self.repeat.incident
        heard = CauseHeard(repeat=self.repeat, naming=self.naming)
        same = has_same_cause(incident, self.repeat)
        rest = [one for one in known.repeats if one.incident != other]
        if same == (len(rest) < len(known.repeats)):
            return (heard,)
        found = newest([*rest, self.repeat] if same else rest)
        return (heard, RepeatFound(cause=known.cause, repeats=found))


def duties(incident: Incident) -> Iterator[TellIncident]:
    """Every other incident that was ever found to have the same cause is told this one's, unless it knows it."""
    known = incident.learning
    if not incident.policy.learn.causes_told or incident.opened.drill or incident.closed_at:
        return
    closed = {one.incident for one in known.repeats if one.closed}
    for other, naming in known.told.items():
        if naming < known.naming and other not in closed:
            yield _tell(incident, other)


def is_telling(incident: Incident) -> bool:
    """Whether one that fired later is still to hear this one's cause, and counts the pair once it has (KPI-6)."""
    own = (incident.opened.fired_at, incident.id)
    later = {one.incident for one in incident.learning.repeats if (one.fired_at, one.incident) > own}
    return any(duty.other in later and duty.key not in incident.done for duty in duties(incident))


def _tell(incident: Incident, other: str) -> TellIncident:
    naming = incident.learning.naming
    key = f"tell_incident/cause-{naming}/{other}"
    act = HearCause(
        id=f"{incident.id}/{key}",
        by=incident.events[naming - 1].by,
        via="standfast",
        proof=incident.id,
        repeat=as_earlier(incident),
        naming=naming,
    )
    summary = f"tell {other} the root cause of {incident.id}"
    return TellIncident(key=key, incident=incident.id, clause=REP_1.id, summary=summary, other=other, act=act)


def follow(incident: Incident, duty: AnyDuty, outcome: Outcome) -> tuple[Fact, ...]:
    """It knows; one that is closed hears nothing more, and what repeats is counted here."""
    if not (isinstance(duty, TellIncident) and isinstance(duty.act, HearCause) and outcome.ref):
        return ()
    return (CauseTold(incident=duty.other, naming=duty.act.naming),)


RULES = Ruleset(duties=duties, done=follow)
