"""Words and rows that never fit: states without a text, rows of the matrix that are never reached."""

import re
from collections.abc import Iterator
from typing import get_args

from domain.check.finding import Finding, Lint, listed
from domain.company.catalog import Catalog
from domain.company.policy import MatrixRule, Policy
from domain.company.policy_text import BESIDE
from domain.company.severity_word import plain
from domain.company.status_template import UpdateStatus

ROOM = 64
"""Characters of a room's name: Slack has 80, of which `drill-`, `-private` and a number take some."""


def _templates(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A state without a status template, or without the text for a page that has none."""
    if not any(rule.status_page for rule in policy.severities.values()):
        return
    for status in get_args(UpdateStatus):
        for section in ("templates", "drafts"):
            if status not in getattr(policy.updates, section):
                yield Finding(f"updates.{section}", f"nothing for {status!r}", "an entry for every state")


def _states(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A text for a state that there is not."""
    for section in ("templates", "drafts"):
        for status in getattr(policy.updates, section):
            if status not in (*get_args(UpdateStatus), *BESIDE):
                yield Finding(f"updates.{section}.{status}", "no state", f"one of {listed(get_args(UpdateStatus))}")


def _room(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A name that no chat has for a room, with what a drill and a second room add to it (WAR-1)."""
    name = policy.room.name.format(id="7k3qf")
    if len(name) > ROOM or not re.fullmatch(r"[a-z0-9_-]+", name):
        yield Finding("room.name", repr(policy.room.name), f"a-z, 0-9, - and _, {ROOM} characters at most with the id")


def _matrix(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A row that no alert can reach."""
    for number, row in enumerate(policy.matrix):
        loud = [word for word in row.severity if word != word.lower()]
        if loud:
            yield Finding(
                f"matrix.{number}.severity", repr(loud[0]), f"{loud[0].lower()!r}: senders are read in lower case"
            )
        first = next((n for n, one in enumerate(policy.matrix[:number]) if _takes_all(one, row)), None)
        if first is not None:
            found = f"a row that is never reached ({row.because})"
            yield Finding(
                f"matrix.{number}", found, f"it before row {first} ({policy.matrix[first].because}), which fits first"
            )


def _takes_all(first: MatrixRule, then: MatrixRule) -> bool:
    """Whether whatever fits the second row has been taken by the first."""
    return all(
        (
            not first.severity or (then.severity and set(then.severity) <= set(first.severity)),
            not first.tier or (then.tier and set(then.tier) <= set(first.tier)),
            first.customer_facing in (None, then.customer_facing),
            first.security in (None, then.security),
            first.words in ("", then.words),
        )
    )


def _environments(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """An environment that no alert is ever in."""
    for name in policy.alerts.environments:
        if name != name.lower():
            yield Finding("alerts.environments", repr(name), f"{name.lower()!r}: environments are read in lower case")
    if not policy.alerts.environments:
        yield Finding("alerts.environments", "none", "at least one, by which production is known")
    for pattern in policy.alerts.not_production:
        if pattern != pattern.lower():
            found = f"{pattern.lower()!r}: environments are read in lower case"
            yield Finding("alerts.not_production", repr(pattern), found)
        elif not pattern.strip("*?"):
            yield Finding("alerts.not_production", repr(pattern), "some letters, or no alert ever opens an incident")


def _spellings(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A spelling of a word that no row has: it says nothing."""
    known = {plain(word) for row in policy.matrix for word in row.severity}
    for word, spelt in policy.spellings.items():
        if plain(spelt) not in known:
            yield Finding(f"spellings.{word}", repr(spelt), "a word that a row of the matrix has")


def _targets(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    for clause, target in policy.targets.items():
        for severity in target.severities:
            if severity not in policy.severities:
                yield Finding(f"targets.{clause}.severities", repr(severity), f"one of {listed(policy.severities)}")


WORDS: tuple[Lint, ...] = (_templates, _states, _room, _matrix, _environments, _spellings, _targets)
