"""What a workflow asks of its incident; where a rule of ours fails in the answer, the rest of the turn goes on."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import Any, TypeVar

from temporalio.common import SearchAttributeUpdate

from domain.exchange import AlertsForwarded
from domain.incident.clock import Deadline
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.chat import Say
from domain.port.duty import Outcome
from domain.procedure import faults
from domain.report.checklist import is_left
from domain.run import progress
from domain.run.agenda import deadlines, owed
from domain.run.in_a_row import followers
from domain.value.act import Act
from workflows import show
from workflows.since import IN_A_ROW, ON_ITS_WAY, since

Answer = TypeVar("Answer")


class Reckoning:
    """The readings of one incident, each of which may fail without the others."""

    def __init__(self, incident: Incident) -> None:
        self._incident = incident
        self._owed: tuple[int, tuple[AnyDuty, ...]] = (0, ())
        self._passes = True

    def pass_time(self, now: datetime) -> None:
        """Everything that has rung by now."""

        def passed() -> bool:
            progress.pass_time(self._incident, now)
            return True

        self._passes = self._excusing("time passes", passed, False)

    def receive(self, act: Act, now: datetime, *, late_counts: bool, any_miss: bool, ends: bool) -> progress.ActResult:
        """An act arrived."""
        failed = progress.ActResult(False, "a rule of Standfast's own failed; the last resort is paged")
        as_once = {"late_counts": late_counts, "any_miss": any_miss, "ends": ends}
        receive = partial(progress.receive, self._incident, act, now, **as_once)
        return self._excusing(f"{act.kind} is received", receive, failed)

    def hear(self, told: AlertsForwarded, now: datetime) -> None:
        """Alerts arrived."""
        hear = partial(progress.hear, self._incident, told.alerts, told.count, now, told.unseen)
        self._excusing("alerts are heard", hear, None)

    def done(self, duty: AnyDuty, outcome: Outcome, now: datetime) -> None:
        """A duty was done."""
        self._excusing(f"{duty.kind} is done", partial(progress.done, self._incident, duty, outcome, now), None)

    def owed(self) -> tuple[AnyDuty, ...]:
        """What is owed, reckoned once for each event: a turn asks several times, and a replay has many turns.

        Where that fails as a whole, the page of the last resort is what is left.
        """
        if self._owed[0] != self._incident.number:
            left = tuple(faults.duties(self._incident))
            found = self._excusing("what is owed", lambda: tuple(owed(self._incident)), left)
            self._owed = (self._incident.number, found)
        return self._owed[1]

    def left(self, now: datetime) -> tuple[str, ...]:
        """What the world waits for now, in words: what is only looked at again later is nobody's debt."""
        return tuple(one.summary for one in self.owed() if is_left(one, now) and not one.one_try)

    def row(self, begun: Sequence[AnyDuty], is_tried: Callable[[AnyDuty], bool]) -> tuple[AnyDuty, ...]:
        """What the room hears after what it is about to hear, and can go with that; up to what is tried already."""
        first = next((duty for duty in begun if isinstance(duty, Say) and duty.in_order), None)
        if first is None or not since(IN_A_ROW):
            return ()
        row: tuple[AnyDuty, ...] = self._excusing("what is said next", lambda: followers(self._incident, first), ())
        return tuple(takewhile(lambda duty: not is_tried(duty), row)) if since(ON_ITS_WAY) else row

    def rings(self, now: datetime) -> dict[str, Deadline]:
        """Every deadline that rings, by its key; what could not ring would ring again and again."""
        nothing: list[Deadline] = []
        found = self._excusing("what is due", lambda: deadlines(self._incident), nothing)
        return {one.key: one for one in found if one.rings_at and (self._passes or one.rings_at > now)}

    def details(self) -> str:
        """The incident in the Temporal Web UI."""
        return self._excusing("it is shown", lambda: show.details(self._incident), self._incident.id)

    def attributes(self) -> dict[str, SearchAttributeUpdate[Any]]:
        """The incident in Temporal's lists."""
        return self._excusing("it is listed", lambda: show.attributes(self._incident), show.trouble(self._incident))

    def _excusing(self, what: str, ask: Callable[[], Answer], otherwise: Answer) -> Answer:
        try:
            return ask()
        except Exception as error:
            if not self._incident.faults.excuse(what, error):
                raise
            return otherwise
