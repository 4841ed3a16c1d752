"""What is due next in all incidents: nobody is asked whose next deadline comes after those that are shown."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from client.error import NoWorker
from console.due_page import DueLine, Seen

AT_ONCE = 8
"""Incidents asked at the same time, so that a long list does not wait for each."""
EARLY, LATE = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Owing(Protocol):
    """What is due in one incident."""

    @property
    def due(self) -> Sequence[DueLine]:
        """Its running deadlines."""


class DueReader(Protocol):
    """Who knows what is due: `client.glance.Glance`, or what plays it."""

    async def list_incidents(self) -> Sequence[Seen]:
        """Those that are open; needs no worker."""
        ...

    async def list_owing(self) -> Sequence[Seen]:
        """Those of them that owe something, as far as is known."""
        ...

    async def describe(self, incident: str) -> Seen:
        """One of them."""
        ...

    async def view(self, incident: str) -> Owing:
        """What is due in it; raises `NoWorker` where none answers."""
        ...


@dataclass
class Upcoming:
    """The next deadlines, how many more those have that were asked, who did not answer, and who need not be asked."""

    due: list[DueLine] = field(default_factory=list)
    more: int = 0
    silent: list[Seen] = field(default_factory=list)
    later: list[Seen] = field(default_factory=list)


async def upcoming(link: DueReader, found: Iterable[Seen], most: int | None) -> Upcoming:
    """The next deadlines of these incidents, so many or all of them.

    The engine's list says of each when its next one is. Where only the next are wanted, no more are asked once nobody
    answers of those that a worker has seen; those that none has seen may be silent by themselves.
    """
    told = Upcoming(later=sorted(found, key=_next_at))
    while told.later and not _is_enough(told, most):
        some, told.later = told.later[:AT_ONCE], told.later[AT_ONCE:]
        views, silent = await _ask(link, some)
        told.due = sorted([*told.due, *(one for view in views for one in view.due)], key=lambda one: one.order)
        told.silent += silent
        if most is not None and not views and all(one.phase for one in some):
            told.silent, told.later = [*told.silent, *told.later], []
    told.due, told.more = told.due[:most], len(told.due[most:]) if most is not None else 0
    return told


def _is_enough(told: Upcoming, most: int | None) -> bool:
    """Whether none of those who were not asked can owe anything earlier."""
    if most is None or len(told.due) < most:
        return False
    passed, due_at = told.due[most - 1].order
    return not passed and _next_at(told.later[0]) > due_at


def _next_at(one: Seen) -> datetime:
    """When its next deadline is; one that no worker has seen is asked first, and one that owes nothing last."""
    return one.next_due_at or (LATE if one.phase else EARLY)


async def _ask(link: DueReader, some: Sequence[Seen]) -> tuple[list[Owing], list[Seen]]:
    """The views of those that answer, and the glances of those that don't."""
    views, silent = list[Owing](), list[Seen]()

    async def ask(seen: Seen) -> None:
        try:
            views.append(await link.view(seen.id))
        except NoWorker:
            silent.append(seen)

    await asyncio.gather(*(ask(seen) for seen in some))
    return views, silent
