"""DET-7: whoever takes an incident is told what else is being fought, so that two do not repair against each other."""

from collections.abc import Iterable, Iterator

from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.port.any_duty import Duty
from domain.port.internal import FindOpen
from domain.port.message import Message
from domain.procedure.joining import Merge
from domain.procedure.retraction import DET_7
from domain.rule.ruleset import Ruleset
from domain.value.elsewhere import Elsewhere

MOST = 10
"""Incidents that are named; of more their number says enough."""
OFFERED = 3
"""Merges that are offered with a press of their own."""


def duties(incident: Incident) -> Iterator[Duty]:
    """Looked up whenever somebody has taken it; a drill has nothing to do with other incidents."""
    if incident.over or incident.opened.drill or not incident.acknowledged_at:
        return
    yield FindOpen(
        key=f"find_open/{len(incident.rounds)}",
        incident=incident.id,
        clause=DET_7.id,
        summary="look for what else is open",
    )


def as_elsewhere(incident: Incident) -> Elsewhere:
    """An incident as others are told of it."""
    return Elsewhere(
        incident=incident.id,
        title=str(incident.title),
        service=incident.service.name,
        severity=incident.severity or f"{incident.opened.proposed}?",
        commander=incident.commander,
    )


def fought(incidents: Iterable[Incident], but: str) -> tuple[Elsewhere, ...]:
    """What else is being fought among these, the newest first; drills are not."""
    found = [one for one in incidents if one.id != but and not one.over and not one.opened.drill]
    return tuple(as_elsewhere(one) for one in sorted(found, key=lambda one: one.opened_at, reverse=True))


def _tell(incident: Incident, event: Event, done: Done) -> Message | None:
    """Those of the same service and of what it depends on first."""
    others = sorted(done.outcome.open, key=lambda one: not _is_near(incident, one))
    if not others:
        return None
    told = [f"• {_said(incident, one)}" for one in others[:MOST]]
    more = [f"and {len(others) - MOST} more"] if len(others) > MOST else []
    near = [one for one in others if _is_near(incident, one)] or others
    same = tuple(Merge.button(f"It is {one.incident}", asks=False, into=one.incident) for one in near[:OFFERED])
    text = "\n".join(["DET-7 open beside this one; is it the same?", *told, *more])
    return Message(text=text, to=incident.people([incident.acknowledged_by]), buttons=same)


def _is_near(incident: Incident, other: Elsewhere) -> bool:
    """Whether it is of the same service, or of one that this service depends on."""
    return other.service in (incident.service.name, *incident.service.depends_on)


def _said(incident: Incident, other: Elsewhere) -> str:
    who = incident.called(other.commander) if other.commander not in ("", "nobody") else "nobody yet"
    severity = f" [{other.severity}]" if other.severity else ""
    return f"{other.incident}{severity} {other.service}: {other.title}, commander {who}"


RULES = Ruleset(duties=duties, tell={FindOpen: _tell})
