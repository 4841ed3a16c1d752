"""What a group knows of one alert, and what a further word about it means."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from domain.alerting.alert import CALM, Alert, VendorAct
from domain.alerting.unseen import mark
from domain.value.model import Instant, Model, unsaid

ECHO = timedelta(minutes=5)
"""For so long after a recovery its sender's peers may still say that it fires: Alertmanager's default interval."""
DOUBT = timedelta(minutes=15)
"""What a peer's echo says is taken back within its next interval; what stands for so long is no echo."""
Meaning = Literal["news", "nothing", "doubt", "beginning"]


class AlertStatus(Model):
    """The last heard state of one alert, and when it last began to fire (for flapping)."""

    state: str
    episode: str
    at: Instant
    fired: tuple[Instant, ...] = ()
    heard_at: Instant | None = Field(default=None, exclude_if=unsaid)
    """When this state was heard."""
    over: Instant | None = Field(default=None, exclude_if=unsaid)
    """The source's time of the last recovery."""
    unbegun: bool = Field(default=False, exclude_if=unsaid)
    """Its recovery was heard, and its firing was not."""
    origin: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    severity: str = Field(default="", exclude_if=unsaid)
    dismissed: bool = Field(default=False, exclude_if=unsaid)
    """Somebody has said that this firing is none (DET-7)."""
    nth: int = Field(default=0, exclude_if=unsaid)
    """Which of the group's incidents was told of it, counted from 1; 0 where nobody remembers."""

    @property
    def calm(self) -> bool:
        """Whether it is over."""
        return self.state in CALM


def meaning(alert: Alert, known: AlertStatus | None, over_since: datetime | None, live: bool) -> Meaning:
    """What it means that an alert is in this state; `live`: an incident of the group is being fought.

    By the source's times a state never goes backwards. Two things stand above that order, both about senders that
    restate what fires with the time of its start: a recovery ends the episode it is about, whatever it says of the
    time, and what such a sender still lists after a recovery fires, unless it is a peer's echo. And what is said to
    fire after the incident was over (since `over_since`, if anybody knows) is an objection to that, not a duplicate.
    """
    if known is None:
        return "news"
    newer = alert.at >= known.at and (alert.state, alert.episode) != (known.state, known.episode)
    if alert.heard_at is None:
        return "news" if newer else "nothing"
    if alert.state in CALM:
        return "news" if newer or _ends(alert, known) else "nothing"
    if known.calm:
        return _after_recovery(alert, known)
    if known.dismissed and alert.episode == known.episode:
        return "nothing"
    objects = not live and (over_since is None or alert.said_at > over_since)
    reworded = bool(known.severity) and alert.severity not in ("", known.severity)
    return "news" if newer or objects or reworded else "nothing"


def _ends(alert: Alert, known: AlertStatus) -> bool:
    """Whether a recovery ends the firing that is known though its time says that it cannot."""
    if known.calm or not alert.restated or alert.episode != known.episode:
        return False
    return known.over is None or alert.at > known.over


def _after_recovery(alert: Alert, known: AlertStatus) -> Meaning:
    if not alert.restated:
        return "news" if alert.at >= known.at else "nothing"
    if alert.episode != known.episode and alert.at >= known.at:
        return "news"
    if known.heard_at is None or (alert.heard_at or alert.at) - known.heard_at >= ECHO:
        return "news"
    return "beginning" if known.unbegun else "doubt"


def learned(alert: Alert, before: AlertStatus | None, fired: tuple[datetime, ...], nth: int) -> AlertStatus:
    """What is known of an alert after this."""
    calm = alert.state in CALM
    origin = tuple(dict.fromkeys((*(before.origin if before else ()), *alert.origin)))[:8]
    return AlertStatus(
        state=alert.state,
        episode=alert.episode,
        at=alert.at,
        fired=fired,
        heard_at=alert.heard_at,
        over=(alert.at if calm else before.over if before else None) if alert.heard_at else None,
        unbegun=calm and before is None,
        origin=origin,
        severity=alert.severity if alert.heard_at else "",
        nth=nth if alert.heard_at else 0,
    )


def as_later(alert: Alert, known: AlertStatus | None) -> Alert:
    """The alert with a time that its incident, which knows it in another state, takes for later."""
    if known is None or alert.heard_at is None:
        return alert
    in_order = alert.at >= known.at and (alert.state, alert.episode) != (known.state, known.episode)
    at = alert.at if alert.state in CALM or in_order else alert.said_at
    return alert.model_copy(update={"at": max(at, known.at)})


def in_brief(key: str, known: AlertStatus, at: datetime) -> Alert:
    """A recovery that was told by its mark alone; what its incident knows of it otherwise, stands."""
    return Alert(source="", key=key, episode=known.episode, state="resolved", title="", fired_at=at, at=at, heard_at=at)


def own_key(alert: Alert, origins: Mapping[str, tuple[str, ...]]) -> str:
    """The key under which an alert is known: two senders that share no name are two, though their labels are one."""
    if not alert.origin:
        return alert.key
    family = [key for key in origins if key == alert.key or key.startswith(f"{alert.key}@")]
    for key in family:
        if not origins[key] or set(origins[key]) & set(alert.origin):
            return key
    return f"{alert.key}@{mark(alert.origin[0])}" if family else alert.key


def is_about(heard: VendorAct, known: Mapping[str, AlertStatus], unseen: set[str], nth: int) -> bool:
    """Whether an act is about an alert of the incident that is the `nth`; an acknowledgement, of its present firing."""
    if heard.incident or not heard.alert or heard.heard_at is None:
        return True
    one, act = known.get(heard.alert), heard.act
    if one is None:
        return mark(heard.alert) in unseen
    if act.kind == "acknowledge" and (one.calm or (act.at is not None and act.at < one.at)):
        return False
    return one.nth in (0, nth)


def parts_of(alert: Alert, known: Mapping[str, AlertStatus]) -> tuple[Alert, ...]:
    """The end of a whole that tells its parts by itself, `monitor:group`, is the end of each of them."""
    if alert.state not in CALM or alert.key in known or not alert.key.endswith(":"):
        return (alert,)
    parts = [(key, one) for key, one in known.items() if key.startswith(alert.key)]
    return tuple(alert.model_copy(update={"key": key, "episode": one.episode}) for key, one in parts)
