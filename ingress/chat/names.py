"""The chat's names for people, roles and severities become the catalog's and the policy's."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from client.port import IncidentSummary
from config.company import Company
from domain.company.catalog import Catalog
from domain.port.conversation import UnclearInput
from domain.value.short_name import short_names


def titled(listed: Iterable[IncidentSummary], catalog: Catalog) -> tuple[IncidentSummary, ...]:
    """Incidents whose services are called as people call them; one that the catalog lost keeps its id."""
    titles = {name: service.title for name, service in catalog.services.items()}
    return tuple(one.model_copy(update={"service": titles.get(one.service, one.service)}) for one in listed)


class OnCall(NamedTuple):
    """Who is on call for a team, and until when by their shift; None where no shift says it."""

    team: str
    people: tuple[str, ...]
    until: datetime | None = None


class CompanyNames:
    """The company as people call it."""

    def __init__(self, company: Company, vendor: str) -> None:
        """`vendor` is the chat whose ids people are known by."""
        self._company, self._vendor = company, vendor

    def person(self, user: str) -> str:
        """Who somebody is: the catalog's id, or the chat's word for somebody the catalog does not know."""
        known = self._company.catalog.person_called(user)
        return known.id if known else f"{self._vendor}:{user}"

    def people(self) -> dict[str, str]:
        """How people are called, by id."""
        return {name: person.name for name, person in self._company.catalog.people.items()}

    def short(self) -> dict[str, str]:
        """The same where people read it: the first name, where it is nobody else's."""
        return short_names(self.people())

    def on_call(self, at: datetime) -> tuple[OnCall, ...]:
        """Who is on call at a moment, by team, and until when; a schedule is the pager's to know."""
        catalog = self._company.catalog
        first = self._company.policy.ladder[:1]
        levels = {
            team.name: team.levels[name] for team in catalog.teams.values() for name in first if name in team.levels
        }
        people = {
            team: tuple(catalog.short(one) for one in level.on_call(at) if one in catalog.people)
            for team, level in levels.items()
        }
        return tuple(OnCall(team, names, levels[team].until(at)) for team, names in people.items() if names)

    def titled(self, listed: Iterable[IncidentSummary]) -> tuple[IncidentSummary, ...]:
        """Incidents whose services are called as people call them."""
        return titled(listed, self._company.catalog)

    def fields(self, kind: str, fields: Mapping[str, str], severities: Iterable[str] = ()) -> dict[str, str]:
        """An act's fields in our names; `UnclearInput` for somebody to whom nothing can be handed over.

        `severities` are those of the incident's own policy, where it may know others than today's.
        """
        named = dict(fields)
        if to := fields.get("to"):
            known = self._company.catalog.person_called(to)
            if not known and kind == "offer_role":
                advice = f"mention the person with @, or set people.<id>.{self._vendor} in the catalog"
                raise UnclearInput({"to": f"found {to!r}, whom the catalog does not know: {advice}"})
            named["to"] = known.id if known else to
        if severity := fields.get("severity"):
            named["severity"] = severity_called(severity, [*severities] or self._company.policy.severities)
        return named

    def service(self, word: str) -> str:
        """The catalog's service that somebody means; empty when there is none."""
        return service_called(word, self._company.catalog)


def severity_called(word: str, severities: Iterable[str]) -> str:
    """The severity of this number: "P1" is SEV1 where severities are called so."""
    known = tuple(severities)
    if word in known:
        return word
    same = [name for name in known if name[-1:] == word[-1:]]
    return same[0] if same else word


def service_called(word: str, catalog: Catalog) -> str:
    """The catalog's service that somebody means; empty when there is none."""
    known = catalog.service_called(word) if word else None
    return known.name if known else ""
