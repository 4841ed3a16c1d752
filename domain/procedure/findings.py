"""WAR-4, WAR-6: what the engineers find, every fifteen minutes, and what anybody writes into the timeline."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from domain.company.catalog import Link
from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.severity import SeverityDeclared
from domain.port.message import Message
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct, Typed
from domain.rule.clause import WITH_ROOM, Clause, Promise, happened
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import cycled, nth
from domain.value.line import Line, Names
from domain.value.model import ClauseId, LongText, unsaid
from domain.value.moment import clock_time


class _Contributed(Fact):
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
    kind: Literal["finding_posted"] = "finding_posted"
    clause: ClauseId = "WAR-4"
    conditions: str
    actions: str = ""
    needs: str = ""

    def line(self, names: Names) -> Line:
        """What was found, in the engineer's words."""
        return Line("found", "; ".join(one for one in (self.conditions, self.actions, self.needs) if one))


class Noted(_Contributed):
    """Something for the timeline (WAR-6)."""

    kind: Literal["noted"] = "noted"
    clause: ClauseId = "WAR-6"
    text: str
    url: str = ""

    def line(self, names: Names) -> Line:
        """What was noted, and where it can be read."""
        return Line("noted", self.text, url=self.url)


class PostFinding(IncidentAct):
    """Findings from the investigation: conditions seen, actions under way, needs (WAR-4)."""

    makes = (FindingPosted,)
    anybodys = True
    label, verb = "Tell the room", "finding"
    typed = (Typed("finding", without=("written",)),)
    offered_in, usually = ("active",), "on_call"
    phases = FOUGHT
    kind: Literal["post_finding"] = "post_finding"
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


class Note(IncidentAct):
    """Something for the timeline: a decision, a pinned message (WAR-6)."""

    makes = (Noted,)
    anybodys = True
    label, form_title, verb = "Add a note", "Add to the timeline", "note"
    typed = (Typed("note", without=("written",)),)
    offered_in, usually = ("triage",), "on_call"
    kind: Literal["note"] = "note"
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


def _tell_finding(incident: Incident, event: Event, found: FindingPosted) -> Message:
    """As whoever found it would say it, and by when the room hears next."""
    parts = ((f"{incident.called(event.by)} found", found.conditions), ("Doing", found.actions), ("Needs", found.needs))
    text = "\n".join(f"*{name}*: {said}" for name, said in parts if said)
    by = next((clock.due_at for clock in clocks(incident) if clock.running), None)
    small, moments = (f"Next by {clock_time(by, event.at)}", (by,)) if by else ("", ())
    return Message(text=text, small=small, moments=moments)


def _tell_note(incident: Incident, event: Event, note: Noted) -> Message:
    """The note, as a line of whoever wrote it."""
    links = (Link(label="what it is about", url=note.url),) if note.url else ()
    return Message(text=f"*{incident.called(event.by)}*: {note.text}", links=links)


def clocks(incident: Incident) -> Iterator[Clock]:
    """WAR-4: one finding after the other, while a severity asks for a war room."""
    found = incident.moments(FindingPosted)
    for number, (since, until) in enumerate(incident.runs("war_room")):
        yield from cycled(incident, WAR_4, since=since, marks=found, until=until, runs=(nth(number, "s"),))


WAR_4 = Clause(
    "WAR-4",
    "The on-call engineer posts findings every 15 minutes; a reminder goes out before, and a miss is "
    "recorded and told to the commander.",
    promise=Promise(
        "post findings",
        does="tells the room",
        then="The room hears",
        reminder="What do you see? The room hears from you by {by}, in {left}.",
        overdue="What do you see? The room was to hear from you by {by}.",
        counted_from="the declaration of a severity with a war room, and again from each finding",
        asked_by=WITH_ROOM,
        kept_by=PostFinding,
        repeats=True,
        due_before=("ACK-5", "silence is chased"),
        answers=lambda key: (PostFinding.button(style="primary"),),
    ),
    judged_by="its clocks, one from each finding to the next",
    judge=happened(FindingPosted),
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
    tell={FindingPosted: _tell_finding, Noted: _tell_note},
)
