"""That a rule of ours failed."""

from typing import TYPE_CHECKING

from domain.incident.fact import Fact
from domain.value.line import Line, Names
from domain.value.model import ClauseId

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class Faulted(Fact):
    """A rule of ours failed and is passed over until a release mends it; everything else goes on."""

    told = True
    minor = True
    clause: ClauseId = "SOC-1"
    where: str
    said: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.faults.noted[self.where] = self.said

    def line(self, names: Names) -> Line:
        return Line(f"could not go by its own rule: {self.where}", self.said, "bad")
