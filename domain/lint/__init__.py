"""What a policy and a catalog that fit their models can still get wrong: promises that nobody could keep."""

from domain.catalog import Catalog
from domain.lint.clause import CLAUSES
from domain.lint.company import COMPANY
from domain.lint.finding import Finding
from domain.lint.hour import HOURS
from domain.lint.person import PERSONS
from domain.lint.reach import REACH, STARTS
from domain.lint.word import WORDS
from domain.policy import Policy

__all__ = ["STARTS", "Finding", "lint"]

RULES = (*PERSONS, *REACH, *CLAUSES, *HOURS, *WORDS, *COMPANY)


def lint(policy: Policy, catalog: Catalog) -> list[Finding]:
    """Everything found, in the order of the files."""
    return list(dict.fromkeys(finding for rule in RULES for finding in rule(policy, catalog)))
