"""DET-7: an incident that is none of ours is closed as such; what would be lost by it is settled first."""

from typing import Annotated, get_args

from domain.company.policy import Policy
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import ENDS
from domain.incident.relation import How, Merged, Retracted
from domain.procedure.data_breach import is_settled, must_answer
from domain.procedure.public_update import UpdateApproved, next_number
from domain.procedure.public_words import filled
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct
from domain.rule.clause import Clause
from domain.rule.explain import rights
from domain.rule.judge import was_done
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.model import LongText


class CloseAs(IncidentAct):
    """It is no incident of ours: a false alarm, a duplicate, or somebody else's; it closes with the reason (DET-7)."""

    deed = "close an incident as none"
    makes = (Retracted,)
    label, form_title, verb = "Call it nothing", "It is no incident", "close-as"
    allowed_as = "resolve"
    phases = FOUGHT
    how: Annotated[How, Ask("What is it?", options=tuple((word, ENDS[word].capitalize()) for word in get_args(How)))]
    reason: Annotated[LongText, Ask("How do you know?", "text", example="the load test of this morning")]

    def decide(self, incident: Incident) -> Decision:
        """DET-7: the page is taken back, nothing is owed for it, and no figure counts it."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed already")
        why = unsettled(incident)
        return Refusal(why) if why else (Retracted(how=self.how, reason=self.reason),)


def unsettled(incident: Incident, *, merged: bool = False) -> str:
    """What would be lost if the incident were none, or were merged; empty when nothing would."""
    breach = incident.learning.breach
    goes_on = merged and incident.policy.learn.one_checkpoint and must_answer(incident)
    if (incident.secret or (breach and breach.breach)) and not (goes_on or is_settled(incident)):
        return f"{incident.id} has its breach checkpoint to pass first (SCP-3, GDP-2)"
    waiting = [change.number for change in incident.changes.values() if change.waits]
    if waiting:
        return f"change {waiting[0]} of {incident.id} still waits for its authorisation (FIX-2)"
    if incident.work.left:
        return f"{incident.id} has an open task: {incident.work.left[0].title}; finish or drop it first (WAR-8)"
    left = [item.title for item in incident.items.values() if item.state == "open"]
    return f"{incident.id} has an open action item: {left[0]}; close it first (ACT-2)" if left else ""


def settle(incident: Incident) -> tuple[Fact, ...]:
    """DET-7: what customers have read of an incident that is none is taken back, in words of the policy."""
    said = any(update.status == "resolved" and update.approved_at for update in incident.updates.values())
    if not incident.retracted or not _is_shown(incident) or said:
        return ()
    body = filled(incident, incident.policy.updates.retraction(incident.closed_reason))
    return (UpdateApproved(clause="DET-7", number=next_number(incident), status="resolved", body=body),)


def _is_shown(incident: Incident) -> bool:
    """Whether the page shows it, or what it took in and nobody else has now."""
    took = any(taken.components for taken in incident.relations.taken_in.values())
    handed_on = any(merged.on_page for _, merged in incident.all(Merged))
    return bool(incident.status_ref) or (took and not handed_on)


def _judged(incident: Incident) -> bool | None:
    """Met where it was told to all of them, and every page of one that is none was taken back."""
    if incident.retracted:
        return not incident.pages or was_done(incident, "resolve_pages")
    return bool(incident.relations.taken_in or incident.relations.links or incident.corrections.moves) or None


def _explain(policy: Policy) -> list[str]:
    return [
        "Anyone may merge an incident into another, or link the two; merging ends this one once the other has it.",
        *rights(CloseAs)(policy),
        "Anyone may correct its service, team or title; another team is paged from its first level.",
        "Its pages and its entry on the status page are taken back, nothing is owed for it, and no figure counts it.",
    ]


DET_7 = Clause(
    "DET-7",
    "An incident that turns out to be another's, a false alarm or not ours is merged, linked or closed as "
    "such with a reason; its alerts, pages and people follow, and figures count it once.",
    still=True,
    judged_by="told to the others, and every page taken back",
    judge=_judged,
    explain=_explain,
)
RULES = Ruleset(clauses=(DET_7,), settle=settle)
