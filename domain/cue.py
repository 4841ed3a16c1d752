"""What people, vendors and monitors did in an incident, read back from its events so that it can be done again.

Everything else in the list the policy brought about: that is not read back but played anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from domain.act import Act
from domain.alert import Alert
from domain.clause.call import BY_HAND
from domain.event import STANDFAST, Event
from domain.policy import Policy
from domain.what.decided import RoleTaken, SeverityDeclared
from domain.what.detected import Acknowledged, AlertSeen, AlertsJoined, Opened, PageAsked
from domain.what.learned import CauseNamed, ItemAdded, PostmortemCompleted

ACT: TypeAdapter[Act] = TypeAdapter(Act)
ACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "acknowledged": ("acknowledge", ()),
    "paged_by_vendor": ("page_escalated", ("people",)),
    "page_asked": ("page_person", ("reason",)),
    "severity_asked": ("declare", ("severity", "reason")),
    "severity_declared": ("declare", ("severity", "reason")),
    "role_offered": ("offer_role", ("role", "to")),
    "role_taken": ("take_role", ("role",)),
    "finding_posted": ("post_finding", ("conditions", "actions", "needs")),
    "noted": ("note", ("text", "url")),
    "snoozed": ("snooze", ("clause", "until", "reason")),
    "update_drafted": ("draft_update", ("status", "body")),
    "update_approved": ("approve_update", ("number", "status", "body")),
    "mail_approved": ("approve_mail", ("subject", "body")),
    "change_recorded": ("record_change", ("change", "description", "bypass")),
    "change_answered": ("authorise_change", ("number", "granted", "reason")),
    "breach_answered": ("answer_breach", ("breach", "reason", "aware_at")),
    "resolved": ("resolve", ("summary",)),
    "reopened": ("reopen", ("reason",)),
    "item_closed": ("close_item", ("item", "state", "reason")),
    "cause_named": ("name_cause", ("cause", "title")),
    "item_added": ("add_item", ("title", "owner", "body", "due_at")),
    "items_waived": ("waive_items", ("reason",)),
    "postmortem_completed": ("complete_postmortem", ()),
    "notification_recorded": (
        "record_notification",
        (
            *("reference", "authority", "notified_at", "late_reason"),
            *("nature", "contact", "consequences", "measures"),
        ),
    ),
    "clause_waived": ("waive_clause", ("clause", "reason")),
    "closed": ("end_drill", ()),
}
"""By what an act turned into: the act, and the fields it had."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that came from outside: an act or alerts, when it arrived, and the number of its first event."""

    number: int
    at: datetime
    """When it arrived at the earliest: not before what was written down before it."""
    act: Act | None = None
    alerts: tuple[Alert, ...] = ()
    count: int = 1
    unseen: int | None = None


def cues(events: Sequence[Event]) -> Iterator[Cue]:
    """Everything that came from outside after the opening, in its order."""
    opened = events[0].what
    if not isinstance(opened, Opened):
        raise ValueError(f"events[0]: found {opened.kind!r}, expected 'opened'")
    arrived, index = events[0].at, 1
    while index < len(events):
        event = events[index]
        arrived = max(arrived, event.at)
        taken = 1
        if isinstance(event.what, AlertsJoined):
            alerts = tuple(alert_of(seen, opened) for seen in event.what.alerts)
            yield Cue(event.number, arrived, alerts=alerts, count=event.what.count, unseen=event.what.unseen)
        elif event.by != STANDFAST and event.what.kind in ACTS:
            act, taken = _act(events[index:], opened.policy)
            yield Cue(event.number, arrived, act=act)
        index += taken


def refused(events: Sequence[Event]) -> int:
    """How many acts were refused: of those only the refusal was kept, so that they cannot be tried again."""
    return sum(event.what.kind == "refused" for event in events)


def alert_of(seen: AlertSeen, opened: Opened) -> Alert:
    """An alert as far as the incident remembers it."""
    said = seen.model_dump() | {"source": seen.source or opened.source}
    rest = {"description": opened.description, "service": opened.service, "environment": opened.environment}
    return Alert(fired_at=seen.at, **rest, **said)


def _act(events: Sequence[Event], policy: Policy) -> tuple[Act, int]:
    """The act that the first event came from, and how many events it turned into."""
    event, taken = events[0], 1
    kind, names = ACTS[event.what.kind]
    fields: dict[str, Any] = {name: getattr(event.what, name) for name in names}
    match event.what:
        case Acknowledged() | SeverityDeclared():
            taken += _roles(event, events[1:], policy)
        case CauseNamed() if events[1:] and _is_of_one(event, events[1]) and _completes(events[1]):
            kind, taken = "complete_postmortem", 2
        case PageAsked() as asked:
            fields["to"] = asked.people[0] if asked.level == BY_HAND else asked.level
        case ItemAdded() as item if item.due_at == event.at + policy.item_due:
            fields["due_at"] = None  # the policy said when, and the next one may say otherwise
    return ACT.validate_python({"kind": kind, "id": event.act, "by": event.by, "at": event.at, **fields}), taken


def _roles(event: Event, following: Sequence[Event], policy: Policy) -> int:
    """How many roles the act gave along with it."""
    starts = "acknowledger" if isinstance(event.what, Acknowledged) else "declarer"
    count = 0
    for one in following:
        if not (_is_of_one(event, one) and isinstance(one.what, RoleTaken)):
            break
        if policy.roles[one.what.role].starts_with != starts:
            break
        count += 1
    return count


def _is_of_one(event: Event, other: Event) -> bool:
    """Whether two events came from one act."""
    return (event.by, event.at, event.act) == (other.by, other.at, other.act)


def _completes(event: Event) -> bool:
    return isinstance(event.what, PostmortemCompleted)
