"""COM-6: the last words are drafted for customers, approved by comms, and neutral where nobody approves them."""

from collections.abc import Iterator

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.entry import STANDFAST, Update
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.procedure.public_update import UpdateApproved, UpdateDrafted, fits, next_number, on_page
from domain.procedure.public_words import filled, not_public
from domain.rule.clause import Clause
from domain.rule.explain import customers
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.key import ClockKey
from domain.value.model import spoken


def clocks(incident: Incident) -> Iterator[Clock]:
    """The wait for an approval of the last words, after each resolution that customers are to read of."""
    started_at = incident.resolved_at
    if not started_at or not on_page(incident):
        return
    key, final = ClockKey.of(COM_6.id, str(len(incident.resolutions))), approved(incident)
    rang_at, due_at = incident.rung.get(key), started_at + incident.policy.updates.final_within
    stop, says = rang_at or (final.approved_at if final else None), "wait for the final update's approval"
    yield Clock(
        COM_6.id, key, says, STANDFAST, started_at, due_at, stop, void=rang_at is None and stop is not None, wait=True
    )


def approved(incident: Incident) -> Update | None:
    """The last words of this end, once they are approved."""
    found = (one for one in incident.updates.values() if one.approved_at and not one.dropped_at and fits(incident, one))
    return next((update for update in found if update.status == "resolved"), None)


def is_said(incident: Incident) -> bool:
    """Whether nothing is left to say to customers of the end."""
    return not on_page(incident) or approved(incident) is not None


def told(incident: Incident, body: str, approved: bool) -> UpdateApproved | UpdateDrafted | Refusal:
    """The last words as whoever resolves it wrote them; the draft where others are to approve what customers read."""
    number, kind = next_number(incident), UpdateApproved if approved else UpdateDrafted
    return not_public(incident, body) or kind(clause=COM_6.id, number=number, status="resolved", body=body)


def neutral(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """When nobody has approved the last words in time, the policy's neutral ones leave."""
    if key.clause != COM_6.id or not incident.over or is_said(incident):
        return ()
    body = filled(incident, incident.policy.updates.final)
    return (UpdateApproved(clause=COM_6.id, number=next_number(incident), status="resolved", body=body),)


def _final_update(incident: Incident) -> bool | None:
    if not incident.resolutions or not on_page(incident):
        return None
    return any(update.status == "resolved" and update.published_at for update in incident.updates.values())


def _explain(policy: Policy) -> list[str]:
    within = spoken(policy.updates.final_within)
    return [
        f"The final update is drafted at the resolution; unapproved after {within}, the policy's neutral words leave."
    ]


COM_6 = Clause(
    "COM-6",
    "The final resolution update carries a summary of what happened.",
    still=True,
    judged_by="the final update is published",
    judge=_final_update,
    explain=customers(_explain),
)
RULES = Ruleset(clauses=(COM_6,), clocks=clocks, expired=neutral)
