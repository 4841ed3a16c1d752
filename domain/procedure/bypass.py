"""FIX-2: a change that bypassed the normal deployment is brought back through it, authorised or not."""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.entry import Change
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.message import Message
from domain.procedure.action_items import item_due_at
from domain.procedure.item_facts import ItemAdded
from domain.rule.deputies import deputies, heir
from domain.rule.people import allowed_to
from domain.value.key import ItemKey
from domain.value.moment import clock_time

MAY = "authorise_change"
"""The act that allows a bypass, or refuses it."""


def key(change: Change) -> str:
    """The action item that brings a bypass back."""
    return ItemKey.change(change.number)


def called(change: str) -> str:
    """A kind of change, as a sentence has it."""
    return "config change" if change == "config" else change


def asks(change: str) -> str:
    """What somebody wants of the manager with a change of this kind."""
    return f"wants a {called(change)} without a normal deployment"


def asked(incident: Incident, change: Change, due_at: datetime) -> Message:
    """What who may allow it is asked, and by when; others than who asks, and who stands in where nobody else may."""
    here = tuple(one for one in allowed_to(incident, MAY) if one.id != change.by and not one.is_away(change.at))
    others = (name for name in deputies(incident, change.at) if name != change.by)
    to = here or incident.people(others)[:1]
    text = f"FIX-2 {incident.catalog.short(change.by)} {asks(change.change)}: {change.description.rstrip('.')}."
    if due_at > change.at and to:
        only = "Only you can allow it" if len(to) == 1 else "One of you can allow it"
        text = f"{text} {only}, by {clock_time(due_at, change.at)}."
    return Message(text=text, to=to, small="a ticket brings it back", moments=(due_at,))


def answered(incident: Incident, change: Change, by: str, reason: str) -> Message:
    """What became of it, as the room reads it: who brings it back by when where it was allowed, why where not."""
    at, item = change.answered_at or incident.events[-1].at, incident.items.get(key(change))
    why = f" {reason[:1].upper()}{reason[1:]}" if reason else ""
    text = f"*{incident.catalog.short(by)} {'allowed' if change.granted else 'refused'} it* at {clock_time(at)}: "
    text = f"{text}{change.description.rstrip('.')}.{why}"
    if change.granted and item and item.due_at:
        text = f"{text} {incident.catalog.short(item.owner)} brings it back through CI/CD by {item.due_at:%d %b}."
    return Message(text=text, moments=(at,))


def title(incident: Incident, change: Change) -> str:
    """What is to be done."""
    return f"Bring the {change.change} of {incident.id} back through CI/CD"


def body(incident: Incident, change: Change, said: str) -> str:
    """What it was, and what was said of it."""
    what = "See the incident." if incident.secret else change.description
    return f"{what}\n{said}"


def owner(incident: Incident, change: Change, at: datetime) -> str:
    """Whose it is to bring it back: who changed it, or of somebody who is there in their place (WAR-7)."""
    return heir(incident, change.by, at) if incident.policy.absence.items_there else change.by


def unanswered(incident: Incident) -> Change | None:
    """The first bypass that was asked for and is neither allowed nor refused."""
    return next((one for one in incident.changes.values() if one.waits), None)


def wanted(incident: Incident) -> str:
    """Who wants which change, where one waits for an answer."""
    one = unanswered(incident)
    return f"{incident.catalog.short(one.by)} {asks(one.change)}: {one.description.rstrip('.')}." if one else ""


def settle(incident: Incident) -> Iterator[Fact]:
    """FIX-2: a bypass that was refused, or that nobody had answered at the end, is brought back all the same."""
    for change in incident.changes.values():
        refused, ignored = change.granted is False, change.waits and incident.phase == "resolved"
        if (refused or ignored) and key(change) not in incident.items:
            said = "was refused" if refused else "had no answer when the fight was over"
            at = incident.events[-1].at
            whose = owner(incident, change, at)
            yield ItemAdded(
                clause="FIX-2",
                item=key(change),
                title=title(incident, change),
                body=body(incident, change, f"Its bypass of the normal deployment {said}."),
                owner=whose,
                due_at=item_due_at(incident, at),
                before=change.by if change.by != whose else "",
            )


def is_answered(incident: Incident) -> bool:
    """Whether every bypass that was asked for was authorised or refused."""
    return unanswered(incident) is None
