"""Mistakes that show in the worst hour: a word that nothing fills, a search that never ends, two of one name."""

import re
from collections import Counter
from collections.abc import Iterator

from domain.check.finding import Finding, Lint, listed
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.company.status_template import PLACEHOLDER
from domain.value.model import format_duration

FILLED = ("service", "public", "hedge", "summary", "id", "began", "ended", "from", "next", "page", "green", "impact")
"""What a public text may be filled in with (`procedure.public_words.values`)."""
ENDLESS = re.compile(r"\((?:\?:)?(?:\\?.|\[[^\]]*\])(?:[+*]|\{\d+,\})(?:(?:\\?.|\[[^\]]*\])[?*])*\)(?:[+*]|\{\d+,\})")
"""A repetition of nothing but repetitions: the same letters fit in countless ways, and each is tried."""


def _placeholders(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """COM-3: what customers would read as it stands, because nothing is known by that name."""
    for path, text in _public(policy):
        for found in PLACEHOLDER.finditer(text):
            name = next(group for group in found.groups() if group).strip().lower().replace(" ", "_")
            if name not in FILLED and not (name == "name" and path.startswith("mail.")):
                yield Finding(path, repr(found.group()), f"one of {listed('{' + one + '}' for one in FILLED)}")


def _public(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every text that customers read."""
    updates, mail = policy.updates, policy.mail
    yield from ((f"updates.drafts.{status}", text) for status, text in updates.drafts.items())
    yield from ((f"updates.retractions.{reason}", text) for reason, text in updates.retractions.items())
    yield from (("updates.holding", updates.holding), ("updates.final", updates.final))
    yield from ((f"mail.{name}", text) for name, text in mail if isinstance(text, str))


def _due(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """ACT-1, ACT-2: an item that is due only after the time that its clause gives."""
    clock = policy.clocks.get("ACT-2")
    span = clock.span(None) if clock and not clock.hours else None
    if span and policy.item_due and policy.item_due > span:
        yield Finding("item_due", format_duration(policy.item_due), f"at most {format_duration(span)}, as ACT-2 has it")


def _searches(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A pattern that an alert's words can keep at work for hours."""
    for path, pattern in _patterns(policy, catalog):
        if ENDLESS.search(pattern):
            yield Finding(path, repr(pattern), "a pattern without a repetition of repetitions: it may never end")


def _patterns(policy: Policy, catalog: Catalog) -> Iterator[tuple[str, str]]:
    yield from ((f"matrix.{n}.words", row.words) for n, row in enumerate(policy.matrix))
    yield from ((f"impact.{n}.blocks", row.blocks) for n, row in enumerate(policy.impact))
    yield from (("alerts.security", policy.alerts.security), ("alerts.not_security", policy.alerts.not_security))
    yield from ((f"runbooks.{n}.matches", book.matches) for n, book in enumerate(catalog.runbooks))


def _doubles(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """SOC-1: one name at a vendor for two people: whose act it was could never be said."""
    said = [("email", person.id, person.email) for person in catalog.people.values()]
    said += [(vendor, person.id, word) for person in catalog.people.values() for vendor, word in person.ids.items()]
    count = Counter((vendor, word.casefold()) for vendor, _, word in said if word)
    for vendor, person, word in said:
        if count[vendor, word.casefold()] > 1:
            others = [name for kind, name, one in said if (kind, one) == (vendor, word) and name != person]
            yield Finding(f"people.{person}.{vendor}", f"{word!r}, as {listed(others)} has it", "their own")


MISTAKES: tuple[Lint, ...] = (_placeholders, _due, _searches, _doubles)
