"""Waking people: the duties of the pager and its protocol."""

from typing import Literal, Protocol

from domain.company.catalog import Link, Person
from domain.port.duty import Duty, Outcome
from domain.value.model import Instant, by_default


class Page(Duty):
    """Wake the people of one level (ACK-1, ACK-2). Without people the vendor's own escalation policy decides whom."""

    role = "pager"
    told = True
    remarks = True
    recallable, seen_outside = True, True
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
    urgency: Literal["high", "low"] = by_default("high")
    """Whether it wakes people or can wait until they look (ACK-6)."""
    links: tuple[Link, ...] = ()
    fired_at: Instant

    @property
    def wakes(self) -> bool:
        """It does, unless it can wait until they look."""
        return self.urgency == "high"

    @property
    def goes_alone(self) -> bool:
        """Who is to be woken is woken before anything else is done; what was tried before holds nothing up."""
        return self.wakes and not self.tried

    def by_hand(self) -> str:
        who = ", ".join(f"{person.name} <{person.email}>" for person in self.people) or f"the {self.level} on-call"
        return f"reach {who} and say: {self.title}"

    def practised(self, ref: str) -> Outcome:
        return Outcome(ref=ref, people=tuple(person.id for person in self.people if person.knows(self.vendor)))


class AcknowledgePages(Duty):
    """Tell the pager that somebody is on it (ACK-1). `refs` are pages we sent or the source's own."""

    role = "pager"
    unseen = True
    kind: Literal["acknowledge_pages"] = "acknowledge_pages"
    refs: tuple[str, ...]
    by: str


class ResolvePages(Duty):
    """Take the pages back (DET-5, RES-1)."""

    role = "pager"
    kind: Literal["resolve_pages"] = "resolve_pages"
    refs: tuple[str, ...]
    reason: str


class ReadPages(Duty):
    """Ask how pages stand (ACK-1); `pages` of the outcome, without those the pager does not know."""

    role = "pager"
    failure_told, one_try = False, True
    unseen, untimed = True, True
    kind: Literal["read_pages"] = "read_pages"
    refs: tuple[str, ...]


class PagerPort(Protocol):
    """Wakes people."""

    async def page(self, duty: Page, *, again: bool) -> Outcome:
        """Page `duty.people`, or the vendor's own schedule when there are none; `ref` is the page, `people` who."""
        ...

    async def acknowledge_pages(self, duty: AcknowledgePages, *, again: bool) -> Outcome: ...
    async def resolve_pages(self, duty: ResolvePages, *, again: bool) -> Outcome: ...
    async def read_pages(self, duty: ReadPages, *, again: bool) -> Outcome:
        """How each page stands; one the pager does not know is left out. Only people acknowledge."""
        ...

    async def on_call(self, schedule: str) -> tuple[str, ...]:
        """The vendor's ids of who is on call in a schedule now, first level first."""
        ...
