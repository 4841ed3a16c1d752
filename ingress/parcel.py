"""What is gathered for one group until it is told: the newest state per alert, and no more than a signal can carry."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.alerting.alert import Alert, VendorAct
from domain.alerting.digest import Digest
from domain.alerting.grouping import Group

IN_FULL = 50
"""Alerts told with all their words; further ones only when the group must know, and in brief."""
IN_ALL = 500
ACTS = 50
"""A parcel with so many alerts that must be told, or so many acts, is closed and the next one begun."""
BYTES = 500_000
"""What alerts in full may weigh together; a signal may carry 2 MB."""


@dataclass
class Parcel:
    """Consecutive rows of one group on their way."""

    group: Group
    first_row: int
    rows: list[int] = field(default_factory=list)
    acts: list[VendorAct] = field(default_factory=list)
    news_at: datetime | None = None
    """Since when a state waits here that is new to its alert."""
    keys: set[str] = field(default_factory=set)
    _alerts: dict[str, Alert] = field(default_factory=dict)
    _needed: set[str] = field(default_factory=set)
    _news: set[str] = field(default_factory=set)
    _count: int = 0
    _sealed: Digest | None = None

    @property
    def full(self) -> bool:
        """Whether what comes next belongs into another parcel."""
        return self._sealed is not None or len(self._needed) >= IN_ALL or len(self.acts) >= ACTS

    def add_row(self, row: int) -> None:
        """Note that what follows was said by this row."""
        self.rows.append(row)

    def add(self, alert: Alert, *, news: bool, needed: bool) -> None:
        """Add an alert. `needed`: the group knows the alert in another state and must hear of this one."""
        self._count += 1
        self.keys.add(alert.key)
        self._needed |= {alert.key} if needed else set()
        self._news |= {alert.key} if news else set()
        known = self._alerts.get(alert.key)
        if known and alert.at < known.at:
            return
        if known or needed or len(self._alerts) < IN_ALL:
            self._alerts[alert.key] = alert

    def seal(self) -> Digest:
        """The digest of this parcel; from now on it is the same every time it is asked for."""
        if self._sealed is None:
            alerts = self._chosen()
            self._sealed = Digest(
                group=self.group.key,
                service=self.group.service,
                environment=self.group.environment,
                first_row=self.first_row,
                last_row=self.rows[-1],
                alerts=tuple(alerts),
                more=len(self.keys) - len(alerts),
                count=self._count,
                acts=tuple(self.acts),
            )
        return self._sealed

    def _chosen(self) -> list[Alert]:
        """What must be told first, then news, then duplicates: in full while there is room."""
        chosen: list[Alert] = []
        left = BYTES
        for alert in sorted(self._alerts.values(), key=self._rank):
            whole = _clipped(alert)
            weight = len(whole.model_dump_json())
            if len(chosen) < IN_FULL and weight <= left:
                left -= weight
                chosen.append(whole)
            elif alert.key in self._needed:
                chosen.append(_in_brief(alert))
        return chosen

    def _rank(self, alert: Alert) -> int:
        return 0 if alert.key in self._needed else 1 if alert.key in self._news else 2


def _clipped(alert: Alert) -> Alert:
    return alert.model_copy(update={"title": alert.title[:250], "description": alert.description[:2000]})


def _in_brief(alert: Alert) -> Alert:
    """What the group needs to know that an alert is over or has come back."""
    return alert.model_copy(update={"title": alert.title[:100], "description": "", "labels": {}, "links": ()})
