"""WAR-7: people change while an incident is open. A changed catalog reaches it by a recorded act."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from domain.company.catalog import Catalog, FrozenCatalog
from domain.incident.correction import brought, placed
from domain.incident.entry import Item
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.ringing import Unacknowledged
from domain.incident.roles import RoleTaken, RoleVacated
from domain.port.message import Message
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, ShortText, Slug, unsaid


class CatalogAdopted(Fact):
    """A changed catalog reached this incident by a recorded act (WAR-7)."""

    told = True
    minor = True
    clause: ClauseId = "WAR-7"
    catalog: FrozenCatalog
    left: tuple[Slug, ...] = Field(default=(), exclude_if=unsaid)
    """Who is not of the company any more."""
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        incident.adopted = self.catalog

    def line(self, names: Names) -> Line:
        left = f"; {names.people(self.left)} left" if self.left else ""
        return Line(f"adopted a changed catalog{left}", self.reason)


class ItemHandedOn(Fact):
    """An action item whose owner has left is somebody else's (ACT-2)."""

    told = True
    minor = True
    clause: ClauseId = "ACT-2"
    item: str
    title: str
    owner: Slug
    before: str

    def apply(self, incident: Incident, event: Event) -> None:
        item = incident.items[self.item]
        item.owner, item.changed = self.owner, item.changed + 1

    def line(self, names: Names) -> Line:
        words = f"action item of {names.person(self.before)} goes to {names.person(self.owner)}"
        return Line(words, self.title, alone=True)


def _several(value: Any) -> Any:
    """Names, as a list or in one line."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class AdoptCatalog(IncidentAct):
    """A changed catalog counts from now on; what somebody owes who has left goes to the team's manager (WAR-7)."""

    makes = (CatalogAdopted,)
    allowed_as = "waive_clause"
    deed = "adopt a changed catalog"
    label, form_title, verb = "Somebody has left", "Adopt a changed catalog", "adopt"
    submit = "Adopt it"
    typed = (Typed("adopt", without=("catalog",)),)
    reason: Annotated[ShortText, Ask("What has changed?", "line")]
    without: Annotated[tuple[str, ...], BeforeValidator(_several), Ask("Who has left?", "line", optional=True)] = ()
    catalog: Catalog | None = None
    """The company from now on; that of before where nothing is said."""

    def decide(self, incident: Incident) -> Decision:
        """WAR-7: the company from now on, with the roles and the action items of those who have left."""
        if incident.phase == "closed":
            return Refusal(f"{incident.id} is closed; nobody owes anything in it")
        leavers = {word: incident.catalog.person_called(word) for word in self.without}
        strangers = [word for word, person in leavers.items() if person is None]
        if strangers:
            return Refusal(f"without: found {strangers[0]!r}, expected {incident.catalog.nearest(strangers[0])}")
        known, service = incident.catalog.people, incident.service.name
        if self.catalog and service not in self.catalog.services:
            return Refusal(f"catalog: found no service {service!r}, expected the one of this incident")
        team = incident.corrections.team
        if self.catalog and team and team not in self.catalog.teams:
            return Refusal(f"catalog: found no team {team!r}, expected the one that this incident was corrected to")
        company = placed(self.catalog, service, team) if self.catalog else incident.catalog
        company = brought(incident, company) if self.catalog and incident.corrections.moves else company
        left = {name: known[name] for name in known if name not in company.people or known[name] in leavers.values()}
        company = company.without(left, incident.policy.ladder if incident.policy.paging.left_next else ())
        if not company.teams[company.services[service].team].managers:
            return Refusal("without: nobody of the team would be left; adopt a catalog that names who follows them")
        gone = tuple(name for name in left if not known[name].left)
        return (
            CatalogAdopted(catalog=company, left=gone, reason=self.reason),
            *_handed_on(incident, company, gone, self.reason, self.at or incident.events[-1].at),
        )


def handed_on_again(incident: Incident, item: Item) -> tuple[ItemHandedOn, ...]:
    """ACT-2: what after the close is owed again by somebody who has left, or was erased, is the team's manager's.

    Where nobody of the team is left it is another team's manager's, or anybody's of the company.
    """
    gone = {name: person for name, person in incident.catalog.people.items() if person.left}
    teams = incident.catalog.without(gone).teams
    managers = [name for team in (teams[incident.service.team], *teams.values()) for name in team.managers]
    heirs = managers or [name for name in incident.catalog.people if name not in gone]
    if not incident.closed_at or item.owner not in gone or not heirs:
        return ()
    return (ItemHandedOn(item=item.key, title=item.title, owner=heirs[0], before=item.owner),)


def _handed_on(
    incident: Incident, company: Catalog, gone: tuple[str, ...], reason: str, at: datetime
) -> Iterator[Fact]:
    """What those who have left held and owed: the roles are vacant, the manager's goes on, and so do the items."""
    managers, there = company.teams[company.services[incident.service.name].team].managers, incident.policy.absence
    manager = min(managers, key=lambda name: there.items_there and company.people[name].is_away(at))
    if _rings(incident, gone):
        yield Unacknowledged(reason=reason)
    for role, person in incident.holders.items():
        if person in gone:
            yield RoleVacated(role=role, person=person, how="left", reason=reason)
            if role == incident.policy.role("manager"):
                yield RoleTaken(role=role, person=manager)
    for item in incident.items.values():
        if item.state == "open" and item.owner in gone:
            yield ItemHandedOn(item=item.key, title=item.title, owner=manager, before=item.owner)


def _rings(incident: Incident, gone: tuple[str, ...]) -> bool:
    """Whether nobody is at it any more: who has left is on call in an incident that is fought (ACK-6)."""
    on_call = incident.holders.get(incident.policy.role("on_call"))
    at_it = incident.acknowledged_at and not incident.over
    return bool(incident.policy.paging.left_rings and at_it and on_call in gone)


def _tell_handed_on(incident: Incident, event: Event, handed: ItemHandedOn) -> Message:
    due, team = incident.items[handed.item].due_at, incident.catalog.teams[incident.service.team]
    text = f"ACT-2 {handed.title} is yours now, due {due:%d %b}: {incident.called(handed.before)} has left"
    if handed.owner not in team.everybody:
        text += f", and nobody of {team.name} is left"
    return Message(text=text, to=incident.people([handed.owner]))


RULES = Ruleset(tell={ItemHandedOn: _tell_handed_on})
