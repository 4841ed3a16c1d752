"""That the service, the team or the title of an incident is another one, and what was let go for it (DET-7)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, get_args

from pydantic import Field

from domain.company.catalog import Catalog, Link, VendorRole
from domain.incident.entry import Ringing
from domain.incident.fact import Fact
from domain.incident.pages import ringing_of, rings_on
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Slug, unsaid

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


@dataclass(frozen=True, slots=True)
class CorrectionSearch:
    """A correction that the company's catalog is to be asked for: by which event, of which service and team."""

    number: int
    service: str
    team: str


@dataclass(frozen=True, slots=True)
class PagesLeft:
    """Pages that are taken back while the incident goes on: which, by name, by which clause, and why."""

    names: tuple[str, ...]
    clause: ClauseId
    of: str
    """Whose they were, or of what."""
    reason: str = ""
    """Why, where it is not that the incident is another's."""


@dataclass(slots=True)
class Corrections:
    """What the incident is about by now, where that is not what it was opened for."""

    title: str = ""
    service: str = ""
    team: str = ""
    """The team that the incident is with, where that is not the service's own."""
    wanted: list[CorrectionSearch] = field(default_factory=list)
    """Every correction of service or team, in order."""
    answered: int = 0
    """How many of them were answered."""
    moves: int = 0
    """How many of them came true."""
    groups: list[str] = field(default_factory=list)
    """The groups of alerts that have had it, each but the last set it aside."""
    moved_at: list[datetime] = field(default_factory=list)
    """When each of them took it."""
    components: tuple[str, ...] = ()
    """What the public page may still show of the services of before."""
    read_as: str = ""
    """The name of a service of before, while customers have read of it under that one alone."""
    runbooks: tuple[Link, ...] | None = None
    """Those of the company for the service that it is by now."""
    released: dict[str, PagesLeft] = field(default_factory=dict)
    """The pages that are taken back, by the number of the correction or of the ringing that ended."""
    ringing: int = 0
    """The first ringing, counted from 0, whose pages still call somebody."""

    def books(self, ours: tuple[Link, ...]) -> tuple[Link, ...]:
        """The company's runbooks that fit; `ours` are those that fitted at the opening."""
        return ours if self.runbooks is None else self.runbooks

    def group(self, opened: str) -> str:
        """The group of alerts that it is of by now; `opened` is that of its opening."""
        return self.groups[-1] if self.groups else opened

    @property
    def waits(self) -> bool:
        """Whether the catalog is being asked."""
        return self.answered < len(self.wanted)

    def is_released(self, page: str) -> bool:
        """Whether a page was for somebody who was let go, also where it was under way by then."""
        return bool(page) and not rings_on(page) and ringing_of(page) < self.ringing


def ring_anew(incident: "Incident", at: datetime, about: str, **why: str) -> None:
    """What rang for the on-call engineer is taken back; whoever is needed from now on is called from the first level.

    `why` is what a `PagesLeft` says beside the pages.
    """
    corrections = incident.corrections
    gone = tuple(name for name in incident.pages if not rings_on(name) and not corrections.is_released(name))
    corrections.released[about] = PagesLeft(gone, **why)
    corrections.ringing = len(incident.rounds)
    incident.rounds.append(Ringing(at))


class Corrected(Fact):
    """A person says that the incident is another service's, another team's, or about something else (DET-7)."""

    sign_of_life = True
    clause: ClauseId = "DET-7"
    service: str = Field(default="", exclude_if=unsaid)
    team: str = Field(default="", exclude_if=unsaid)
    title: str = Field(default="", exclude_if=unsaid)
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The title counts at once; service and team once the catalog was asked."""
        incident.corrections.title = self.title or incident.corrections.title
        if self.service or self.team:
            incident.corrections.wanted.append(CorrectionSearch(event.number, self.service, self.team))

    def line(self, names: Names) -> Line:
        said = {"service": self.service, "team": self.team, "title": self.title}
        named = ", ".join(f"{name} {word}" for name, word in said.items() if word)
        return Line("corrected what it is about", f"{named}: {self.reason}")


class Reassigned(Fact):
    """The incident is another service's or team's from now on; where it rings, the right team is paged (DET-7)."""

    told = True
    clause: ClauseId = "DET-7"
    service: Slug
    team: Slug
    before: Slug
    """The service of before."""
    before_team: Slug
    rings: bool = False
    released: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """Who had it, or was paged for it, and is let go."""
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It rings from the first level of the right team; what rang for the wrong one is taken back."""
        if self.rings:
            about = str(incident.corrections.answered)
            ring_anew(incident, event.at, about, clause=self.clause, of="of the team that is let go")

    def line(self, names: Names) -> Line:
        where = f" of {self.team}" if self.team != self.before_team else ""
        return Line(f"it is {self.service}{where} from now on, not {self.before}", self.reason, "warn", alone=True)


class CorrectionRefused(Fact):
    """The company has no such service or team; the incident goes on as it was (DET-7)."""

    told = True
    minor = True
    clause: ClauseId = "DET-7"
    by: str
    """Who asked for it."""
    reason: str

    def line(self, names: Names) -> Line:
        return Line("it was not corrected", self.reason, "bad", alone=True)


class CorrectionAsked(Fact):
    """Somebody says so of what another has in hand; a second person who says it too corrects it (DET-7)."""

    answered_by = (Corrected, CorrectionRefused)
    told = True
    minor = True
    clause: ClauseId = "DET-7"
    service: str = Field(default="", exclude_if=unsaid)
    team: str = Field(default="", exclude_if=unsaid)
    reason: str

    def line(self, names: Names) -> Line:
        named = " ".join(word for word in (self.service, self.team) if word)
        return Line(f"asked to correct it to {named}", self.reason, "warn")


def brought(incident: "Incident", company: Catalog) -> Catalog:
    """The company from now on; of that of before stays who plays a vendor's part, and who was to be written to.

    What was begun at a vendor ends there; the pager alone is the right service's (DET-7, COM-5).
    """
    known, [service] = incident.catalog, company.services.values()
    stays = {role: known.vendor(role, incident.service.name) for role in get_args(VendorRole)}
    vendors = stays | {"pager": company.vendor("pager", service.name)}
    drafts = (incident.outward.mail_draft, *incident.outward.mails.values())
    written = {email for draft in drafts if draft for email in draft.accounts}
    ours = {account.email for account in company.accounts}
    accounts = (account for account in known.accounts if account.email in written - ours)
    services = {service.name: service.model_copy(update={"vendors": vendors})}
    return company.model_copy(update={"services": services, "accounts": (*company.accounts, *accounts)})


def placed(catalog: Catalog, service: str, team: str) -> Catalog:
    """The part of a company that an incident of this service needs, with another team where it is with one."""
    if not team:
        return catalog.slice(service)
    moved = catalog.services[service].model_copy(update={"team": team})
    return catalog.model_copy(update={"services": {**catalog.services, service: moved}}).slice(service)
