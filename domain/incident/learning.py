"""How what is learned changes the reading of an incident."""

from domain.incident.closed import BreachAnswered
from domain.incident.effects import Done
from domain.incident.entry import Item, Waiver
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.learned import (
    CauseNamed,
    ClauseWaived,
    ItemAdded,
    ItemsWaived,
    NotificationRecorded,
    PostmortemCompleted,
    RepeatFound,
)


def learn(incident: Incident, event: Event) -> None:
    """Let one event change what is known after the fight."""
    for apply in (_postmortem, _items, _breach, _effects):
        apply(incident, event)


def _postmortem(incident: Incident, event: Event) -> None:
    known = incident.learning
    match event.what:
        case CauseNamed(cause=cause, title=title):
            if cause != known.cause:
                known.repeats = ()
            known.cause, known.cause_title = cause, title
        case RepeatFound(cause=cause, repeats=repeats) if cause == known.cause:
            known.repeats = repeats
        case PostmortemCompleted():
            known.completions.append(event.at)
        case ClauseWaived(clause=clause, reason=reason):
            known.waivers.setdefault(clause, Waiver(event.at, event.by, reason))


def _items(incident: Incident, event: Event) -> None:
    match event.what:
        case ItemAdded() as new:
            incident.items[new.item] = Item(new.item, new.title, new.body, event.at, new.due_at, owner=new.owner)
        case ItemsWaived(reason=reason):
            incident.learning.no_items = Waiver(event.at, event.by, reason)


def _breach(incident: Incident, event: Event) -> None:
    known = incident.learning
    match event.what:
        case BreachAnswered() as answer:
            known.answers.append((event.at, answer))
        case NotificationRecorded(reference=reference, notified_at=notified_at, late_reason=late_reason):
            known.late_reason = late_reason or known.late_reason
            if reference and not known.notified_at:
                known.notified_at = notified_at or event.at


def _effects(incident: Incident, event: Event) -> None:
    match event.what:
        case Done(duty="open_document", outcome=outcome):
            incident.learning.document, incident.learning.document_url = outcome.ref, outcome.url
        case Done(duty="read_item", key=key, outcome=outcome):
            item = incident.items[key.split("/")[1]]
            item.read, item.reads, item.read_at = outcome.text, item.reads + 1, event.at
