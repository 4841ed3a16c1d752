"""How each event changes the reading of an incident."""

from collections.abc import Iterable
from datetime import datetime

from domain.clause.act import item_due_at
from domain.entry import Change, Failure, Item, Round, Sent, Shown, Update
from domain.event import HEARD, STANDFAST, Event, is_told
from domain.incident import CALM, Incident
from domain.learning import learn
from domain.what.closed import BreachAnswered, Closed, ItemClosed, Reopened, Resolved
from domain.what.decided import (
    ChangeAnswered,
    ChangeRecorded,
    FindingPosted,
    MailApproved,
    MailDrafted,
    PolicyAdopted,
    RoleOffered,
    RoleTaken,
    SeverityAsked,
    SeverityDeclared,
    Snoozed,
    UpdateApproved,
    UpdateDrafted,
)
from domain.what.detected import Acknowledged, AlertsJoined, Opened, PageAsked, PagedByVendor, Recovered
from domain.what.effected import Done, Failed
from domain.what.timed import Missed, Rang, Reminded

EDITED = {"show_headline": "headline", "show_card": "card", "set_topic": "topic"}
"""The duties whose content is edited in place, and what each shows."""


def read(events: Iterable[Event]) -> Incident:
    """Read a whole list of events; the first must be `opened`."""
    first, *rest = events
    incident = begin(first)
    for event in rest:
        append(incident, event)
    return incident


def begin(event: Event) -> Incident:
    """Start the reading with the first event."""
    opened = event.what
    if not isinstance(opened, Opened):
        raise ValueError(f"events[0]: found {opened.kind!r}, expected 'opened'")
    incident = Incident(opened.incident, opened, event.at, event.by, opened.policy, [event])
    incident.alerts = {alert.key: alert for alert in opened.alerts}
    incident.joined = len(opened.alerts)
    incident.rounds = [Round(event.at)]
    _remember(incident, event)
    for role, rule in opened.policy.roles.items():
        if rule.starts_with == "team_manager":
            _hold(incident, role, incident.catalog.teams[incident.service.team].manager, event)
    return incident


def append(incident: Incident, event: Event) -> None:
    """Let one more event change the reading."""
    incident.events.append(event)
    _remember(incident, event)
    what = event.what
    for apply in (_detected, _decided, _communicated, _ended, _timed, _effected, learn):
        apply(incident, event)
    if isinstance(what, PolicyAdopted):
        incident.policy = what.policy


def _remember(incident: Incident, event: Event) -> None:
    if event.act:
        incident.acts.setdefault(event.act, event.number)
    if event.by != STANDFAST and event.what.kind in HEARD:
        _mark(incident.heard, event.at)
    if is_told(event):
        incident.notices[event.number] = event


def _mark(moments: list[datetime], at: datetime) -> None:
    """Keep moments in order and each once, whatever order they reach us in."""
    if not moments or at > moments[-1]:
        moments.append(at)


def _detected(incident: Incident, event: Event) -> None:
    match event.what:
        case AlertsJoined() as joined:
            for alert in joined.alerts:
                before = incident.alerts.get(alert.key)
                page = alert.page or (before.page if before else "")
                incident.alerts[alert.key] = alert.model_copy(update={"page": page})
            incident.joined += joined.count
            incident.unseen = joined.unseen
            paged = tuple(name for alert in joined.alerts if alert.state not in CALM for name in alert.paged)
            if paged:
                incident.vendor_pages.append(Sent(event.at, "", paged))
            if joined.unseen or any(alert.state not in CALM for alert in joined.alerts):
                incident.recovered_at = None
        case Recovered():
            incident.recovered_at = event.at
        case Acknowledged() if not incident.acknowledged_at:
            incident.rounds[-1].acknowledged_at, incident.rounds[-1].acknowledged_by = event.at, event.by
        case PagedByVendor(people=people):
            incident.vendor_pages.append(Sent(event.at, "", people))
        case PageAsked() as asked:
            incident.asked_pages.append(asked)


def _decided(incident: Incident, event: Event) -> None:
    match event.what:
        case SeverityAsked() as asked:
            incident.asked, incident.asked_by = asked, event.by
        case SeverityDeclared(severity=severity):
            incident.severities.append((event.at, severity))
            incident.declared_by = incident.declared_by or event.by
            incident.asked, incident.asked_by = None, ""
        case RoleOffered(role=role, to=to):
            incident.offers[role] = to
        case RoleTaken(role=role, person=person):
            _hold(incident, role, person, event)
        case FindingPosted():
            _mark(incident.findings, event.at)
        case ChangeRecorded() as made:
            incident.changes[made.number] = Change(
                made.number, made.change, made.description, made.bypass, event.by, event.at
            )
        case ChangeAnswered(number=number, granted=granted):
            change = incident.changes[number]
            change.granted, change.answered_at = granted, event.at
            if granted:
                _owe_item(incident, f"change-{number}", change, event)
        case Snoozed(clause=clause, until=until):
            incident.snoozed[clause] = until


