"""COM-3: updates are drafted, edited, approved and withdrawn by people; each text is approved as it was read."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from domain.company.component_state import written
from domain.company.status_template import STATUSES, UpdateStatus
from domain.incident.entry import Update
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.status_page import PublishUpdate
from domain.procedure.final_update import is_said
from domain.procedure.mail_draft import MailApproved, with_update
from domain.procedure.page_components import ASK, said_states, shown_states
from domain.procedure.public_update import (
    UpdateApproved,
    UpdateDrafted,
    UpdateDropped,
    fits,
    fresh_status,
    is_held_back,
    is_overtaken,
    next_number,
    on_page,
    on_the_page,
    outbox,
    pending,
)
from domain.procedure.public_words import not_public
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, happened
from domain.rule.explain import allowing, customers, rights
from domain.rule.refusal import Refusal, settled
from domain.rule.ruleset import Ruleset
from domain.value.kind import kind_of
from domain.value.line import Line, Names
from domain.value.model import ClauseId, LongText, ShortText, unsaid

READ = "What is affected, what you do about it, when you will write again."
HELD_BACK = (
    "it was marked as a security incident after that was written: say first whether customers are to be told (SCP-3)"
)
NOT_BY_HAND = "the final update is drafted when the incident is resolved: resolve it (COM-6)"


class UpdatePosted(Fact):
    """Somebody put an approved update on the page by hand (COM-3)."""

    told, sign_of_life = True, True
    clause: ClauseId = "COM-3"
    number: int
    url: str

    @property
    def place(self) -> str:
        return f"update/{self.number}"

    def apply(self, incident: Incident, event: Event) -> None:
        """It is on the page; where the page's incident is not known yet, its address names it."""
        update = incident.updates[self.number]
        update.published_at, update.dropped_at, update.shown = event.at, None, shown_states(incident, update)
        incident.status_ref = incident.status_ref or self.url.rstrip("/").rpartition("/")[2]
        incident.status_url = incident.status_url or self.url

    def line(self, names: Names) -> Line:
        return Line(f"posted status page update {self.number} by hand", url=self.url)


class DraftUpdate(IncidentAct):
    """A status page update, written and waiting for approval (COM-3)."""

    makes = (UpdateDrafted,)
    label, verb = "Write to customers", "update draft"
    submit = "Ask for approval"
    object, published = "body", True
    phases = ("active",)
    status: Annotated[UpdateStatus | None, Ask("State shown to customers", options=STATUSES, optional=False)] = None
    body: Annotated[LongText, Ask("What customers read", "text", READ)]
    components: Annotated[LongText | None, BeforeValidator(written), ASK] = None

    def decide(self, incident: Incident) -> Decision:
        """COM-3: anybody may write; it waits for approval, as a text of its own."""
        status, said = self.status or fresh_status(incident), said_states(incident, self.components)
        refused = _out_of_place(incident, status)
        if refused:
            return refused
        if isinstance(said, Refusal):
            return said
        return (UpdateDrafted(number=next_number(incident), status=status, body=self.body, components=said),)


class ApproveUpdate(IncidentAct):
    """The comms lead approves a draft, edited or as it stands (COM-3). Without `number`, the newest draft."""

    deed = "approve an update"
    makes = (UpdateApproved, MailApproved)
    label, verb = "Publish the update", "update approve"
    submit = "Publish"
    object, published = "body", True
    typed = (Typed("update approve", arguments=(), names={"body": "text"}),)
    phases = ("active", "resolved")
    number: int | None = None
    mail: int | None = Field(default=None, exclude_if=unsaid)
    """The first mail to accounts, which was read in one with this (COM-5)."""
    status: Annotated[UpdateStatus | None, Ask("State shown to customers", options=STATUSES, optional=False)] = None
    body: Annotated[LongText | None, Ask("What customers read", "text", READ, optional=False)] = None
    components: Annotated[LongText | None, BeforeValidator(written), ASK] = None

    def decide(self, incident: Incident) -> Decision:
        """COM-3: what was read is approved; words of one's own need no draft, and take the place of what waits."""
        read = incident.updates.get(self.number) if self.number else pending(incident)
        if self.number and (read is None or _is_gone(incident, read)):
            return _not_as_read(incident, self.number)
        if read is None and self.body is None:
            return _nothing_waits(incident)
        status = self.status or (read.status if read else fresh_status(incident))
        body = self.body or (read.body if read else "")
        said = said_states(incident, self.components)
        refused = _out_of_place(incident, status) or not_public(incident, body)
        if refused:
            return refused
        if isinstance(said, Refusal):
            return said
        shown = said or (read.components if read else {})
        if read and read.approved_at and (read.status, read.body, read.components) == (status, body, shown):
            return settled(f"update {read.number} was approved by {incident.called(read.approved_by)} already")
        number = read.number if read and not read.approved_at else next_number(incident)
        corrects = read.number if read and read.approved_at else None
        approved = UpdateApproved(number=number, status=status, body=body, corrects=corrects, components=shown)
        return (approved, *self._mailed(incident))

    def _mailed(self, incident: Incident) -> tuple[MailApproved, ...]:
        """COM-5: the mail that waits, where it is the one that was read."""
        mail = with_update(incident)
        if not mail or mail.number != self.mail or not_public(incident, mail.subject, mail.body):
            return ()
        return (MailApproved(clause="COM-5", subject=mail.subject, body=mail.body, number=mail.number),)


