"""The company: services, their grouping, where to look, teams and people, accounts. `catalog.yaml` is one of these."""

import re
from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from domain.company.account import Account as Account
from domain.company.person import Person as Person
from domain.company.vendor_ids import AtVendors
from domain.value.calendar import Calendar, Shift
from domain.value.model import Instant, Model, Regex, Slug, by_default, unsaid
from domain.value.shared import shared
from domain.value.short_name import short_names

VendorRole = Literal["pager", "room", "status_page", "notebook", "tracker", "mailer", "support"]


class Link(Model):
    """A place to look: a dashboard, a log search, the alert at its source."""

    label: str
    url: str


class Level(Model):
    """Who is paged at one level of the ladder: people, by the hour if wanted, or a schedule the pager knows."""

    people: tuple[Slug, ...] = ()
    """Who is paged, or who is outside of the shifts."""
    schedule: str = ""
    shifts: tuple[Shift, ...] = ()
    """Who is on call depends on the hour; all of those whose shift holds it."""

    def on_call(self, at: datetime) -> tuple[Slug, ...]:
        """The people to page at a moment: those on shift, else those without one, else everybody, never nobody."""
        on_shift = [name for shift in self.shifts if shift.holds(at) for name in shift.people]
        rest = self.people or (() if self.schedule else self.everybody)
        return tuple(dict.fromkeys(on_shift)) or rest

    def until(self, at: datetime) -> datetime | None:
        """Until when whoever is on call at a moment is so by their shift; None where no shift says it."""
        return min((end for shift in self.shifts if (end := shift.end(at))), default=None)

    def without(self, gone: Container[str]) -> "Level":
        """The level without people who are not there."""
        people = tuple(name for name in self.people if name not in gone)
        left = [one.model_copy(update={"people": tuple(n for n in one.people if n not in gone)}) for one in self.shifts]
        shifts = tuple(shift for shift in left if shift.people)
        return self.model_copy(update={"people": people, "shifts": shifts})

    @property
    def wakes(self) -> bool:
        """Whether somebody is paged at this level."""
        return bool(self.everybody or self.schedule)

    @property
    def everybody(self) -> tuple[Slug, ...]:
        """Everybody who may be paged at this level."""
        return tuple(dict.fromkeys([*self.people, *(name for shift in self.shifts for name in shift.people)]))


