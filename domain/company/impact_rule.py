"""From which impact on a severity is proposed: how many customers, in how many regions, what they cannot do (TRI-6)."""

import re
from collections.abc import Sequence

from domain.value.model import Model, Regex, Severity

PLACES = ((1000, 0), (100, 1), (1, 2))
"""Where a policy has no row: from how many customers on it is the most severe, the next, the one after."""


class ImpactRule(Model):
    """One row: every given condition must hold, and the first row that fits proposes."""

    customers: int = 0
    """At least so many."""
    regions: int = 0
    """At least so many."""
    blocks: Regex = ""
    """A pattern in what customers cannot do."""
    propose: Severity
    because: str

    def fits(self, customers: int, regions: int, blocks: str) -> bool:
        """Whether this row is about such an impact."""
        cannot = not self.blocks or bool(re.search(self.blocks, blocks, re.IGNORECASE))
        return customers >= self.customers and regions >= self.regions and cannot


def weighed(
    rows: Sequence[ImpactRule], severities: Sequence[str], *, customers: int, regions: int, blocks: str
) -> tuple[str, str] | None:
    """The severity that an impact proposes, with the reason; None when it proposes none."""
    row = next((row for row in rows if row.fits(customers, regions, blocks)), None)
    if rows:
        return (row.propose, row.because) if row else None
    least, place = next(((least, place) for least, place in PLACES if customers >= least), (0, -1))
    if place < 0:
        return None
    return severities[min(place, len(severities) - 1)], f"{least:,} or more customers are hit"
