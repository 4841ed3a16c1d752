"""COM-8: the public post-mortem from its draft to its approval; whoever approves a number approves what it says."""

from datetime import datetime
from typing import Annotated

from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.procedure.disclosure import has_vendor
from domain.procedure.postmortem import completed_at, is_owed
from domain.procedure.public_update import published
from domain.procedure.public_words import not_public
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.refusal import Refusal, settled
from domain.value.line import Line, Names
from domain.value.model import ClauseId, LongText, ShortText

COM_8_ID = "COM-8"
READ = "What failed, what customers noticed, why, and what you change so that it does not happen again."


class _OfPublicPostmortem(Fact, abstract=True):
    """What becomes of a text stands in the place of its draft (COM-8)."""

    told, minor = True, True
    clause: ClauseId = COM_8_ID
    number: int

    @property
    def place(self) -> str:
        return f"public_postmortem/{self.number}"


class PublicPostmortemDrafted(_OfPublicPostmortem):
    """A public post-mortem waits for approval (COM-8)."""

    asks = True
    body: str

    def line(self, names: Names) -> Line:
        return Line(f"public post-mortem {self.number} drafted", self.body, alone=True)


class PublicPostmortemApproved(_OfPublicPostmortem):
    """A public post-mortem may be posted (COM-8)."""

    step = "approved the public post-mortem"
    body: str

    def line(self, names: Names) -> Line:
        return Line(f"approved public post-mortem {self.number}", self.body)


class PublicPostmortemPosted(_OfPublicPostmortem):
    """Somebody posted the approved public post-mortem by hand (COM-8)."""

    url: str

    def line(self, names: Names) -> Line:
        return Line(f"posted public post-mortem {self.number} by hand", url=self.url)


class DraftPublicPostmortem(IncidentAct):
    """A public post-mortem in somebody's own words, waiting for approval (COM-8)."""

    makes = (PublicPostmortemDrafted,)
    label, form_title, verb = "Write public post-mortem", "Public post-mortem", "postmortem draft"
    submit = "Ask for approval"
    object, phases = "body", ("resolved",)
    body: Annotated[LongText, Ask("What customers read", "text", READ)]

    def decide(self, incident: Incident) -> Decision:
        """COM-8: anybody may write; it waits for approval, as a text of its own."""
        refused = _out_of_place(incident)
        return refused or (PublicPostmortemDrafted(number=next_number(incident), body=self.body),)


class ApprovePublicPostmortem(IncidentAct):
    """The drafted public post-mortem may be posted, edited or as it stands (COM-8). Without `number`, the newest."""

    deed = "approve the public post-mortem"
    makes = (PublicPostmortemApproved,)
    label, form_title, verb = "Publish the post-mortem", "Public post-mortem", "postmortem publish"
    submit = "Publish"
    object, in_menu, allowed_as, phases = "body", False, "approve_update", ("resolved",)
    typed = (Typed("postmortem publish", arguments=(), names={"body": "text"}),)
    there = "postmortem_completed_at"
    number: int | None = None
    body: Annotated[LongText | None, Ask("What customers read", "text", READ, optional=False)] = None

    def decide(self, incident: Incident) -> Decision:
        """COM-8: what was read is approved, or refused with what stands there now; it names nobody (COM-6)."""
        draft = waiting(incident)
        if self.number and (draft is None or draft.number != self.number):
            return _not_as_read(self.number, draft)
        if draft is None and self.body is None:
            return _nothing_waits(incident)
        body = self.body or (draft.body if draft else "")
        number = draft.number if draft else next_number(incident)
        refused = _out_of_place(incident) or not_public(incident, body)
        return refused or (PublicPostmortemApproved(number=number, body=body),)


class PostPublicPostmortem(IncidentAct):
    """Somebody has posted the approved public post-mortem by hand; the link says where (COM-8)."""

    deed = "say that the public post-mortem was posted by hand"
    makes = (PublicPostmortemPosted,)
    label, form_title, verb = "I posted it", "Post-mortem is posted", "postmortem posted"
    in_menu, allowed_as, phases = False, "post_by_hand", ("resolved",)
    there = "postmortem_completed_at"
    url: Annotated[ShortText, Ask("Where it stands", "line", example="https://status.example.com/incidents/...")]

    def decide(self, incident: Incident) -> Decision:
        """COM-8: what was approved is where customers read it."""
        if not self.url.startswith(("https://", "http://")):
            return Refusal(f"url: found {self.url!r}, expected the link to where customers read it")
        unposted = to_post(incident)
        if unposted is None:
            return Refusal("no approved public post-mortem waits to be posted")
        return (PublicPostmortemPosted(number=unposted.number, url=self.url),)