class Team(Model):
    """Who answers for a service. `levels` are the rungs the policy's ladder names."""

    name: str
    levels: dict[Slug, Level]
    manager: Slug | tuple[Slug, ...]
    """The engineering manager, or several in the order in which they stand in for each other (WAR-7)."""
    comms: tuple[Slug, ...] = ()
    """The comms leads to invite and to chase while the role is vacant."""
    commanders: tuple[Slug, ...] = ()
    """The commanders to chase while nobody commands; the team's engineers when empty."""
    candidates: dict[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    """The people to chase while a further role of the policy is vacant, by role."""
    rota: dict[Slug, tuple[Level, ...]] = Field(default_factory=dict, exclude_if=unsaid)
    """Who is woken for a role, one level after the other, where that is not who could hold it: a schedule, shifts."""
    call: str = Field(default="", exclude_if=unsaid)
    """The address of the standing call in which its people talk while they fight."""
    hours: Calendar | None = by_default(None)
    """The team's office hours, in which a page that can wait is sent (ACK-6)."""

    @model_validator(mode="after")
    def _has_a_manager(self) -> Self:
        if not self.managers:
            raise ValueError("manager: found nobody, expected somebody under people")
        return self

    def last_resort(self, ladder: Sequence[Slug]) -> str:
        """The last level of a ladder that the team has, which is paged when nobody answers (ACK-2); empty without."""
        return next((name for name in reversed(ladder) if name in self.levels), "")

    def without(self, gone: Container[str], ladder: tuple[Slug, ...] = ()) -> "Team":
        """The team without people who left; what would be nobody's falls to the manager, or to the last one paged.

        Where the ladder is given, a level that nobody is left of falls to the next one of it, and no rota wakes them.
        """
        rest = [name for level in reversed(self.levels.values()) for name in level.everybody if name not in gone]
        managers = tuple(name for name in self.managers if name not in gone) or tuple(rest[:1])
        levels = {name: left for name, level in self.levels.items() if (left := level.without(gone)).wakes}
        above = {name: [levels[one] for one in ladder[at:] if one in levels] for at, name in enumerate(ladder, start=1)}
        manager = Level(people=managers[:1])
        rota = {role: tuple(level.without(gone) for level in rota) for role, rota in self.rota.items()}
        return self.model_copy(
            update={
                "manager": managers,
                "levels": {name: levels.get(name) or [*above.get(name, ()), manager][0] for name in self.levels},
                "rota": {role: tuple(one for one in rota[role] if one.wakes) for role in rota} if ladder else self.rota,
                "comms": tuple(name for name in self.comms if name not in gone),
                "commanders": tuple(name for name in self.commanders if name not in gone),
                "candidates": {
                    role: tuple(name for name in names if name not in gone) for role, names in self.candidates.items()
                },
            }
        )

    @property
    def managers(self) -> tuple[Slug, ...]:
        """The managers in the order in which they stand in for each other."""
        return (self.manager,) if isinstance(self.manager, str) else self.manager

    @property
    def everybody(self) -> frozenset[Slug]:
        """Everybody whom it lists, for whatever."""
        levels = [*self.levels.values(), *(level for rota in self.rota.values() for level in rota)]
        named = [self.managers, self.comms, self.commanders, *self.candidates.values()]
        return frozenset(name for people in (*named, *(level.everybody for level in levels)) for name in people)


class Service(AtVendors):
    """One service: how senders call it, who owns it, where to look, what customers see of it."""

    written_flat = ("pagerduty", "opsgenie")
    name: Slug
    title: str
    public: str = Field(default="", exclude_if=unsaid)
    """What customers call it; its title where nothing is said."""
    hedge: str = Field(default="", exclude_if=unsaid)
    """What may not work while it fails, as customers are told: "Some customers may not be able to pay"."""
    team: Slug
    tier: int = 2
    customer_facing: bool = True
    depends_on: tuple[Slug, ...] = Field(default=(), exclude_if=unsaid)
    """The services that it fails with (DET-7)."""
    aliases: tuple[str, ...] = ()
    """The senders' words for it: label values, vendor service ids and names."""
    ids: dict[Slug, str] = Field(default_factory=dict)
    """What pagers know it as."""
    components: tuple[str, ...] = ()
    """The status page's component ids."""
    dashboards: tuple[Link, ...] = ()
    logs: tuple[Link, ...] = ()
    repository: str = ""
    cost_per_hour: float = Field(default=0, ge=0, exclude_if=unsaid)
    """What an hour of its outage costs, in the company's currency."""
    cost_per_customer_hour: float = Field(default=0, ge=0, exclude_if=unsaid)
    """What it costs beside that for every customer who is hit."""
    vendors: dict[VendorRole, str] = Field(default_factory=dict)
    """Which vendor plays a role for this service, where it differs from the company's."""


class Runbook(Model):
    """A known failure mode and what to do (TRI-2); `matches` is searched in the alert's title, text and labels."""

    title: str
    url: str
    matches: Regex
    services: tuple[Slug, ...] = ()

    def fits(self, service: str, words: str) -> bool:
        """Whether this runbook is about what the alert says, for this service."""
        return (not self.services or service in self.services) and bool(re.search(self.matches, words, re.IGNORECASE))


class Maintenance(Model):
    """A planned window in which a service's alerts open nothing (SCP-2)."""

    service: str
    """A service, or `*` for all."""
    starts_at: Instant
    ends_at: Instant
    reason: str


class Catalog(Model):
    """The company, or the part of it that one incident needs."""

    company: str = ""
    currency: str = Field(default="", exclude_if=unsaid)
    vendors: dict[VendorRole, str] = Field(default_factory=dict)
    people: dict[Slug, Person] = Field(default_factory=dict)
    teams: dict[Slug, Team] = Field(default_factory=dict)
    services: dict[Slug, Service] = Field(default_factory=dict)
    runbooks: tuple[Runbook, ...] = ()
    accounts: tuple[Account, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _name_entries(cls, data: Any) -> Any:
        """Let the YAML name people and services once, as the key."""
        if isinstance(data, dict):
            for section, field in (("people", "id"), ("services", "name")):
                for key, entry in (data.get(section) or {}).items():
                    if isinstance(entry, dict):
                        entry.setdefault(field, key)
        return data

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        for name, service in self.services.items():
            if service.team not in self.teams:
                raise ValueError(f"services.{name}.team: found {service.team!r}, expected one of {sorted(self.teams)}")
        for name, team in self.teams.items():
            for person in sorted(team.everybody - self.people.keys()):
                raise ValueError(f"teams.{name}: found {person!r}, expected somebody under people")
        return self

    def service_called(self, word: str) -> Service | None:
        """The service a sender means by this word: its name, its title or an alias, whatever the case."""
        wanted = word.strip().lower()
        for service in self.services.values():
            words = (service.name, service.title, *service.ids.values(), *service.aliases)
            if wanted and wanted in {word.lower() for word in words}:
                return service
        return None

    def person_called(self, word: str) -> Person | None:
        """The person whom a vendor or somebody means: an id, a name, an e-mail, an id at a vendor, however written.

        A first or last name alone means somebody where one person alone has it.
        """
        if word in self.people:
            return self.people[word]
        wanted = word.strip().removeprefix("<").removesuffix(">").removeprefix("@").casefold()
        if not wanted:
            return None
        exact = [person for person in self.people.values() if wanted in person.called]
        found = exact or [person for person in self.people.values() if wanted in person.name.casefold().split()]
        return found[0] if exact or len(found) == 1 else None

    def short(self, word: str) -> str:
        """What people call somebody: the first name where it is nobody else's, else the whole name, else the word."""
        person = self.person_called(word)
        return short_names({id: one.name for id, one in self.people.items()}).get(person.id, word) if person else word

    def near(self, word: str) -> Person | None:
        """Who may have been meant by a name that nobody has."""
        names = {name: person for person in self.people.values() for name in (person.id, person.name.casefold())}
        found = get_close_matches(word.strip().lstrip("@").casefold(), names, n=1, cutoff=0.6)
        return names[found[0]] if found else None

    def nearest(self, word: str) -> str:
        """What is said to who uses a name that nobody has: the nearest, or everybody there is."""
        near = self.near(word)
        if near:
            return f"perhaps {near.id} ({near.name})"
        return f"one of {', '.join(self.people) or 'nobody: the catalog has no people'}"

    def team_called(self, word: str) -> str:
        """The team somebody means: its key or its name, whatever the case; empty when there is none."""
        wanted = word.strip().lower()
        return next((key for key, team in self.teams.items() if wanted in (key, team.name.lower())), "")

    def slice(self, service: str) -> "Catalog":
        """The part of the company that an incident of this service needs, to be frozen into it.

        Of the other teams stays who is on call: help may be there.
        """
        own = self.services[service].team
        nobody: dict[str, Any] = {"comms": (), "commanders": (), "candidates": {}, "rota": {}}
        teams = {key: team if key == own else team.model_copy(update=nobody) for key, team in self.teams.items()}
        return self.model_copy(
            update={
                "services": {service: self.services[service]},
                "teams": teams,
                "runbooks": tuple(book for book in self.runbooks if not book.services or service in book.services),
                "accounts": tuple(account for account in self.accounts if service in account.services),
                "maintenance": (),
            }
        )

    def without(self, gone: Mapping[str, Person], ladder: tuple[Slug, ...] = ()) -> "Catalog":
        """The company without people who left: they are known by name, reached by nobody, and on no list."""
        former = {name: one.hidden().model_copy(update={"left": True}) for name, one in gone.items()}
        teams = {name: team.without(gone, ladder) for name, team in self.teams.items()}
        return self.model_copy(update={"people": self.people | former, "teams": teams})

    def vendor(self, role: VendorRole, service: str) -> str:
        """Which vendor plays this role for this service; "none" when nobody does."""
        return self.services[service].vendors.get(role) or self.vendors.get(role, "none")


FrozenCatalog = Annotated[Catalog, AfterValidator(shared)]
"""The company as an event has it: one object for all incidents of a service."""
