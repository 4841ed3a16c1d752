"""DET-2: support hears of the incident on the ticket that reported it."""

from collections.abc import Iterator

from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.support import TellTicket
from domain.procedure.detection import DET_2
from domain.rule.ruleset import Ruleset


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """How the incident stands, once for each ticket and each turn; a security incident keeps its words to itself."""
    desk = incident.catalog.vendor("support", incident.service.name)
    tickets = [alert.ticket for alert in incident.alerts.values() if alert.ticket and alert.source == desk]
    turn, body = _turn(incident)
    for ticket in dict.fromkeys(tickets):
        yield TellTicket(
            key=f"tell_ticket/{ticket}/{turn}",
            incident=incident.id,
            clause=DET_2.id,
            summary=f"tell ticket {ticket} of the incident",
            ticket=ticket,
            body=body,
        )


def _turn(incident: Incident) -> tuple[str, str]:
    """The turn that the incident has taken last, and what support is told of it."""
    if incident.over:
        said = f"is resolved: {incident.summary}" if incident.summary and not incident.secret else "is over."
        return f"resolved-{len(incident.resolutions)}", f"{incident.id} {said}"
    if incident.reopenings:
        return f"reopened-{len(incident.reopenings)}", f"{incident.id} is open again."
    return "opened", f"{incident.id} is open for this report. This ticket is told when it is resolved."


RULES = Ruleset(duties=duties)
