"""One thing that does not fit, and what its rules share."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.company.policy_clock import ClockRule


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: where, what stands there, what was expected."""

    path: str
    found: str
    expected: str
    grave: bool = False
    """Whether alerts would be lost or people never woken: nobody starts with it."""

    def __str__(self) -> str:
        return f"{self.path}: found {self.found}, expected {self.expected}"


Lint = Callable[[Policy, Catalog], Iterator[Finding]]
"""One rule: reads both files and yields what it finds."""


def span_at(clock: ClockRule, severity: str) -> timedelta | None:
    """The clock's span at a severity."""
    found: timedelta | None = clock.span(severity)
    return found


def listed(words: Iterable[str]) -> str:
    """Words for a person to choose from."""
    return ", ".join(words) or "none"


def plays(catalog: Catalog, role: str) -> bool:
    """Whether a vendor plays this role for any service."""
    return any(catalog.vendor(role, service) != "none" for service in catalog.services)  # type: ignore[arg-type]
