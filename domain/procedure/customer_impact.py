"""COM-1: whether customers feel it, where the service alone does not say so: an internal outage tells them nothing."""

from typing import Annotated

from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, LongText


class CustomersAffected(Fact):
    """Somebody said whether customers feel it (COM-1)."""

    told, sign_of_life = True, True
    clause: ClauseId = "COM-1"
    affected: bool
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        incident.outward.felt = (event.at, self.affected)

    def line(self, names: Names) -> Line:
        return Line(f"said that customers {'feel it' if self.affected else 'do not feel it'}", self.reason)


class SayCustomersAffected(IncidentAct):
    """Whether customers feel it: they are told by the status page from then on, or are not (COM-1)."""

    makes = (CustomersAffected,)
    label, form_title, verb = "Customers feel it", "Do customers feel it?", "update needed"
    submit = "Answer"
    in_menu, object = False, "reason"
    typed = (
        Typed("update needed", "Customers feel it: the status page tells them.", fixed={"affected": True}),
        Typed("update needless", "Customers do not feel it: the page stays silent.", fixed={"affected": False}),
    )
    affected: Annotated[bool, Ask("Do customers feel it?", optional=False)] = True
    reason: Annotated[LongText, Ask("How is that known?", "text", example="how that is known")]

    def decide(self, incident: Incident) -> Decision:
        """COM-1: the newest word counts; what the page shows already is brought to its end."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; nothing is left to be told by the clock")
        if incident.outward.felt and incident.outward.felt[1] == self.affected:
            return ()
        return (CustomersAffected(affected=self.affected, reason=self.reason),)


RULES = Ruleset()
"""Its clocks are those of COM-1 and COM-2."""
