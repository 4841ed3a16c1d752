"""What is gathered for one group until it is told: the newest state per alert, and no more than a signal can carry."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.alerting.alert import CALM, Alert, VendorAct
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group
from domain.alerting.unseen import mark, packed

IN_FULL = 50
"""Alerts told one by one; of the others the group is told by their marks which fire and which have recovered."""
CANDIDATES = 200
"""Alerts kept whole until it is known which are told; further ones when they are the first of their kind."""
KEYS = 40_000
ACTS = 50
"""A parcel with so many keys left out, or so many acts, is closed and the next one begun."""
BYTES = 500_000
"""What alerts in full may weigh together; a signal may carry 2 MB."""
LABELS = 60
"""Labels told of one alert, each cut to `WORD`; a template may put a whole log into one."""
WORD = 500

Slot = tuple[str, tuple[str, ...]]
Kind = tuple[str, ...]


@dataclass
class DigestBatch:
    """Consecutive rows of one group on their way."""

    group: Group
    first_row: int
    rows: list[int] = field(default_factory=list)
    acts: list[VendorAct] = field(default_factory=list)
    news_at: datetime | None = None
    """Since when a state waits here that is new to its alert."""
    heard_at: datetime | None = None
    _alerts: dict[Slot, Alert] = field(default_factory=dict)
    _left: dict[str, tuple[datetime, bool]] = field(default_factory=dict)
    """By the mark of a key that is not kept whole: when it was said last, and whether it fires."""
    _batches: dict[str, bool] = field(default_factory=dict)
    """By the mark of a sender's message: whether it left alerts out that may fire."""
    _kinds: set[Kind] = field(default_factory=set)
    _news: set[str] = field(default_factory=set)
    _count: int = 0
    _sealed: AlertDigest | None = None

    @property
    def full(self) -> bool:
        """Whether what comes next belongs into another parcel."""
        return self._sealed is not None or len(self._left) >= KEYS or len(self.acts) >= ACTS

    def add_row(self, row: int) -> None:
        """Note that what follows was said by this row."""
        self.rows.append(row)

    def add(self, alert: Alert, *, news: bool) -> None:
        """Add an alert; `news`: in a state that is new to it."""
        self._count += 1
        self.heard_at = max(alert.heard_at or alert.at, self.heard_at or alert.heard_at or alert.at)
        self._news |= {alert.key} if news else set()
        if alert.batch:
            self._batches[mark(f"batch {alert.batch}")] = alert.left_out > 0
        slot, kind = (alert.key, alert.origin), _kind(alert)
        known = self._alerts.get(slot)
        if known:
            self._alerts[slot] = alert if _is_later(alert, known) else known
        elif len(self._alerts) < CANDIDATES * (2 if alert.alive_for or kind not in self._kinds else 1):
            self._alerts[slot] = alert
        else:
            self._leave(alert)
        self._kinds.add(kind)

    def seal(self) -> AlertDigest:
        """The digest of this parcel; from now on it is the same every time it is asked for."""
        if self._sealed is None:
            alerts = self._chosen()
            fires = [one for one, (_, firing) in self._left.items() if firing]
            over = [one for one, (_, firing) in self._left.items() if not firing]
            self._sealed = AlertDigest(
                group=self.group.key,
                service=self.group.service,
                environment=self.group.environment,
                first_row=self.first_row,
                last_row=self.rows[-1],
                alerts=tuple(alerts),
                more=len(self._left),
                left_firing=packed([*fires, *(one for one, partly in self._batches.items() if partly)]),
                left_over=packed([*over, *(one for one, partly in self._batches.items() if not partly)]),
                count=self._count,
                acts=tuple(self.acts),
                heard_at=self.heard_at,
            )
        return self._sealed

    def _leave(self, alert: Alert) -> None:
        """Count an alert by its mark alone, in its newest state."""
        one, firing = mark(alert.key), alert.state not in CALM
        at, _ = self._left.get(one, (alert.at, False))
        if alert.state != "test" and (alert.at >= at or not firing):
            self._left[one] = (alert.at, firing)

    def _chosen(self) -> list[Alert]:
        """The first of each kind, then what fires, then news: in full while there is room, the rest by its marks."""
        chosen: list[Alert] = []
        left, kinds = BYTES, set[Kind]()
        ranked: list[tuple[bool, int, Alert]] = []
        for alert in sorted(self._alerts.values(), key=self._rank):
            ranked.append((_kind(alert) in kinds, len(ranked), alert))
            kinds.add(_kind(alert))
        for _, _, alert in sorted(ranked, key=lambda one: one[:2]):
            if len(chosen) >= IN_FULL:
                self._leave(alert)
                continue
            whole = _clipped(alert)
            weight = len(whole.model_dump_json())
            chosen.append(whole if weight <= left else _in_brief(whole))
            left -= weight if weight <= left else 0
        for alert in chosen:
            self._left.pop(mark(alert.key), None)
        return chosen

    def _rank(self, alert: Alert) -> tuple[bool, bool, bool]:
        return not alert.alive_for, alert.state in CALM, alert.key not in self._news


def _kind(alert: Alert) -> Kind:
    """What makes an alert worth telling beside others: how severe, and of what, its sender says it is."""
    labels = alert.labels
    calm = "calm" if alert.state in CALM else ""
    return (calm, alert.severity, *(labels.get(name, "") for name in ("alertname", "kind", "security")))


def _is_later(alert: Alert, known: Alert) -> bool:
    """Whether a state replaces another of the same key: by the source's time, but a recovery ends its episode."""
    ends = alert.restated and alert.state in CALM and alert.episode == known.episode
    return alert.at >= known.at or (ends and known.state not in CALM)


def _clipped(alert: Alert) -> Alert:
    labels = {name[:WORD]: value[:WORD] for name, value in list(alert.labels.items())[:LABELS]}
    links = tuple(link for link in alert.links if len(link.url) <= 4 * WORD)[:10]
    words = {"title": alert.title[:250], "description": alert.description[:2000], "labels": labels, "links": links}
    return alert.model_copy(update=words)


def _in_brief(alert: Alert) -> Alert:
    """What the group needs to know where there is no room for all its words."""
    return alert.model_copy(update={"title": alert.title[:100], "description": "", "labels": {}, "links": ()})
