"""FIX-2: a change that bypassed the normal deployment is brought back through it, authorised or not."""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.entry import Change
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.procedure.action_items import item_due_at
from domain.procedure.item_facts import ItemAdded
from domain.rule.deputies import heir
from domain.value.key import ItemKey


def key(change: Change) -> str:
    """The action item that brings a bypass back."""
    return ItemKey.change(change.number)


def asks(change: str) -> str:
    """What somebody wants of the manager with a change of this kind."""
    return f"asks to bypass the normal deployment with a {change}"


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
