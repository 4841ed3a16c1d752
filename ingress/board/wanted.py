"""Which of the open incidents the board shows: what its reader searches for, kept in the address."""

from collections.abc import Iterable
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from domain.report.due import Due
from domain.value.model import Model
from ingress.board.names import BoardNames
from ingress.board.status import OpenIncident
from ingress.board.suppressed import SuppressedLine
from records.overview import OverviewSearch, SearchWord

LONGEST = 100
"""Characters of a search that are read."""
PHASES = ("alerting", "triage", "active", "resolved")


class SearchQuery(Model):
    """What is searched for; empty fields mean everything."""

    q: str = ""
    """Words of the id, the title, the service or who commands."""
    service: str = ""
    team: str = ""
    severity: str = ""
    phase: str = ""
    source: str = ""
    """Which vendor sent an alert."""
    person: str = ""
    """Who holds a role in it, or owes something of it."""

    @classmethod
    def read(cls, asked: QueryParams) -> "SearchQuery":
        """As the address has it."""
        return cls(**{name: asked.get(name, "").strip()[:LONGEST] for name in cls.model_fields})

    @property
    def address(self) -> str:
        """The part of the address that says it; empty where nothing is searched for."""
        said = {name: value for name, value in self if value}
        return f"?{urlencode(said)}" if said else ""

    def chosen(self, name: str, value: str) -> str:
        """The address of the same with this choice, or without it where it is made already."""
        return self.model_copy(update={name: "" if getattr(self, name) == value else value}).address or "?"

    @property
    def narrowed(self) -> bool:
        """Whether more than words is asked for."""
        return any(value for name, value in self if name != "q")

    @property
    def export(self) -> str:
        """The address of the same as a spreadsheet."""
        return f"{self.address or '?'}{'&' if self.address else ''}format=csv"

    def recorded(self, naming: BoardNames) -> OverviewSearch:
        """The same as the records are asked."""
        words = tuple(
            SearchWord(text=word, services=naming.services_with(word), people=naming.people_with(word))
            for word in self.q.casefold().split()
        )
        return OverviewSearch(
            words=words, **self.model_dump(include={"service", "team", "severity", "phase", "person"})
        )

    def suppressed(self, one: SuppressedLine, naming: BoardNames) -> bool:
        """Whether a suppressed alert is among those wanted, by what is shown of it."""
        words = " ".join([one.source, one.title, one.where, one.reason, naming.service(one.service)]).casefold()
        chosen = ((self.service, one.service), (self.source, one.source), (self.severity, one.severity))
        return all(not want or want == found for want, found in chosen) and all(
            word in words for word in self.q.casefold().split()
        )

    def holds(self, one: OpenIncident, naming: BoardNames) -> bool:
        """Whether an incident is among those wanted."""
        fields = (
            (self.service, one.service),
            (self.team, one.team),
            (self.severity, one.severity.rstrip("?")),
            (self.phase, one.phase),
        )
        if any(wanted and wanted != found for wanted, found in fields):
            return False
        commander = naming.person(one.commander)
        words = " ".join([one.id, one.title, one.service, naming.service(one.service), commander]).casefold()
        said = all(word in words for word in self.q.casefold().split())
        return said and (not self.person or self.person in _concerned(one))

    def owed(self, standing: Iterable[OpenIncident]) -> list[tuple[Due, OpenIncident]]:
        """What is due of these incidents, the fight before the follow-up; of a person alone where one is wanted."""
        dues = ((due, one) for one in standing for due in one.due or ())
        mine = [pair for pair in dues if not self.person or self.person in (pair[0].person, pair[0].owner)]
        return sorted(mine, key=lambda pair: (not pair[1].fought, *pair[0].order))


def _concerned(one: OpenIncident) -> set[str]:
    owing = {name for due in one.due or () for name in (due.person, due.owner) if name}
    return {*one.people.values(), one.commander, *owing}
