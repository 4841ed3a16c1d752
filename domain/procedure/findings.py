"""WAR-4, WAR-6: what the engineers find, every fifteen minutes, and what anybody writes into the timeline.

A finding that was given by mistake is withdrawn: it stays in the record, and counts no more.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from domain.company.catalog import Link
from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.severity import SeverityDeclared
from domain.port.message import Button, Message
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct, Typed
from domain.rule.clause import WITH_ROOM, Clause, Promise, happened
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import cycled, nth, spells
from domain.value.key import ClockKey
from domain.value.line import Line, Names
from domain.value.model import ClauseId, LongText, unsaid
from domain.value.moment import clock_time

NOTHING = "Nothing new"
"""What is said in one press by whoever is asked and has found nothing more; the room has heard."""


class _Contributed(Fact, abstract=True):
    """What somebody tells the others in their own words."""

    sign_of_life, long = True, True
    written: str = Field(default="", exclude_if=unsaid)
    """The message of the room that it is, as the chat calls it; empty for what came another way."""
    aloud: bool = Field(default=False, exclude_if=unsaid)
    """Whether the room is to be told: it came by a form, the command line or the board, where nobody reads it."""

    def may_tell(self) -> bool:
        """What the room has not read."""
        return self.aloud


class FindingPosted(_Contributed):
    """Findings of the investigation (WAR-4)."""

    step = "posted the first finding"
    clause: ClauseId = "WAR-4"
    conditions: str
    actions: str = ""
    needs: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether it says that nothing new was found."""
        return self.conditions.strip(" .").casefold() == NOTHING.casefold() and not (self.actions or self.needs)

    def line(self, names: Names) -> Line:
        return Line("found", "; ".join(one for one in (self.conditions, self.actions, self.needs) if one))


class Noted(_Contributed):
    """Something for the timeline (WAR-6)."""

    clause: ClauseId = "WAR-6"
    text: str
    url: str = ""

    def line(self, names: Names) -> Line:
        return Line("noted", self.text, url=self.url)


class FindingWithdrawn(Fact):
    """A finding was given by mistake: it stays in the record, and counts no more (WAR-4, WAR-6)."""

    sign_of_life, minor, long = True, True, True
    clause: ClauseId = "WAR-4"
    finding: int
    """Its number among all findings of the incident."""
    conditions: str
    reason: str = ""
    aloud: bool = Field(default=False, exclude_if=unsaid)
    """Whether the room was told the finding, and is to be told this."""

    def may_tell(self) -> bool:
        """What the room has read."""
        return self.aloud

    def line(self, names: Names) -> Line:
        return Line("took back what was found", "; ".join(one for one in (self.conditions, self.reason) if one))


class PostFinding(IncidentAct):
    """Findings from the investigation: conditions seen, actions under way, needs (WAR-4)."""

    makes = (FindingPosted,)
    anybodys = True
    label, verb = "Tell the room", "finding"
    typed = (Typed("finding", without=("written",)),)
    offered_in, usually = ("active",), "on_call"
    phases = FOUGHT
    conditions: Annotated[LongText, Ask("What do you see?", "text", example="what you see")]
    actions: Annotated[str, Ask("What are you doing?", "text")] = ""
    needs: Annotated[str, Ask("What do you need?", "text")] = ""
    written: str = ""
    """The message of the room that it is, as the chat calls it."""

    def decide(self, incident: Incident) -> Decision:
        """WAR-4: findings reset the clock."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; use a note, or reopen it")
        where = _where(incident, self.written)
        return (FindingPosted(conditions=self.conditions, actions=self.actions, needs=self.needs, **where),)


class WithdrawFinding(IncidentAct):
    """A finding was given by mistake: the room's clock runs as if it had not been, and nobody is shown it (WAR-4)."""

    makes = (FindingWithdrawn,)
    anybodys = True
    label, form_title, verb = "Withdraw a finding", "It was no finding", "withdraw"
    submit = "Withdraw it"
    typed = (Typed("withdraw", arguments=()),)
    finding: Annotated[int, Ask("Which finding?", choose="finding", hint="Empty: the newest of your own.")] = 0
    reason: Annotated[str, Ask("Why?", "line")] = ""

    def decide(self, incident: Incident) -> Decision:
        """WAR-4: by whoever gave it, or by who commands; once is enough."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed")
        number = self.finding or _newest(incident, self.by)
        given = dict(enumerate(incident.all(FindingPosted), start=1)).get(number)
        if given is None:
            known = ", ".join(standing(incident)) or "none: nothing was found"
            return Refusal(f"finding: found {self.finding or 'none of your own'}, expected one of {known}")
        event, found = given
        if self.by not in (event.by, incident.commander):
            others = dict.fromkeys(incident.called(one) for one in (event.by, incident.commander) if one)
            return Refusal(f"only {' or '.join(others)} may withdraw that finding")
        if str(number) not in standing(incident):
            return ()
        said = {"conditions": found.conditions, "reason": self.reason, "aloud": found.aloud}
        return (FindingWithdrawn.model_validate({"finding": number, **said}),)


class Note(IncidentAct):
    """Something for the timeline: a decision, a pinned message (WAR-6)."""

    makes = (Noted,)
    anybodys = True
    label, form_title, verb = "Add a note", "Add to the timeline", "note"
    typed = (Typed("note", without=("written",)),)
    offered_in, usually = ("triage",), "on_call"
    text: Annotated[LongText, Ask("What happened or was decided?", "text", example="what you did")]
    url: str = ""
    written: str = ""
    """The message of the room that it is, as the chat calls it."""

    def decide(self, incident: Incident) -> Decision:
        """WAR-6: what people pin or write becomes the timeline."""
        return (Noted(text=self.text, url=self.url, **_where(incident, self.written)),)


def _where(incident: Incident, written: str) -> dict[str, Any]:
    """Where somebody's words stand: in the room already, or else to be said there while it is fought."""
    return {"written": written, "aloud": incident.policy.room.own_lines and not (written or incident.over)}


