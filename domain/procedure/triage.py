"""TRI-1, TRI-2: what the engineer is handed at the acknowledgement, or after it where it was found too late."""

from collections.abc import Iterable, Iterator

from domain.company.catalog import Link, Person
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.ringing import Acknowledged
from domain.port.any_duty import AnyDuty
from domain.port.internal import FindDeployments
from domain.port.message import Message
from domain.port.notebook import FindRunbooks
from domain.procedure.headline import links
from domain.procedure.repeats import seen_before
from domain.rule.clause import Clause
from domain.rule.judge import has_room
from domain.rule.ruleset import Ruleset
from domain.value.kind import kind_of

NONE = "No runbook matches"


def _hand_over(incident: Incident, event: Event, acknowledged: Acknowledged) -> Message:
    who = acknowledged.person or event.by
    said = [f"{incident.called(who)} is on it.", f"{_runbook(incident, event.number)}."]
    seen = [f"Seen before: {seen_before(incident.opened.repeats, event.at)}."] if incident.opened.repeats else []
    text = " ".join([*said, *_last_deployment(incident, event.number), *seen, "Where to look is below."])
    return Message(text=text, to=incident.people([who]), links=links(incident), small="TRI-1 · TRI-2")


def _tell_runbooks(incident: Incident, event: Event, done: Done) -> Message | None:
    """What was found too late to be handed over with the acknowledgement."""
    if not _was_taken(incident, event.number):
        return None
    known = {link.url for link in incident.corrections.books(incident.opened.runbooks)}
    more = [link for link in done.outcome.links if link.url not in known]
    text = f"TRI-2 Runbook: {_labels(more)}" if more else "" if known else f"TRI-2 {NONE}"
    return Message(text=text, to=_engineer(incident), links=tuple(more)) if text else None


def _tell_deployments(incident: Incident, event: Event, done: Done) -> Message | None:
    found = done.outcome.deployments
    if not found or not _was_taken(incident, event.number):
        return None
    told = "; ".join(one.told for one in found)
    places = tuple(Link(label=one.told, url=one.url) for one in found if one.url)
    return Message(text=f"TRI-1 Deployed before the alert: {told}", to=_engineer(incident), links=places)


def _is_found(incident: Incident, kind: str, number: int) -> bool:
    """Whether it had been looked for by this event."""
    return 0 < incident.lookups.found.get(kind, 0) < number


def _last_deployment(incident: Incident, number: int) -> list[str]:
    found = incident.lookups.deployments[:1] if _is_found(incident, kind_of(FindDeployments), number) else ()
    return [f"Last deployment: {one.told}." for one in found]


def _runbook(incident: Incident, number: int) -> str:
    """TRI-2: that there is none is said only when catalog and notebook have been looked through."""
    searched = _is_found(incident, kind_of(FindRunbooks), number)
    books = incident.runbooks if searched else incident.corrections.books(incident.opened.runbooks)
    if books:
        return f"Runbook: {_labels(books)}"
    return NONE if searched or not incident.opened.words else "The notebook is still being searched for a runbook"


def _labels(books: Iterable[Link]) -> str:
    return ", ".join(link.label for link in books)


def _was_taken(incident: Incident, number: int) -> bool:
    """Whether somebody had acknowledged before this event, and so was handed things without it."""
    return any(isinstance(event.what, Acknowledged) for event in incident.events[: number - 1])


def _engineer(incident: Incident) -> tuple[Person, ...]:
    return incident.people([incident.holders.get("on_call", "")])


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """TRI-1, TRI-2: looked for from the opening on, so that it is at hand when somebody acknowledges."""
    if incident.over:
        return
    if incident.policy.asks.deployments:
        yield FindDeployments(
            key=f"find_deployments{_corrected(incident)}",
            incident=incident.id,
            clause="TRI-1",
            summary=f"look for deployments of {incident.service.title}",
            service=incident.service,
            until=incident.opened.fired_at,
            limit=incident.policy.asks.deployments,
        )
    if incident.opened.words:
        yield FindRunbooks(
            key=f"find_runbooks{_corrected(incident)}",
            incident=incident.id,
            clause="TRI-2",
            summary="look for a runbook in the notebook",
            service=incident.service.name,
            words=incident.opened.words,
        )


def _corrected(incident: Incident) -> str:
    """What tells a further search from the first: the incident is of another service by now (DET-7)."""
    return f"/{number}" if (number := incident.corrections.moves) else ""


def _runbooks_found(incident: Incident, event: Event, done: Done) -> None:
    incident.lookups.runbooks, incident.lookups.found[done.duty] = done.outcome.links, event.number


def _deployments_found(incident: Incident, event: Event, done: Done) -> None:
    incident.lookups.deployments, incident.lookups.found[done.duty] = done.outcome.deployments, event.number


def _handed(incident: Incident) -> bool | None:
    """Whether the acknowledgement was answered in the room with where to look."""
    acknowledged = [event.number for event in incident.events if isinstance(event.what, Acknowledged)]
    if not acknowledged or not has_room(incident):
        return None
    return f"say/{acknowledged[0]}" in incident.done


TRI_1 = Clause(
    "TRI-1",
    "On acknowledgement the engineer is handed the service's dashboards (Datadog/Grafana), logs and "
    "recent deployments.",
    still=True,
    judged_by="the acknowledgement was answered with where to look",
    judge=_handed,
)
TRI_2 = Clause(
    "TRI-2",
    "The runbook for a known failure mode (the library in Notion, at least ten) is matched to the alert "
    'and handed over, or "no runbook" is said.',
    still=True,
    judged_by="the acknowledgement was answered with the runbook, or that there is none",
    judge=_handed,
)
RULES = Ruleset(
    clauses=(TRI_1, TRI_2),
    duties=duties,
    brings_about={FindRunbooks: _runbooks_found, FindDeployments: _deployments_found},
    tell={Acknowledged: _hand_over, FindRunbooks: _tell_runbooks, FindDeployments: _tell_deployments},
)
