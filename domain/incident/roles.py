"""Who holds which role (WAR-3)."""

from typing import TYPE_CHECKING, Literal

from domain.incident.fact import Fact
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Word

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class RoleTaken(Fact):
    """A role has this holder from now on, and no other (WAR-3)."""

    told, sign_of_life = True, True
    kind: Literal["role_taken"] = "role_taken"
    clause: ClauseId = "WAR-3"
    role: Word
    person: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """One holder, since now."""
        incident.hold(self.role, self.person, event)

    def line(self, names: Names) -> Line:
        """Who holds it now."""
        return Line(f"{names.person(self.person)} is {names.role(self.role)}", alone=True)