def has_entry(incident: Incident) -> bool:
    """Whether customers were told of it in public, so that they are owed an account; of a secret nobody is (SCP-3)."""
    asked = COM_8_ID in incident.policy.clocks and bool(incident.severities) and is_owed(incident)
    return asked and has_vendor(incident) and bool(published(incident)) and not incident.secret


def next_number(incident: Incident) -> int:
    """The number of the next text."""
    numbers = [one.number for _, one in incident.all(PublicPostmortemDrafted)]
    return max([*numbers, *(one.number for _, one in incident.all(PublicPostmortemApproved))], default=0) + 1


def waiting(incident: Incident) -> PublicPostmortemDrafted | None:
    """The newest draft, where it waits for an approval and speaks of the last end."""
    drafts = [(event.at, one) for event, one in incident.all(PublicPostmortemDrafted)]
    answered = max((one.number for _, one in incident.all(PublicPostmortemApproved)), default=0)
    if not drafts or incident.resolved_at is None or drafts[-1][0] < incident.resolved_at:
        return None
    return drafts[-1][1] if drafts[-1][1].number > answered else None


def to_post(incident: Incident) -> PublicPostmortemApproved | None:
    """What was approved last, while it stands nowhere yet and speaks of the last end."""
    approved = [(event.at, one) for event, one in incident.all(PublicPostmortemApproved)]
    by_hand = {one.number for _, one in incident.all(PublicPostmortemPosted)}
    if not approved or incident.secret:
        return None
    at, newest = approved[-1]
    stands = newest.number in by_hand or key(newest) in incident.done
    return None if stands or _is_of_an_earlier_end(incident, at) else newest


def _is_of_an_earlier_end(incident: Incident, at: datetime) -> bool:
    reopened = incident.policy.updates.account.of_last_end and incident.reopenings
    return bool(reopened) and at <= incident.reopenings[-1]


def key(approved: PublicPostmortemApproved) -> str:
    """The name of the effect that posts it."""
    return f"publish_postmortem/{approved.number}"


def posted(incident: Incident) -> list[datetime]:
    """When customers could read one, by the page or by hand."""
    by_page = [at for name, at in incident.done.items() if name.startswith("publish_postmortem/")]
    return sorted([*by_page, *incident.moments(PublicPostmortemPosted)])


def is_told_by(incident: Incident, completed: datetime) -> bool:
    """Whether customers had their account of this end already when its post-mortem was complete."""
    ended = max((at for at, *_ in incident.resolutions if at <= completed), default=None)
    if ended is None or not incident.policy.updates.account.of_last_end:
        return False
    return any(ended <= at <= completed for at in posted(incident))


def is_settled(incident: Incident) -> bool:
    """Whether nothing holds the incident open for it: the policy says whether the account is waited for."""
    completed = completed_at(incident)
    if not incident.policy.updates.account.holds_open or completed is None or not has_entry(incident):
        return True
    told = is_told_by(incident, completed) or any(at >= completed for at in posted(incident))
    return told or is_unseen(incident, completed) or COM_8_ID in incident.learning.waivers


def is_unseen(incident: Incident, completed: datetime) -> bool:
    """Whether the page had shown nothing of it when its post-mortem was complete: no clock asks for an account then."""
    shown = published(incident)
    return not shown or shown[0] > completed


def _out_of_place(incident: Incident) -> Refusal | None:
    """Why no public post-mortem can be written now."""
    if incident.closed_at:
        return Refusal(f"{incident.id} is closed; post it by hand")
    if incident.phase != "resolved":
        return Refusal(f"{incident.id} is {incident.phase}; what happened is told when it is resolved")
    if incident.secret:
        return Refusal("a security incident keeps its subject to itself (SCP-3)")
    if not published(incident):
        return Refusal("the status page has no entry of this incident; there is nothing to account for")
    return None


def _nothing_waits(incident: Incident) -> Refusal:
    approved = [(event.by, one.number) for event, one in incident.all(PublicPostmortemApproved)]
    if not approved:
        return Refusal("no public post-mortem waits for approval; write one first")
    by, number = approved[-1]
    return settled(f"public post-mortem {number} was approved by {incident.called(by)} already; none waits after it")


def _not_as_read(number: int, draft: PublicPostmortemDrafted | None) -> Refusal:
    if draft is None:
        return settled(f"public post-mortem {number} does not wait for approval any more")
    return settled(f"public post-mortem {number} does not wait any more; {draft.number} does: {draft.body}")
