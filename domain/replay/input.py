"""What people, vendors and monitors did in an incident, read back from its events so that it can be done again.

Everything else in the list the policy brought about: that is not read back but played anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from domain.alerting.alert import Alert
from domain.company.policy import Policy
from domain.incident.alerts import AlertsJoined
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.lifecycle import Resolved
from domain.incident.opening import Opened
from domain.incident.record import Refused
from domain.incident.ringing import Acknowledged, PageAsked
from domain.incident.roles import RoleGivenUp, RoleTaken, RoleVacated
from domain.incident.severity import SeverityDeclared
from domain.incident.task import TaskKept
from domain.procedure.adoption import CatalogAdopted
from domain.procedure.item_facts import ItemAdded
from domain.procedure.page_by_hand import BY_HAND
from domain.procedure.postmortem_facts import CauseNamed, CompletionAsked, PostmortemCompleted
from domain.procedure.public_update import UpdateApproved, UpdateDrafted
from domain.rule.act import IncidentAct
from domain.value.act import Act
from domain.value.kind import kind_of

ACT: TypeAdapter[Act] = TypeAdapter(Act)


@dataclass(frozen=True, slots=True)
class ReplayInput:
    """One thing that came from outside: an act or alerts, when it arrived, and the number of its first event."""

    number: int
    at: datetime
    """When it arrived at the earliest: not before what was written down before it."""
    act: Act | None = None
    alerts: tuple[Alert, ...] = ()
    count: int = 1
    unseen: int | None = None
    refused: Event | None = None
    """An act that was refused: only the refusal was kept."""


def cues(events: Sequence[Event]) -> Iterator[ReplayInput]:
    """Everything that came from outside after the opening, in its order."""
    opened = events[0].what
    if not isinstance(opened, Opened):
        raise ValueError(f"events[0]: found {opened.kind!r}, expected 'opened'")
    arrived, index = events[0].at, 1
    while index < len(events):
        event = events[index]
        arrived = max(arrived, event.heard_at)
        taken = 1
        if isinstance(event.what, AlertsJoined):
            alerts = tuple(opened.remembered(seen) for seen in event.what.alerts)
            yield ReplayInput(event.number, arrived, alerts=alerts, count=event.what.count, unseen=event.what.unseen)
        elif event.by != STANDFAST and event.what.kind in made_by():
            act, taken = _act(events[index:], opened)
            yield ReplayInput(event.number, arrived, act=act)
        elif isinstance(event.what, Refused) and event.by in opened.catalog.people:
            yield ReplayInput(event.number, arrived, refused=event)
        index += taken


def made_by() -> dict[str, type[IncidentAct]]:
    """By kind of fact: the act that turns into it, from whose fields it has those of the same name."""
    acts = [act for act in Act.kinds.values() if issubclass(act, IncidentAct)]
    return {kind_of(fact): act for act in acts for fact in act.makes}


def refused(events: Sequence[Event]) -> int:
    """How many acts were refused: of those only the refusal was kept, so that they cannot be tried again."""
    return sum(event.what.kind == "refused" for event in events)


def _act(events: Sequence[Event], opened: Opened) -> tuple[Act, int]:
    """The act that the first event came from, and how many events it turned into."""
    event, taken, policy = events[0], 1, opened.policy
    if _comes_with_the_next(events):
        found, count = _act(events[1:], opened)
        return found, count + 1
    made = made_by()[event.what.kind]
    kind, names = kind_of(made), set(made.model_fields) - set(Act.model_fields)
    fields: dict[str, Any] = {name: getattr(event.what, name) for name in names & set(type(event.what).model_fields)}
    match event.what:
        case Acknowledged() | SeverityDeclared():
            taken += _roles(event, events[1:], policy)
        case CauseNamed() if events[1:] and _is_of_one(event, events[1]) and _completes(events[1]):
            kind, taken = "complete_postmortem", 2
        case CatalogAdopted() as adopted:
            fields["without"] = adopted.left
            taken += sum(_is_of_one(event, one) for one in events[1:])
        case TaskKept() | RoleGivenUp() | RoleVacated():
            taken += sum(_is_of_one(event, one) for one in events[1:])
        case PageAsked() as asked:
            fields["to"] = asked.people[0] if asked.level == BY_HAND else asked.level
        case Resolved() if events[1:] and isinstance(last := events[1].what, UpdateApproved | UpdateDrafted):
            if _is_of_one(event, events[1]):
                fields["customers"], taken = last.body, 2
        case ItemAdded() as item if item.due_at == policy.item_due_by().after(event.at):
            fields["due_at"] = None  # the policy said when, and the next one may say otherwise
    at = event.claimed_at or event.at
    told = {"kind": kind, "id": event.act, "by": event.by, "at": at, **_way(event, opened), **fields}
    return ACT.validate_python(told), taken


def _way(event: Event, opened: Opened) -> dict[str, str]:
    """How the act came; an older event does not say it: from a vendor where no person of the company acted."""
    if event.via:
        return {"via": event.via, "proof": event.proof}
    return {} if event.by in opened.catalog.people else {"via": "webhook"}


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


def _comes_with_the_next(events: Sequence[Event]) -> bool:
    """Whether a role was taken by the very act whose own fact follows (WAR-3)."""
    both = [event for event in events[:2] if event.act]
    taken = len(both) > 1 and isinstance(both[0].what, RoleTaken) and _is_of_one(*both)
    return taken and not isinstance(both[1].what, RoleTaken) and both[1].what.kind in made_by()


def _is_of_one(event: Event, other: Event) -> bool:
    """Whether two events came from one act."""
    return (event.by, event.at, event.act) == (other.by, other.at, other.act)


def _completes(event: Event) -> bool:
    return isinstance(event.what, PostmortemCompleted | CompletionAsked)
