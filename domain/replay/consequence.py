"""What a policy brings about in an incident, one line each: the lines that two readings are compared by."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.incident.clocks import Missed, Reminded
from domain.incident.effects import Done
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.lifecycle import Closed, Reopened, Resolved
from domain.incident.record import Refused
from domain.incident.severity import SeverityDeclared
from domain.procedure.paging import level_of
from domain.value.model import said_outcome

Sort = Literal[
    "proposed", "declared", "page", "reminder", "miss", "room", "manager", "update", "resolved", "reopened", "closed"
]


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing: `sort` and `key` say whether it is the same in another reading."""

    sort: Sort
    key: str
    at: datetime
    says: str


def happenings(incident: Incident) -> Iterator[Consequence]:
    """Everything that is compared, in its order."""
    count: Counter[str] = Counter()
    yield Consequence("proposed", "", incident.opened_at, f"{incident.opened.proposed}: {incident.opened.because}")
    for event in incident.events:
        found = _reminded_or_missed(incident, event) or _effect(incident, event) or _turn(incident, event)
        if found:
            count[f"{found.sort} {found.key}"] += 1
            number = count[f"{found.sort} {found.key}"]
            if number == 1:
                yield found
            elif found.sort != "miss":
                yield Consequence(found.sort, f"{found.key} #{number}", found.at, found.says)


def _reminded_or_missed(incident: Incident, event: Event) -> Consequence | None:
    match event.what:
        case Reminded() as reminded:
            return Consequence(
                "reminder", reminded.key, event.at, f"{_owner(incident, reminded.owner)}: {reminded.says}"
            )
        case Missed() as missed:
            says = f"{_owner(incident, missed.owner)}: {missed.says}, {_fate(incident, missed.key)}"
            return Consequence("miss", missed.key, event.at, says)
    return None


def _owner(incident: Incident, owner: str) -> str:
    """Who owed it: the role's title, or the person."""
    role = incident.policy.roles.get(owner)
    return role.title if role else incident.called(owner)


def _fate(incident: Incident, key: str) -> str:
    """What became of a promise that was missed."""
    for event in incident.events:
        if isinstance(event.what, Missed) and event.what.key == key and event.what.stopped_at:
            return said_outcome(event.what.due_at - event.what.stopped_at, event.what.broken)
    return "never kept"


def _effect(incident: Incident, event: Event) -> Consequence | None:
    match event.what:
        case Done(duty="page") as done:
            return Consequence("page", done.about, event.at, _page(incident, done))
        case Done(duty="open_room"):
            return Consequence("room", "", event.at, "the war room opened")
        case Done(duty="invite", clause="WAR-5"):
            return Consequence("manager", "", event.at, "the manager was brought in")
        case Done(duty="publish_update") as done:
            update = incident.updates[int(done.about)]
            by = " by standfast" if update.approved_by == STANDFAST else ""
            return Consequence("update", str(update.number), event.at, f"{update.status}{by}")
    return None


def _page(incident: Incident, done: Done) -> str:
    """Whom a page was for: the level of the ladder and who was reached."""
    people = ", ".join(map(incident.called, done.outcome.people)) or "whoever was on call"
    return f"{level_of(incident, done.about).replace('_', ' ')}: {people}"


def _turn(incident: Incident, event: Event) -> Consequence | None:
    by = "the procedure" if event.by == STANDFAST else incident.called(event.by)
    match event.what:
        case SeverityDeclared(severity=severity):
            return Consequence("declared", "", event.at, f"{severity} by {by}")
        case Resolved():
            return Consequence("resolved", "", event.at, f"by {by}")
        case Reopened():
            return Consequence("reopened", "", event.at, f"by {by}")
        case Closed(reason=reason):
            return Consequence("closed", "", event.at, reason.replace("_", " "))
    return None


def refusals(incident: Incident, before: Incident) -> tuple[str, ...]:
    """The acts that were refused and had not been before, each with its reason."""
    then = {(event.by, event.at, refused.act, refused.reason) for event, refused in before.all(Refused)}
    return tuple(
        f"{incident.called(event.by)}: {refused.act.replace('_', ' ')}: {refused.reason}"
        for event, refused in incident.all(Refused)
        if (event.by, event.at, refused.act, refused.reason) not in then
    )