class WithdrawUpdate(IncidentAct):
    """An update that is not on the page yet does not leave (COM-3). Without `number`, the newest one."""

    deed = "withdraw an update"
    makes = (UpdateDropped,)
    label, verb = "Withdraw the update", "update withdraw"
    in_menu = False
    there = "severity"
    because: Annotated[ShortText, Ask("Why does it not leave?", "line", example="why it is wrong")]
    number: int | None = None

    def decide(self, incident: Incident) -> Decision:
        """COM-3: a draft or an approved text is taken back; what customers have read is corrected by another update."""
        waiting = [*outbox(incident), *([draft] if (draft := pending(incident)) else [])]
        found = incident.updates.get(self.number) if self.number else max(waiting, key=_number, default=None)
        if found and found.published_at:
            return Refusal(f"update {found.number} is on the page; write another that corrects it")
        if found is None or found.dropped_at:
            return Refusal("no update waits that could be withdrawn")
        return (UpdateDropped(number=found.number, because=self.because),)


class PostByHand(IncidentAct):
    """Somebody has put an approved update on the page by hand; the link says where (COM-3)."""

    deed = "say that an update was posted by hand"
    makes = (UpdatePosted,)
    label, form_title, verb = "I posted it", "The update is posted", "update posted"
    in_menu = False
    there = "severity"
    url: Annotated[ShortText, Ask("Where it stands", "line", example="https://status.example.com/incidents/...")]
    number: int | None = None

    def decide(self, incident: Incident) -> Decision:
        """COM-3: what waits for the page is there; it is read back like every other."""
        waiting = outbox(incident)
        found = incident.updates.get(self.number) if self.number else waiting[-1] if waiting else None
        if not self.url.startswith(("https://", "http://")):
            return Refusal(f"url: found {self.url!r}, expected the link to the page")
        if found is None or not found.approved_at or found.published_at:
            return Refusal("no approved update waits for the page")
        return (UpdatePosted(number=found.number, url=self.url),)


def may_publish(incident: Incident, by: str, via: str) -> bool:
    """Whether somebody may publish what customers read, and the way that they came is proof enough of who it is."""
    allowed, ways = allowing(incident.policy, ApproveUpdate), incident.policy.proof.get(kind_of(ApproveUpdate), ())
    holds = "anyone" in allowed or by in (incident.holders.get(role) for role in allowed)
    return holds and (not ways or via in ways)


def _number(update: Update) -> int:
    return update.number


def _out_of_place(incident: Incident, status: UpdateStatus) -> Refusal | None:
    """Why no update of this state can be written now."""
    if incident.catalog.vendor("status_page", incident.service.name) == "none":
        return Refusal(f"no status page plays a part for {incident.service.title}; tell customers another way")
    if incident.closed_at:
        return Refusal(f"{incident.id} is closed; correct the page by hand")
    if incident.over and status != "resolved":
        return Refusal(f"{incident.id} is {incident.phase}; reopen it, or say what was resolved (COM-6)")
    return Refusal(NOT_BY_HAND) if status == "resolved" and not incident.over else None


def _is_gone(incident: Incident, update: Update) -> bool:
    """Whether this text cannot be approved any more: it left, was dropped, or another draft took its place."""
    newest = pending(incident)
    replaced = not update.approved_at and newest is not None and newest is not update
    overtaken = replaced or is_overtaken(incident, update) or is_held_back(incident, update)
    return bool(update.published_at or update.dropped_at or overtaken or not fits(incident, update))


def _nothing_waits(incident: Incident) -> Refusal:
    """The refusal of an approval where nothing waits for one."""
    if waiting := outbox(incident):
        return Refusal(f"update {waiting[-1].number} was approved and waits for the page; name it to change its words")
    if any(is_held_back(incident, one) and not one.published_at for one in incident.updates.values()):
        return Refusal(HELD_BACK)
    if on_page(incident) and not (is_said(incident) if incident.over else on_the_page(incident)):
        return Refusal("the draft is still being fetched from the status page; write one, or wait until it is here")
    newest = max(incident.updates.values(), key=_number, default=None)
    if newest is None or not newest.approved_by or newest.dropped_at:
        return Refusal("no draft waits for approval; write one first")
    return settled(
        f"update {newest.number} was approved by {incident.called(newest.approved_by)} already; no draft waits after it"
    )


def _not_as_read(incident: Incident, number: int) -> Refusal:
    """The refusal of an approval of what is not there as it was read, with what is there now."""
    update, newest = incident.updates.get(number), pending(incident)
    if update and update.approved_at and not update.dropped_at:
        return settled(f"update {number} was approved by {incident.called(update.approved_by)} already")
    if newest is None and (waiting := outbox(incident)):
        last = waiting[-1]
        said = f"update {last.number} ({last.status}) was approved and waits for the page: {last.body}"
        return settled(f"draft {number} does not wait any more; {said}")
    if newest is None:
        return _nothing_waits(incident)
    return Refusal(
        f"draft {number} does not wait any more; draft {newest.number} ({newest.status}) does: {newest.body}"
    )


COM_3 = Clause(
    "COM-3",
    "Updates are drafted from the status page's own templates, edited or approved by the comms lead in Slack or CLI.",
    judged_by="an update was approved",
    judge=happened(UpdateApproved, clause="COM-3"),
    constructed=True,
    explain=customers(rights(ApproveUpdate)),
)
RULES = Ruleset(
    clauses=(COM_3,),
    by_hand={PublishUpdate: lambda failed: (PostByHand.button(),)},
    wanted={PublishUpdate: UpdateApproved},
)
