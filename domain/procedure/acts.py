"""What people and vendors do: the acts an incident can receive."""

from typing import Literal

from domain.company.status_template import UpdateStatus
from domain.value.act import Act
from domain.value.model import Line, Moment, Severity, Text, Word


class Acknowledge(Act):
    """ "I am investigating" (ACK-1)."""

    kind: Literal["acknowledge"] = "acknowledge"


class PageEscalated(Act):
    """The paging vendor has paged somebody else by itself (ACK-3); `people` in the vendor's or the catalog's names."""

    kind: Literal["page_escalated"] = "page_escalated"
    people: tuple[str, ...]


class PagePerson(Act):
    """Somebody is needed: a person of the catalog by any name, or a level of the ladder, is paged by hand (ACK-2)."""

    kind: Literal["page_person"] = "page_person"
    to: Line
    reason: str = ""


class Declare(Act):
    """The commander declares the severity (TRI-3); lower than proposed needs a reason and a second person (TRI-4)."""

    kind: Literal["declare"] = "declare"
    severity: Severity
    reason: str = ""


class TakeRole(Act):
    """A person takes a role that is vacant, or accepts one that was offered (WAR-3)."""

    kind: Literal["take_role"] = "take_role"
    role: Word


class OfferRole(Act):
    """The holder of a role offers it to somebody, who must accept (WAR-3)."""

    kind: Literal["offer_role"] = "offer_role"
    role: Word
    to: Word


class PostFinding(Act):
    """Findings from the investigation: conditions seen, actions under way, needs (WAR-4)."""

    kind: Literal["post_finding"] = "post_finding"
    conditions: Text
    actions: str = ""
    needs: str = ""


class DraftUpdate(Act):
    """A status page update, written and waiting for approval (COM-3)."""

    kind: Literal["draft_update"] = "draft_update"
    status: UpdateStatus = "investigating"
    body: Text


class ApproveUpdate(Act):
    """The comms lead approves a draft, edited or as it stands (COM-3). Without `number`, the newest draft."""

    kind: Literal["approve_update"] = "approve_update"
    number: int | None = None
    status: UpdateStatus | None = None
    body: Text | None = None


class ApproveMail(Act):
    """The drafted customer e-mail may go out, edited or as it stands (COM-5)."""

    kind: Literal["approve_mail"] = "approve_mail"
    subject: Line | None = None
    body: Text | None = None


class RecordChange(Act):
    """A rollback, config change or hotfix, the commander's decision (FIX-1); a bypass needs authorisation (FIX-2)."""

    kind: Literal["record_change"] = "record_change"
    change: Literal["rollback", "config", "hotfix"]
    description: Text
    bypass: bool = False


class AuthoriseChange(Act):
    """The engineering manager alone lets a change bypass the normal deployment (FIX-2), or does not."""

    kind: Literal["authorise_change"] = "authorise_change"
    number: int
    granted: bool = True
    reason: str = ""


class AnswerBreach(Act):
    """Was personal data breached? (SCP-3, GDP-1). `aware_at` starts the clock of GDP-2."""

    kind: Literal["answer_breach"] = "answer_breach"
    breach: bool
    reason: Text
    aware_at: Moment | None = None


class Note(Act):
    """Something for the timeline: a decision, a pinned message (WAR-6)."""

    kind: Literal["note"] = "note"
    text: Text
    url: str = ""


class Snooze(Act):
    """A clause's reminders keep quiet until a moment, for a reason; its deadline stays."""

    kind: Literal["snooze"] = "snooze"
    clause: str
    until: Moment
    reason: Line


class Resolve(Act):
    """The commander declares resolution, with the summary the final update carries (RES-1, COM-6)."""

    kind: Literal["resolve"] = "resolve"
    summary: Text


class Reopen(Act):
    """The resolved incident is not over (RES-3)."""

    kind: Literal["reopen"] = "reopen"
    reason: Text


class EndDrill(Act):
    """A drill is over; nothing else ends in this way."""

    kind: Literal["end_drill"] = "end_drill"


class CloseItem(Act):
    """An action item is done or declined (ACT-2); the tracker says so, or a person."""

    kind: Literal["close_item"] = "close_item"
    item: str
    state: Literal["done", "declined"] = "done"
    reason: str = ""
