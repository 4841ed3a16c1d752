"""What a policy and a catalog that fit their models can still get wrong: promises that nobody could keep."""

from domain.check.approval import remarks
from domain.check.clocks import CLAUSES
from domain.check.company import COMPANY
from domain.check.finding import Finding
from domain.check.hours import HOURS
from domain.check.mistakes import MISTAKES
from domain.check.people import PERSONS
from domain.check.reach import REACH
from domain.check.texts import WORDS
from domain.company.catalog import Catalog
from domain.company.policy import Policy

__all__ = ["Finding", "lint", "remarks"]

RULES = (*PERSONS, *REACH, *CLAUSES, *HOURS, *WORDS, *MISTAKES, *COMPANY)


def lint(policy: Policy, catalog: Catalog) -> list[Finding]:
    """Everything found, in the order of the files."""
    return list(dict.fromkeys(finding for rule in RULES for finding in rule(policy, catalog)))
