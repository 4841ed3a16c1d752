"""ACK-2, WAR-7: whom a page reached passes it on at once: nobody waits for five minutes for a no."""

from collections.abc import Iterator

from pydantic import Field

from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.procedure import page_by_hand, waking
from domain.procedure.ladder import LadderStep, steps
from domain.procedure.paging import known, on_call, vendor_paged
from domain.rule.act import FOUGHT, Decision, IncidentAct
from domain.rule.refusal import settled
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, unsaid


class PageDeclined(Fact):
    """Who was paged cannot look; what rings for them goes on to the next level (ACK-2)."""

    voice = False
    clause: ClauseId = "ACK-2"
    pages: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """What rang for them, and after which somebody comes."""

    def apply(self, incident: Incident, event: Event) -> None:
        """Their levels end now; the last one rings on."""
        for page in self.pages:
            incident.reach.declined.setdefault(page, event.at)

    def line(self, names: Names) -> Line:
        after = "the next is paged" if self.pages else "nobody comes after, so it rings on"
        return Line(f"cannot look; {after}", tone="warn")


class DeclinePage(IncidentAct):
    """ "I can't": whoever is paged has the next level paged at once (ACK-2)."""

    makes = (PageDeclined,)
    label, verb = "I can't, page the next", "decline"
    in_menu = False
    phases = FOUGHT

    def decide(self, incident: Incident) -> Decision:
        """ACK-2: every level that rings for them ends; the last rings on, for it never stops quietly."""
        mine = [step for step in ringing(incident) if self.by in reached(incident, step)]
        if incident.over or not mine:
            return settled("nothing rings for you now")
        return (PageDeclined(pages=tuple(step.name for step in mine if not step.last)),)


def ringing(incident: Incident) -> Iterator[LadderStep]:
    """The level that each running call has reached."""
    calls = (on_call(incident, len(incident.rounds) - 1), *page_by_hand.calls(incident), *waking.calls(incident))
    for call in calls:
        if call and call.until is None:
            yield steps(incident, call)[-1]


def reached(incident: Incident, step: LadderStep) -> tuple[str, ...]:
    """Whom a level wakes: those of the catalog, else whom the pager says it reached."""
    sent = incident.pages.get(step.name)
    return step.people or (known(incident, sent.people) if sent else vendor_paged(incident))


def may_pass_on(incident: Incident, page: str) -> bool:
    """Whether somebody comes after whom a page reached, which still rings."""
    asked = incident.policy.paging.passed_on
    return asked and any(step.name == page and not step.last for step in ringing(incident))


RULES = Ruleset()
