"""DET-7: whoever takes an incident is told what else is being fought, so that two do not repair against each other."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.relation import MergeAsked
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.internal import FindOpen
from domain.port.message import Message
from domain.procedure.joining import Merge
from domain.procedure.retraction import DET_7
from domain.rule.ruleset import Ruleset
from domain.value.elsewhere import Elsewhere
from domain.value.private import VEIL

MOST = 10
"""Incidents that are named; of more their number says enough."""
OPENING = "opening"
"""What is looked up for at the opening, where the policy joins what depends on a failing service."""
OFFERED = 3
"""Merges that are offered with a press of their own."""


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """Looked up whenever somebody has taken it, and where the policy joins dependents at its opening; in no drill."""
    if incident.over or incident.opened.drill:
        return
    if _may_join(incident):
        yield _find_open(incident, OPENING)
    if incident.acknowledged_at:
        yield _find_open(incident, str(len(incident.rounds)))


def _may_join(incident: Incident) -> bool:
    """Whether alerts alone opened it, of a service that fails with others, and the policy joins what does."""
    rule, by_alerts = incident.policy.alerts, incident.opened.clause == "DET-1"
    return rule.dependents == "join" and by_alerts and bool(incident.service.depends_on) and not incident.secret


def _find_open(incident: Incident, about: str) -> FindOpen:
    return FindOpen(
        key=f"find_open/{about}",
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
        opened_at=incident.opened_at,
    )


def fought(incidents: Iterable[Incident], but: str) -> tuple[Elsewhere, ...]:
    """What else is being fought among these, the newest first; drills are not."""
    found = [one for one in incidents if one.id != but and not one.over and not one.opened.drill]
    return tuple(as_elsewhere(one) for one in sorted(found, key=lambda one: one.opened_at, reverse=True))


def _tell(incident: Incident, event: Event, done: Done) -> Message | None:
    """Those of the same service and of what it depends on first."""
    if done.about == OPENING:
        return None
    others = sorted(done.outcome.open, key=lambda one: not _is_near(incident, one))
    if not others:
        return None
    told = [f"• {_said(incident, one)}" for one in others[:MOST]]
    more = [f"and {len(others) - MOST} more"] if len(others) > MOST else []
    near = [one for one in others if _is_near(incident, one)] or others
    same = tuple(Merge.button(f"It is {one.incident}", asks=False, into=one.incident) for one in near[:OFFERED])
    text = "\n".join(["DET-7 open beside this one; is it the same?", *told, *more])
    return Message(text=text, to=incident.people([incident.acknowledged_by]), buttons=same)


def follow(incident: Incident, duty: AnyDuty, outcome: Outcome) -> tuple[Fact, ...]:
    """DET-7: what nobody has taken yet is merged into the recent incident of what its service depends on."""
    if not isinstance(duty, FindOpen) or duty.key.about != OPENING:
        return ()
    if incident.phase != "alerting" or incident.relations.merging:
        return ()
    causes = [one for one in outcome.open if _is_cause(incident, one)]
    if not causes:
        return ()
    cause = min(causes, key=lambda one: incident.service.depends_on.index(one.service))
    return (MergeAsked(into=cause.incident, reason=f"{incident.service.name} depends on {cause.service}"),)


def _is_cause(incident: Incident, other: Elsewhere) -> bool:
    """Whether it is of what this service depends on, began shortly before, and keeps its subject from nobody."""
    if other.service not in incident.service.depends_on or other.opened_at is None or other.title == VEIL:
        return False
    return timedelta() <= incident.opened_at - other.opened_at <= incident.policy.alerts.dependents_within


def _is_near(incident: Incident, other: Elsewhere) -> bool:
    """Whether it is of the same service, or of one that this service depends on."""
    return other.service in (incident.service.name, *incident.service.depends_on)


def _said(incident: Incident, other: Elsewhere) -> str:
    who = incident.called(other.commander) if other.commander not in ("", "nobody") else "nobody yet"
    severity = f" [{other.severity}]" if other.severity else ""
    return f"{other.incident}{severity} {other.service}: {other.title}, commander {who}"


RULES = Ruleset(duties=duties, done=follow, tell={FindOpen: _tell})
