"""An event as one line of the timeline: what happened in words, and whether it is good news, bad news or upkeep."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from domain.incident.alerts import AlertsJoined
from domain.incident.clocks import Kept, Missed, Rang, Reminded
from domain.incident.effects import Done, Failed
from domain.incident.event import Event
from domain.incident.lifecycle import Closed, Reopened, Resolved
from domain.incident.opening import Opened
from domain.incident.record import PolicyAdopted, Refused
from domain.incident.ringing import PageAsked, PagedByVendor
from domain.incident.roles import RoleTaken
from domain.incident.severity import SeverityAsked, SeverityDeclared
from domain.port.any_duty import EDITED
from domain.procedure.action_items import ItemAdded, ItemClosed
from domain.procedure.changes import ChangeAnswered, ChangeRecorded
from domain.procedure.customer_mail import MailApproved, MailDrafted
from domain.procedure.data_breach import BreachAnswered, NotificationRecorded
from domain.procedure.evidence import ClauseWaived, Snoozed
from domain.procedure.findings import FindingPosted, Noted
from domain.procedure.postmortem import CauseNamed, ItemsWaived
from domain.procedure.repeats import RepeatFound
from domain.procedure.roles import RoleOffered
from domain.procedure.status_page import UpdateApproved, UpdateDrafted
from domain.value.model import spoken

Tone = Literal["", "good", "bad", "warn", "quiet"]
Called = Callable[[str], str]
"""How a person or a role is called, by its id."""
QUIET = frozenset(
    {*EDITED, "say", "report_to_group", "invite", "read_status", "read_item", "write_document", "find_repeats"}
)
"""Duties that are upkeep: what they say or read stands in the timeline by itself."""
TONES: dict[str, Tone] = {
    **dict.fromkeys(("missed", "failed", "reopened"), "bad"),
    **dict.fromkeys(("kept", "resolved", "closed", "acknowledged", "recovered", "postmortem_completed"), "good"),
    **dict.fromkeys(("reminded", "refused", "severity_asked", "clause_waived", "repeat_found"), "warn"),
    "rang": "quiet",
}


class Sentence(NamedTuple):
    """One line of the timeline."""

    words: str
    detail: str = ""
    """What somebody wrote, in their words."""
    tone: Tone = ""
    url: str = ""
    label: str = ""
    """The clock it is about, where that says more than the clause."""


def sentence(event: Event, called: Called) -> Sentence:
    """The event in words; every kind has some."""
    for words in (_of_alerts, _of_decisions, _of_updates, _of_time, _of_effects, _of_learning, _of_the_end):
        if said := words(event, called):
            break
    else:
        said = Sentence(event.what.kind.replace("_", " "))
    return said if said.tone else said._replace(tone=TONES.get(event.what.kind, ""))


def _of_alerts(event: Event, called: Called) -> Sentence | None:
    match event.what:
        case Opened(title=title, proposed=proposed, because=because, source=source):
            where = "" if event.by == source else f" from {source}"
            return Sentence(f"opened it{where}; {proposed} proposed: {because}", title)
        case AlertsJoined(alerts=alerts, count=count):
            return Sentence(
                f"{count} alert{'s' * (count != 1)} joined or changed", ", ".join(one.title for one in alerts)
            )
        case PageAsked(level=level, people=people, reason=reason):
            return Sentence(f"had {_list(people, called) or level} paged", reason)
        case PagedByVendor(people=people):
            return Sentence(f"the pager escalated by itself to {_list(people, called)}")
    return None


def _of_decisions(event: Event, called: Called) -> Sentence | None:
    match event.what:
        case SeverityAsked(severity=severity, reason=reason):
            return Sentence(f"asked for {severity}; a second person must confirm", reason)
        case SeverityDeclared(severity=severity, reason=reason):
            return Sentence(f"declared {severity}", reason)
        case RoleOffered(role=role, to=to):
            return Sentence(f"offered {called(to)} the role of {called(role)}")
        case RoleTaken(role=role, person=person):
            return Sentence(f"{called(person)} is {called(role)}")
        case FindingPosted(conditions=conditions, actions=actions, needs=needs):
            return Sentence("found", "; ".join(one for one in (conditions, actions, needs) if one))
        case ChangeRecorded(change=change, description=description, bypass=bypass):
            return Sentence(f"decided a {change}{', bypassing the deployment' if bypass else ''}", description)
        case ChangeAnswered(number=number, granted=granted, reason=reason):
            return Sentence(f"{'authorised' if granted else 'refused'} change {number}", reason)
        case Noted(text=text, url=url):
            return Sentence("noted", text, url=url)
        case Snoozed(clause=clause, until=until, reason=reason):
            return Sentence(f"snoozed {clause} until {until:%d %b %H:%M} UTC", reason)
        case PolicyAdopted(policy=policy):
            return Sentence(f"adopted the policy {policy.name}")
        case Refused(act=act, reason=reason):
            return Sentence(f"was refused: {_plain(act)}", reason)
    return None


def _of_updates(event: Event, called: Called) -> Sentence | None:
    match event.what:
        case UpdateDrafted(number=number, status=status, body=body):
            return Sentence(f"status page update {number} drafted ({status})", body)
        case UpdateApproved(number=number, status=status, body=body):
            return Sentence(f"approved status page update {number} ({status})", body)
        case MailDrafted(subject=subject, accounts=accounts):
            return Sentence(f"customer e-mail drafted for {len(accounts)} account{'s' * (len(accounts) != 1)}", subject)
        case MailApproved(subject=subject):
            return Sentence("approved the customer e-mail", subject)
    return None


def _of_time(event: Event, called: Called) -> Sentence | None:
    match event.what:
        case Reminded(key=key, says=says, owner=owner, due_at=due_at):
            left = spoken(due_at - event.at)
            return Sentence(f"reminded the {called(owner)}, {left} before it is due", says, label=key)
        case Kept(key=key, says=says, due_at=due_at, stopped_at=stopped_at):
            return Sentence(f"kept, {spoken(due_at - stopped_at)} to spare", says, label=key)
        case Missed(key=key, says=says, due_at=due_at, stopped_at=stopped_at) if stopped_at:
            return Sentence(f"done {spoken(stopped_at - due_at)} late", says, label=key)
        case Missed(key=key, says=says, owner=owner, due_at=due_at, times=times):
            word = "MISSED" if times == 1 else f"still MISSED, said {times} times,"
            return Sentence(f"{word} by the {called(owner)}, was due {due_at:%H:%M:%S}", says, label=key)
        case Rang(key=key, says=says):
            return Sentence("waited long enough", says, label=key)
    return None


def _of_effects(event: Event, called: Called) -> Sentence | None:
    match event.what:
        case Done(duty=duty, summary=summary, outcome=outcome):
            whom = f" → {_list(outcome.people, called)}" if outcome.people else ""
            return Sentence(f"done: {summary}{whom}", tone="quiet" if duty in QUIET else "", url=outcome.url)
        case Failed(summary=summary, said=said, by_hand=by_hand):
            return Sentence(f"could not {summary}", "; ".join(one for one in (said, by_hand) if one))
    return None


def _of_learning(event: Event, called: Called) -> Sentence | None:
    match event.what:
        case CauseNamed(cause=cause, title=title):
            return Sentence(f"named the root cause: {cause}", title)
        case RepeatFound(repeats=repeats):
            return Sentence(f"the same cause as {', '.join(one.incident for one in repeats)}")
        case ItemAdded(title=title, owner=owner, due_at=due_at):
            return Sentence(f"action item for {called(owner) if owner else 'nobody yet'}, due {due_at:%d %b}", title)
        case ItemsWaived(reason=reason):
            return Sentence("no action items", reason)
        case NotificationRecorded(authority=authority, reference=reference, late_reason=late_reason):
            said = f"recorded the notification of {authority or 'the authority'} {reference}".rstrip()
            return Sentence(said if reference else "recorded why the notification is late", late_reason)
        case ClauseWaived(clause=clause, reason=reason):
            return Sentence(f"waived {clause}", reason)
        case ItemClosed(item=item, state=state, reason=reason):
            return Sentence(f"action item {item} {state}", reason)
    return None


def _of_the_end(event: Event, called: Called) -> Sentence | None:
    match event.what:
        case Resolved(summary=summary):
            return Sentence("declared it resolved", summary)
        case Reopened(reason=reason):
            return Sentence("reopened", reason)
        case Closed(reason=reason):
            return Sentence(
                "closed: it recovered by itself" if reason == "self_resolved" else "closed: nothing is owed"
            )
        case BreachAnswered(breach=breach, reason=reason):
            return Sentence(f"answered: personal data was {'' if breach else 'not '}breached", reason)
    return None


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _list(people: tuple[str, ...], called: Called) -> str:
    return ", ".join(called(one) for one in people)
