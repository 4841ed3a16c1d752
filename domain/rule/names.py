"""How ids are called: by name where an incident is read, by role in what outlives it (PM-4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.incident.incident import Incident

ITEM = re.compile(r"\b(action item) ([a-z]+-\d+)\b")


@dataclass(frozen=True, slots=True)
class InRoom:
    """The names that the incident's own company and policy give."""

    incident: Incident

    def person(self, id: str) -> str:
        """By name."""
        return self.incident.called(id)

    def people(self, ids: Iterable[str]) -> str:
        """Several, in one phrase."""
        return ", ".join(map(self.person, ids))

    def role(self, name: str) -> str:
        """By the company's title."""
        rule = self.incident.policy.roles.get(name)
        return rule.title if rule else self.person(name)

    def owner(self, name: str) -> str:
        """A role by its title, a person by name."""
        return f"the {self.role(name)}" if name in self.incident.policy.roles else self.person(name)


@dataclass(frozen=True, slots=True)
class ToPeople(InRoom):
    """The same for one person's eyes, where first names are enough."""

    def person(self, id: str) -> str:
        """By first name, where it is nobody else's."""
        return self.incident.catalog.short(id)


@dataclass(frozen=True, slots=True)
class Blameless(InRoom):
    """The same for a document that blames nobody: people are the roles they held."""

    def person(self, id: str) -> str:
        """By the role held last, else as somebody."""
        held = [role for _, person, role in self.incident.taken if person == id]
        return f"the {self.role(held[-1])}" if held else "a responder"


def with_titles(words: str, incident: Incident) -> str:
    """An action item by what is to be done, where the words name it by its key."""
    items = incident.items
    return ITEM.sub(lambda found: f"{found[1]} '{items[found[2]].title}'" if found[2] in items else found[0], words)
