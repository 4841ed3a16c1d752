"""What an operator sees of an incident in the Temporal Web UI: search attributes, current details, query results."""

from datetime import datetime
from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain.card import WORDS, title
from domain.incident import Incident
from domain.procedure import deadlines
from domain.view import due, kind

SEVERITY = SearchAttributeKey.for_keyword("IncidentSeverity")
PHASE = SearchAttributeKey.for_keyword("IncidentPhase")
SERVICE = SearchAttributeKey.for_keyword("IncidentService")
COMMANDER = SearchAttributeKey.for_keyword("IncidentCommander")
KIND = SearchAttributeKey.for_keyword("IncidentKind")
NEXT_DUE = SearchAttributeKey.for_datetime("IncidentNextDue")
ATTRIBUTES = (SEVERITY, PHASE, SERVICE, COMMANDER, KIND, NEXT_DUE)
"""What every namespace that runs Standfast must know."""


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
    links = [f"[war room #{incident.room_name}]({incident.room_url})"] if incident.room_url else []
    links += [f"[status page]({incident.status_url})"] if incident.status_url else []
    act = 'To act from here: *Send a Signal*, e.g. `acknowledge` with `{"by": "dana"}`.'
    return "\n".join(
        [f"### {title(incident)}", f"{WORDS[incident.phase]} · {roles}", *table, "", " · ".join(links), act]
    )
