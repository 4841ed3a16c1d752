"""Coalesces what was heard by group, so that a storm of alerts costs a few signals: pure, told what time it is."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.alerting.alert import Alert, VendorAct
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group
from domain.alerting.hearing import heard, heard_act
from ingress.webhook.batch import DigestBatch

INTERVALS = tuple(timedelta(seconds=seconds) for seconds in (0, 1, 2, 4, 8, 16, 30))
"""How long duplicates are gathered: the first alert goes at once, each further digest waits longer."""
NEWS = timedelta(seconds=1)
"""A state that is new to its alert waits no longer than this."""
QUIET = timedelta(seconds=60)
"""After so long without an alert of the group, the next one goes at once again."""
MEMORY = 10_000
"""States remembered per group; when there are more, all are forgotten, which costs promptness and nothing else."""


def pause_after(times: int) -> timedelta:
    """How long to wait after something was done or tried so often."""
    return INTERVALS[min(times, len(INTERVALS) - 1)]


@dataclass
class _Window:
    """One group since its last quiet: what waits, in order, and what the group has been told."""

    group: Group
    heard_at: datetime
    parcels: deque[DigestBatch] = field(default_factory=deque)
    told: int = 0
    told_at: datetime | None = None
    tries: int = 0
    not_before: datetime | None = None
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def due_at(self) -> datetime | None:
        """When the next digest is to go."""
        if not self.parcels:
            return None
        last = self.told_at or self.heard_at
        due = last + pause_after(self.told)
        head = self.parcels[0]
        if head.news_at:
            due = min(due, head.news_at + NEWS)
        if head.acts or len(self.parcels) > 1:
            due = min(due, last + NEWS) if self.told else last
        return max(due, self.not_before) if self.not_before else due


class Broken(NamedTuple):
    """Rows that could not be put into a digest for their group, and why."""

    group: str
    rows: list[int]
    error: Exception


class Digests:
    """Everything that was heard and not yet told, by group."""

    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}
        self._broken: list[Broken] = []

    def hear(self, group: Group, row: int, alerts: Iterable[Alert], acts: Iterable[VendorAct], now: datetime) -> None:
        """Add what one row says to one group."""
        window = self._window(group, now)
        window.heard_at = now
        parcel = _open_parcel(window, row)
        for alert in alerts:
            self._hear_alert(window, parcel, heard(alert, now), now)
        parcel.acts.extend(heard_act(act, now) for act in acts)
        if parcel.heard_at is None:
            parcel.heard_at = now

    def due(self, now: datetime) -> list[AlertDigest]:
        """The digests that are to go now, at most one per group; each must be told, refused or postponed next."""
        self._forget_quiet(now)
        digests: list[AlertDigest] = []
        for key in [key for key, window in self._windows.items() if _is_due(window, now)]:
            try:
                digests.append(self._windows[key].parcels[0].seal())
            except Exception as error:  # what one group is to be told stops no other group
                self._broken.append(Broken(key, self.refused(key), error))
        return digests

    def broken(self) -> list[Broken]:
        """What could not be put into a digest since this was asked last; its rows are gone from here."""
        found, self._broken = self._broken, []
        return found

    def next_due_at(self) -> datetime | None:
        """When the next digest is to go."""
        return min((due for window in self._windows.values() if (due := window.due_at())), default=None)

    def told(self, group: str, now: datetime) -> list[int]:
        """The group has its digest; answers the rows that have thereby reached it."""
        window = self._windows[group]
        parcel = window.parcels.popleft()
        window.told, window.told_at, window.tries, window.not_before = window.told + 1, now, 0, None
        return parcel.rows

    def refused(self, group: str) -> list[int]:
        """The group will never take its digest; answers the rows in it."""
        window = self._windows[group]
        window.tries, window.not_before = 0, None
        return window.parcels.popleft().rows

    def postpone(self, group: str, now: datetime) -> int:
        """Try this group's digest again after a growing pause; answers how often it was tried."""
        window = self._windows[group]
        window.tries += 1
        window.not_before = now + pause_after(window.tries)
        return window.tries

    def _window(self, group: Group, now: datetime) -> _Window:
        window = self._windows.get(group.key)
        if window is None or _is_quiet(window, now):
            window = self._windows[group.key] = _Window(group, now)
        return window

    def _hear_alert(self, window: _Window, parcel: DigestBatch, alert: Alert, now: datetime) -> None:
        if len(window.seen) > MEMORY:
            window.seen = set()
        state = (alert.key, alert.episode, alert.state)
        news = state not in window.seen
        window.seen.add(state)
        parcel.add(alert, news=news)
        if news and parcel.news_at is None:
            parcel.news_at = now

    def _forget_quiet(self, now: datetime) -> None:
        for key in [key for key, window in self._windows.items() if _is_quiet(window, now)]:
            del self._windows[key]


def _open_parcel(window: _Window, row: int) -> DigestBatch:
    """The parcel that takes what this row says: all of it, so that a row is told whole or not at all."""
    if not window.parcels or window.parcels[-1].full:
        window.parcels.append(DigestBatch(window.group, row))
    window.parcels[-1].add_row(row)
    return window.parcels[-1]


def _is_due(window: _Window, now: datetime) -> bool:
    due = window.due_at()
    return due is not None and due <= now


def _is_quiet(window: _Window, now: datetime) -> bool:
    return not window.parcels and now - max(window.heard_at, window.told_at or window.heard_at) >= QUIET
