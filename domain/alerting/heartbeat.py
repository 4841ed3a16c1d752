"""DET-1: a monitor's own heartbeat; while it comes it opens nothing, and its silence is an alert.

Prometheus' `Watchdog` fires for ever by design. Each time that it is heard it is held for as long as its silence may
last; what is not heard again by then fires as an alert of its group, and recovers when it is heard again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from domain.alerting.alert import CALM, Alert, WebhookContent
from domain.alerting.digest import AlertDigest
from domain.alerting.known import AlertStatus
from domain.alerting.sifting import HeldAlert
from domain.company.alert_rule import AlertRule, Heartbeat
from domain.value.model import spoken

SILENT = (
    "It has not been heard for {span}, and fires for ever while all is well: the monitor does not work, or what it "
    "says does not arrive. Other alerts may be missing."
)
LATE = timedelta(minutes=1)
"""What rings later than this rings after an outage of ours: what waits is heard first."""

OVER = {"restated": False, "alive_for": None}
"""What a heartbeat has that its silence, and its return, do not."""

Held = dict[str, HeldAlert]


def with_heartbeats(said: WebhookContent, rule: AlertRule) -> WebhookContent:
    """What a request says where the policy promises of some of it that it goes on: those are alerts too."""
    beats = (promised(alert, rule) for alert in said.heartbeats)
    alerts = (*(promised(alert, rule) for alert in said.alerts), *(one for one in beats if one.alive_for))
    return said.model_copy(update={"alerts": alerts, "heartbeats": ()})


def promised(alert: Alert, rule: AlertRule) -> Alert:
    """The alert, with its promise where the policy names it as a heartbeat."""
    named = alert.labels.get("alertname") or alert.title
    found = rule.heartbeat(alert.source, named)
    if found is None or alert.state in CALM:
        return alert
    return alert.model_copy(
        update={
            "key": f"heartbeat/{alert.key}",
            "title": _title(named, alert.source),
            "description": SILENT.format(span=spoken(found.silent_for)),
            "service": found.service or alert.service,
            "severity": found.severity,
            "restated": True,
            "origin": (),
            "alive_for": found.silent_for,
        }
    )


def is_of(alert: Alert, beat: Heartbeat) -> bool:
    """Whether what is held of a monitor, or fires by its silence, is this heartbeat."""
    named = alert.title.removesuffix(_title("", alert.source))
    return alert.source == beat.door and named != alert.title and fnmatchcase(named, beat.name)


def _title(named: str, door: str) -> str:
    return f"{named} of {door} is silent"


def hear_heartbeats(digest: AlertDigest, held: Held, known: Mapping[str, AlertStatus]) -> tuple[AlertDigest, Held]:
    """The digest without its heartbeats, but with the recovery of those that were silent, and what is held by now.

    Where alerts open nothing a heartbeat is none; in planned maintenance its silence counts from the end (SCP-2).
    """
    beats = [alert for alert in digest.alerts if alert.alive_for]
    if not beats:
        return digest, held
    others = tuple(alert for alert in digest.alerts if not alert.alive_for)
    over = tuple(_heard_again(alert) for alert in beats if alert.key in known and not known[alert.key].calm)
    why = digest.suppressed
    fresh = {} if why and why.until is None else {one.key: _until(one, why.until if why else None) for one in beats}
    count = max(digest.count - len(beats) + len(over), 0)
    return digest.model_copy(update={"alerts": (*others, *over), "count": count}), {**held, **fresh}


def _until(alert: Alert, window: datetime | None) -> HeldAlert:
    heard_at = alert.heard_at or alert.at
    return HeldAlert(alert=alert, until=max(heard_at, window or heard_at) + (alert.alive_for or timedelta()))


def _heard_again(alert: Alert) -> Alert:
    at = alert.heard_at or alert.at
    return alert.model_copy(update={**OVER, "state": "resolved", "fired_at": at, "at": at})


def silent(held: Held, now: datetime) -> tuple[Held, tuple[Alert, ...]]:
    """What is held still, and what has been silent for too long, as alerts that fire since then."""
    late = {key: now + LATE for key, one in held.items() if one.until < now - LATE}
    left = {key: one.model_copy(update={"until": late.get(key, one.until)}) for key, one in held.items()}
    rung = [key for key, one in left.items() if one.until <= now]
    return {key: one for key, one in left.items() if key not in rung}, tuple(_fired(left[key], now) for key in rung)


def _fired(held: HeldAlert, now: datetime) -> Alert:
    moments = {"episode": held.until.isoformat(), "fired_at": held.until, "at": held.until, "heard_at": now}
    return held.alert.model_copy(update={**OVER, **moments, "state": "firing"})
