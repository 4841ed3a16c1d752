"""The incidents of a group beside the one that new alerts go to, and which of them an alert is of (DET-4, RES-3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import Field

from domain.alerting.alert import CALM, Alert
from domain.alerting.known import AlertStatus
from domain.alerting.unseen import mark
from domain.value.model import Instant, Model, unsaid

LIKES = 400
"""Marks kept at most of what an incident is about."""
MOST = 50
"""Incidents kept beside each other at most; what is new joins the newest then."""


class EarlierIncident(Model):
    """An incident that still takes the alerts it was told of, while new ones go to another."""

    incident: str
    nth: int
    """Which of the group's incidents it is, counted from 1."""
    phase: str = "open"
    reopen_until: Instant | None = Field(default=None, exclude_if=unsaid)
    ended_at: Instant | None = Field(default=None, exclude_if=unsaid)
    likes: tuple[str, ...] = Field(default=(), exclude_if=unsaid)

    def is_gone(self, now: datetime) -> bool:
        """Whether it takes nothing more: resolved longer ago than the reopen window."""
        return self.phase == "resolved" and self.reopen_until is not None and now > self.reopen_until


def likeness(title: str) -> str:
    """A mark that alerts share whose titles differ in numbers and names with numbers alone: one pod and the next."""
    words = [word for word in title.lower().split() if not any(letter.isdigit() for letter in word)]
    return mark(" ".join(words))


def likes_of(alerts: Iterable[Alert]) -> tuple[str, ...]:
    """What an incident with these alerts is known again by."""
    return tuple(
        one for alert in alerts for one in (mark(alert.key), *([likeness(alert.title)] if alert.title else []))
    )


def is_like(alert: Alert, likes: Sequence[str]) -> bool:
    """Whether an alert is what an incident is about; everything is, where nobody remembers."""
    return not likes or mark(alert.key) in likes or (bool(alert.title) and likeness(alert.title) in likes)


def home(alert: Alert, known: AlertStatus | None, others: Iterable[EarlierIncident], nth: int) -> int:
    """Which of the group's incidents an alert is of: that which was told of it, one that it is like, or the newest."""
    for one in others:
        fresh = known is None and one.phase == "resolved" and bool(one.likes) and is_like(alert, one.likes)
        if fresh or (known is not None and known.nth == one.nth):
            return one.nth
    return nth


def apart(
    alerts: Sequence[Alert], known: Mapping[str, AlertStatus], others: Iterable[EarlierIncident]
) -> tuple[list[tuple[str, tuple[Alert, ...]]], tuple[Alert, ...]]:
    """The alerts of each incident beside, and the rest."""
    nths = {alert.key: known[alert.key].nth if alert.key in known else 0 for alert in alerts}
    found = [(one.incident, tuple(alert for alert in alerts if nths[alert.key] == one.nth)) for one in others]
    taken = {alert.key for _, mine in found for alert in mine}
    return [(one, mine) for one, mine in found if mine], tuple(alert for alert in alerts if alert.key not in taken)


def rehomed(known: Mapping[str, AlertStatus], before: int, after: int) -> dict[str, AlertStatus]:
    """What is known, with the alerts of one incident told to another from now on (DET-7)."""
    return {key: one.model_copy(update={"nth": after}) if one.nth == before else one for key, one in known.items()}


def firing(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Those that fire."""
    return tuple(alert for alert in alerts if alert.state not in CALM)
