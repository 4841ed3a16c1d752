"""Who holds which role (WAR-3), and how one becomes vacant (WAR-7)."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from domain.incident.fact import Fact
from domain.incident.tenure import end_offer, hold, offer, vacate
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Slug, unsaid

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class _OfOffer(Fact, abstract=True):
    """What becomes of the offer of a role stands in its place."""

    role: Slug

    @property
    def place(self) -> str:
        return f"offer/{self.role}"


class RoleTaken(_OfOffer):
    """A role has this holder from now on, and no other (WAR-3)."""

    told, sign_of_life = True, True
    clause: ClauseId = "WAR-3"
    person: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        hold(incident, self.role, self.person, event)

    def line(self, names: Names) -> Line:
        return Line(f"{names.person(self.person)} is {names.role(self.role)}", alone=True)


class RoleVacated(Fact):
    """Nobody holds a role any more: its holder was relieved, or has left the company (WAR-7)."""

    answered_by = (RoleTaken,)
    told, sign_of_life = True, True
    clause: ClauseId = "WAR-7"
    role: Slug
    person: str
    how: Literal["relieved", "left", "moved"]
    reason: str = ""
    seconded: str = Field(default="", exclude_if=unsaid)
    """Who had asked for it first, where it took two people."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        vacate(incident, self.role, event)

    def line(self, names: Names) -> Line:
        role, person = names.role(self.role), names.person(self.person)
        if self.how == "left":
            return Line(f"{person} has left; nobody is {role}", self.reason, "warn", alone=True)
        if self.how == "moved":
            return Line(f"{person} is let go; nobody is {role}", self.reason, "warn", alone=True)
        both = f", as {names.person(self.seconded)} had asked" if self.seconded else ""
        return Line(f"relieved {person} as {role}{both}", self.reason, "warn")


class RoleGivenUp(Fact):
    """The holder of a role gave it up; nobody holds it any more (WAR-7)."""

    answered_by = (RoleTaken,)
    told, sign_of_life = True, True
    clause: ClauseId = "WAR-7"
    role: Slug
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        vacate(incident, self.role, event)

    def line(self, names: Names) -> Line:
        return Line(f"gave up the role of {names.role(self.role)}", self.reason, "warn")


class RoleOffered(_OfOffer):
    """A role was offered and waits for acceptance (WAR-3)."""

    told = True
    minor = True
    asks = True
    clause: ClauseId = "WAR-3"
    to: Slug
    note: str = Field(default="", exclude_if=unsaid)
    """What whoever takes it should know."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        offer(incident, self.role, self.to, event, self.note)

    def line(self, names: Names) -> Line:
        return Line(f"offered {names.person(self.to)} the role of {names.role(self.role)}", self.note)


class OfferEnded(_OfOffer):
    """An offered role was not accepted: it was declined or taken back, or nobody answered in time (WAR-7)."""

    told = True
    minor = True
    clause: ClauseId = "WAR-7"
    to: Slug
    how: Literal["declined", "withdrawn", "lapsed"]
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        end_offer(incident, self.role, event.at, declined=self.how == "declined")

    def line(self, names: Names) -> Line:
        to, role = names.person(self.to), names.role(self.role)
        if self.how == "lapsed":
            return Line(f"the offer of {role} to {to} lapsed without an answer", tone="warn", alone=True)
        words = f"declined the role of {role}" if self.how == "declined" else f"took back the offer of {role} to {to}"
        return Line(words, self.reason, "warn")
