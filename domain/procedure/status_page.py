"""COM: what customers are told, when, and who approves it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from domain.company.policy import Policy
from domain.company.status_template import STATUSES, UpdateStatus
from domain.incident.clock import Clock
from domain.incident.entry import Update
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.message import Message
from domain.procedure.findings import FindingPosted
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import ON_PAGE, Clause, Promise, happened
from domain.rule.explain import customers, rights
from domain.rule.judge import was_done
from domain.rule.people import comms
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import cycled, nth, promised, spells, wait_chain
from domain.value.key import ClockKey
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Text

READ = "What is affected, what you do about it, when you will write again."


class UpdateDrafted(Fact):
    """A status page update waits for approval (COM-3)."""

    told, sign_of_life, minor = True, True, True
    kind: Literal["update_drafted"] = "update_drafted"
    clause: ClauseId = "COM-3"
    number: int
    status: UpdateStatus
    body: str

    def apply(self, incident: Incident, event: Event) -> None:
        """A draft takes the place of the one of its number."""
        incident.updates[self.number] = Update(self.number, self.status, self.body, event.at)

    def line(self, names: Names) -> Line:
        """What waits for approval."""
        return Line(f"status page update {self.number} drafted ({self.status})", self.body, alone=True)


class UpdateApproved(Fact):
    """A status page update may be published (COM-3, COM-4, COM-6)."""

    sign_of_life = True
    step = "approved the first status page update"
    kind: Literal["update_approved"] = "update_approved"
    clause: ClauseId = "COM-3"
    number: int
    status: UpdateStatus
    body: str

    def apply(self, incident: Incident, event: Event) -> None:
        """What was approved is what will be published."""
        before = incident.updates.get(self.number)
        drafted_at = before.drafted_at if before else event.at
        incident.updates[self.number] = Update(self.number, self.status, self.body, drafted_at, event.at, event.by)

    def line(self, names: Names) -> Line:
        """What may be published."""
        return Line(f"approved status page update {self.number} ({self.status})", self.body)


class DraftUpdate(IncidentAct):
    """A status page update, written and waiting for approval (COM-3)."""

    makes = (UpdateDrafted,)
    label, form_title, verb = "Draft update", "Draft an update", "update draft"
    object, published = "body", True
    kind: Literal["draft_update"] = "draft_update"
    status: Annotated[UpdateStatus, Ask("State shown to customers", options=STATUSES, optional=False)] = "investigating"
    body: Annotated[Text, Ask("What customers read", "text", READ)]

    def decide(self, incident: Incident) -> Decision:
        """COM-3: anybody may write; it waits for approval."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; the final update has been written from its summary")
        if self.status == "resolved":
            return Refusal(NOT_BY_HAND)
        waiting = pending(incident)
        number = waiting.number if waiting else len(incident.updates) + 1
        return (UpdateDrafted(number=number, status=self.status, body=self.body),)


