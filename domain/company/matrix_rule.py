"""A row of the severity matrix, and what it asks of an alert (TRI-3)."""

import re
from collections.abc import Mapping
from typing import Protocol

from domain.company.catalog import Service
from domain.company.severity_word import plain
from domain.value.model import Model, Regex, Severity


class ReportedAlert(Protocol):
    """What the matrix asks of an alert."""

    @property
    def severity(self) -> str:
        """The sender's word."""
        ...

    @property
    def title(self) -> str:
        """What it says."""
        ...

    @property
    def description(self) -> str:
        """What else it says."""
        ...

    @property
    def labels(self) -> Mapping[str, str]:
        """What it is about."""
        ...


class MatrixRule(Model):
    """One row of the severity matrix (TRI-3): every given condition must hold."""

    severity: tuple[str, ...] = ()
    """The sender's words; case, spaces and hyphens make no difference."""
    tier: tuple[int, ...] = ()
    customer_facing: bool | None = None
    security: bool | None = None
    words: Regex = ""
    """A pattern searched in the title and description."""
    propose: Severity
    because: str

    def fits(self, severity: str, words: str, service: Service, *, security: bool) -> bool:
        """Whether this row is about an alert of this severity, with these words, on such a service."""
        return all(
            (
                not self.severity or plain(severity) in map(plain, self.severity),
                not self.tier or service.tier in self.tier,
                self.customer_facing in (None, service.customer_facing),
                self.security in (None, security),
                not self.words or re.search(self.words, words, re.IGNORECASE),
            )
        )
