"""Duties of the pager."""

from typing import Literal

from domain.company.catalog import Link, Person
from domain.port.duty import Effect, Outcome
from domain.value.model import Moment


class Page(Effect):
    """Wake the people of one level (ACK-1, ACK-2). Without people the vendor's own escalation policy decides whom."""

    role = "pager"
    recallable = True
    kind: Literal["page"] = "page"
    level: str
    people: tuple[Person, ...] = ()
    schedule: str = ""
    """The vendor's schedule that knows who is on call at this level; used when `people` is empty."""
    service: str = ""
    """The vendor's id of the service, from the catalog."""
    title: str
    text: str
    severity: str = ""
    impact: str = ""
    """What the severity means to customers, whatever the company calls it; empty in what was owed by old releases."""
    links: tuple[Link, ...] = ()
    fired_at: Moment

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        """Who was paged."""
        return True


class AcknowledgePages(Effect):
    """Tell the pager that somebody is on it (ACK-1). `refs` are pages we sent or the source's own."""

    role = "pager"
    unseen = True
    kind: Literal["acknowledge_pages"] = "acknowledge_pages"
    refs: tuple[str, ...]
    by: str


class ResolvePages(Effect):
    """Take the pages back (DET-5, RES-1)."""

    role = "pager"
    kind: Literal["resolve_pages"] = "resolve_pages"
    refs: tuple[str, ...]
    reason: str


class ReadPages(Effect):
    """Ask how pages stand (ACK-1); `pages` of the outcome, without those the pager does not know."""

    role = "pager"
    failure_told = False
    unseen = True
    kind: Literal["read_pages"] = "read_pages"
    refs: tuple[str, ...]