class ApproveUpdate(IncidentAct):
    """The comms lead approves a draft, edited or as it stands (COM-3). Without `number`, the newest draft."""

    deed = "approve an update"
    makes = (UpdateApproved,)
    label, form_title, verb = "Approve update", "Approve the update", "update approve"
    object, published = "body", True
    typed = (Typed("update approve", arguments=(), names={"body": "text"}),)
    kind: Literal["approve_update"] = "approve_update"
    number: int | None = None
    status: Annotated[UpdateStatus | None, Ask("State shown to customers", options=STATUSES, optional=False)] = None
    body: Annotated[Text | None, Ask("What customers read", "text", READ, optional=False)] = None

    def decide(self, incident: Incident) -> Decision:
        """COM-3: the newest draft, or the one named, edited or as it stands; each is approved once."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; the final update has been written from its summary")
        update = incident.updates.get(self.number) if self.number else pending(incident)
        if self.status == "resolved":
            return Refusal(NOT_BY_HAND)
        if incident.catalog.vendor("status_page", incident.service.name) == "none":
            return Refusal(f"no status page plays a part for {incident.service.title}; tell customers another way")
        if update is None:
            return Refusal("no draft waits for approval; write one first")
        if update.approved_at:
            return Refusal(f"update {update.number} was approved by {incident.called(update.approved_by)} already")
        status = self.status or update.status
        return (UpdateApproved(number=update.number, status=status, body=self.body or update.body),)


NOT_BY_HAND = "the final update is written from the summary: resolve the incident (COM-6)"


def pending(incident: Incident) -> Update | None:
    """The newest draft that waits for approval."""
    waiting = [update for update in incident.updates.values() if not update.approved_at]
    return waiting[-1] if waiting else None


def published(incident: Incident) -> list[datetime]:
    """When the status page was updated."""
    return sorted(update.published_at for update in incident.updates.values() if update.published_at)


def has_page(incident: Incident) -> bool:
    """Whether customers are told by the clock: there is a page, and the incident is no secret (SCP-3)."""
    return incident.catalog.vendor("status_page", incident.service.name) != "none" and not incident.secret


def on_page(incident: Incident) -> bool:
    """Whether customers must be told: a severity asks for it, or the page shows the incident already."""
    return has_page(incident) and bool(incident.since("status_page") or incident.status_ref)


def clocks(incident: Incident) -> Iterator[Clock]:
    """COM-1 from the declaration, COM-2 from each update, COM-7 from time to time while it is active."""
    posts = published(incident)
    for number, (since, until) in enumerate(incident.runs("status_page") if has_page(incident) else ()):
        first = next((at for at in posts if at >= since and (until is None or at < until)), None)
        runs = (nth(number, "s"),)
        yield from promised(incident, COM_1, start=since, stop=first, until=until, runs=runs)
        yield from cycled(incident, COM_2, since=first, marks=posts, until=until, runs=runs)
    for number, (begin, end) in enumerate(spells(incident, posts[0] if posts else None)):
        yield from wait_chain(incident, COM_7, start=begin, until=end, runs=(nth(number),))


def rings(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """COM-4: at the first passing of a deadline the policy may post the pre-approved holding statement."""
    if key.clause not in (COM_1.id, COM_2.id) or incident.policy.updates.on_miss != "holding":
        return ()
    first_at = incident.missed[key][1] if key in incident.missed else None
    if first_at != incident.events[-1].at or any(
        u.approved_at and not u.published_at for u in incident.updates.values()
    ):
        return ()
    number = max(incident.updates, default=0) + 1
    body = filled(incident, incident.policy.updates.holding)
    return (UpdateApproved(clause="COM-4", number=number, status=fresh_status(incident), body=body),)


def settle(incident: Incident) -> tuple[Fact, ...]:
    """COM-6: the final update carries the summary."""
    ended = incident.resolved_at
    final = [u for u in incident.updates.values() if u.status == "resolved" and u.approved_at and ended]
    said = ended and any((u.approved_at or ended) >= ended for u in final)
    if not ended or incident.closed_at or not on_page(incident) or said:
        return ()
    body = filled(incident, incident.policy.updates.draft("resolved"))
    number = max(incident.updates, default=0) + 1
    return (UpdateApproved(clause="COM-6", number=number, status="resolved", body=body),)


def filled(incident: Incident, template: str) -> str:
    """A template with what is known of the incident filled in."""
    values = {"service": incident.service.title, "summary": str(incident.summary), "id": incident.id}
    text = template
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text[:3000]


def fresh_status(incident: Incident) -> UpdateStatus:
    """What a fresh draft says: identified once there are findings."""
    return "identified" if incident.moments(FindingPosted) else "investigating"


def _tell_draft(incident: Incident, event: Event, draft: UpdateDrafted) -> Message:
    number = str(draft.number)
    yes = ApproveUpdate.button("Approve", "primary", asks=False, number=number)
    edit = ApproveUpdate.button("Edit", asks=True, number=number, status=draft.status, body=draft.body)
    text = f"COM-3 draft {number} for the status page ({draft.status}):\n{draft.body}"
    return Message(text=text, to=comms(incident), buttons=(yes, edit))


def _misses_said(incident: Incident) -> bool | None:
    due = [key for key in (*incident.reminded, *incident.missed) if key.startswith(("COM-1", "COM-2"))]
    return True if due else None


def _final_update(incident: Incident) -> bool | None:
    if not incident.resolutions or not incident.status_ref:
        return None
    return any(update.status == "resolved" and update.published_at for update in incident.updates.values())


def _was_read_back(incident: Incident) -> bool | None:
    checks = any(key.startswith("COM-7/") for key in incident.rung)
    return was_done(incident, "read/") if checks else None


def _explain_miss(policy: Policy) -> list[str]:
    if policy.updates.on_miss == "holding":
        return ["A missed status page update posts the pre-approved holding statement by itself."]
    return ["A missed status page update is chased until a person approves one; nothing is posted by itself."]


COM_1 = Clause(
    "COM-1",
    "First status page update within 10 minutes of a P1/P2 declaration.",
    promise=Promise(
        "publish the first status page update",
        counted_from="the declaration of a severity that customers are told of",
        asked_by=ON_PAGE,
        kept_by=ApproveUpdate,
        answers=lambda key: (ApproveUpdate.button(style="primary"),),
    ),
    judged_by="its clock, for a severity that customers are told of",
)
COM_2 = Clause(
    "COM-2",
    "Another at least every 30 minutes while it is active; an update resets that clock.",
    promise=Promise(
        "publish the next status page update",
        counted_from="the first update, and again from each one published",
        asked_by=ON_PAGE,
        kept_by=ApproveUpdate,
        repeats=True,
        started_by="COM-1",
        due_before=("RES-2", "the target to resolve is over"),
        answers=lambda key: (ApproveUpdate.button(style="primary"),),
    ),
    judged_by="its clocks, one from each update to the next",
)
COM_3 = Clause(
    "COM-3",
    "Updates are drafted from the status page's own templates, edited or approved by the comms lead in Slack or CLI.",
    judged_by="an update was approved",
    judge=happened(UpdateApproved, clause="COM-3"),
    explain=customers(rights(ApproveUpdate)),
)
COM_4 = Clause(
    "COM-4",
    "Before a deadline the comms lead is reminded; at the deadline the commander is told; past it the "
    "policy decides: keep nagging, or post the pre-approved holding statement. A miss is recorded "
    "whatever happens.",
    judged_by="a reminder or a miss of COM-1 or COM-2 was recorded when it was due",
    judge=_misses_said,
    explain=customers(_explain_miss),
)
COM_6 = Clause(
    "COM-6",
    "The final resolution update carries a summary of what happened.",
    still=True,
    judged_by="the final update is published",
    judge=_final_update,
    explain=customers(lambda policy: ["The final update carries the summary of the resolution."]),
)
COM_7 = Clause(
    "COM-7",
    "The status page is a contractual record: what it shows is compared with the incident's state while "
    "it is active, and a difference is reported.",
    promise=Promise(
        "compare the status page",
        counted_from="the first update, and again and again while it is open",
        asked_by=ON_PAGE,
        explained_as="compare the status page with the incident",
    ),
    still=True,
    judged_by="the page was read back when that was due",
    judge=_was_read_back,
)
RULES = Ruleset(
    clauses=(COM_1, COM_2, COM_3, COM_4, COM_6, COM_7),
    clocks=clocks,
    expired=rings,
    settle=settle,
    tell={UpdateDrafted: _tell_draft},
)
