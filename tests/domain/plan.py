"""A made-up clause, WAR-99, as the whole of what a file of the procedure is: the commander states the plan of a P1."""

from collections.abc import Iterator
from typing import Annotated

from domain.incident.clock import Clock
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.clause import Clause, Promise, always, happened
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, promised
from domain.value.line import Line, Names
from domain.value.model import ClauseId, LongText


class PlanStated(Fact):
    """How it is going to be mended (WAR-99)."""

    told, sign_of_life, long = True, True, True
    clause: ClauseId = "WAR-99"
    plan: str

    def line(self, names: Names) -> Line:
        """The plan, in the commander's words."""
        return Line("stated the plan", self.plan)


class StatePlan(IncidentAct):
    """The commander says how it is going to be mended (WAR-99)."""

    makes = (PlanStated,)
    label, verb, offered_in, usually = "State the plan", "plan", ("active",), "commander"
    plan: Annotated[LongText, Ask("What is the plan?", example="what you are going to do")]

    def decide(self, incident: Incident) -> Decision:
        """While it is fought; a later plan replaces it."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; reopen it first")
        return (PlanStated(plan=self.plan),)


WAR_99 = Clause(
    "WAR-99",
    "The commander states the plan within 20 minutes of a P1.",
    promise=Promise(
        "state the plan",
        counted_from="the declaration of a severity that has a time for it",
        asked_by=always("every declaration starts it"),
        kept_by=StatePlan,
        optional=True,
    ),
    judged_by="its clock, or a plan that was stated without one",
    judge=happened(PlanStated),
)


def clocks(incident: Incident) -> Iterator[Clock]:
    """From the declaration; the first plan after it keeps it."""
    stated = incident.moments(PlanStated)
    for number, (since, until) in enumerate(incident.runs("war_room")):
        stop = next((at for at in stated if at >= since), None)
        yield from promised(incident, WAR_99, start=since, stop=stop, until=until, runs=(nth(number, "s"),))


RULES = Ruleset(clauses=(WAR_99,), clocks=clocks)
