"""What goes first in an incident, and what gathers: waking somebody before all else, the records when it is quiet."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from temporalio import workflow

from domain.incident.clock import Deadline
from domain.port.any_duty import AnyDuty

PACED = "the page goes first and the records gather"
"""Runs that began before this was so go on as they were recorded."""
HEAD_START = timedelta(seconds=2)
"""How long everything else waits for a page to leave; a pager that is away holds nothing up for longer."""
GATHER = timedelta(seconds=2)
"""How long events gather on their way to the records while others are likely to follow."""
RECORDS = frozenset({"record", "record later"})
"""What is under way for the records' own sake."""


class Pace:
    """The order in which one incident begins what it owes (docs/adr/0063-pace.md)."""

    def __init__(self) -> None:
        self._paging: dict[str, datetime] = {}
        self._gathering: datetime | None = None

    def first(self, duties: Iterable[AnyDuty], now: datetime) -> list[AnyDuty]:
        """Of what could begin now, what does: pages alone as long as one has not left and has its head start."""
        able = list(duties)
        if not workflow.patched(PACED):
            return able
        self._paging |= {duty.key: now for duty in able if duty.goes_alone}
        return [duty for duty in able if duty.goes_alone] if self._rest_from(now) else able

    def has_left(self, key: str) -> None:
        """A page is over, one way or the other."""
        self._paging.pop(key, None)

    def may_record(self, under_way: Collection[str], now: datetime) -> bool:
        """Whether what is not recorded goes now: where nothing is under way that would add to it, or after a while."""
        if not workflow.patched(PACED):
            return True
        self._gathering = self._gathering or now
        if set(under_way) <= RECORDS or now >= self._gathering + GATHER:
            self._gathering = None
            return True
        return False

    def waits(self, now: datetime) -> dict[str, Deadline]:
        """What is let go first and what gathers, as timers, so that neither is waited for without end."""
        rest, gathered = self._rest_from(now), self._gathering and self._gathering + GATHER
        found = {"the rest": _until(rest, "ACK-1", "the rest", "let the page go first")} if rest else {}
        records = {"records": _until(gathered, "SOC-1", "records", "gather what happens")} if gathered else {}
        return found | records

    def _rest_from(self, now: datetime) -> datetime | None:
        """When everything else begins, where it waits for a page."""
        last = max(self._paging.values(), default=None)
        return last + HEAD_START if last and last + HEAD_START > now else None


def _until(at: datetime, clause: str, key: str, says: str) -> Deadline:
    return Deadline(clause, key, says, "standfast", at, at, "wait")