def standing(incident: Incident) -> dict[str, tuple[Event, FindingPosted]]:
    """The findings that nobody withdrew, by their number among all, the newest last."""
    gone = {one.finding for _, one in incident.all(FindingWithdrawn)}
    given = enumerate(incident.all(FindingPosted), start=1)
    return {str(number): found for number, found in given if number not in gone}


def withdrawn_findings(incident: Incident) -> Iterator[Event]:
    """What was given as a finding and does not count."""
    left = standing(incident)
    return (event for n, (event, _) in enumerate(incident.all(FindingPosted), start=1) if str(n) not in left)


def newest(incident: Incident) -> tuple[Event, FindingPosted] | None:
    """What was found last, and stands (WAR-4); that there is nothing new takes the place of nothing."""
    said = reversed([*standing(incident).values()])
    return next((one for one in said if not one[1].is_nothing), None)


def answers(key: ClockKey) -> tuple[Button, ...]:
    """The presses of whoever is asked what they see."""
    return PostFinding.button(style="primary"), PostFinding.button(
        "Nothing new", "plain", asks=False, conditions=NOTHING
    )


def undo(incident: Incident) -> Button:
    """The press that takes the last finding back, for whoever has just given it."""
    number = sum(1 for _ in incident.all(FindingPosted))
    return WithdrawFinding.button("Undo", asks=False, finding=str(number))


def _newest(incident: Incident, by: str) -> int:
    """The newest of somebody's own; for who commands and gave none, the newest of all. 0 where there is none."""
    every = standing(incident)
    own = [number for number, (event, _) in every.items() if event.by == by]
    theirs = own or ([*every] if by == incident.commander else [])
    return int(theirs[-1]) if theirs else 0


def _tell_finding(incident: Incident, event: Event, found: FindingPosted) -> Message:
    """As whoever found it would say it, and by when the room hears next."""
    who = incident.catalog.short(event.by)
    parts = ((f"{who} found", found.conditions), ("Doing", found.actions), ("Needs", found.needs))
    text = "\n".join(f"*{name}*: {said}" for name, said in parts if said)
    text = f"*{who}* has found nothing new" if found.is_nothing else text
    by = next((clock.due_at for clock in clocks(incident) if clock.running), None)
    small, moments = (f"Next by {clock_time(by, event.at)}", (by,)) if by else ("", ())
    return Message(text=text, small=small, moments=moments)


def _tell_note(incident: Incident, event: Event, note: Noted) -> Message:
    """The note, as a line of whoever wrote it."""
    links = (Link(label="what it is about", url=note.url),) if note.url else ()
    return Message(text=f"*{incident.catalog.short(event.by)}*: {note.text}", links=links)


def _tell_withdrawn(incident: Incident, event: Event, gone: FindingWithdrawn) -> Message:
    """To those who have read it that it does not count."""
    why = f" ({gone.reason})" if gone.reason else ""
    return Message(text=f"*{incident.catalog.short(event.by)} takes back*{why} what was found: {gone.conditions}")


def clocks(incident: Incident) -> Iterator[Clock]:
    """WAR-4: one finding after the other, while a severity asks for a war room."""
    found, gone = incident.moments(FindingPosted), _gone(incident)
    for number, (since, until) in enumerate(incident.runs("war_room")):
        runs = (nth(number, "s"),)
        yield from cycled(incident, WAR_4, since=since, marks=found, until=until, runs=runs, gone=gone)


def _gone(incident: Incident) -> Mapping[datetime, datetime]:
    """The moments of findings that do not count any more, and since when: withdrawn while it was fought."""
    withdrawn = {one.finding: event.at for event, one in incident.all(FindingWithdrawn)}
    if not withdrawn:
        return {}
    fought, last = list(spells(incident, incident.opened_at)), dict[datetime, datetime | None]()
    for number, (event, _) in enumerate(incident.all(FindingPosted), start=1):
        at, before = withdrawn.get(number), last.get(event.at, event.at)
        last[event.at] = max(at, before) if at and before else None
    return {found: at for found, at in last.items() if at and any(a <= at and (b is None or at < b) for a, b in fought)}


WAR_4 = Clause(
    "WAR-4",
    "The on-call engineer posts findings every 15 minutes; a reminder goes out before, and a miss is "
    "recorded and told to the commander.",
    promise=Promise(
        "post findings",
        does="tells the room",
        then="The room hears",
        reminder="What do you see? The room hears from you by {by}, in {left}.",
        overdue="What do you see? The room was to hear from you by {by}; just write it here.",
        counted_from="the declaration of a severity with a war room, and again from each finding",
        asked_by=WITH_ROOM,
        kept_by=PostFinding,
        repeats=True,
        due_before=("ACK-5", "silence is chased"),
        answers=answers,
    ),
    judged_by="its clocks, one from each finding to the next",
    judge=lambda incident: bool(standing(incident)) or None,
)
WAR_6 = Clause(
    "WAR-6",
    "What people do in the war room (commands, pins, decisions) becomes the incident's timeline, with who and when.",
    judged_by="people's words and decisions are events",
    judge=happened(Noted, FindingPosted, SeverityDeclared),
    constructed=True,
)
RULES = Ruleset(
    clauses=(WAR_4, WAR_6),
    clocks=clocks,
    tell={FindingPosted: _tell_finding, FindingWithdrawn: _tell_withdrawn, Noted: _tell_note},
)
