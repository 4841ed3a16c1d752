"""DET-4: a declaration joins what somebody declared for the service a moment before, or what rings there just now."""

from datetime import datetime

from domain.alerting.alert import Alert
from domain.incident.alerts import AlertSeen
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.message import Message
from domain.rule.act import Decision, IncidentAct
from domain.rule.people import held_by
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId


class ReportJoined(Fact):
    """Somebody declared what had been opened a moment before (DET-4)."""

    told, sign_of_life = True, True
    clause: ClauseId = "DET-4"
    alert: AlertSeen
    description: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        """What can be told apart from other alerts is kept with them."""
        if self.alert.key:
            incident.alerts[self.alert.key] = self.alert

    def line(self, names: Names) -> Line:
        return Line("reports it too", self.alert.title)


class JoinReport(IncidentAct):
    """Somebody declares what was opened a moment ago: their words join this incident (DET-4)."""

    makes = (ReportJoined,)
    object = "alert"
    alert: AlertSeen
    description: str = ""

    @classmethod
    def of(cls, alert: Alert, by: str, id: str) -> "JoinReport":
        """What a declaration says, as an act on the incident that is open for it."""
        seen = AlertSeen.of(alert)
        return cls(alert=seen, description=alert.description, by=by, id=id, via="cli", at=alert.at)

    def decide(self, incident: Incident) -> Decision:
        """DET-4: while the incident takes further reports."""
        until = reports_until(incident)
        if until is None or (self.at or incident.events[-1].at) > until:
            return Refusal(f"{incident.id} takes no further reports; declare an incident")
        return (ReportJoined(alert=self.alert, description=self.description),)


def reports_until(incident: Incident) -> datetime | None:
    """Until when a further declaration for the service joins; None where none does."""
    span = incident.policy.alerts.same_report
    if incident.over or incident.opened.drill or not span or not _takes_reports(incident):
        return None
    last: datetime = max([incident.opened_at, *incident.moments(ReportJoined)]) + span
    return last


def _takes_reports(incident: Incident) -> bool:
    """Whether somebody declared it; or whether it rings already, in the open, as loud as a declaration would."""
    if incident.opened.clause == "DET-2":
        return True
    rings = incident.policy.severities[incident.likely].page == "at_once"
    return incident.policy.alerts.reports_join == "ringing" and rings and not incident.secret


def _tell(incident: Incident, event: Event, report: ReportJoined) -> Message:
    said = f": {report.description}" if report.description else ""
    text = f"DET-4 {incident.called(event.by)} reports it too: {report.alert.title}{said}"
    return Message(text=text, to=held_by(incident, "commander", "on_call"))


RULES = Ruleset(tell={ReportJoined: _tell})
