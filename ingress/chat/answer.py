"""What people read when they ask: menus, lists, what is due, what happened, the home. The chat gives them form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from client.port import IncidentSummary
from domain.incident.effects import in_past
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.port.conversation import ShownMessage
from domain.port.message import Button, Message
from domain.procedure.headline import WORDS
from domain.procedure.roles import TakeRole, named
from domain.procedure.severity import Declare
from domain.procedure.sop import PROCEDURE
from domain.report.due import Due
from domain.report.offer import Acts
from domain.report.view import View
from domain.rule.act import FOUGHT, IncidentAct, people_do
from domain.value.key import ClockKey
from domain.value.kind import kind_of
from domain.value.line import AsTheyAre
from domain.value.model import said_count, said_span
from domain.value.moment import clock_time
from domain.value.private import VEIL
from ingress.chat.command import OWN_USAGE
from ingress.chat.names import OnCall
from ingress.chat.phrase import ParsedCommand, UnknownWord, split
from ingress.chat.question import OPEN
from ingress.chat.word import USAGE

NOBODY = "nobody"
"""Who commands while nobody does, as visibility knows it."""
OWED = 8
"""Debts that the home shows with their presses; the others are counted."""
LAST = 20
"""Events that `timeline` shows; all of them are on the board and in the records."""
DECLARE = Button(act=OPEN, label="Declare an incident", style="danger", asks=True)
COMMAND = TakeRole.button("Take command", "plain", role="commander")
READINGS = (Button(act="due", label="What is due"), Button(act="timeline", label="Timeline"))
"""What can be asked for beside the acts."""
ENTRANCE = (Button(act="menu", label="Open menu"), *READINGS[:1])
"""Into an incident, from outside."""
MENU = 7
"""Presses of a menu that nobody asked the whole of."""
MORE = Button(act="menu", label="Everything else I may do", fields={"whole": "yes"})


def hidden(one: IncidentSummary | View) -> str:
    """The title, unless the incident keeps its subject to itself (SCP-3); a drill is called one."""
    return VEIL if one.kind == "security" else f"DRILL {one.title}" if one.kind == "drill" else one.title


def about(seen: View) -> str:
    """What an incident is about, with its service."""
    return f"{seen.service_title}: {hidden(seen)}" if seen.service_title else hidden(seen)


def menu(
    seen: View,
    acts: Acts,
    *,
    by: str = "",
    now: datetime | None = None,
    whole: bool = False,
    people: Mapping[str, str] = MappingProxyType({}),
) -> list[ShownMessage]:
    """What its reader may do in one incident now: first what answers their own next debt; `whole` for all of it.

    What is due fills up a short menu; who declares commands, so that the command is offered once it is fought.
    """
    vacant = not seen.commander and (seen.phase == "active" or (whole and seen.phase in FOUGHT))
    command = (COMMAND,) if vacant else ()
    mine = sorted(seen.due, key=lambda due: (due.person != by, due.order))[:1]
    usual = [button for act in acts for button in _pressed(act, seen)]
    answers = _answering(mine[0], seen.role_titles) if mine and mine[0].person == by else ()
    first = [one for one in answers if seen.severity or one.act != kind_of(Declare)]
    shown = [*first, *(one for one in usual if one.act not in {answer.act for answer in first})]
    left = MENU - len(command) - 1
    more = (*(READINGS[:1] if len(shown) < left else ()), MORE)
    buttons = (*(shown if whole else shown[:left]), *command, *(READINGS if whole else more))
    grade = seen.severity or f"{seen.proposed} proposed"
    owed = [_owed(one, seen, now, people) for one in mine]
    text = " ".join([f"*{about(seen)}*\n{grade}, {WORDS[seen.phase]}.", *owed, "What do you want to do?"])
    return [(Message(text=text, buttons=buttons, small=seen.id, moments=tuple(one.due_at for one in mine)), seen.id)]


def _pressed(act: type[IncidentAct], seen: View) -> tuple[Button, ...]:
    """The presses of an act in a menu: a severity that is proposed is declared by one of its own."""
    if act is not Declare or seen.severity or not seen.proposed:
        return (act.button(),)
    return Declare.at_once(seen.proposed), act.button("Another severity")


def _answering(one: Due, titles: Mapping[str, str] = MappingProxyType({})) -> tuple[Button, ...]:
    """The presses that answer what somebody owes."""
    promise = PROCEDURE.promises.get(one.clause)
    return named(promise.buttons(ClockKey(one.key)) if promise else (), titles)


def _owed(one: Due, seen: View, now: datetime | None, people: Mapping[str, str]) -> str:
    """Who does what by when; once that has passed, since when it is overdue."""
    said = f"{_who(one, seen.role_titles, {one.person: one.called, **people})} {one.doing}"
    if now and one.due_at <= now:
        return f"*{said_span(now - one.due_at)} overdue*: {said}, by {clock_time(one.due_at, now)}."
    return f"{said[:1].upper()}{said[1:]} by {clock_time(one.due_at, now)}."


def blind_menu(incident: str) -> list[ShownMessage]:
    """Everything that can be done in an incident that cannot be read now."""
    acts = tuple(act.button() for act in people_do().values() if act.in_menu)
    text = "How it stands can't be read now. What you do is taken, and decided when the engine is back."
    return [(Message(title=incident, text=text, buttons=(*acts, COMMAND)), incident)]


def lobby(listed: Sequence[IncidentSummary], command: str, people: Mapping[str, str]) -> list[ShownMessage]:
    """The menu outside a war room: declare, or go into one of the open incidents."""
    text = f"{_count(listed)} `{command} help` says what can be typed."
    return [(Message(text=text, buttons=(DECLARE,)), ""), *(_entrance(one, people) for one in listed)]


def listing(listed: Sequence[IncidentSummary], people: Mapping[str, str]) -> list[ShownMessage]:
    """The open incidents."""
    return [(Message(text=_count(listed)), ""), *(_entrance(one, people) for one in listed)]


def which(asked: ParsedCommand, listed: Sequence[IncidentSummary], people: Mapping[str, str]) -> list[ShownMessage]:
    """The question which incident is meant; each button carries on with what was asked."""
    if not listed:
        return [(Message(text="No incident is open.", buttons=(DECLARE,)), "")]
    carry_on = Button(act=asked.kind, label="This one", fields=asked.fields, asks=asked.asks)
    parts = [(Message(text=line(one, people), buttons=(carry_on,)), one.id) for one in listed]
    return [(Message(text="Which incident do you mean?"), ""), *parts]


def due_lines(view: View, people: Mapping[str, str], now: datetime) -> str:
    """What is due in one incident: overdue longest first, then the next."""
    said = {one.key: f"{_who(one, view.role_titles, people)} {one.doing}" for one in view.due}
    lines = [f"• {_due(one, said[one.key], now)}" for one in _first(view.due)]
    return "\n".join([f"*{view.id}* {WORDS[view.phase]}", *lines]) if lines else f"*{view.id}*: nothing is due."


def timeline_lines(incident: str, events: Sequence[Event], names: Mapping[str, str]) -> str:
    """The last of what happened, the oldest first."""
    told = [event for event in events if not event.what.upkeep][-LAST:]
    lines = [_event(event, names) for event in told]
    return "\n".join([f"*{incident}*, the last of {events[-1].number if events else 0} events", *lines])


def help_text(verb: str, command: str) -> str:
    """How one verb is written, or all of them."""
    own = [usage for usage in OWN_USAGE if verb and split(usage)[0] == verb]
    if found := [*([USAGE[verb]] if verb in USAGE else []), *own]:
        return "\n".join(f"`{command} {usage}`" for usage in found)
    lines = [f"• `{command} {usage}`" for usage in (*USAGE.values(), *OWN_USAGE)]
    return "\n".join([f"`{command}` alone opens a menu. Outside a war room, name the incident first.", *lines])


def unknown(said: UnknownWord, command: str) -> str:
    """What is said of a word that no verb is called, before what can be done."""
    near = f"Did you mean `{command} {said.near}`?" if said.near else f"`{command} help` says what can be typed."
    return f"I don't know `{said.word}`. {near}"


def now_text(acts: Acts, command: str) -> str:
    """What somebody may do now and how it is typed, before everything that can be."""
    typed = [(act.label, USAGE.get(one.verb) or one.verb) for act in acts for one in act.commands()[:1]]
    lines = [f"• {label}: `{command} {usage}`" for label, usage in typed]
    return "\n".join(["Now you may:", *lines, "", ""]) if lines else ""


def home(
    listed: Sequence[IncidentSummary],
    owed: Sequence[Due],
    now: datetime,
    people: Mapping[str, str],
    on_call: Sequence[OnCall] = (),
    rooms: Mapping[str, str] = MappingProxyType({}),
) -> list[ShownMessage]:
    """The home of one person: what they owe, each with its press; what is open, the gravest first; who is on call.

    Of what is equally grave the first is what is longest overdue, or due next. `rooms` are where each is fought.
    """
    debts = _first(owed)
    opened = sorted(listed, key=lambda one: (one.severity or "?", one.next_due_at or datetime.max.replace(tzinfo=UTC)))
    called = [(_called(on_call, now), "")] if on_call else []
    return [
        (Message(title="You owe", text="" if debts else "You owe nothing."), ""),
        *(_debt(one, now) for one in debts[:OWED]),
        *([(Message(text=f"and {len(debts) - OWED} more"), "")] if len(debts) > OWED else []),
        (Message(title="Open now", text=_count(listed), buttons=(DECLARE,)), ""),
        *(_entrance(one, people, rooms.get(one.id, "")) for one in opened),
        *called,
    ]


def _called(on_call: Sequence[OnCall], now: datetime) -> Message:
    """Who is on call, a line for each team, and until when."""
    until = {one: f", until {clock_time(one.until, now)}" if one.until else "" for one in on_call}
    lines = [f"{one.team}: {', '.join(one.people)}{words}" for one, words in until.items()]
    moments = tuple(one.until for one in on_call if one.until)
    return Message(title="On call", text="\n".join(lines), moments=moments)


def _debt(one: Due, now: datetime) -> ShownMessage:
    """What somebody owes, with the press that does it."""
    text = f"{_due(one, one.says, now)} · {one.incident}"
    return Message(text=text, buttons=_answering(one), moments=(one.due_at,)), one.incident


def lost_home() -> list[ShownMessage]:
    """The home while nothing can be read."""
    text = "What is open can't be read now: the engine is away. What you declare is tried until it is taken."
    return [(Message(title="Incidents", text=text, buttons=(DECLARE,)), "")]


def _count(listed: Sequence[IncidentSummary]) -> str:
    return f"{said_count(len(listed), 'open incident')}." if listed else "No incident is open."


def _entrance(one: IncidentSummary, people: Mapping[str, str], room: str = "") -> ShownMessage:
    leads = (Button(label="Open the room", url=room),) if room else ()
    return Message(text=line(one, people), buttons=(*leads, *ENTRANCE)), one.id


def line(one: IncidentSummary, people: Mapping[str, str]) -> str:
    """One incident as it stands in a list: how bad, what, how far, who, and last its id."""
    known = one.commander and one.commander != NOBODY
    at_it = f"{people.get(one.commander, one.commander) if known else NOBODY} commands"
    what = f"*{one.severity or '?'} · {one.service}: {hidden(one)}*"
    return f"{what}\n{WORDS.get(one.phase, 'new')}, {at_it} · {one.id}"


def _first(owed: Iterable[Due]) -> list[Due]:
    return sorted(owed, key=lambda one: one.order)


def _due(one: Due, words: str, now: datetime) -> str:
    """How long, what, by when, and last the clause."""
    left = one.due_at - now
    when = f"{said_span(left)} left" if left.total_seconds() > 0 else f"{said_span(-left)} overdue"
    return f"*{when}*: {words}, by {clock_time(one.due_at, now)} · {one.clause}"


def _who(one: Due, titles: Mapping[str, str], people: Mapping[str, str]) -> str:
    if one.owner == STANDFAST:
        return "Standfast"
    return people.get(one.person, one.person) or f"the {titles.get(one.owner, one.owner)} (nobody yet)"


@dataclass(frozen=True)
class _Called(AsTheyAre):
    """People by their names, roles by their own word."""

    names: Mapping[str, str]

    def person(self, id: str) -> str:
        return self.names.get(id, id)

    def people(self, ids: Iterable[str]) -> str:
        return ", ".join(map(self.person, ids))

    def owner(self, name: str) -> str:
        return self.names.get(name) or self.role(name)


def _event(event: Event, names: Mapping[str, str]) -> str:
    line = event.what.line(_Called(names))
    said = line._replace(words=in_past(line.words)).said_by(event.signed(_Called(names)))
    return f"`{event.at:%H:%M:%S}` {event.clause} {said.splitlines()[0][:200]}"
