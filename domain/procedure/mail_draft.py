"""COM-5: the e-mail to accounts from its draft to its approval, and what of it does not leave."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import Field

from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.outward import Mail, MailStage
from domain.procedure.disclosure import hidden_since
from domain.procedure.public_update import UpdateApproved, UpdateDrafted, on_page
from domain.rule.clause import Clause
from domain.rule.timer import earliest, lasting, nth
from domain.value.line import Line, Names
from domain.value.model import ClauseId, by_default, unsaid

RUN = "-d"
"""Before the number of a further draft of one mail, in the key of its clock."""


class MailDrafted(Fact):
    """The customer e-mail waits for approval (COM-5)."""

    told = True
    minor = True
    asks = True
    clause: ClauseId = "COM-5"
    subject: str
    body: str
    accounts: tuple[str, ...]
    number: int = by_default(1)
    stage: MailStage = by_default("begin")
    about: str = Field(default="", exclude_if=unsaid)
    """The service's name for customers as the draft says it, where the mails keep to it."""
    turn: int = Field(default=0, exclude_if=unsaid)
    """After how many ends that accounts were told of."""

    @property
    def which(self) -> str:
        """Which of the mails it is for, as `Mail.place` says it."""
        return f"{self.stage}-{self.turn}" if self.turn else self.stage

    @property
    def place(self) -> str:
        return f"mail/{self.number}"

    def apply(self, incident: Incident, event: Event) -> None:
        draft = Mail(self.subject, self.body, self.accounts, self.number, self.stage, event.at, self.about)
        incident.outward.mail_draft = replace(draft, turn=self.turn)

    def line(self, names: Names) -> Line:
        several = "s" * (len(self.accounts) != 1)
        return Line(f"customer e-mail drafted for {len(self.accounts)} account{several}", self.subject, alone=True)


class MailApproved(Fact):
    """The customer e-mail may go to each account, once (COM-5)."""

    told = True
    minor = True
    clause: ClauseId = "COM-5"
    subject: str
    body: str
    number: int | None = Field(default=None, exclude_if=unsaid)

    @property
    def place(self) -> str:
        return f"mail/{self.number or 1}"

    def apply(self, incident: Incident, event: Event) -> None:
        draft = incident.outward.mail_draft or Mail(self.subject, self.body)
        mail = replace(draft, subject=self.subject, body=self.body, number=self.number or 1, at=event.at)
        incident.outward.mail = incident.outward.mail or mail
        incident.outward.mails[mail.place] = mail

    def line(self, names: Names) -> Line:
        return Line("approved the customer e-mail", self.subject)


class MailWithdrawn(Fact):
    """The draft is for nobody any more: the service, as it is by now, has none of its accounts (COM-5, DET-7)."""

    told = True
    clause: ClauseId = "COM-5"
    number: int
    because: str

    @property
    def place(self) -> str:
        return f"mail/{self.number}"

    def apply(self, incident: Incident, event: Event) -> None:
        draft = incident.outward.mail_draft
        incident.outward.mail_draft = replace(draft, withdrawn_at=event.at) if draft else None

    def line(self, names: Names) -> Line:
        return Line("the customer e-mail is withdrawn", self.because, alone=True)


def waiting(incident: Incident) -> Mail | None:
    """The draft that waits for an approval."""
    draft = incident.outward.mail_draft
    if draft is None or draft.withdrawn_at or draft.place in incident.outward.mails:
        return None
    gone = {"end": not incident.over, "again": incident.over}
    return None if gone.get(draft.stage, False) else draft


def with_update(incident: Incident) -> Mail | None:
    """The first mail, where it waits and may be approved in one with an update that is asked for."""
    mail = waiting(incident)
    return mail if mail and mail.stage == "begin" and not incident.secret and _in_one(incident) else None


def goes_with_update(incident: Incident, event: Event, draft: MailDrafted) -> bool:
    """Whether a mail is asked for with the first update, which is written only after it was."""
    hidden = hidden_since(incident)
    if draft.stage != "begin" or not _in_one(incident) or (hidden and hidden <= event.at):
        return False
    drafts = [one.number for one, _ in incident.all(UpdateDrafted)]
    approved = [one.number for one, _ in incident.all(UpdateApproved)]
    first = min([*drafts, *approved], default=None)
    return on_page(incident) if first is None else event.number < first and first in drafts


def _in_one(incident: Incident) -> bool:
    """Whether the policy asks for both in one, of the same people, by ways that are proof enough for either (SOC-1)."""
    rules = incident.policy.may, incident.policy.proof
    return incident.policy.mail.with_update and all(
        one.get("approve_mail") == one.get("approve_update") for one in rules
    )


def turns_of(
    first: datetime, withdrawn: Sequence[datetime], drafted: list[tuple[datetime, MailStage]]
) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans in which a draft is there: from the first one, and from the one after each withdrawal."""
    begin: datetime | None = first
    for end in withdrawn:
        if begin is not None:
            yield begin, end
        begin = next((at for at, _ in drafted if at > end), None)
    if begin is not None:
        yield begin, None


def later_clocks(incident: Incident, com_5: Clause) -> Iterator[Clock]:
    """The approvals after the first: of each end that is to be told, and of each reopening after one that was."""
    sent, each = incident.outward.mails, incident.policy.mail.reopened
    seen, ends = dict[str, int](), [at for at, _ in incident.resolutions]
    drafted = dict[str, datetime]()
    own = any(fact.stage == "begin" for _, fact in incident.all(MailDrafted))
    owed = "begin" in sent or not own or any(one.mailed for one in incident.relations.taken_in.values())
    for event, fact in incident.all(MailDrafted):
        before, drafted[fact.which] = drafted.get(fact.which), event.at
        if before and not any(before < at <= event.at for at in (*ends, *incident.reopenings)):
            continue  # the same in other words, as where it was marked as a security incident meanwhile
        number = seen[fact.which] = seen.get(fact.which, -1) + 1
        again = fact.stage == "again"
        if fact.stage == "begin" or (number and not each) or not (again or fact.turn or owed):
            continue
        turns = ends if again else incident.reopenings if each else ()
        over = next((at for at in turns if at > event.at), None)
        stop = sent[fact.which].at if fact.which in sent else None
        about = f"{fact.which}{nth(number, RUN)}"
        gone = earliest(over, incident.closed_at)
        yield from lasting(incident, com_5, start=event.at, stop=stop, gone=gone, about=about)
