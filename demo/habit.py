"""How the people of the synthetic quarter behave: when they acknowledge, decide, write and follow up, by the dice."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.company.catalog import Team
from domain.incident.opening import Opened

Beat = tuple[timedelta, dict[str, Any]]
"""So long after the firing: an act, as its fields; or an alert's state under `state`."""
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LASTS = {"P1": (40 * MINUTE, 0.5), "P2": (115 * MINUTE, 0.5), "P3": (5 * HOUR, 0.6), "P4": (20 * HOUR, 0.6)}
"""From the declaration to the resolution: the median, and how far it spreads."""
ITEMS = {"P1": (2, 3), "P2": (1, 2), "P3": (0, 1), "P4": (0, 0)}
WORK = (
    "raise the limit",
    "alert earlier",
    "test the rollback",
    "remove the single point of failure",
    "write a runbook",
)
NOTIFIED = {
    "nature": "names and e-mail addresses of about 300 people, 300 records",
    "contact": "the data protection officer",
    "consequences": "unwanted mail",
    "measures": "access revoked, keys replaced, people told",
}


@dataclass
class Behaviour:
    """The people of one team in one incident."""

    dice: random.Random
    team: Team
    opened: Opened
    cause: str
    cause_title: str
    breach: bool = False
    lost_webhook: bool = False
    """Whether the tracker's word of the first item's end never arrives."""
    ended: dict[str, timedelta] | None = None
    """When items were done in the tracker."""

    def around(self, median: timedelta, spread: float) -> timedelta:
        """A span near the median, rarely much longer; to the second."""
        return timedelta(seconds=round(median.total_seconds() * math.exp(self.dice.gauss(0, spread))))

    def between(self, least: timedelta, most: timedelta) -> timedelta:
        """A span between two, to the second."""
        return timedelta(seconds=self.dice.randint(int(least.total_seconds()), int(most.total_seconds())))

    def level(self, name: str) -> str:
        """The first person of a level."""
        return self.team.levels[name].people[0]

    def acts(self) -> list[Beat]:
        """Everything that people and monitors do, by time."""
        return sorted(self._acts(), key=lambda beat: beat[0])

    def _acts(self) -> Iterator[Beat]:
        night = self.opened.fired_at.hour < 7 or self.opened.fired_at.hour >= 22
        acknowledged = 20 * SECOND + self.around(130 * SECOND, 0.75) * (1.5 if night else 1)
        calm = self.opened.proposed in ("P3", "P4") and self.dice.random() < 0.15
        if calm:
            yield 60 * SECOND + self.between(MINUTE, 3 * MINUTE), {"state": "resolved"}
            return
        engineer = self._awake(acknowledged)
        yield acknowledged, {"kind": "acknowledge", "by": engineer}
        declared, severity = acknowledged + self.around(4 * MINUTE, 0.7), self.opened.proposed
        if declared - acknowledged < 10 * MINUTE:  # what nobody classifies in time, the procedure does
            severity = self._chosen()
            yield from self._declared(declared, severity, engineer)
        else:
            declared = acknowledged + 10 * MINUTE
            taken = declared + self.between(MINUTE, 7 * MINUTE)
            yield taken, {"kind": "take_role", "by": self.team.commanders[0], "role": "commander"}
        median, spread = LASTS[severity]
        resolved = declared + self.around(median, spread)
        if severity in ("P1", "P2"):
            yield from self._talk(declared, resolved, engineer, severity)
            called = declared + (HOUR if severity == "P2" else timedelta()) + 3 * MINUTE
            if called < resolved:
                yield called, {"kind": "join", "by": self.team.managers[0]}
            yield from self._change(max(declared + (resolved - declared) * 0.7, declared + 8 * MINUTE))
        again = severity in ("P1", "P2") and self.dice.random() < 0.06
        yield from self._resolved(resolved)
        if again:
            resolved = resolved + self.between(10 * MINUTE, 50 * MINUTE)
            yield resolved, {"state": "firing"}
            yield resolved + self.between(MINUTE, 7 * MINUTE), {"kind": "acknowledge", "by": engineer}
            resolved += self.between(20 * MINUTE, 40 * MINUTE)
            yield from self._resolved(resolved)
        yield from self._learned(resolved, severity)

    def _awake(self, after: timedelta) -> str:
        """Who answers: the further the ladder has come, the further up."""
        level = "primary" if after < 6 * MINUTE else "secondary" if after < 11 * MINUTE else "manager"
        return self.level(level)

    def _chosen(self) -> str:
        """The severity the commander declares: nearly always what the matrix proposes."""
        severities = list(self.opened.policy.severities)
        place, roll = severities.index(self.opened.proposed), self.dice.random()
        step = -1 if roll < 0.05 else 1 if roll > 0.92 and not self.opened.security else 0
        return severities[min(max(place + step, 0), len(severities) - 1)]

    def _declared(self, at: timedelta, severity: str, engineer: str) -> Iterator[Beat]:
        reason = "fewer customers than it looked" if self.opened.policy.lower(severity, self.opened.proposed) else ""
        yield at, {"kind": "declare", "by": self.team.commanders[0], "severity": severity, "reason": reason}
        if reason:
            yield at + MINUTE, {"kind": "declare", "by": engineer, "severity": severity, "reason": reason}

    def _talk(self, declared: timedelta, resolved: timedelta, engineer: str, severity: str) -> Iterator[Beat]:
        """Findings and status page updates, for as long as it is fought."""
        lead = self.team.comms[0]
        taken = declared + self.between(MINUTE / 2, 5 * MINUTE + MINUTE / 2)
        yield taken, {"kind": "take_role", "by": lead, "role": "comms"}
        if severity == "P1" and self.opened.catalog.accounts:
            yield taken + 12 * MINUTE, {"kind": "approve_mail", "by": lead}
        at = max(declared + self.around(6 * MINUTE, 0.4), taken + MINUTE)
        while at < resolved and not self.opened.security:
            body = f"We are working on a problem with {self.opened.service}."
            yield at - 30 * SECOND, {"kind": "draft_update", "by": lead, "body": body}
            yield at, {"kind": "approve_update", "by": lead}
            at += self.around(23 * MINUTE, 0.14)
        at = declared + self.around(10 * MINUTE, 0.3)
        while at < resolved:
            yield at, {"kind": "post_finding", "by": engineer, "conditions": "narrowing it down", "actions": "looking"}
            at += self.around(12 * MINUTE, 0.12)

    def _change(self, at: timedelta) -> Iterator[Beat]:
        change, bypass = self.dice.choice(["rollback", "config", "hotfix"]), self.dice.random() < 0.12
        by, kind = self.team.commanders[0], "hotfix" if bypass else change
        yield at, {"kind": "record_change", "by": by, "change": kind, "description": "as decided", "bypass": bypass}
        if bypass:
            answered = at + self.between(2 * MINUTE, 11 * MINUTE)
            yield answered, {"kind": "authorise_change", "by": self.team.managers[0], "number": 1}
            yield answered + 5 * DAY, {"kind": "close_item", "by": by, "item": "change-1"}

    def _resolved(self, at: timedelta) -> Iterator[Beat]:
        yield at - self.between(MINUTE, 5 * MINUTE), {"state": "resolved"}
        yield at, {"kind": "resolve", "by": self.team.commanders[0], "summary": "It works again; the cause is known."}

    def _learned(self, resolved: timedelta, severity: str) -> Iterator[Beat]:
        """The checkpoint, the action items, the post-mortem."""
        manager, aware = self.team.managers[0], self.between(2 * HOUR, 19 * HOUR)
        answered = resolved + aware if self.dice.random() < 0.93 else resolved + 24 * HOUR + aware / 4
        answered = 3 * HOUR if self.opened.security else answered
        aware_at = {"aware_at": self.opened.fired_at + answered} if self.breach else {}
        answer = {"kind": "answer_breach", "by": manager, "breach": self.breach, "reason": "looked at the logs"}
        yield answered, {**answer, **aware_at}
        if self.breach:
            sent = {"kind": "record_notification", "by": manager, "reference": "DPA-1", "authority": "the authority"}
            yield answered + 61 * HOUR, {**sent, **NOTIFIED}
        grave = severity in ("P1", "P2")
        written = max(answered, resolved + 20 * HOUR) if grave else answered - 10 * MINUTE
        late = self.dice.random() < 0.12
        completed = resolved + (self.between(50 * HOUR, 90 * HOUR) if late else self.between(30 * HOUR, 46 * HOUR))
        yield from self._items(written, severity)
        if grave:
            done = {"cause": self.cause, "title": self.cause_title}
            whole = max(completed, written + HOUR)
            yield whole, {"kind": "complete_postmortem", "by": manager, **done}
            if not self.opened.security:
                yield whole + 2 * HOUR, {"kind": "approve_public_postmortem", "by": self.team.comms[0]}

    def _items(self, at: timedelta, severity: str) -> Iterator[Beat]:
        owners = [self.level("primary"), self.level("secondary")]
        for number in range(1, self.dice.randint(*ITEMS[severity]) + 1):
            owner, late = self.dice.choice(owners), self.dice.random() < 0.08
            title = f"{self.dice.choice(WORK)} ({self.cause_title or self.opened.title})"[:250]
            yield at, {"kind": "add_item", "by": self.team.managers[0], "title": title, "owner": owner}
            ended = at + (self.between(15 * DAY, 18 * DAY) if late else self.between(2 * DAY, 13 * DAY))
            if number == 1 and self.lost_webhook and self.ended is not None:
                self.ended[f"item-{number}"] = ended
            else:
                yield ended, {"kind": "close_item", "by": owner, "item": f"item-{number}"}
