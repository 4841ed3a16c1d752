"""The account that the Opsgenie stand-in keeps: its users, teams and schedules, and every alert there was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from standins.opsgenie.accepted import Create, Responder
from standins.standin import written

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class User:
    """Somebody who can be paged; the username is an e-mail address."""

    id: str
    username: str


@dataclass(frozen=True)
class Team:
    """A team, and whom its routing rules page, level by level."""

    id: str
    name: str
    members: tuple[str, ...]


@dataclass
class Alert:
    """One alert: somebody is, or was, being woken."""

    id: str
    number: int
    alias: str
    wanted: Create
    who: tuple[str, ...]
    """The usernames that were woken."""
    created_at: datetime
    changed_at: datetime
    via: str
    """Which integration made it."""
    priority: str
    status: str = "open"
    acknowledged: bool = False
    count: int = 1
    notes: list[str] = field(default_factory=list)
    by: str = ""
    """Who acted on it last."""
    report: dict[str, Any] = field(default_factory=dict)
    """When it was taken and ended, in milliseconds since it was made, and by whom."""

    @property
    def age(self) -> int:
        """Milliseconds from its making to its last change."""
        return round((self.changed_at - self.created_at).total_seconds() * 1000)


@dataclass
class Account:
    """Everything Opsgenie knows."""

    users: tuple[User, ...]
    teams: tuple[Team, ...]
    schedules: Mapping[str, tuple[str, ...]]
    """The usernames on call, by the schedule's name or id."""
    clock: Callable[[], datetime]
    alerts: list[Alert] = field(default_factory=list)
    holes: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """A schedule's span in which it has nobody."""

    def rotation(self, schedule: str, begins: datetime, ends: datetime) -> dict[str, Any]:
        """The one rotation of a schedule, around its hole; without a period where the schedule has nobody."""
        gap = self.holes.get(schedule, (ends, ends))
        spans = [(begins, gap[0]), (gap[1], ends)] if self.schedules[schedule] else []
        who = {"type": "user", "name": next(iter(self.schedules[schedule]), "")}
        periods = [
            {"startDate": written(since), "endDate": written(until), "type": "default", "recipient": who}
            for since, until in spans
            if since < until
        ]
        return {"id": f"{schedule}-rotation", "name": "Rotation", "order": 1.0, "periods": periods}

    def open_with(self, alias: str) -> Alert | None:
        """The one open alert of this alias."""
        return next((one for one in self.alerts if one.alias == alias and one.status == "open"), None)

    def find(self, ref: str, kind: str = "") -> Alert:
        """The alert of an id or of an alias, an open one first; an alias asked for as such means an open one."""
        found = next((one for one in self.alerts if one.id == ref), None) if kind != "alias" else None
        found = found or (self.open_with(ref) if kind != "id" else None)
        if found is None and not kind:
            found = next((one for one in reversed(self.alerts) if one.alias == ref), None)
        if found is None:
            raise KeyError(ref)
        return found

    def create(self, wanted: Create, via: str) -> Alert:
        """Open an alert, or count one more on the open alert of its alias, which wakes nobody."""
        there = self.open_with(wanted.alias) if wanted.alias else None
        if there:
            there.count += 1
            return there
        now, number = self.clock(), len(self.alerts) + 1
        ident = f"00000000-0000-4000-8000-{number:012}-{round(now.timestamp() * 1000)}"
        who = tuple(dict.fromkeys(name for one in wanted.responders for name in self.called(one)))
        alias = wanted.alias or ident
        alert = Alert(ident, number, alias, wanted, who, now, now, via, wanted.priority)
        self.alerts.append(alert)
        return alert

    def called(self, responder: Responder) -> tuple[str, ...]:
        """The usernames that a responder stands for: a team's first level; `KeyError` when nobody is called so."""
        name = responder.called
        match responder.type:
            case "user":
                return (self.user(name).username,)
            case "team":
                return self.team(name).members[:1]
            case _:
                return self.schedules[name]

    def user(self, name: str) -> User:
        """The user of an id or a username."""
        return self._one(self.users, name, lambda user: (user.id, user.username))

    def team(self, name: str) -> Team:
        """The team of an id or a name."""
        return self._one(self.teams, name, lambda team: (team.id, team.name))

    def _one(self, things: tuple[Thing, ...], name: str, names: Callable[[Thing], tuple[str, ...]]) -> Thing:
        found = next((one for one in things if name in names(one)), None)
        if found is None:
            raise KeyError(name)
        return found

    def act(self, alert: Alert, action: str, by: str, note: str = "") -> None:
        """Change an alert as a person or a program asks."""
        alert.by, alert.changed_at = by, self.clock()
        alert.notes += [note] if note else []
        match action:
            case "acknowledge":
                alert.acknowledged = True
                alert.report |= {"ackTime": alert.age, "acknowledgedBy": by}
            case "unacknowledge":
                alert.acknowledged = False
            case "close":
                alert.status = "closed"
                alert.report |= {"closeTime": alert.age, "closedBy": by}

    def responder(self, one: Responder) -> dict[str, str]:
        """How an alert shows a responder: by its id, which schedules here have no other than their name."""
        match one.type:
            case "user":
                return {"type": "user", "id": self.user(one.called).id}
            case "team":
                return {"type": "team", "id": self.team(one.called).id}
            case _:
                return {"type": one.type, "id": one.called}

    def answer(self, alert: Alert, *, whole: bool) -> dict[str, Any]:
        """The alert as the API shows it, whole or in a list."""
        wanted, changed = alert.wanted, written(alert.changed_at)
        more = {"actions": [], "entity": wanted.entity, "description": wanted.description, "details": wanted.details}
        return {
            "seen": False,
            "id": alert.id,
            "tinyId": str(alert.number),
            "alias": alert.alias,
            "message": wanted.message,
            "status": alert.status,
            "acknowledged": alert.acknowledged,
            "isSeen": False,
            "tags": list(wanted.tags),
            "snoozed": False,
            "count": alert.count,
            "lastOccurredAt": written(alert.created_at),
            "createdAt": written(alert.created_at),
            "updatedAt": changed,
            "source": wanted.source,
            "owner": alert.by if alert.acknowledged else "",
            "priority": alert.priority,
            "teams": [],
            "responders": [self.responder(one) for one in wanted.responders],
            "integration": {"id": "00000000-0000-4000-8000-00000000a91a", "name": alert.via, "type": "API"},
            **({"report": alert.report} if alert.report else {}),
            **(more if whole else {}),
        }
