"""TRI-6: severity follows the worst that is known; what is worse asks the commander, and rises by itself unanswered."""

from collections.abc import Iterator, Sequence

from domain.incident.clock import Clock
from domain.incident.entry import STANDFAST, Challenge
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.severity import SeverityChallenged, SeverityDeclared, open_challenges
from domain.port.message import Message
from domain.procedure.severity import Declare
from domain.rule.clause import Clause, Promise, always, happened
from domain.rule.people import held_by
from domain.rule.ruleset import Ruleset
from domain.rule.timer import lasting
from domain.value.key import ClockKey


def challenged(incident: Incident, severity: str, because: str, *, but: Sequence[Challenge] = ()) -> tuple[Fact, ...]:
    """What it means that something of this severity became known: nothing unless it is worse than all that counts.

    `but` is what counts no more from this moment on.
    """
    asked = (one.severity for one in open_challenges(incident) if one not in but)
    known = [one.severity for one in incident.challenges if not (one.withdrawn_at or one in but)]
    likely = incident.severity or incident.policy.worst([incident.opened.proposed, *known])
    counted = [likely, incident.kept_against, *asked]
    if not incident.policy.lower(incident.policy.worst(filter(None, counted)), severity):
        return ()
    return (SeverityChallenged(severity=severity, because=because),)


def clocks(incident: Incident) -> Iterator[Clock]:
    """Each challenge to a declared severity is answered in time, be the fight over or not."""
    asked = [one for one in incident.challenges if one.declared]
    for number, one in enumerate(asked, 1):
        what = f"raise it to {one.severity}, or keep it lower with a reason and a second person"
        stop, gone = one.answered_at, incident.closed_at
        yield from lasting(incident, TRI_6, start=one.at, stop=stop, gone=gone, about=str(number), what=what)


def expired(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """What nobody answered in time rises by the policy."""
    if key.clause != TRI_6.id:
        return ()
    asked = [one for one in incident.challenges if one.declared]
    one = asked[int(key.about) - 1]
    if one.answered_at or incident.severity is None or not incident.policy.lower(incident.severity, one.severity):
        return ()
    reason = f"nobody answered in time: {one.because}"
    declared = SeverityDeclared(
        clause=TRI_6.id, severity=one.severity, proposed=incident.opened.proposed, reason=reason
    )
    return (declared,)


def _tell_challenged(incident: Incident, event: Event, what: SeverityChallenged) -> Message:
    rise = Declare.at_once(what.severity)
    by = "" if event.by == STANDFAST else f" {incident.called(event.by)}:"
    if not incident.severities or incident.severities[0][0] > event.at:
        return Message(text=f"TRI-6{by} {what.severity} is proposed now: {what.because}", buttons=(rise,))
    text = f"TRI-6{by} it is {what.severity} by what is known now: {what.because}. Unanswered it rises by itself."
    asked = held_by(incident, "commander") or held_by(incident, "on_call", "manager")
    return Message(text=text, to=asked, buttons=(rise,))


TRI_6 = Clause(
    "TRI-6",
    "Severity follows the worst that is known: a worse alert, fact or impact challenges it and, unanswered, it rises"
    " by the matrix; it can be corrected after the end.",
    promise=Promise(
        "raise it, or keep it lower with a reason and a second person",
        does="raises it, or keeps it lower with a reason and a second person",
        then="Severity looked at again",
        counted_from="the moment at which something worse than the declared severity is known",
        asked_by=always("every challenge starts it"),
        explained_as="raise the severity, or keep it with a second person",
        kept_by=Declare,
        outlives=True,
        answers=lambda key: (Declare.button("Declare"),),
    ),
    never_waived="what is known to be worse would count for nothing",
    judged_by="its clock, for what became known after the declaration",
    judge=happened(SeverityChallenged, clause="TRI-6"),
    explain=lambda policy: [
        "Before a declaration the proposal rises; after it the severity rises by itself when nobody answers in time.",
        "After the resolution it can be corrected with a reason; what the corrected severity asks for is then owed.",
    ],
)
RULES = Ruleset(clauses=(TRI_6,), clocks=clocks, expired=expired, tell={SeverityChallenged: _tell_challenged})
