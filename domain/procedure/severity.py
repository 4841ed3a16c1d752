"""TRI-3, TRI-4, TRI-5: how severe the incident is declared to be, by whom, and what happens when nobody does."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Annotated, Literal

from domain.company.catalog import Person
from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.roles import RoleTaken
from domain.incident.severity import SeverityAsked, SeverityDeclared, SeverityKept, open_challenges
from domain.incident.tenure import is_vacant
from domain.port.message import Button, Message, Style
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.clause import Clause, Promise, always, happened
from domain.rule.deputies import deputies
from domain.rule.explain import rights
from domain.rule.people import candidates, held_by, holders
from domain.rule.refusal import Refusal, settled
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, numbered, pause, promised, spells
from domain.value.key import ClockKey
from domain.value.model import Severity, spoken

REQUEST = "request"
"""What TRI-4's clock is about where a lower severity waits for a second person."""


class Declare(IncidentAct):
    """The commander declares the severity (TRI-3); lower than proposed needs a reason and a second person (TRI-4)."""

    deed = "declare the severity"
    makes = (SeverityAsked, SeverityDeclared, SeverityKept)
    label, form_title, verb = "Set the severity", "How bad is it?", "severity"
    submit = "Declare"
    offered_in, usually = ("triage",), "commander"
    severity: Annotated[Severity, Ask("How bad is it?", choose="severity", case="upper", example="P1")]
    reason: Annotated[str, Ask("Why?", "text", "Needed when it is lower than proposed.")] = ""

    @classmethod
    def at_once(cls, severity: str, style: Style = "danger") -> Button:
        """The press that declares this severity, without a form."""
        return cls.button(f"Declare {severity}", style, asks=False, severity=severity)

    def decide(self, incident: Incident) -> Decision:
        """TRI-3, TRI-5: raising is one decision. TRI-4: lower than proposed takes a reason and a second person."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed; declare a new incident and name this one")
        if incident.over and not (self.reason.strip() or seconds(incident, self)):
            return Refusal(f"{incident.id} is {incident.phase}: give the reason for the correction, or reopen it first")
        if self.severity not in incident.policy.severities:
            return Refusal(
                f"severity: found {self.severity!r}, expected one of {', '.join(incident.policy.severities)}"
            )
        if self.severity == incident.severity and incident.asked and not seconds(incident, self):
            how: Literal["withdrawn", "declined"] = "withdrawn" if self.by == incident.asked_by else "declined"
            asked = incident.asked.severity
            return (SeverityKept(severity=self.severity, asked=asked, how=how, reason=self.reason),)
        if self.severity == incident.severity and not open_challenges(incident):
            agreed = _taken(incident, self.by) if _is_nobodys(incident) else ()
            return agreed or settled(f"{incident.id} is {self.severity} already")
        if seconds(incident, self):
            return _declared(incident, self, asked_by=incident.asked_by)
        if _raises(incident, self) or not incident.policy.lower(self.severity, _known(incident)):
            return _declared(incident, self)
        declared = incident.severity == _known(incident)
        against = f"{'declared' if declared else 'proposed'} {_known(incident)}"
        if not self.reason.strip():
            return Refusal(
                f"{self.severity} is lower than the {against}: give a reason; a second person then confirms it"
            )
        return (SeverityAsked(severity=self.severity, reason=self.reason),)


def seconds(incident: Incident, act: Declare) -> bool:
    """Whether this is the second person that an asked-for lower severity waits for (TRI-4)."""
    return incident.asked is not None and incident.asked.severity == act.severity and incident.asked_by != act.by


def is_anybodys(incident: Incident, act: Declare) -> bool:
    """Whether it takes no role: to raise, to confirm what another asked for, to stay with what is (TRI-5, WAR-7)."""
    if act.severity not in incident.policy.severities:
        return False
    raises = incident.policy.lower(incident.likely, act.severity)
    stays = incident.asked is not None and act.severity == incident.severity
    return raises or stays or seconds(incident, act) or _is_correction(incident, act)


def _is_correction(incident: Incident, act: Declare) -> bool:
    """Whether the manager, or who stands in, corrects it after the end: the commander may be gone (TRI-6, WAR-7)."""
    return incident.over and incident.policy.absence.manager_corrects and act.by in deputies(incident, act.at)


def _raises(incident: Incident, act: Declare) -> bool:
    """TRI-5: whether it is more severe than what is in force; that is one decision, whatever else is known."""
    return incident.severity is not None and incident.policy.lower(incident.severity, act.severity)


def _known(incident: Incident) -> str:
    """The worst to be answered for: the severity to reckon with, and what challenges it (TRI-6)."""
    return incident.policy.worst([incident.likely, *(one.severity for one in open_challenges(incident))])


def _declared(incident: Incident, act: Declare, asked_by: str = "") -> tuple[Fact, ...]:
    reason = act.reason or (incident.asked.reason if asked_by and incident.asked else "")
    escalated = incident.severity is not None and not incident.policy.lower(act.severity, incident.severity)
    declared = SeverityDeclared(
        clause="TRI-4" if asked_by else "TRI-6" if incident.over else "TRI-5" if escalated else "TRI-3",
        severity=act.severity,
        proposed=incident.proposal[0],
        reason=reason,
        asked_by=asked_by,
    )
    if incident.over:
        return (declared,)
    return (declared, *_taken(incident, asked_by or act.by))


def _taken(incident: Incident, lead: str) -> tuple[Fact, ...]:
    """WAR-3: the vacant roles that begin with whoever declares."""
    roles = incident.policy.roles.items()
    starts = [role for role, rule in roles if rule.starts_with == "declarer" and is_vacant(incident, role)]
    return tuple(RoleTaken(role=role, person=lead) for role in starts if incident.holders.get(role) != lead)


def _is_nobodys(incident: Incident) -> bool:
    """TRI-4: whether the severity stands because nobody classified it: who declares the same agrees with it."""
    declared = [event.by for event, _ in incident.all(SeverityDeclared)]
    return incident.policy.absence.agrees and not incident.over and declared[-1:] == [STANDFAST]


def clocks(incident: Incident) -> Iterator[Clock]:
    """TRI-4: an acknowledged incident must be classified."""
    for number, start, end in _to_classify(incident):
        about = numbered(1, nth(number)) if number else ""
        yield from promised(incident, TRI_4, start=start, stop=incident.declared_at, until=end, about=about)
    for number, request in enumerate(incident.requests):
        span, runs, what = (
            incident.policy.absence.request,
            (nth(number, "v"),),
            f"a request for {request.severity} lapses",
        )
        start, end = request.at, request.ended_at
        yield from pause(incident, TRI_4, span, start=start, until=end, about=REQUEST, runs=runs, what=what)


def _to_classify(incident: Incident) -> Iterator[tuple[int, datetime | None, datetime | None]]:
    """By the number of its first ringing: from when on the incident is to be classified, and when that begins anew.

    A worse alert that rings again takes nobody's time away where the policy lets the clock go on: nobody may answer.
    """
    goes_on, reopened = incident.policy.absence.unclassified == "goes_on", set(incident.reopenings)
    begins = [n for n, one in enumerate(incident.rounds) if not goes_on or n == 0 or one.started_at in reopened]
    for number, following in zip_longest(begins, begins[1:]):
        acknowledged = (one.acknowledged_at for one in incident.rounds[number:following])
        end = incident.rounds[following].started_at if following else None
        yield number, next((at for at in acknowledged if at), None), end


def expired(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """TRI-4: a request that nobody confirmed lapses; what nobody has classified is treated as the matrix proposes."""
    if key.clause == TRI_4.id and key.about == REQUEST:
        asked, severity = incident.asked, incident.likely
        return (SeverityKept(severity=severity, asked=asked.severity, how="lapsed"),) if asked else ()
    if key.clause != TRI_4.id or incident.severity:
        return ()
    proposed = incident.proposal[0]
    return (
        SeverityDeclared(
            clause=TRI_4.id, severity=proposed, proposed=proposed, reason="nobody said how bad it is in time"
        ),
    )


def _tell_asked(incident: Incident, event: Event, asked: SeverityAsked) -> Message:
    agree = Declare.button(f"Agree to {asked.severity}", asks=False, severity=asked.severity)
    by = incident.catalog.short(event.by)
    lapses = spoken(incident.policy.absence.request)
    wanted = f"{by} wants {asked.severity} instead of {_known(incident)}: {asked.reason.rstrip('.')}"
    text = f"TRI-4 {wanted}. A second person must agree within {lapses}."
    others = held_by(incident, "commander", "manager", "on_call", "comms")
    to = tuple(dict.fromkeys(person for person in others if person.id != event.by))
    stays = Declare.button(f"Stay at {incident.likely}", "plain", asks=False, severity=incident.likely)
    return Message(text=text, to=to, buttons=(agree, stays) if incident.severity else (agree,))


def _tell_declared(incident: Incident, event: Event, declared: SeverityDeclared) -> Message | None:
    before = [one.severity for said, one in incident.all(SeverityDeclared) if said.number < event.number]
    called = tuple(person for person in _called(incident, event, declared, before) if person.id != event.by)
    said = _in_words(incident, event, declared, before)
    if not called:
        rung = not (before or declared.reason) and _rings(incident, declared.severity)
        other = (Declare.button("Another severity"),) if event.by == STANDFAST else ()
        return None if rung else Message(text=f"{event.clause} {said}.", buttons=other)
    unread = incident.policy.severities[declared.severity].status_page and not (incident.status_ref or incident.secret)
    customers = " Customers have read nothing of it." if unread else ""
    owed = f"It is over, and what follows the end of a {declared.severity} is owed from now on.{customers}"
    return Message(text=f"{event.clause} {said}. {owed}", to=called, small=f"{incident.id} {incident.title}")


def _rings(incident: Incident, severity: Severity) -> bool:
    """WAR-2: whether everybody is rung for it under the headline, which says it once."""
    once = incident.policy.room.told_once and incident.policy.severities[severity].war_room
    return once and "headline" in incident.shown and not (incident.secret or incident.over)


def _in_words(incident: Incident, event: Event, declared: SeverityDeclared, before: list[str]) -> str:
    """How severe it is from now on, was before, why, and by whose word: the clock's is nobody's."""
    now, was = (" now", f", was {before[-1]}") if before else ("", "")
    reason = f": {declared.reason.rstrip('.')}" if declared.reason else ""
    if event.by == STANDFAST:
        return f"*It counts as {declared.severity}{now}*{was}{reason}"
    who = incident.catalog.short(declared.asked_by or event.by)
    agreed = f"; {incident.catalog.short(event.by)} agreed" if declared.asked_by else ""
    return f"*It is {declared.severity}{now}*{was}{reason} ({who}{agreed})"


def _called(incident: Incident, event: Event, declared: SeverityDeclared, before: list[str]) -> Iterable[Person]:
    """TRI-6: who would have been woken by what it was raised to after the end: each role's holder, or who could be."""
    if not incident.policy.room.raised_calls or next(spells(incident, event.at), (None,))[0] == event.at:
        return ()
    if before and not incident.policy.lower(before[-1], declared.severity):
        return ()
    roles = incident.policy.severities[declared.severity].wake
    found = (holders(incident, role) or _there(incident, role, event.at)[:1] for role in roles)
    return dict.fromkeys(person for people in found for person in people)


