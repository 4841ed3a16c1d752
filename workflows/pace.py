"""What goes first in an incident, and what gathers: waking somebody before all else, the records when it is quiet."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from temporalio import workflow

from domain.incident.clock import Deadline
from domain.port.any_duty import AnyDuty
from workflows.since import IN_A_ROW, ONE_TIMER, since

PACED = "the page goes first and the records gather"
"""Runs that began before this was so go on as they were recorded."""
HEAD_START = timedelta(seconds=2)
"""How long everything else waits for a page to leave; a pager that is away holds nothing up for longer."""
SOON = timedelta(seconds=5)
"""What begins by itself so soon belongs to what has just happened; they go to the records together."""
TOGETHER = timedelta(seconds=1)
"""How much sooner a message is edited than its pause says, when there is a turn anyway."""
GATHER = timedelta(seconds=10)
"""From then on events gather no longer on their way to the records, whatever is under way."""
GATHERED = timedelta(seconds=2)
"""The same in runs that set a timer for it."""
DEADLINES = "deadlines"
"""The key of the one timer that all deadlines share."""
RECORDS = frozenset({"record", "record later"})
"""What is under way for the records' own sake."""


class Pace:
    """The order in which one incident begins what it owes (docs/adr/0063-pace.md)."""

    def __init__(self) -> None:
        self._paging: dict[str, datetime] = {}
        self._gathering: datetime | None = None
        self._timed = False

    def first(self, duties: Iterable[AnyDuty], now: datetime) -> list[AnyDuty]:
        """Of what could begin now, what does: pages alone as long as one has not left and has its head start."""
        able = list(duties)
        if not since(PACED):
            return able
        self._paging |= {duty.key: now for duty in able if duty.goes_alone}
        return [duty for duty in able if duty.goes_alone] if self._rest_from(now) else able

    def may_begin(self, duty: AnyDuty, now: datetime) -> bool:
        """Whether its moment has come; an edit that is due in a moment goes with what goes now."""
        early = TOGETHER if duty.edits and since(IN_A_ROW) else timedelta()
        return duty.not_before is None or duty.not_before <= now + early

    def has_left(self, key: str) -> None:
        """A page is over, one way or the other."""
        self._paging.pop(key, None)

    def may_record(
        self, under_way: Collection[str], following: AnyDuty | None, rings: Mapping[str, Deadline], now: datetime
    ) -> bool:
        """Whether what is not recorded goes now: where nothing is about to add to it, or after a while.

        `following` is the duty that begins next by itself.
        """
        if not since(PACED):
            return True
        self._gathering = self._gathering or now
        quiet, longest = set(under_way) <= RECORDS, GATHERED
        if since(ONE_TIMER):
            quiet, longest = quiet and not _begins(following, now + SOON), GATHER
        if since(IN_A_ROW):
            quiet = quiet and all(rings_at(one) > now + SOON for one in rings.values())
        if quiet or now >= self._gathering + longest:
            self._gathering, self._timed = None, False
            return True
        return False

    def times_records(self) -> bool:
        """What a turn that orders nothing else may order: a timer, so that no effect keeps the records waiting."""
        if self._gathering is None or self._timed or not since(ONE_TIMER):
            return False
        self._timed = True
        return True

    def waits(self, now: datetime) -> dict[str, Deadline]:
        """What is let go first and what gathers, as timers, so that neither is waited for without end."""
        rest, gathered = self._rest_from(now), self._gathering and self._gathering + GATHERED
        if since(ONE_TIMER):
            gathered = self._gathering + GATHER if self._gathering and self._timed else None
        found = {"the rest": _until(rest, "ACK-1", "the rest", "let the page go first")} if rest else {}
        records = {"records": _until(gathered, "SOC-1", "records", "gather what happens")} if gathered else {}
        return found | records

    def _rest_from(self, now: datetime) -> datetime | None:
        """When everything else begins, where it waits for a page."""
        last = max(self._paging.values(), default=None)
        return last + HEAD_START if last and last + HEAD_START > now else None


def first_ring(rings: dict[str, Deadline], armed: dict[str, Deadline]) -> dict[str, Deadline]:
    """The one timer of all deadlines: the first of them, or what it was set to already where that comes before."""
    first, before = min(rings.values(), key=rings_at), armed.get(DEADLINES)
    return {DEADLINES: before if before and rings_at(before) <= rings_at(first) else first}


def rings_at(deadline: Deadline) -> datetime:
    """The moment that a timer waits for."""
    return deadline.rings_at or deadline.due_at


def waits_for(duty: AnyDuty) -> Deadline:
    """The next try of a duty as a timer, so that the Web UI says what is waited for."""
    at = duty.not_before or workflow.now()
    return Deadline(duty.clause, "next duty", duty.summary, "standfast", at, at, "wait")


def _begins(duty: AnyDuty | None, by: datetime) -> bool:
    return duty is not None and duty.not_before is not None and duty.not_before <= by


def _until(at: datetime, clause: str, key: str, says: str) -> Deadline:
    return Deadline(clause, key, says, "standfast", at, at, "wait")
