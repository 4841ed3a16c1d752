"""What the engineer is handed at the acknowledgement, and what comes after it because it was found too late."""

from collections.abc import Iterable

from domain.company.catalog import Link, Person
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.ringing import Acknowledged
from domain.port.message import Message
from domain.procedure.headline import links
from domain.rule.clause import Clause
from domain.rule.ruleset import Ruleset

NONE = "TRI-2 no runbook matches"


def about_handover(incident: Incident, event: Event) -> Message | None:
    """The message for an acknowledgement, or for what was found after it; None for any other event."""
    match event.what:
        case Acknowledged():
            said = [f"ACK-1 {incident.called(event.by)} is investigating.", "TRI-1 where to look is below."]
            text = " ".join([*said, *_last_deployment(incident, event.number), f"{_runbook(incident, event.number)}."])
            return Message(text=text, to=incident.people([event.by]), links=links(incident))
        case Done(duty="find_runbooks", outcome=outcome) if _was_taken(incident, event.number):
            known = {link.url for link in incident.opened.runbooks}
            more = [link for link in outcome.links if link.url not in known]
            text = f"TRI-2 runbook: {_labels(more)}" if more else "" if known else NONE
            return Message(text=text, to=_engineer(incident), links=tuple(more)) if text else None
        case Done(duty="find_deployments", outcome=outcome) if outcome.deployments:
            if not _was_taken(incident, event.number):
                return None
            told = "; ".join(one.told for one in outcome.deployments)
            places = tuple(Link(label=one.told, url=one.url) for one in outcome.deployments if one.url)
            return Message(text=f"TRI-1 deployed before the alert: {told}", to=_engineer(incident), links=places)
    return None


def _is_found(incident: Incident, kind: str, number: int) -> bool:
    """Whether it had been looked for by this event."""
    return 0 < incident.found.get(kind, 0) < number


def _last_deployment(incident: Incident, number: int) -> list[str]:
    found = incident.deployments[:1] if _is_found(incident, "find_deployments", number) else ()
    return [f"TRI-1 last deployment: {one.told}." for one in found]


def _runbook(incident: Incident, number: int) -> str:
    """TRI-2: that there is none is said only when catalog and notebook have been looked through."""
    searched = _is_found(incident, "find_runbooks", number)
    books = incident.runbooks if searched else incident.opened.runbooks
    if books:
        return f"TRI-2 runbook: {_labels(books)}"
    return NONE if searched or not incident.opened.words else "TRI-2 the notebook is still being searched for a runbook"


def _labels(books: Iterable[Link]) -> str:
    return ", ".join(link.label for link in books)


def _was_taken(incident: Incident, number: int) -> bool:
    """Whether somebody had acknowledged before this event, and so was handed things without it."""
    return any(isinstance(event.what, Acknowledged) for event in incident.events[: number - 1])


def _engineer(incident: Incident) -> tuple[Person, ...]:
    return incident.people([incident.holders.get("on_call", "")])


TRI_1 = Clause(
    "TRI-1",
    "On acknowledgement the engineer is handed the service's dashboards (Datadog/Grafana), logs and "
    "recent deployments.",
    still=True,
)
TRI_2 = Clause(
    "TRI-2",
    "The runbook for a known failure mode (the library in Notion, at least ten) is matched to the alert "
    'and handed over, or "no runbook" is said.',
    still=True,
)
RULES = Ruleset(
    clauses=(
        TRI_1,
        TRI_2,
    )
)
