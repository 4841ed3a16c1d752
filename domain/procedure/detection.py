"""DET: how an incident starts, what joins it, and when it ends by itself."""

from collections.abc import Iterable
from datetime import datetime

from domain.alerting.alert import Alert
from domain.alerting.grouping import ENVIRONMENTS
from domain.alerting.scope import is_security
from domain.company.catalog import Catalog, Link
from domain.company.policy import Policy
from domain.incident.alerts import AlertSeen, AlertsJoined, Recovered
from domain.incident.entry import CALM, STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import Closed, Reopened, Resolved, let_go, self_resolved
from domain.incident.opening import Opened
from domain.port.message import Button, Message
from domain.procedure import bypass
from domain.procedure.data_breach import BreachQuestionAsked, asks
from domain.procedure.matrix import grows_worse, proposal, worse
from domain.procedure.paging import rang_through
from domain.procedure.quiet import anew
from domain.procedure.repeats import alike
from domain.procedure.security import marked
from domain.rule.clause import Clause, happened
from domain.rule.explain import title_of
from domain.rule.judge import was_done
from domain.rule.people import held_by
from domain.rule.ruleset import Ruleset
from domain.value.model import spoken
from domain.value.moment import clock_time
from domain.value.repeat import Repeat

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
    beside: str = "",
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
        description=_described(lead, policy),
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
    return first.model_copy(update={"repeats": alike(earlier, first, policy), "beside": beside})


def _described(lead: Alert, policy: Policy) -> str:
    """The alert's words; and SCP-4: that nobody has named its environment, which therefore counts as production."""
    word = lead.environment.strip().lower()
    if policy.alerts.knows(ENVIRONMENTS.get(word, word)):
        return lead.description
    said = f"The policy knows no environment {lead.environment!r}: it counts as production."
    return f"{lead.description}\n{said}".strip()


def _words(alerts: tuple[Alert, ...]) -> str:
    return " ".join(f"{a.title} {a.description} {' '.join(a.labels.values())}" for a in alerts)


def _runbooks(alerts: tuple[Alert, ...], service: str, catalog: Catalog) -> tuple[Link, ...]:
    """TRI-2: the known failure modes that the alerts' words are about."""
    words = _words(alerts)
    return tuple(Link(label=book.title, url=book.url) for book in catalog.runbooks if book.fits(service, words))


def fitting_runbooks(opened: Opened, service: str, catalog: Catalog) -> tuple[Link, ...]:
    """TRI-2: the same for another service than the one that an incident was opened for."""
    words = f"{opened.title} {opened.description} {opened.words}"
    return tuple(Link(label=book.title, url=book.url) for book in catalog.runbooks if book.fits(service, words))


def hear(
    incident: Incident, alerts: Iterable[Alert], count: int, now: datetime, unseen: int | None = None
) -> tuple[Fact, ...]:
    """DET-3, DET-4, DET-5, RES-3: what more alerts, or new states of known ones, turn into.

    `unseen` is how many more fire that are not told one by one, where the group has counted them.
    """
    heard = tuple(alerts)
    news = tuple(alert for alert in heard if _is_newer(incident, alert))
    fresh = tuple(_seen(incident, alert) for alert in news)
    left = incident.unseen if unseen is None else unseen
    if let_go(incident) or not (fresh or left != incident.unseen):
        return ()
    joined = AlertsJoined(alerts=fresh, count=count, unseen=left)
    after = incident.alerts | {alert.key: alert for alert in fresh}
    if any(alert.state not in CALM for alert in fresh):
        keys = {alert.key for alert in fresh}
        rings = anew(incident, (alert for alert in heard if alert.key in keys), now)
        return (joined, *_recurrence(incident, fresh, now), *rings, *marked(incident, news), *worse(incident, news))
    firing = left or any(alert.state not in CALM for alert in after.values())
    if firing or all(a.state == "merged" for a in after.values()):
        return (joined,)
    return (joined, *_recovery(incident))


def _seen(incident: Incident, alert: Alert) -> AlertSeen:
    """What is kept of an alert; of one in brief its state alone, and what is known of it otherwise stands."""
    known = incident.alerts.get(alert.key)
    if alert.title or known is None:
        return AlertSeen.of(alert)
    return known.model_copy(update={"state": alert.state, "episode": alert.episode, "at": alert.at})


def _is_newer(incident: Incident, alert: Alert) -> bool:
    """Take state changes by the source's time, never backwards; the same state of the same episode is a duplicate.

    What is said to fire after the incident was resolved is none: it objects to that, unless it was resolved despite
    what fires (RES-3).
    """
    known = incident.alerts.get(alert.key)
    if known is None:
        return True
    changed = (alert.state, alert.episode) != (known.state, known.episode)
    objects = (
        incident.resolved_at is not None
        and not incident.outward.despite
        and alert.state not in CALM
        and alert.at > incident.resolved_at
    )
    return alert.at >= known.at and (changed or objects or grows_worse(incident, alert, known.severity))


def _recurrence(incident: Incident, fresh: tuple[AlertSeen, ...], now: datetime) -> tuple[Fact, ...]:
    """RES-3: an alert that fires again inside the window reopens the incident, if the policy says so."""
    rule = incident.policy.alerts
    ended = incident.resolved_at
    if ended is None or rule.recurrence != "reopen" or now > ended + rule.reopen_window:
        return ()
    title = next(alert.title for alert in fresh if alert.state not in CALM)
    return (Reopened(reason=f"the alert fires again: {title}"),)


