"""Whom an event is told, and in which words. None means that this event needs no telling."""

from datetime import timedelta

from domain.company.catalog import Person
from domain.company.core_role import Part
from domain.incident.alerts import AlertsJoined, Recovered
from domain.incident.clocks import Missed, Reminded
from domain.incident.effects import Done, Failed
from domain.incident.entry import STANDFAST
from domain.incident.event import Event, clock_time
from domain.incident.fact import worded
from domain.incident.incident import Incident
from domain.incident.lifecycle import ENDS, Closed, Reopened, Resolved
from domain.incident.roles import RoleTaken
from domain.incident.severity import SeverityAsked, SeverityDeclared
from domain.port.message import Button, Message
from domain.procedure.changes import ChangeAnswered, ChangeRecorded, answers_to_bypass
from domain.procedure.customer_mail import MailDrafted
from domain.procedure.data_breach import BreachAnswered
from domain.procedure.paging import BY_HAND, HAND, vendor_paged
from domain.procedure.roles import RoleOffered
from domain.procedure.sop import PROCEDURE
from domain.procedure.status_page import UpdateDrafted
from domain.procedure.triage import about_handover
from domain.rule.names import InRoom
from domain.run.announcement import about_learning
from domain.value.key import ClockKey
from domain.value.model import spoken


def answers(clause: str, key: str) -> tuple[Button, ...]:
    """The presses that answer a reminder where it appears."""
    promise = PROCEDURE.promises.get(clause)
    return promise.buttons(ClockKey(key)) if promise else ()


def notice(incident: Incident, event: Event) -> Message | None:
    """The message for one event, or None."""
    tell = PROCEDURE.tell(event)
    message = tell(incident, event, event.what) if tell else _line(incident, event)
    message = message or (None if tell else _older(incident, event))
    return message.model_copy(update={"text": f"{incident.mark}{message.text}"}) if message else None


def _line(incident: Incident, event: Event) -> Message | None:
    """Its line, where that is enough."""
    line = worded(event.what, InRoom(incident)) if event.what.told else None
    who = "Standfast" if event.by == STANDFAST else incident.called(event.by)
    return Message(text=f"{event.clause} {line.said_by(who)}") if line else None


def _older(incident: Incident, event: Event) -> Message | None:
    for words in (
        _about_alerts,
        about_handover,
        _about_decisions,
        _about_updates,
        _about_the_end,
        _about_time,
        _about_effects,
        about_learning,
    ):
        message = words(incident, event)
        if message:
            return message
    return None


def _about_alerts(incident: Incident, event: Event) -> Message | None:
    match event.what:
        case AlertsJoined(alerts=alerts, count=count):
            firing = [alert.title for alert in alerts if alert.state not in ("resolved", "merged")]
            if not firing:
                return None
            more = f" and {count - 1} more" if count > 1 else ""
            return Message(text=f"DET-4 joined by: {firing[0]}{more}")
        case Recovered() if not incident.closed_reason:
            button = Button(act="resolve", label="Resolve", asks=True)
            return Message(
                text="DET-5 every alert has recovered; is it over?", to=_who(incident, "commander"), buttons=(button,)
            )
    return None


def _about_decisions(incident: Incident, event: Event) -> Message | None:
    by = incident.called(event.by)
    match event.what:
        case SeverityAsked(severity=severity, reason=reason):
            button = Button(act="declare", label=f"Confirm {severity}", fields={"severity": severity})
            return Message(
                text=f"TRI-4 {by} asks for {severity}: {reason}. A second person must confirm.", buttons=(button,)
            )
        case SeverityDeclared(severity=severity, reason=reason):
            who = "by the matrix" if event.by == "standfast" else f"by {by}"
            return Message(text=f"{event.clause} {severity} declared {who}{': ' + reason if reason else ''}")
        case RoleOffered(role=role, to=to):
            button = Button(act="take_role", label="Accept", fields={"role": role}, style="primary")
            text = f"WAR-3 {by} offers you the role of {incident.policy.roles[role].title}"
            return Message(text=text, to=incident.people([to]), buttons=(button,))
        case RoleTaken(role=role, person=person):
            return Message(text=f"WAR-3 {incident.called(person)} is {incident.policy.roles[role].title}")
        case ChangeRecorded(number=number, change=change, description=said, bypass=True):
            text = f"FIX-2 {by} asks to bypass the normal deployment with a {change}: {said}"
            return Message(text=text, to=_may(incident, "authorise_change"), buttons=answers_to_bypass(str(number)))
        case ChangeRecorded(change=change, description=said):
            return Message(text=f"FIX-1 {by} decided a {change}: {said}")
        case ChangeAnswered(number=number, granted=granted, reason=reason):
            word = "authorised" if granted else "refused"
            return Message(text=f"FIX-2 {by} {word} change {number}{': ' + reason if reason else ''}")
    return None


def _about_updates(incident: Incident, event: Event) -> Message | None:
    match event.what:
        case UpdateDrafted(number=number, status=status, body=body):
            fields = {"number": str(number), "status": status, "body": body}
            yes = Button(act="approve_update", label="Approve", fields={"number": str(number)}, style="primary")
            edit = Button(act="approve_update", label="Edit", fields=fields, asks=True)
            text = f"COM-3 draft {number} for the status page ({status}):\n{body}"
            return Message(text=text, to=_who(incident, "comms") or _comms(incident), buttons=(yes, edit))
        case MailDrafted(subject=subject, body=body, accounts=accounts):
            yes = Button(act="approve_mail", label=f"Send to {len(accounts)} account(s)", style="primary")
            text = f"COM-5 customer e-mail, not sent yet: {subject}\n{body}"
            edit = Button(act="approve_mail", label="Edit", asks=True)
            return Message(text=text, to=_who(incident, "comms") or _comms(incident), buttons=(yes, edit))
    return None