def _there(incident: Incident, role: str, at: datetime) -> tuple[Person, ...]:
    """Whom the team lists for a role that is not on leave, else whoever is."""
    listed = incident.people(candidates(incident, role))
    return tuple(person for person in listed if not person.is_away(at)) or listed


def _explain_matrix(policy: Policy) -> list[str]:
    last = list(policy.severities)[-1]
    rows = [f"{row.propose}: {row.because}." for row in policy.matrix]
    return ["The first row that fits proposes the severity:", *rows, f"{last}: no row of the matrix fits."]


def _was_declared(incident: Incident) -> bool | None:
    """Missed where it ended and nobody ever said how severe it was."""
    return True if incident.severities else False if incident.resolutions else None


TRI_3 = Clause(
    "TRI-3",
    "Severity P1-P4 is declared by the incident commander from the severity matrix; the software proposes"
    " one with its reason.",
    judged_by="a severity was declared before the resolution",
    judge=_was_declared,
    explain=lambda policy: [*_explain_matrix(policy), *rights(Declare)(policy)],
)
TRI_4 = Clause(
    "TRI-4",
    "Choosing lower than the matrix proposes, or downgrading later, needs a reason and a second person; "
    "it is recorded and counted. An acknowledged incident nobody has classified in 10 minutes is treated "
    "as the matrix proposes.",
    promise=Promise(
        "declare the severity",
        does="says how bad it is",
        then="Severity declared",
        reminder="How bad is it? By {by}, in {left}, it counts as proposed.",
        overdue="How bad is it? Nobody had said by {by}.",
        counted_from="the acknowledgement",
        asked_by=always("every acknowledgement starts it"),
        kept_by=Declare,
        answers=lambda key: (Declare.button("Declare"),),
    ),
    judged_by="its clock, or a second person's confirmation",
    judge=happened(SeverityDeclared, clause="TRI-4"),
    explain=lambda policy: [
        "Past it the incident is treated as the matrix proposes; lower takes a second person.",
        f"A request for lower lapses after {spoken(policy.absence.request)}; it can be declined or taken back.",
    ],
)
TRI_5 = Clause(
    "TRI-5",
    "Escalating severity is one decision at any time, and starts the clocks of the new severity.",
    judged_by="the severity was raised",
    judge=happened(SeverityDeclared, clause="TRI-5"),
    constructed=True,
)
RULES = Ruleset(
    clauses=(TRI_3, TRI_4, TRI_5),
    clocks=clocks,
    expired=expired,
    tell={SeverityAsked: _tell_asked, SeverityDeclared: _tell_declared},
)
