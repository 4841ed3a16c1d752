"""What an operator sees of an incident in the Temporal Web UI: search attributes, current details, query results."""

from datetime import datetime
from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain.card import WORDS, title
from domain.deadline import Deadline
from domain.event import Event
from domain.incident import Incident
from domain.procedure import deadlines
from domain.shape import Moment, Shape

SEVERITY = SearchAttributeKey.for_keyword("IncidentSeverity")
PHASE = SearchAttributeKey.for_keyword("IncidentPhase")
SERVICE = SearchAttributeKey.for_keyword("IncidentService")
COMMANDER = SearchAttributeKey.for_keyword("IncidentCommander")
KIND = SearchAttributeKey.for_keyword("IncidentKind")
NEXT_DUE = SearchAttributeKey.for_datetime("IncidentNextDue")
ATTRIBUTES = (SEVERITY, PHASE, SERVICE, COMMANDER, KIND, NEXT_DUE)
"""What every namespace that runs Standfast must know."""
PAGE = 200
"""Events in one answer of the timeline query."""


class Due(Shape):
    """One running deadline: what, who owes it, when."""

    incident: str
    clause: str
    key: str
    says: str
    owner: str
    person: str
    due_at: Moment
    rings_at: Moment | None


class View(Shape):
    """An incident as people ask for it."""

    id: str
    title: str
    phase: str
    severity: str | None
    proposed: str
    service: str
    kind: str
    commander: str
    roles: dict[str, str]
    opened_at: Moment
    fired_at: Moment
    acknowledged_at: Moment | None
    declared_at: Moment | None
    resolved_at: Moment | None
    closed_at: Moment | None
    room: str
    status_page: str
    summary: str
    alerts: int
    events: int
    due: tuple[Due, ...]
    owed: tuple[str, ...]


def kind(incident: Incident) -> str:
    """What sort of incident it is: `drill`, `security` or `incident`."""
    return "drill" if incident.opened.drill else "security" if incident.opened.security else "incident"


def due(incident: Incident) -> tuple[Due, ...]:
    """Every running deadline, the next first."""
    return tuple(_due(incident, one) for one in deadlines(incident) if one.ring != "wait")


def _due(incident: Incident, one: Deadline) -> Due:
    return Due(
        incident=incident.id,
        clause=one.clause,
        key=one.key,
        says=one.says,
        owner=one.owner,
        person=incident.holders.get(one.owner, ""),
        due_at=one.due_at,
        rings_at=one.rings_at,
    )


def view(incident: Incident, owed: tuple[str, ...]) -> View:
    """The incident in one answer."""
    return View(
        id=incident.id,
        title=incident.opened.title,
        phase=incident.phase,
        severity=incident.severity,
        proposed=incident.opened.proposed,
        service=incident.opened.service,
        kind=kind(incident),
        commander=incident.commander,
        roles=dict(incident.holders),
        opened_at=incident.opened_at,
        fired_at=incident.opened.fired_at,
        acknowledged_at=incident.acknowledged_at,
        declared_at=incident.declared_at,
        resolved_at=incident.resolved_at,
        closed_at=incident.closed_at,
        room=incident.room_name,
        status_page=incident.status_url,
        summary=incident.summary,
        alerts=len(incident.alerts),
        events=incident.number,
        due=due(incident),
        owed=owed,
    )


def timeline(incident: Incident, after: int) -> list[Event]:
    """The events after a number, at most a page of them; the opening without the policy and catalog frozen into it."""
    return incident.events[after : after + PAGE]


def attributes(incident: Incident) -> dict[str, SearchAttributeUpdate[Any]]:
    """The search attributes as they should be now, by name."""
    nearest: datetime | None = min((one.due_at for one in deadlines(incident) if one.ring != "wait"), default=None)
    updates: list[SearchAttributeUpdate[Any]] = [
        SEVERITY.value_set(incident.severity or f"{incident.opened.proposed}?"),
        PHASE.value_set(incident.phase),
        SERVICE.value_set(incident.opened.service),
        COMMANDER.value_set(incident.commander or "nobody"),
        KIND.value_set(kind(incident)),
        NEXT_DUE.value_set(nearest) if nearest else NEXT_DUE.value_unset(),
    ]
    return {update.key.name: update for update in updates}


def details(incident: Incident) -> str:
    """The current details: readable at three in the morning by somebody who knows nothing of Standfast."""
    roles = ", ".join(
        f"{rule.title} **{incident.called(incident.holders[role])}**"
        if role in incident.holders
        else f"{rule.title} nobody"
        for role, rule in incident.policy.roles.items()
    )
    next_due = [
        f"| {d.key} | {d.says} | {d.person or d.owner} | {d.due_at:%d %b %H:%M:%S} UTC |" for d in due(incident)
    ]
    table = (
        ["", "| clause | due next | who | when |", "|---|---|---|---|", *next_due]
        if next_due
        else ["", "Nothing is due."]
    )
    links = [f"[war room #{incident.room_name}](slack://channel?id={incident.room})"] if incident.room_name else []
    links += [f"[status page]({incident.status_url})"] if incident.status_url else []
    act = 'To act from here: *Send a Signal*, e.g. `acknowledge` with `{"by": "dana"}`.'
    return "\n".join(
        [f"### {title(incident)}", f"{WORDS[incident.phase]} · {roles}", *table, "", " · ".join(links), act]
    )