def _recovery(incident: Incident) -> tuple[Fact, ...]:
    """DET-5: recovered before anybody acknowledged is self-resolved, unless a person reported it; later policy says.

    What rang through the whole ladder unanswered is no blip, nor is what somebody changed past the deployment with no
    answer yet: it is over, and followed up like any other.
    """
    by_monitor = incident.opened_by in (STANDFAST, incident.opened.source)
    if incident.phase == "alerting" and by_monitor and not incident.secret:
        if rang_through(incident) or (incident.policy.alerts.bypass_lasts and bypass.unanswered(incident)):
            return (Recovered(), Resolved(summary="Every alert has recovered; nobody had acknowledged."))
        if incident.likely in incident.policy.learn.breach_asked_self_resolved and asks(incident):
            return (Recovered(ends=True), BreachQuestionAsked())
        return (Recovered(), Closed(reason="self_resolved", clause="DET-5"))
    if not incident.over and incident.policy.alerts.recovery == "resolve" and not incident.secret:
        return (Recovered(), Resolved(summary="Every alert has recovered."))
    return (Recovered(),)


def _tell_joined(incident: Incident, event: Event, joined: AlertsJoined) -> Message | None:
    firing = [alert.title for alert in joined.alerts if alert.state not in CALM]
    more = f" and {joined.count - 1} more" if joined.count > 1 else ""
    stands = incident.policy.room.joins_on_card and not incident.over
    return Message(text=f"DET-4 *An alert joined*: {firing[0]}{more}") if firing and not stands else None


def _ask_whether_over(incident: Incident, event: Event, recovered: Recovered) -> Message | None:
    """The commander is asked, unless it ended with the recovery; the manager hears of what nobody answered."""
    if incident.closed_reason or incident.calmed_at:
        return None
    if incident.over and not incident.acknowledged_at:
        text = "DET-5 every alert has recovered after the whole ladder was paged and nobody answered; it is followed up"
        return Message(text=text, to=held_by(incident, "manager"))
    ends = Button(act="resolve", label="Resolve", asks=True)
    text = f"DET-5 Every alert is green since {clock_time(event.at)}; is it over?"
    return Message(text=text, to=held_by(incident, "commander"), buttons=(ends,), moments=(event.at,))


def _self_resolved(incident: Incident) -> bool | None:
    if not self_resolved(incident):
        return None
    return not incident.pages or was_done(incident, "resolve_pages")


def _explain_heartbeats(policy: Policy) -> list[str]:
    return [
        f"{one.name} of {one.door} opens nothing while it comes; {spoken(one.silent_for)} of silence open an incident."
        for one in policy.alerts.heartbeats
    ]


def _explain_joining(policy: Policy) -> list[str]:
    groups = " and ".join(policy.alerts.grouping)
    verb = "joins it" if policy.alerts.join == "join" else "is linked to it"
    said = [f"Alerts are grouped by {groups}; a new alert of a group whose incident is open {verb}."]
    if policy.alerts.dependents == "join":
        within = spoken(policy.alerts.dependents_within)
        said.append(f"What opens within {within} of an incident that its service depends on is merged into that.")
    return said


def _explain_recovery(policy: Policy) -> list[str]:
    asked = f"the {title_of('commander', policy)} is asked whether it is over"
    later = "the incident resolves by itself" if policy.alerts.recovery == "resolve" else asked
    severities = policy.learn.breach_asked_self_resolved
    data = f" At {' and '.join(severities)} it closes once it is answered whether personal data was breached."
    return [
        "When every alert recovers before anybody acknowledges, the incident closes and its page is cancelled; "
        f"after an acknowledgement {later}.{data * bool(severities)}",
        f"{policy.alerts.flaps} firings in {spoken(policy.alerts.flap_window)} are flapping: recoveries then wait.",
    ]


DET_1 = Clause(
    "DET-1",
    "An incident starts when a monitoring alert fires: through PagerDuty or Opsgenie, or straight from "
    "Datadog, Grafana, CloudWatch or Alertmanager.",
    judged_by="opened by a monitor or a pager",
    judge=happened(Opened, clause="DET-1"),
    constructed=True,
    explain=_explain_heartbeats,
)
DET_2 = Clause(
    "DET-2",
    "Or when a customer report is escalated as S1: support webhook, `/incident declare` in Slack, or the CLI.",
    judged_by="opened by an escalated report or a declaration",
    judge=happened(Opened, clause="DET-2"),
    constructed=True,
)
DET_3 = Clause(
    "DET-3",
    "The same alert never opens two incidents, however often or in whatever order it is delivered, and "
    "however many arrive at once.",
    judged_by="held by the group of alerts, across incidents",
)
DET_4 = Clause(
    "DET-4",
    "A new alert on a service that already has an open incident joins it (policy) or is linked to it, and"
    " #incidents shows what is already known.",
    judged_by="alerts joined",
    judge=happened(AlertsJoined),
    constructed=True,
    explain=_explain_joining,
)
DET_5 = Clause(
    "DET-5",
    "An alert that resolves itself before anyone acknowledges it is closed as self-resolved, with its page cancelled.",
    judged_by="self-resolved, and every page taken back",
    judge=_self_resolved,
    explain=_explain_recovery,
)
DET_6 = Clause(
    "DET-6",
    "A webhook is answered with success only once the alert is durable.",
    judged_by="held by the inbox, before there is an incident",
)
RULES = Ruleset(
    clauses=(DET_1, DET_2, DET_3, DET_4, DET_5, DET_6),
    tell={AlertsJoined: _tell_joined, Recovered: _ask_whether_over},
)
