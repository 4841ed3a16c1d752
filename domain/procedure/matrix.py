"""TRI-3, TRI-6: what the severity matrix says of alerts that open an incident or join it, and of a word heard later."""

from pydantic import Field

from domain.alerting.alert import Alert
from domain.alerting.scope import is_security
from domain.company.catalog import Service
from domain.company.policy import Policy
from domain.incident.entry import CALM
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.procedure.challenge import challenged
from domain.rule.act import Decision, IncidentAct
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Severity, unsaid


def proposal(
    alerts: tuple[Alert, ...], service: Service, policy: Policy, security: bool
) -> tuple[Severity, str, Alert]:
    """TRI-3: the severest proposal, its reason, and the alert it is about."""
    proposals = [(*policy.propose(alert, service, security), alert) for alert in alerts]
    return min(proposals, key=lambda one: policy.rank(one[0]))


def grows_worse(incident: Incident, alert: Alert, word: str) -> bool:
    """TRI-6: whether a known alert is more severe by the matrix than with the word its sender had for it."""
    if alert.state in CALM or not word or alert.severity in ("", word):
        return False
    before = alert.model_copy(update={"severity": word})
    now, then = (by_the_matrix(incident, one)[0] for one in (alert, before))
    return incident.policy.lower(then, now)


def by_the_matrix(incident: Incident, *alerts: Alert, service: Service | None = None) -> tuple[Severity, str, Alert]:
    """TRI-3, SCP-3: the severest proposal for these alerts, of the incident's service where no other is said.

    One that speaks of security makes all of them do.
    """
    security = incident.secret or any(is_security(one, incident.policy.alerts) for one in alerts)
    return proposal(alerts, service or incident.service, incident.policy, security)


def worse(incident: Incident, news: tuple[Alert, ...]) -> tuple[Fact, ...]:
    """TRI-6: the matrix is asked of what joins too: of what fires and was not known, or not so bad."""
    joins = [alert for alert in news if alert.title and alert.state not in CALM and _is_new(incident, alert)]
    if not joins:
        return ()
    severity, because, lead = by_the_matrix(incident, *joins)
    return challenged(incident, severity, f"{because}: {incident.private(lead.title)}")


def _is_new(incident: Incident, alert: Alert) -> bool:
    known = incident.alerts.get(alert.key)
    return known is None or grows_worse(incident, alert, known.severity)


class SeverityHeard(Fact):
    """How severe the incident is in the pager, by the pager's own word (TRI-6)."""

    sign_of_life = True
    clause: ClauseId = "TRI-6"
    word: str
    where: str
    url: str = Field(default="", exclude_if=unsaid)

    def line(self, names: Names) -> Line:
        return Line(f"set the priority in {self.where}: {self.word}", url=self.url)


class HearSeverity(IncidentAct):
    """The pager's word for how severe it is was set there, by a person or by a rule of the pager's (TRI-6)."""

    makes = (SeverityHeard,)
    object = "word"
    word: str
    """As the pager has it; what it means is the policy's to say."""
    where: str
    """The pager's name for people."""
    url: str = ""
    lifted: bool = Field(default=False, exclude_if=unsaid)
    """Whether only the pager's `low` was taken back: then the matrix is asked as of an alert without a word."""

    def decide(self, incident: Incident) -> Decision:
        """TRI-6: what is worse challenges the severity like an alert that joins; a lower word is for the timeline."""
        if incident.closed_at:
            return ()
        heard = SeverityHeard(word=self.word, where=self.where, url=self.url)
        return (heard, *self._worse(incident))

    def _worse(self, incident: Incident) -> tuple[Fact, ...]:
        policy = incident.policy
        word = "" if self.lifted else self.word
        if incident.over or not (self.lifted or policy.severity_meant(word)):
            return ()
        moment = self.at or incident.events[-1].at
        said = Alert(source="", key="", title="", severity=word, fired_at=moment, at=moment)
        severity, _ = policy.propose(said, incident.service, incident.secret)
        return challenged(incident, severity, f"{self.word} in {self.where}")
