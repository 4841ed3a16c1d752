"""Every timeout and retry of the house, by name."""

from dataclasses import dataclass, replace
from datetime import timedelta

from temporalio.common import Priority, RetryPolicy
from temporalio.workflow import ContinueAsNewVersioningBehavior

from activities.starting import USUAL
from domain.port.any_duty import AnyDuty
from domain.port.duty import Role
from domain.run.retry import RetryWindow


@dataclass(frozen=True)
class Limit:
    """How long one try may take, how long tries go on before the failure becomes an event, and how they are spaced."""

    try_for: timedelta
    go_on_for: timedelta
    retry: RetryPolicy
    priority: Priority = USUAL
    """Within a vendor's task queue, whose rate all its duties share: never the incident's own, so that only what is
    done counts."""


def _limit(try_for: int, go_on_for: int, first: int, longest: int) -> Limit:
    pause = RetryPolicy(initial_interval=timedelta(seconds=first), maximum_interval=timedelta(seconds=longest))
    return Limit(timedelta(seconds=try_for), timedelta(seconds=go_on_for), pause)


PAGING = _limit(try_for=30, go_on_for=60, first=1, longest=10)
TALKING = _limit(try_for=30, go_on_for=120, first=1, longest=15)
PUBLISHING = _limit(try_for=30, go_on_for=120, first=1, longest=15)
TRACKING = _limit(try_for=30, go_on_for=300, first=5, longest=60)
MAILING = _limit(try_for=30, go_on_for=300, first=5, longest=60)
TELLING = _limit(try_for=10, go_on_for=120, first=1, longest=15)
RECORDING = _limit(try_for=10, go_on_for=30, first=1, longest=10)
SIGNING = _limit(try_for=60, go_on_for=3_600, first=5, longest=60)
OPENING = _limit(try_for=10, go_on_for=86_400, first=1, longest=10)
OPENING_HERE = Limit(timedelta(seconds=2), timedelta(seconds=2), RetryPolicy(maximum_attempts=1))
"""While a task is kept open for it."""

BY_ROLE: dict[Role, Limit] = {
    "pager": PAGING,
    "room": TALKING,
    "status_page": PUBLISHING,
    "notebook": TRACKING,
    "tracker": TRACKING,
    "mailer": MAILING,
    "support": TRACKING,
    "group": TELLING,
    "archive": RECORDING,
}
"""The limit of each role's duties. After `go_on_for` the failure is an event, people are told, and it stays owed."""
READING = Limit(
    timedelta(seconds=30), timedelta(seconds=120), RetryPolicy(maximum_attempts=1), Priority(priority_key=5)
)
"""A question that is asked again later anyway: one try, and behind everything that wakes somebody."""
WAKING = Priority(priority_key=1)
"""Somebody is to be woken: before all else that the pager is asked."""
SHOWING = Priority(priority_key=2)
"""A message that is edited in place is how somebody sees that their press counted: before what is only said."""


def limit_of(duty: AnyDuty) -> Limit:
    """The limit of one duty."""
    limit = READING if duty.one_try else BY_ROLE[duty.role]
    if duty.kind == "page":
        return replace(limit, priority=WAKING)
    return replace(limit, priority=SHOWING) if duty.edits else limit


def patience() -> dict[Role, RetryWindow]:
    """The same for a simulation, which must wait as long as the engine does before a failure is an event."""
    return {
        role: RetryWindow(
            limit.retry.initial_interval, limit.retry.maximum_interval or limit.go_on_for, limit.go_on_for
        )
        for role, limit in BY_ROLE.items()
    }


SILENCE = timedelta(seconds=5)
"""An activity that is not heard of for so long has died with its worker, and is tried again by another."""
RECORD_AGAIN = timedelta(seconds=30)
"""The pause after the records could not be written."""
LOOK_AGAIN, LOOK_SELDOM = timedelta(seconds=30), timedelta(hours=1)
"""The first and the longest pause after a vendor did not say whether what was called back had happened."""
LOOKS = 30
"""How often it is asked, which is for a day; then a person is told to look."""
LONG_RUN = 1_000
"""Past this many events of one run it continues as new at the next quiet moment.

A worker that takes over a run replays all of it inside one workflow task. The engine itself advises to leave at 4,096
events; by then a busy machine may need longer than the task's time-out allows, and the incident would be stuck.
"""
LONGEST_RUN = 3_000
"""Past this many events it continues as new even while an activity runs, having waited for it."""
ONWARD = ContinueAsNewVersioningBehavior.AUTO_UPGRADE
"""The next run begins on the current release and stays there; without this it would stay with the old one for ever."""
