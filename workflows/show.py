"""What an operator sees of an incident in the Temporal Web UI: search attributes, current details, query results."""

import json
from datetime import datetime
from typing import Any

from temporalio.common import SearchAttributeUpdate

from activities.attribute import COMMANDER, KIND, NEXT_DUE, PHASE, SERVICE, SEVERITY, TROUBLE
from domain.incident.clock import Deadline
from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.procedure.headline import WORDS, title
from domain.procedure.sop import PROCEDURE
from domain.report.view import kind
from domain.rule.act import people_do
from domain.run.agenda import can_be_kept, deadlines
from domain.value.markdown import literal

UNTOUCHED = "Don't cancel or terminate it: resolve the incident, and this ends when what is owed is done."
"""What comes first on a page whose one blue button is *Request Cancellation*."""


def attributes(incident: Incident) -> dict[str, SearchAttributeUpdate[Any]]:
    """The search attributes as they should be now, by name."""
    nearest: datetime | None = min((one.due_at for one in deadlines(incident) if one.ring != "wait"), default=None)
    updates: list[SearchAttributeUpdate[Any]] = [
        SEVERITY.value_set(incident.severity or f"{incident.proposal[0]}?"),
        PHASE.value_set(incident.phase),
        SERVICE.value_set(incident.service.name),
        COMMANDER.value_set(incident.commander or "nobody"),
        KIND.value_set(kind(incident)),
        NEXT_DUE.value_set(nearest) if nearest else NEXT_DUE.value_unset(),
    ]
    return {update.key.name: update for update in updates} | trouble(incident)


def trouble(incident: Incident) -> dict[str, SearchAttributeUpdate[Any]]:
    """Which rules of ours failed in it."""
    failed = ", ".join(incident.faults.noted)[:200]
    return {TROUBLE.name: TROUBLE.value_set(failed) if failed else TROUBLE.value_unset()}


def details(incident: Incident) -> str:
    """The current details: readable at three in the morning by somebody who knows nothing of Standfast."""
    places = [f"[war room #{incident.room_name}]({incident.room_url})"] if incident.room_url else []
    places += [f"[status page]({incident.status_url})"] if incident.status_url else []
    severity = incident.severity or f"not classified, {incident.proposal[0]} proposed"
    words = WORDS[incident.phase]
    broken = [f"{where}: {literal(said)}" for where, said in incident.faults.noted.items()]
    parts = [
        f"### {literal(title(incident))}",
        "" if incident.closed_at else UNTOUCHED,
        _part("Standfast itself failed here; the rest goes on", broken),
        f"**{words[:1].upper()}{words[1:]}.** Severity: **{severity}**. {' · '.join(places)}".rstrip(),
        _part("Who", _holders(incident)),
        _part("Due next", _due(incident) or ["nothing"]),
        _part("To act from here: *More Actions*, *Send a Signal*, for example", _signals(incident)),
    ]
    return "\n\n".join(part for part in parts if part)


def _part(heading: str, lines: list[str]) -> str:
    return "\n".join([f"**{heading}**", "", *(f"* {line}" for line in lines)]) if lines else ""


def _holders(incident: Incident) -> list[str]:
    """Every role of the policy, and who holds it."""
    names = {role: f"**{incident.called(person)}**" for role, person in incident.holders.items()}
    return [f"{rule.title}: {names.get(role, 'nobody')}" for role, rule in incident.policy.roles.items()]


def _due(incident: Incident) -> list[str]:
    """Every running deadline in words: overdue longest first, and last what nobody is asked for any more."""
    running = (one for one in deadlines(incident) if one.ring != "wait")
    owing = sorted(running, key=lambda one: (not can_be_kept(one), one.due_at))
    return [f"{_when(one)}, {_owner(incident, one.owner)} {_does(one)} (`{one.clause}`)" for one in owing]


def _does(one: Deadline) -> str:
    promise = PROCEDURE.promises.get(one.clause)
    return promise.owed(one.says) if promise else one.says


def _when(one: Deadline) -> str:
    at = f"{one.due_at:%d %b %H:%M:%S} UTC"
    return f"**overdue since {at}**" if one.ring == "chase" else f"by {at}"


def _owner(incident: Incident, role: str) -> str:
    if role == STANDFAST:
        return "Standfast"
    if role in incident.holders:
        return incident.called(incident.holders[role])
    return f"the {incident.policy.roles[role].title}" if role in incident.policy.roles else incident.called(role)


def _signals(incident: Incident) -> list[str]:
    """The signals that fit the phase, each with a body that can be pasted; the names in it are of this incident."""
    people = {"on_call": incident.acknowledged_by, **incident.holders}
    acts = [(kind, act) for kind, act in people_do().items() if incident.phase in act.offered_in]
    told = [(kind, act.signal(people.get(act.usually or "") or "your name")) for kind, act in acts]
    return [f"`{kind}` with `{json.dumps(body)}`" for kind, body in told]
