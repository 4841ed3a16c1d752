"""Which page is whose: for the on-call engineer or another, of which ringing, and at which pager (ACK-1, DET-7)."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.incident.incident import Incident

HAND, WAKE = "hand-", "wake-"
"""How the names of calls begin that people asked for, and of those for the people of a role."""
LATER = re.compile(r"r(\d+)-")


def is_by_hand(page: str) -> bool:
    """Whether somebody asked for a page."""
    return page.startswith(HAND)


def is_for_role(page: str) -> bool:
    """Whether a page wakes the people of a role."""
    return page.startswith(WAKE)


def call_of(page: str) -> str:
    """The name of the call that a page belongs to."""
    asked = page.removeprefix(HAND).partition("-")[0]
    return f"{HAND}{asked}" if page.startswith(HAND) else page.rpartition("-")[0]


def rings_on(page: str) -> bool:
    """Whether a page is for somebody else than the on-call engineer, and rings on after the acknowledgement."""
    return is_by_hand(page) or is_for_role(page)


def ringing_of(page: str) -> int:
    """Which ringing a page for the on-call engineer is of, counted from 0."""
    later = LATER.match(page)
    return int(later[1]) - 1 if later else 0


def pager(incident: "Incident") -> str:
    """The vendor that wakes people for the service that it is by now."""
    return incident.catalog.vendor("pager", incident.service.name)


def pagers(incident: "Incident") -> frozenset[str]:
    """Every pager that has had a page of the incident."""
    opened = incident.opened
    return frozenset(
        [
            pager(incident),
            opened.catalog.vendor("pager", opened.service),
            *(sent.pager for sent in incident.pages.values()),
        ]
    ) - {""}


def pager_of(incident: "Incident", ref: str) -> str:
    """The pager that knows a page: that which it was sent by, or the source's own where that is one of ours."""
    sent = next((sent.pager for sent in incident.pages.values() if sent.ref == ref), "")
    source = next((one.source or incident.opened.source for one in incident.alerts.values() if one.page == ref), "")
    return sent or (source if source in pagers(incident) else pager(incident))


def by_pager(incident: "Incident", refs: Iterable[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Pages by the pager that knows them: how its duty is told from that of the first, which pager, which pages."""
    found: dict[str, list[str]] = {}
    for ref in refs:
        found.setdefault(pager_of(incident, ref), []).append(ref)
    for number, (vendor, pages) in enumerate(found.items()):
        yield f"-{vendor}" if number else "", vendor, tuple(pages)
