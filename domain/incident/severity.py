"""How severe the incident is (TRI)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from domain.incident.alerts import AlertsJoined
from domain.incident.entry import Challenge
from domain.incident.fact import Fact
from domain.incident.relation import TookIn
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Severity

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


@dataclass(slots=True)
class Request:
    """A request for a lower severity, and when it was over: confirmed, taken back, declined or lapsed."""

    severity: str
    at: datetime
    ended_at: datetime | None = None


def gravest(incident: "Incident", until: datetime | None = None) -> Severity:
    """The severest that was declared, or the proposed one where nobody declared: what an incident counts as (KPI)."""
    declared = [severity for at, severity in incident.severities if until is None or at <= until]
    return min(declared or [incident.proposal[0]], key=incident.policy.rank)


def asked_since(
    incident: "Incident", wanted: Literal["post_mortem", "breach_check"], ended_at: datetime
) -> tuple[datetime, datetime | None] | None:
    """Since when the follow-up of an end is asked for, that end or a correction after it (TRI-6), and until when.

    The severest that was declared asks: no lower one takes back what is owed. The first that is declared at all, or a
    severer one that asks for nothing, ends it, and what was late by then stays so. None when it was never asked for.
    """
    asking = {name for name, rule in incident.policy.severities.items() if getattr(rule, wanted)}
    later = [at for at, _ in incident.severities if at > ended_at]
    since = next((at for at in (ended_at, *later) if gravest(incident, at) in asking), None)
    if since is None:
        return None
    if gravest(incident) in asking:
        return since, None
    return since, next(at for at in later if at > since and gravest(incident, at) not in asking)


def outage_began(incident: "Incident") -> datetime:
    """Since when what must be solved lasts: the first alert, or the one that made an outage of less (RES-2, TRI-6).

    What was proposed or declared an outage before lasts since the first; so does what is raised with no new one.
    """
    policy, first = incident.policy, incident.opened.fired_at
    if policy.alerts.outage_begins == "first_alert":
        return first
    known = policy.alerts.outage_begins == "worst_known"
    merged = [(event.at, took.began) for event, took in incident.all(TookIn) if took.began] if known else []
    called = _called_outage(incident)
    was_less = merged and not (called and called <= merged[0][0])
    alone = first if policy.severities[incident.opened.proposed].chased else _made_worse(incident, called)
    return min(one for one in (alone or (None if was_less else first), *(began for _, began in merged)) if one)


def _called_outage(incident: "Incident") -> datetime | None:
    """When somebody declared an outage first."""
    return next((at for at, severity in incident.severities if incident.policy.severities[severity].chased), None)


def _made_worse(incident: "Incident", called: datetime | None) -> datetime | None:
    """The alert that made an outage of less before anybody called it one; None where none did."""
    policy = incident.policy
    for (event, challenge), kept in zip(incident.all(SeverityChallenged), incident.challenges, strict=True):
        if called and called <= event.at:
            return None
        if kept.withdrawn_at and policy.alerts.outage_begins == "worst_known":
            continue
        came = [
            alert.at for joined, what in incident.all(AlertsJoined) if joined.at == event.at for alert in what.alerts
        ]
        if came and policy.severities[challenge.severity].chased:
            return min(max(came), event.at)
    return None


class SeverityDeclared(Fact):
    """The severity is this from now on (TRI-3, TRI-5)."""

    told, sign_of_life = True, True
    step = "declared the severity"
    clause: ClauseId = "TRI-3"
    severity: Severity
    proposed: Severity
    reason: str = ""
    asked_by: str = ""
    """Who asked first, when it needed a second person."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        self._answer(incident, event)
        incident.severities.append((event.at, self.severity))
        _end_request(incident, event.at)

    def _answer(self, incident: "Incident", event: "Event") -> None:
        """TRI-6: what is declared at or above a challenge answers it; so does what two people keep below it."""
        left = open_challenges(incident)
        kept = [one for one in left if incident.policy.lower(self.severity, one.severity)]
        incident.kept_against = incident.policy.worst(one.severity for one in kept) if kept and self.asked_by else ""
        for one in left:
            if self.asked_by or one not in kept:
                one.answered_at = event.at

    def line(self, names: Names) -> Line:
        return Line(f"declared {self.severity}", self.reason)


class SeverityChallenged(Fact):
    """What became known is worse than the severity to reckon with (TRI-6)."""

    told = True
    clause: ClauseId = "TRI-6"
    severity: Severity
    because: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The proposal rises; a severity in force is to be answered for."""
        declared = incident.severity is not None
        incident.challenges.append(Challenge(event.at, self.severity, self.because, declared))

    def line(self, names: Names) -> Line:
        return Line(f"{self.severity} by what is known now", self.because, "warn", alone=True)


def open_challenges(incident: "Incident") -> list[Challenge]:
    """What became known to be worse and nobody has answered yet (TRI-6)."""
    return [one for one in incident.challenges if one.answered_at is None]


class SeverityKept(Fact):
    """A request for a lower severity is over and nothing was lowered: taken back, declined or lapsed (TRI-4)."""

    told = True
    clause: ClauseId = "TRI-4"
    severity: Severity
    asked: Severity
    how: Literal["withdrawn", "declined", "lapsed"]
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        _end_request(incident, event.at)

    def line(self, names: Names) -> Line:
        if self.how == "lapsed":
            return Line(f"nobody confirmed {self.asked} in time; it stays {self.severity}", tone="warn", alone=True)
        words = "took back the request for" if self.how == "withdrawn" else "declined"
        return Line(f"{words} {self.asked}; it stays {self.severity}", self.reason)


class SeverityAsked(Fact):
    """A lower severity waits for a second person (TRI-4)."""

    answered_by = (SeverityDeclared, SeverityKept)
    told, sign_of_life = True, True
    minor = True
    clause: ClauseId = "TRI-4"
    severity: Severity
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        _end_request(incident, event.at)
        incident.asked, incident.asked_by = self, event.by
        incident.requests.append(Request(self.severity, event.at))

    def line(self, names: Names) -> Line:
        return Line(f"asked for {self.severity}; a second person must agree", self.reason, "warn")


def _end_request(incident: "Incident", at: datetime) -> None:
    incident.asked, incident.asked_by = None, ""
    for request in incident.requests[-1:]:
        request.ended_at = request.ended_at or max(at, request.at)
