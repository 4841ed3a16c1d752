"""What people, services and severities are called on the board, by the company's files as they are now."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from client.asked import who_is_asked
from domain.company.catalog import Catalog
from domain.company.core_role import CORE_ROLES
from domain.company.policy import Policy
from domain.incident.entry import STANDFAST
from domain.procedure.headline import WORDS
from domain.procedure.sitrep import DOES
from domain.report.due import Due
from ingress.board.access import KEPT_PRIVATE
from vendors.vendor import spelled


class BoardNames:
    """Names for ids; an id that the company does not know stays what it is."""

    def __init__(self, policy: Policy, catalog: Catalog) -> None:
        self._policy, self._catalog = policy, catalog
        self._severities = list(policy.severities)

    def person(self, id: str) -> str:
        """How somebody is called."""
        if id == STANDFAST:
            return "Standfast"
        known = self._catalog.people.get(id)
        return known.name if known else spelled(id)

    def first(self, id: str) -> str:
        """The same in short, where that says who it is."""
        return self._catalog.short(id) if id in self._catalog.people else self.person(id)

    def by_any_word(self, word: str) -> str:
        """Somebody in short by whatever word a vendor has for them."""
        known = self._catalog.person_called(word)
        return self.first(known.id if known else word)

    def service(self, name: str) -> str:
        """A service's title."""
        known = self._catalog.services.get(name)
        return known.title if known else name

    def team(self, name: str) -> str:
        """A team's name."""
        known = self._catalog.teams.get(name)
        return known.name if known else name

    def people(self, ids: Iterable[str]) -> str:
        """Several, in one phrase."""
        return ", ".join(map(self.person, ids))

    def role(self, name: str, titles: Mapping[str, str] = MappingProxyType({})) -> str:
        """What a role is called in its incident, or in today's policy; who owes something may be a person too."""
        if name in self._catalog.people:
            return self.person(name)
        rule = self._policy.roles.get(name)
        return titles.get(name) or (rule.title if rule else name.replace("_", " "))

    def owner(self, name: str) -> str:
        """Who owes something: a role with its article, a person by name."""
        return self.person(name) if name in (STANDFAST, *self._catalog.people) else f"the {self.role(name)}"

    def doing(self, people: Mapping[str, str], titles: Mapping[str, str]) -> str:
        """Who does what, in one phrase: the command first."""
        does = {self._policy.role(part): DOES[part] for part in CORE_ROLES}
        does |= {role: f"is {title}" for role, title in titles.items() if role not in does}
        return ", ".join(f"{self.first(people[role])} {words}" for role, words in does.items() if role in people)

    def lacks_engineer(self, people: Mapping[str, str]) -> bool:
        """Whether it is known who holds which role, and nobody is its engineer."""
        return bool(people) and self._policy.role("on_call") not in people

    def lacks_writer(self, due: Iterable[Due]) -> bool:
        """Whether customers must hear something, and nobody writes to them yet."""
        return any(one.owner == self._policy.role("comms") and self.is_nobodys(one) for one in due)

    def rank(self, severity: str) -> int:
        """1 for the most severe, to 4; for one that the policy does not know, 4."""
        name = severity.rstrip("?")
        return min(self._severities.index(name) + 1, 4) if name in self._severities else 4

    def services_with(self, word: str) -> tuple[str, ...]:
        """The services whose name or title has a word in small letters."""
        services = self._catalog.services.items()
        return tuple(name for name, one in services if word in f"{name} {one.title}".casefold())

    def people_with(self, word: str) -> tuple[str, ...]:
        """The people whose name has a word in small letters."""
        return tuple(name for name, person in self._catalog.people.items() if word in person.name.casefold())

    def choices(self, phases: Iterable[str], *names: str) -> dict[str, list[tuple[str, str]]]:
        """What can be chosen in a search by these names, or by all, each with its words."""
        found = {
            "service": [(name, service.title) for name, service in self._catalog.services.items()],
            "team": [(name, team.name) for name, team in self._catalog.teams.items()],
            "severity": [(name, name) for name in self._severities],
            "phase": [(name, WORDS[name]) for name in phases],
            "person": [(name, person.name) for name, person in self._catalog.people.items() if not person.left],
        }
        return {name: found[name] for name in names or found}

    def owes(self, due: Due, titles: dict[str, str]) -> tuple[str, str]:
        """Who owes it, and as what: the holder of the role, the person itself; of what is nobody's, who is asked."""
        if due.owner in (STANDFAST, *self._catalog.people):
            return self.first(due.owner), ""
        role = self.role(due.owner, titles)
        return (self.first(due.person) if due.person else who_is_asked(due.asked) or "Somebody"), role

    def is_nobodys(self, due: Due) -> bool:
        """Whether nobody owes it yet."""
        return not due.person and due.owner not in (STANDFAST, *self._catalog.people)

    def does(self, due: Due) -> str:
        """What whoever owes it does to keep it."""
        return f"owes something {KEPT_PRIVATE}" if due.says == KEPT_PRIVATE else due.doing
