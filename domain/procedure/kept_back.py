"""SCP-2: what is kept back while an incident of the service is open opens nothing, and is told to its people."""

from collections.abc import Sequence

from pydantic import Field

from domain.alerting.alert import Alert
from domain.alerting.beside import likeness
from domain.alerting.scope import is_security
from domain.company.alert_rule import AlertRule
from domain.incident.alerts import AlertSeen
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.message import Message
from domain.rule.act import Decision, IncidentAct
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, unsaid

MOST = 10
"""How often an incident is told of what is kept back; after that the records alone have it."""
NAMED = 3
"""Alerts that are named at once; of more their number says enough."""


class KeptBack(Fact):
    """Alerts of the service were kept back: not production, or in a planned maintenance (SCP-2)."""

    told = True
    minor = True
    clause: ClauseId = "SCP-2"
    alerts: tuple[AlertSeen, ...]
    reason: str

    def line(self, names: Names) -> Line:
        return Line(f"kept back: {self.reason}", named(self.alerts), alone=True)


class HearKeptBack(IncidentAct):
    """Alerts of the service are kept back: told by their group while this is fought (SCP-2)."""

    makes = (KeptBack,)
    object = "alerts"
    alerts: tuple[AlertSeen, ...]
    security: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """Which of them are of security, by their keys."""
    reason: str

    @classmethod
    def of(cls, alerts: Sequence[Alert], reason: str, *, group: str, rule: AlertRule) -> "HearKeptBack":
        """What a group keeps back, as an incident is told of it."""
        told = alerts[:MOST]
        security = tuple(alert.key for alert in told if is_security(alert, rule))
        seen = tuple(AlertSeen.of(alert) for alert in told)
        return cls(alerts=seen, security=security, reason=reason, by=alerts[0].source, via="standfast", proof=group)

    def decide(self, incident: Incident) -> Decision:
        """SCP-2, SCP-3: each sort of alert once, while it is fought, not for ever; of security in private alone."""
        before = [kept for _, kept in incident.all(KeptBack)]
        if incident.over or incident.opened.drill or len(before) >= MOST:
            return ()
        known = {likeness(alert.title) for kept in before for alert in kept.alerts}
        may = [alert for alert in self.alerts if incident.secret or not self._is_security(incident, alert)]
        fresh = {likeness(alert.title): alert for alert in may if likeness(alert.title) not in known}
        return (KeptBack(alerts=tuple(fresh.values()), reason=self.reason),) if fresh else ()

    def _is_security(self, incident: Incident, alert: AlertSeen) -> bool:
        """SCP-3: by its sender's word, or by its own."""
        return alert.key in self.security or incident.policy.alerts.speaks_of_security(alert.title)


def named(alerts: tuple[AlertSeen, ...]) -> str:
    """The first of these alerts, and how many more there are."""
    more = f" and {len(alerts) - NAMED} more" if len(alerts) > NAMED else ""
    return f"{', '.join(alert.title for alert in alerts[:NAMED])}{more}"


def _tell(incident: Incident, event: Event, kept: KeptBack) -> Message:
    return Message(text=f"SCP-2 kept back, nobody is paged for it: {named(kept.alerts)} ({kept.reason})")


RULES = Ruleset(tell={KeptBack: _tell})
