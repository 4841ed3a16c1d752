"""COM-8: after a P1/P2 customers get an account: drafted from the post-mortem, approved, posted and chased."""

from collections.abc import Iterator

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.message import Message
from domain.port.notebook import ReadDocument
from domain.port.status_page import PublishPostmortem
from domain.procedure.disclosure import hidden_since
from domain.procedure.postmortem import completed_at
from domain.procedure.public_postmortem import (
    ApprovePublicPostmortem,
    PostPublicPostmortem,
    PublicPostmortemApproved,
    PublicPostmortemDrafted,
    has_entry,
    is_told_by,
    is_unseen,
    key,
    next_number,
    posted,
    to_post,
    waiting,
)
from domain.procedure.public_words import LONGEST, filled, named_in
from domain.procedure.resolution import is_followed_up
from domain.rule.clause import ON_PAGE, Clause, Promise
from domain.rule.deputies import comms
from domain.rule.explain import rights
from domain.rule.ruleset import Ruleset
from domain.rule.timer import earliest, lasting, nth


def clocks(incident: Incident) -> Iterator[Clock]:
    """From each completion of the post-mortem of what the page has shown; a reopening, or its end, ends the asking."""
    hidden = hidden_since(incident)
    for number, start in enumerate(incident.learning.completions):
        if (
            is_unseen(incident, start)
            or incident.retracted
            or (hidden and hidden <= start)
            or is_told_by(incident, start)
        ):
            continue
        reopened = next((at for at in incident.reopenings if at >= start), None)
        gone = earliest(earliest(reopened, hidden), incident.closed_at)
        stop = next((at for at in posted(incident) if at >= start), None)
        yield from lasting(incident, COM_8, start=start, stop=stop, gone=gone, runs=(nth(number),))


def _wants_draft(incident: Incident) -> bool:
    """Whether a draft is to be made: nobody wrote since the end, and something else is still to be done in it."""
    ended_at = incident.resolved_at
    if not ended_at or incident.closed_at or not completed_at(incident) or not has_entry(incident):
        return False
    written = any(at >= ended_at for at in incident.moments(PublicPostmortemDrafted)) or to_post(incident)
    if written or COM_8.id in incident.learning.waivers or any(at >= ended_at for at in posted(incident)):
        return False
    return incident.policy.updates.account.holds_open or not is_followed_up(incident)


def settle(incident: Incident) -> tuple[Fact, ...]:
    """The policy's words are the draft where no document can be asked."""
    if not _wants_draft(incident):
        return ()
    readable = incident.learning.document and incident.catalog.vendor("notebook", incident.service.name) != "none"
    return () if readable and _reading(incident).key not in incident.failures else _draft(incident, "")


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The customer part of the document is read for the draft; what was approved is posted."""
    if incident.learning.document and _wants_draft(incident):
        yield _reading(incident)
    approved = to_post(incident)
    if approved and not incident.closed_at:
        yield PublishPostmortem(
            key=key(approved),
            incident=incident.id,
            clause=COM_8.id,
            summary="post the public post-mortem",
            ref=incident.status_ref,
            body=approved.body,
        )


def _reading(incident: Incident) -> ReadDocument:
    return ReadDocument(
        key=f"read_document/{len(incident.learning.completions)}",
        incident=incident.id,
        clause=COM_8.id,
        summary="read what the post-mortem says for customers",
        ref=incident.learning.document,
        heading=incident.policy.updates.account.heading,
    )


def follow(incident: Incident, duty: AnyDuty, outcome: Outcome) -> tuple[Fact, ...]:
    """What the document says for customers is the draft, unless somebody has written meanwhile."""
    if duty.kind != "read_document" or not _wants_draft(incident):
        return ()
    return _draft(incident, outcome.text)


def _draft(incident: Incident, said: str) -> tuple[Fact, ...]:
    body = said.strip()[:LONGEST] or filled(incident, incident.policy.updates.account.draft)
    return (PublicPostmortemDrafted(number=next_number(incident), body=body),)


def tell_draft(incident: Incident, event: Event, draft: PublicPostmortemDrafted) -> Message:
    """The draft with its answers, each of which is about this very text."""
    number, current = str(draft.number), waiting(incident)
    yes = ApprovePublicPostmortem.button("Post it", "primary", asks=False, number=number)
    edit = ApprovePublicPostmortem.button("Edit", asks=True, number=number, body=draft.body)
    text = f"COM-8 May customers read this account of what happened? Nothing is posted yet:\n{draft.body}"
    named = ", ".join(person.name for person in named_in(incident, draft.body))
    warning = f"\nIt names {named}: customers are to read what happened, not who. Edit it." if named else ""
    buttons = () if current is None else (edit,) if named else (yes, edit)
    return Message(text=text + warning, to=comms(incident, event.at), buttons=buttons)


def _tell_posted(incident: Incident, event: Event, done: Done) -> Message:
    url = f" {done.outcome.url}" if done.outcome.url else ""
    return Message(text=f"COM-8 customers can read what happened:{url or ' it stands on the status page'}")


def _posted(incident: Incident) -> bool | None:
    if not incident.learning.completions or not has_entry(incident):
        return None
    return bool(posted(incident)) or None


def _explain(policy: Policy) -> list[str]:
    if COM_8.id not in policy.clocks:
        return ["No public post-mortem is asked for: the policy has no line for it."]
    held = "the incident stays open until then" if policy.updates.account.holds_open else "no incident waits for it"
    return [
        "When the post-mortem of an incident that the status page has shown is complete, an account for customers is"
        f" drafted from its part {policy.updates.account.heading!r}; it is posted when approved, and {held}.",
        *rights(ApprovePublicPostmortem)(policy),
    ]


COM_8 = Clause(
    "COM-8",
    "After a P1/P2 customers get an account of what happened, drafted from the post-mortem's customer part and "
    "approved by comms, where the page has a place for it.",
    promise=Promise(
        "post the public post-mortem",
        does="tells customers what happened",
        then="Customers read what happened",
        reminder="Customers are to read by {by} what happened, in {left}.",
        overdue="Customers were to read by {by} what happened.",
        counted_from="the completion of the post-mortem",
        asked_by=ON_PAGE,
        kept_by=ApprovePublicPostmortem,
        outlives=True,
        optional=True,
        answers=lambda key: (ApprovePublicPostmortem.button("Read and post it", "primary"),),
    ),
    still=True,
    judged_by="its clock, from the completion of the post-mortem to the post",
    judge=_posted,
    explain=_explain,
)
RULES = Ruleset(
    clauses=(COM_8,),
    clocks=clocks,
    duties=duties,
    settle=settle,
    done=follow,
    tell={PublicPostmortemDrafted: tell_draft, PublishPostmortem: _tell_posted},
    by_hand={PublishPostmortem: lambda failed: (PostPublicPostmortem.button(),)},
    wanted={PublishPostmortem: PublicPostmortemApproved},
)
