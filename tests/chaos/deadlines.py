"""Whether any deadline rang early, was skipped, or how late it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from domain.incident.clocks import Kept, Missed, WaitOver
from domain.incident.event import Event
from domain.run import read as fold
from domain.run.agenda import deadlines


@dataclass
class Deadlines:
    """All deadlines of all incidents."""

    rung: int = 0
    kept: int = 0
    early: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    late: list[timedelta] = field(default_factory=list)

    def read(self, incident: str, events: Sequence[Event]) -> None:
        """Enter one incident's; what still runs when it has ended was skipped."""
        times: dict[str, int] = {}
        for event in events:
            what = event.what
            if isinstance(what, Kept):
                self.kept += 1
                self._in_order(incident, what.key, what.stopped_at <= what.due_at)
            elif isinstance(what, WaitOver):
                self._rang(incident, what.key, event.at - what.due_at)
            elif isinstance(what, Missed) and what.stopped_at is None:
                if what.times == 1:
                    self._rang(incident, what.key, event.at - what.due_at)
                if what.times <= times.get(what.key, 0):
                    self.skipped.append(f"{incident} {what.key}: {times[what.key]}, then {what.times}")
                times[what.key] = what.times
        ended = fold.read(events)
        left = [one.summary for one in deadlines(ended) if one.ring != "wait"] if ended.phase == "closed" else []
        self.skipped += [f"{incident} {one}" for one in left]

    def _rang(self, incident: str, key: str, late: timedelta) -> None:
        self.rung += 1
        self.late.append(late)
        self._in_order(incident, key, late >= timedelta())

    def _in_order(self, incident: str, key: str, well: bool) -> None:
        if not well:
            self.early.append(f"{incident} {key}")

    def lateness(self, share: float) -> float:
        """How many seconds late this share of the deadlines was at most."""
        found = sorted(self.late)
        return found[min(int(len(found) * share), len(found) - 1)].total_seconds() if found else 0.0
