"""What was refused, and under which policy the incident goes on (SOC-1)."""

from typing import TYPE_CHECKING, Literal

from domain.company.policy import Policy
from domain.incident.fact import Fact
from domain.value.model import ClauseId

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class PolicyAdopted(Fact):
    """A later policy reached this incident by a recorded act."""

    kind: Literal["policy_adopted"] = "policy_adopted"
    clause: ClauseId = "SOC-1"
    policy: Policy

    def apply(self, incident: "Incident", event: "Event") -> None:
        """From now on this policy."""
        incident.policy = self.policy


class Refused(Fact):
    """An act was refused, for a reason."""

    long = True
    kind: Literal["refused"] = "refused"
    clause: ClauseId = "SOC-1"
    act: str
    reason: str
