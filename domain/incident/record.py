"""What was refused, and under which policy the incident goes on (SOC-1)."""

from typing import TYPE_CHECKING

from pydantic import Field

from domain.company.policy import FrozenPolicy
from domain.incident.fact import Fact
from domain.value.line import Line, Names
from domain.value.model import ClauseId, unsaid

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class PolicyAdopted(Fact):
    """A later policy reached this incident by a recorded act."""

    minor = True
    clause: ClauseId = "SOC-1"
    policy: FrozenPolicy

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.policy = self.policy

    def line(self, names: Names) -> Line:
        return Line(f"adopted the policy {self.policy.name}")


class Refused(Fact):
    """An act was refused, for a reason."""

    long = True
    minor = True
    clause: ClauseId = "SOC-1"
    act: str
    reason: str
    words: str = Field(default="", exclude_if=unsaid)
    """What the act said: nobody's words are lost (WAR-6)."""
    unanswered: bool = Field(default=False, exclude_if=unsaid)
    """Nobody waits for the answer, and it was not said before: people are told of it."""
    heard: bool = Field(default=False, exclude_if=unsaid)
    """Whoever tried was there, and is known and proved; under a policy that counts it they were heard from."""

    settled: bool = Field(default=False, exclude_if=unsaid)
    """It was so already: a press that came late, and nobody's no."""

    def may_tell(self) -> bool:
        """Where whoever sent it hears nothing otherwise."""
        return self.unanswered

    def line(self, names: Names) -> Line:
        said = f" (they said: {self.words})" if self.words else ""
        if self.settled:
            return Line(f"came late with {self.act.replace('_', ' ')}", f"{self.reason}{said}", "quiet")
        return Line(f"was refused: {self.act.replace('_', ' ')}", f"{self.reason}{said}", "warn")


class BegunAnew(Fact):
    """The incident goes on from its list of events, because the engine had lost it or could not go on with it."""

    told = True
    minor = True
    clause: ClauseId = "SOC-1"
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """From now on an effect that is owed may have been done already: it is looked for first."""
        incident.begun_anew = True

    def line(self, names: Names) -> Line:
        return Line("began it anew from its list of events; its clocks ran on", self.reason, "warn")
