"""A runbook as people write it down in a notebook: a pattern and services, in the words they use."""

import re

from domain.company.catalog import Runbook

MATCHES = frozenset({"matches", "failure mode", "failure modes", "pattern"})
SERVICES = frozenset({"service", "services"})
"""What the columns may be called, in lower case."""


def written(title: str, url: str, matches: str = "", services: tuple[str, ...] = ()) -> Runbook:
    """A runbook whose pattern can be searched: without one its title is, and one that is none is taken literally."""
    named = tuple(word for word in map(_word, services) if word)
    return Runbook(title=title, url=url, matches=_searchable(matches.strip() or re.escape(title)), services=named)


def _searchable(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error:
        return re.escape(pattern)
    return pattern


def _word(service: str) -> str:
    """A service's name from what people call it: "Check out" is `check-out`."""
    return re.sub(r"[^a-z0-9_-]+", "-", service.lower()).strip("-0123456789_")[:63]
