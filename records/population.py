"""What arrived and what became of it, by day and door: whoever checks looks there for what is missing (SOC-1)."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from domain.incident.alerts import AlertSeen, AlertsJoined
from domain.incident.incident import Incident
from domain.report.view import kind
from domain.value.model import said_count
from records.delivery import COUNTED, Deliveries, DoorDay
from records.overview import SuppressedRow

HEAD = (*COUNTED, "in incidents", "suppressed")
PROMPT = timedelta(hours=1)
"""An alert that is so young when it joins was delivered shortly before; an older one may have been held back."""
Place = tuple[date, str]
"""A day, and a door."""


class Population:
    """Takes in deliveries, incidents and suppressed alerts, and gives what of each there is on each day."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self._first, self._last = _day(since), _day(until - timedelta(microseconds=1))
        self._delivered: dict[Place, DoorDay] = {}
        self._away = ""
        self._joined, self._suppressed = Counter[Place](), Counter[Place]()
        self._needed: set[tuple[date, date]] = set()
        """Between which days something must have been delivered."""

    def deliver(self, deliveries: Deliveries) -> None:
        """What the inbox counted, or why it could not."""
        self._away = deliveries.away
        self._delivered = {(one.day, one.door): one for one in deliveries.days}

    def suppress(self, alert: SuppressedRow) -> None:
        """An alert that opened nothing."""
        try:
            source = str(json.loads(alert.alert)["source"])
        except (ValueError, KeyError, TypeError):
            return  # it stands in the bundle as it was recorded
        self._count(self._suppressed, source, alert.at)

    def take(self, incident: Incident) -> None:
        """The alerts of an incident that are no rehearsal's and no person's; those of a merged one are in both."""
        if kind(incident) == "drill":
            return
        self._hear(incident.opened.alerts, incident.opened_at)
        for event, joined in incident.all(AlertsJoined):
            self._hear(joined.alerts, event.at)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Each day and door, with what was received and what it came to."""
        yield ("day", "door", *HEAD)
        for day, door in sorted(self._places()):
            yield (day.isoformat(), door, *self._cells([(day, door)]))

    def by_door(self) -> Iterator[tuple[str, ...]]:
        """The same, added up for each door."""
        yield ("door", *HEAD)
        places = self._places()
        for door in sorted({door for _, door in places}):
            yield (door, *self._cells([one for one in places if one[1] == door]))
        if self._away:
            yield ("not counted", self._away, *("" for _ in HEAD[1:]))

    def unproved(self) -> list[str]:
        """That everything is here which arrived, where the inbox was away or alerts came by no delivery."""
        if self._away:
            return [f"how much arrived, and that all of it is here: {self._away}"]
        days = {day for day, _ in self._delivered}
        lost = sorted({last for first, last in self._needed if not days & {first, last}})
        more = f" and of {said_count(len(lost) - 1, 'more day')}" if len(lost) > 1 else ""
        return [f"how much arrived: alerts of {lost[0]}{more} are here, and no delivery"] if lost else []

    def _places(self) -> set[Place]:
        return {*self._delivered, *self._joined, *self._suppressed}

    def _cells(self, places: Iterable[Place]) -> list[str]:
        """The counts; nothing where the inbox counted nothing, which is not a nought."""
        chosen = list(places)
        rows = [self._delivered[one] for one in chosen if one in self._delivered]
        told = [str(sum(getattr(row, name) for row in rows)) if rows else "" for name in COUNTED]
        return [*told, *(str(sum(counter[one] for one in chosen)) for counter in (self._joined, self._suppressed))]

    def _hear(self, alerts: Iterable[AlertSeen], at: datetime) -> None:
        """Alerts that joined at a moment; what a person said has no key."""
        first = _day(at - PROMPT)
        for alert in alerts:
            counted = alert.key and self._count(self._joined, alert.source, at)
            if counted and first >= self._first and timedelta() <= at - alert.at < PROMPT:
                self._needed.add((first, _day(at)))

    def _count(self, counter: Counter[Place], source: str, at: datetime) -> bool:
        """Count one of the period; answers whether it is."""
        within = self._first <= _day(at) <= self._last
        if within:
            counter[_day(at), source] += 1
        return within


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