def _about_the_end(incident: Incident, event: Event) -> Message | None:
    by = incident.called(event.by)
    match event.what:
        case Resolved(summary=summary):
            return Message(text=f"RES-1 {by} declared it resolved: {summary}")
        case Reopened(reason=reason):
            return Message(text=f"RES-3 reopened: {reason}", to=_who(incident, "commander", "on_call"))
        case BreachAnswered(breach=breach, reason=reason):
            return Message(text=f"GDP-1 {by}: personal data {'was' if breach else 'was not'} breached. {reason}")
        case Closed(reason=reason):
            return Message(text=f"{event.clause} closed: {ENDS[reason]}")
    return None


def _about_time(incident: Incident, event: Event) -> Message | None:
    match event.what:
        case Reminded(clause=clause, key=key, owner=owner, due_at=due_at, says=says):
            left = spoken(due_at - event.at)
            text = f"{clause} {says}: due in {left}, at {clock_time(due_at, event.at)}"
            warn = incident.policy.clocks[clause].warn if clause in incident.policy.clocks else ()
            people = (*owed_by(incident, key, owner), *_to(incident, *warn))
            return Message(text=text, to=tuple(dict.fromkeys(people)), buttons=answers(clause, key))
        case Missed(clause=clause, key=key, owner=owner, due_at=due_at, says=says, stopped_at=None, times=times):
            tell = incident.policy.clocks[clause].tell if clause in incident.policy.clocks else ()
            late = "just now" if event.at - due_at < timedelta(seconds=1) else f"{spoken(event.at - due_at)} ago"
            again = f" (said {times} times)" if times > 1 else ""
            text = f"{clause} {says}: was due at {clock_time(due_at, event.at)}, {late}{again}"
            people = (*owed_by(incident, key, owner), *_to(incident, *tell))
            return Message(text=text, to=tuple(dict.fromkeys(people)), buttons=answers(clause, key))
    return None


def _about_effects(incident: Incident, event: Event) -> Message | None:
    match event.what:
        case Failed(summary=summary, said=said, by_hand=by_hand, times=1):
            hand = f"\nBy hand: {by_hand}" if by_hand else ""
            text = f"{event.clause} could not {summary}: {said}. It stays owed and is tried again.{hand}"
            return Message(text=text, to=_who(incident, "commander", "on_call"))
        case Done(duty="page", key=key, outcome=outcome):
            who = ", ".join(map(incident.called, outcome.people)) or "whoever is on call"
            asked = key.startswith(f"page/{HAND}")
            level = BY_HAND if asked else incident.policy.level(int(key.replace("-", "/").rpartition("/")[2]))
            return Message(text=f"{event.clause} paged {who} ({level})")
        case Done(duty="read_status", outcome=outcome) if outcome.text:
            return Message(
                text=f"COM-7 the status page differs: {outcome.text}", to=_who(incident, "comms", "commander")
            )
        case Done(duty="open_item", outcome=outcome):
            return Message(text=f"{event.clause} action item opened: {outcome.url or outcome.ref}")
        case Done(duty="publish_update", summary=summary, outcome=outcome):
            return Message(text=f"{event.clause} done: {summary} {outcome.url}".strip())
    return None


def _to(incident: Incident, *roles: str) -> tuple[Person, ...]:
    return incident.people(incident.holders[role] for role in roles if role in incident.holders)


def _who(incident: Incident, *parts: Part) -> tuple[Person, ...]:
    return _to(incident, *(incident.policy.role(part) for part in parts))


def _may(incident: Incident, act: str) -> tuple[Person, ...]:
    """Who may do an act by the policy; the manager where anybody may."""
    return _to(incident, *incident.policy.may.get(act, ())) or _who(incident, "manager")


def _comms(incident: Incident) -> tuple[Person, ...]:
    return incident.people(incident.catalog.teams[incident.service.team].comms[:1])


def owed_by(incident: Incident, key: str, owner: str) -> tuple[Person, ...]:
    """The people who owe a clock: who holds the role, else who could, else the commander."""
    role = key.split("/")[1] if key.startswith("WAR-3/") else owner
    if key.startswith("ACT-2/"):
        return incident.people([owner]) or _who(incident, "manager")
    if role == incident.policy.role("on_call") and role not in incident.holders:
        paged = [name for sent in incident.pages.values() for name in sent.people]
        return incident.people([*paged, *vendor_paged(incident)])
    return _to(incident, role) or incident.people(_candidates(incident, role)) or _who(incident, "commander")


def _candidates(incident: Incident, role: str) -> tuple[str, ...]:
    """Who of the team could hold a vacant role."""
    team, policy = incident.catalog.teams[incident.service.team], incident.policy
    if role == policy.role("comms"):
        return team.comms
    if role == policy.role("commander"):
        return team.commanders or tuple(incident.holders.values())
    return team.candidates.get(role, ())
