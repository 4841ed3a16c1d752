"""DET: how an incident starts, what joins it, and when it ends by itself."""

from collections.abc import Iterable
from datetime import datetime

from domain.alert import Alert
from domain.catalog import Catalog, Link, Service
from domain.clause.rep import alike
from domain.clause.scp import is_security
from domain.event import STANDFAST, What
from domain.group import ENVIRONMENTS
from domain.incident import CALM, Incident
from domain.policy import Policy
from domain.repeat import Repeat
from domain.shape import Severity
from domain.what.closed import Closed, Reopened, Resolved
from domain.what.detected import AlertSeen, AlertsJoined, Opened, Recovered

WORDS = 3000
"""What the alerts say is kept up to here."""


def opened(
    incident: str,
    alerts: tuple[Alert, ...],
    service: str,
    catalog: Catalog,
    policy: Policy,
    *,
    group: str = "",
    drill: bool = False,
    earlier: Iterable[Repeat] = (),
) -> Opened:
    """DET-1, DET-2: the first event, with the policy and the company's part frozen into it.

    The severest proposal counts (TRI-3), the first firing (ACK-4), and what is like the `earlier` incidents (REP-1).
    """
    security = any(is_security(alert, policy.alerts) for alert in alerts)
    proposed, because, lead = proposal(alerts, catalog.services[service], policy, security)
    first = Opened(
        clause="DET-2" if lead.labels.get("kind") == "escalation" else "DET-1",
        incident=incident,
        group=group,
        title=lead.title,
        description=_said(lead, policy),
        service=service,
        environment=lead.environment or "production",
        source=lead.source,
        security=security,
        drill=drill,
        alerts=tuple(AlertSeen.of(alert) for alert in alerts if alert.key),
        fired_at=min(alert.fired_at for alert in alerts),
        proposed=proposed,
        because=because,
        runbooks=_runbooks(alerts, service, catalog),
        words=_words(alerts)[:WORDS] if catalog.vendor("notebook", service) != "none" else "",
        links=tuple(dict.fromkeys(link for alert in alerts for link in alert.links))[:10],
        catalog=catalog.slice(service),
        policy=policy,
    )
    return first.model_copy(update={"repeats": alike(earlier, first, policy)})


def _said(lead: Alert, policy: Policy) -> str:
    """The alert's words; and SCP-4: that nobody has named its environment, which therefore counts as production."""
    word = lead.environment.strip().lower()
    if policy.alerts.knows(ENVIRONMENTS.get(word, word)):
        return lead.description
    said = f"The policy knows no environment {lead.environment!r}: it counts as production."
    return f"{lead.description}\n{said}".strip()


def proposal(
    alerts: tuple[Alert, ...], service: Service, policy: Policy, security: bool
) -> tuple[Severity, str, Alert]:
    """TRI-3: the severest proposal, its reason, and the alert it is about."""
    proposals = [(*policy.propose(alert, service, security), alert) for alert in alerts]
    return min(proposals, key=lambda one: policy.rank(one[0]))


def _words(alerts: tuple[Alert, ...]) -> str:
    return " ".join(f"{a.title} {a.description} {' '.join(a.labels.values())}" for a in alerts)


def _runbooks(alerts: tuple[Alert, ...], service: str, catalog: Catalog) -> tuple[Link, ...]:
    """TRI-2: the known failure modes that the alerts' words are about."""
    words = _words(alerts)
    return tuple(Link(label=book.title, url=book.url) for book in catalog.runbooks if book.fits(service, words))


def hear(incident: Incident, alerts: Iterable[Alert], count: int, now: datetime) -> tuple[What, ...]:
    """DET-3, DET-4, DET-5, RES-3: what more alerts, or new states of known ones, turn into."""
    fresh = tuple(AlertSeen.of(alert) for alert in alerts if _is_newer(incident, alert))
    if not fresh or incident.phase == "closed":
        return ()
    joined = AlertsJoined(alerts=fresh, count=count)
    after = incident.alerts | {alert.key: alert for alert in fresh}
    if any(alert.state not in CALM for alert in fresh):
        return (joined, *_recurrence(incident, fresh, now))
    if any(alert.state not in CALM for alert in after.values()) or all(a.state == "merged" for a in after.values()):
        return (joined,)
    return (joined, *_recovery(incident))


def _is_newer(incident: Incident, alert: Alert) -> bool:
    """Take state changes by the source's time, never backwards; the same state of the same episode is a duplicate."""
    known = incident.alerts.get(alert.key)
    if known is None:
        return True
    return alert.at >= known.at and (alert.state, alert.episode) != (known.state, known.episode)


def _recurrence(incident: Incident, fresh: tuple[AlertSeen, ...], now: datetime) -> tuple[What, ...]:
    """RES-3: an alert that fires again inside the window reopens the incident, if the policy says so."""
    rule = incident.policy.alerts
    ended = incident.resolved_at
    if ended is None or rule.recurrence != "reopen" or now > ended + rule.reopen_window:
        return ()
    title = next(alert.title for alert in fresh if alert.state not in CALM)
    return (Reopened(reason=f"the alert fires again: {title}"),)


def _recovery(incident: Incident) -> tuple[What, ...]:
    """DET-5: recovered before anybody acknowledged is self-resolved, unless a person reported it; later policy says."""
    by_monitor = incident.opened_by in (STANDFAST, incident.opened.source)
    if incident.phase == "alerting" and by_monitor and not incident.opened.security:
        return (Recovered(), Closed(reason="self_resolved", clause="DET-5"))
    if not incident.over and incident.policy.alerts.recovery == "resolve" and not incident.opened.security:
        return (Recovered(), Resolved(summary="Every alert has recovered."))
    return (Recovered(),)