def _communicated(incident: Incident, event: Event) -> None:
    match event.what:
        case UpdateDrafted() as new:
            incident.updates[new.number] = Update(new.number, new.status, new.body, event.at)
        case UpdateApproved() as approved:
            drafted_at = (
                incident.updates[approved.number].drafted_at if approved.number in incident.updates else event.at
            )
            incident.updates[approved.number] = Update(
                approved.number, approved.status, approved.body, drafted_at, event.at, event.by
            )
        case MailDrafted() as mail:
            incident.mail_draft = mail
        case MailApproved() as mail:
            incident.mail = mail


def _ended(incident: Incident, event: Event) -> None:
    match event.what:
        case Resolved(summary=summary):
            incident.resolutions.append((event.at, event.by))
            incident.summary = summary
        case Reopened():
            incident.reopenings.append(event.at)
            if event.by == STANDFAST or not incident.acknowledged_at:
                incident.rounds.append(Round(event.at))
        case ItemClosed(item=key, state=state) if incident.items[key].state == "open":
            incident.items[key].state, incident.items[key].closed_at = state, event.at
        case BreachAnswered() as answer:
            incident.breach, incident.breach_at = answer, event.at
        case Closed(reason=reason):
            incident.closed_at, incident.closed_reason = event.at, reason


def _timed(incident: Incident, event: Event) -> None:
    match event.what:
        case Reminded(key=key):
            incident.reminded[key] = event.at
        case Missed(key=key, times=times, due_at=due_at, stopped_at=stopped_at):
            if stopped_at is None:
                incident.passed.setdefault(key, due_at)
            first = incident.missed[key][1] if key in incident.missed else event.at
            incident.missed[key] = (times, first)
        case Rang(key=key):
            incident.rung[key] = event.at


def _effected(incident: Incident, event: Event) -> None:
    match event.what:
        case Failed() as failed:
            incident.failures[failed.key] = Failure(failed.times, event.at, failed.retryable)
        case Done() as done:
            incident.done[done.key] = event.at
            incident.failures.pop(done.key, None)
            _bring_about(incident, event, done)


def _bring_about(incident: Incident, event: Event, done: Done) -> None:
    """What a done duty changes beyond being done."""
    outcome, (_, _, rest) = done.outcome, done.key.partition("/")
    if done.duty in EDITED:
        lane = EDITED[done.duty]
        before = incident.shown.get(lane)
        ref = outcome.ref or (before.ref if before else "")
        incident.shown[lane] = Shown((before.count if before else 0) + 1, event.at, done.digest, ref)
    match done.duty:
        case "page":
            incident.pages[rest] = Sent(event.at, outcome.ref, outcome.people)
        case "open_room":
            incident.room, incident.room_name, incident.room_url = outcome.ref, outcome.text, outcome.url
        case "publish_update":
            incident.updates[int(rest)].published_at = event.at
            incident.status_ref, incident.status_url = outcome.ref, outcome.url or incident.status_url
        case "open_item":
            incident.items[rest].ref, incident.items[rest].url = outcome.ref, outcome.url
        case "read_pages":
            incident.page_reads, incident.pages_read_at = incident.page_reads + 1, event.at
        case "find_runbooks":
            incident.library, incident.found[done.duty] = outcome.links, event.number
        case "find_deployments":
            incident.deployments, incident.found[done.duty] = outcome.deployments, event.number
        case "say":
            told = int(rest)  # What is older and was passed over then is never said.
            incident.notices = {number: told_of for number, told_of in incident.notices.items() if number > told}


def _hold(incident: Incident, role: str, person: str, event: Event) -> None:
    incident.holders[role], incident.held_since[role] = person, event.at
    incident.taken.append((event.number, person, role))
    incident.offers.pop(role, None)


def _owe_item(incident: Incident, key: str, change: Change, event: Event) -> None:
    """FIX-2: an authorised bypass opens an action item to bring the change back through CI/CD."""
    title = f"Bring the {change.change} of {incident.id} back through CI/CD"
    body = f"{change.description}\nAuthorised to bypass the normal deployment by {incident.called(event.by)}."
    due_at = item_due_at(incident, event.at)
    incident.items[key] = Item(key, title, body, event.at, due_at, owner=change.by)
