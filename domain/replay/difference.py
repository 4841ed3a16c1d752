"""Two readings of one incident side by side: what really happened, and what another policy would have brought about."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from domain.incident.incident import Incident
from domain.replay.consequence import Consequence, Sort, happenings, refusals
from domain.replay.input import refused
from domain.replay.replay import LIMIT, Replay
from domain.report.scorecard import scorecard
from domain.value.model import ClauseId, IncidentId, Instant, Model, spoken

NEAR = timedelta(seconds=5)
"""Moments this near to each other are the same: the engine, too, takes a moment for each turn."""
Mark = Literal["same", "moved", "changed", "only then", "only replayed"]


class DifferenceLine(Model):
    """One thing in both readings, or in one of them."""

    sort: Sort
    key: str = ""
    then_at: Instant | None = None
    then: str = ""
    replayed_at: Instant | None = None
    replayed: str = ""

    @property
    def mark(self) -> Mark:
        """How the two differ."""
        if self.then_at is None or self.replayed_at is None:
            return "only then" if self.then_at else "only replayed"
        if abs(self.replayed_at - self.then_at) > NEAR:
            return "moved"
        return "same" if self.then == self.replayed else "changed"

    @property
    def difference(self) -> str:
        """The difference in words; empty when there is none."""
        if self.mark != "moved" or self.then_at is None or self.replayed_at is None:
            return "" if self.mark == "same" else self.mark
        late = self.replayed_at - self.then_at
        return f"{spoken(abs(late))} {'later' if late > timedelta() else 'earlier'}"


class VerdictPair(Model):
    """One clause's verdict in both readings."""

    clause: ClauseId
    title: str
    then: str
    replayed: str

    @property
    def differs(self) -> bool:
        """Whether the verdicts differ."""
        return self.then != self.replayed


class Difference(Model):
    """One incident under its own policy and under another, side by side."""

    incident: IncidentId
    title: str
    service: str
    severity: str | None
    opened_at: Instant
    until: Instant
    policy: str
    other: str
    unopened: str = ""
    """Why the other policy would have opened nothing; empty when it would have."""
    lines: tuple[DifferenceLine, ...]
    verdicts: tuple[VerdictPair, ...]
    refusals: tuple[str, ...] = ()
    """The acts that the other policy would have refused."""
    untried: int = 0
    """Acts that were refused then: only the refusal was kept, so that they cannot be tried again."""
    control: tuple[DifferenceLine, ...] = ()
    """Where the replay under the incident's own policy differs from what happened; nothing when the proof holds."""
    limit: str = LIMIT

    @property
    def changes(self) -> tuple[DifferenceLine, ...]:
        """The lines that differ."""
        return tuple(line for line in self.lines if line.mark != "same")


def difference(played: Replay, other: str) -> Difference:
    """Put what happened and what was replayed side by side; `other` is the name of the new policy."""
    before, after = played.before, played.after
    return Difference(
        incident=before.id,
        title=before.opened.title,
        service=before.opened.service,
        severity=before.severity,
        opened_at=before.opened_at,
        until=played.until,
        policy=before.opened.policy.name,
        other=other,
        unopened=played.unopened,
        lines=beside(before, after),
        verdicts=tuple(_verdicts(before, after, played.until)),
        refusals=refusals(after, before) if after else (),
        untried=refused(before.events),
        control=tuple(line for line in beside(before, played.control) if line.mark != "same"),
    )


def beside(before: Incident, after: Incident | None) -> tuple[DifferenceLine, ...]:
    """Every line of both readings, by time."""
    then = {(one.sort, one.key): one for one in happenings(before)}
    replayed = {(one.sort, one.key): one for one in happenings(after)} if after else {}
    lines = [_line(then.get(name), replayed.get(name)) for name in dict.fromkeys([*then, *replayed])]
    return tuple(sorted(lines, key=_first_at))


def _first_at(line: DifferenceLine) -> datetime:
    return min(at for at in (line.then_at, line.replayed_at) if at)


def _line(then: Consequence | None, replayed: Consequence | None) -> DifferenceLine:
    one = then or replayed
    if one is None:
        raise ValueError("a line needs at least one side")
    return DifferenceLine(
        sort=one.sort,
        key=one.key,
        then_at=then.at if then else None,
        then=then.says if then else "",
        replayed_at=replayed.at if replayed else None,
        replayed=replayed.says if replayed else "",
    )


def _verdicts(before: Incident, after: Incident | None, as_of: datetime) -> Iterator[VerdictPair]:
    replayed = {one.clause: one.spoken for one in scorecard(after, as_of)} if after else {}
    for one in scorecard(before, as_of):
        yield VerdictPair(
            clause=one.clause, title=one.title, then=one.spoken, replayed=replayed.get(one.clause, "not opened")
        )
