"""COM-5: the e-mail to enterprise accounts, drafted for approval and sent to each once; one more when it is over."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from domain.alerting.alert import unsaid
from domain.company.catalog import Account
from domain.company.policy import Policy
from domain.company.policy_text import MailRule
from domain.incident.clock import Clock
from domain.incident.entry import Mail, MailStage
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.mailer import SendMail
from domain.port.message import Message
from domain.procedure.disclosure import told_spans, withheld
from domain.procedure.public_words import filled, not_public
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, Promise, severities
from domain.rule.explain import asked_at, rights
from domain.rule.people import comms, held_by
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import earliest, lasting, nth
from domain.value.line import Line, Names
from domain.value.model import ClauseId, LongText, ShortText, said_count


class MailDrafted(Fact):
    """The customer e-mail waits for approval (COM-5)."""

    told = True
    minor = True
    asks = True
    kind: Literal["mail_drafted"] = "mail_drafted"
    clause: ClauseId = "COM-5"
    subject: str
    body: str
    accounts: tuple[str, ...]
    number: int = Field(default=1, exclude_if=lambda number: number == 1)
    stage: MailStage = Field(default="begin", exclude_if=lambda stage: stage == "begin")

    @property
    def place(self) -> str:
        """What became of the draft stands in its place."""
        return f"mail/{self.number}"

    def apply(self, incident: Incident, event: Event) -> None:
        """The newest draft counts."""
        draft = Mail(self.subject, self.body, self.accounts, self.number, self.stage, event.at)
        incident.outward.mail_draft = draft

    def line(self, names: Names) -> Line:
        """What waits for approval, and for whom."""
        several = "s" * (len(self.accounts) != 1)
        return Line(f"customer e-mail drafted for {len(self.accounts)} account{several}", self.subject, alone=True)


class MailApproved(Fact):
    """The customer e-mail may go to each account, once (COM-5)."""

    told = True
    minor = True
    kind: Literal["mail_approved"] = "mail_approved"
    clause: ClauseId = "COM-5"
    subject: str
    body: str
    number: int | None = Field(default=None, exclude_if=unsaid)

    @property
    def place(self) -> str:
        """In the draft's place."""
        return f"mail/{self.number or 1}"

    def apply(self, incident: Incident, event: Event) -> None:
        """What was approved is what will be sent."""
        draft = incident.outward.mail_draft
        accounts, stage = (draft.accounts, draft.stage) if draft else ((), "begin")
        mail = Mail(self.subject, self.body, accounts, self.number or 1, stage, event.at)
        incident.outward.mail = incident.outward.mail or mail
        incident.outward.mails[stage] = mail

    def line(self, names: Names) -> Line:
        """What may be sent."""
        return Line("approved the customer e-mail", self.subject)


class ApproveMail(IncidentAct):
    """The drafted customer e-mail may go out, edited or as it stands (COM-5). Without `number`, the newest draft."""

    deed = "approve the e-mail"
    makes = (MailApproved,)
    label, verb = "Mail customers", "update mail"
    submit = "Mail it"
    object, in_menu = "body", False
    typed = (Typed("update mail", arguments=(), names={"body": "text"}),)
    kind: Literal["approve_mail"] = "approve_mail"
    subject: Annotated[ShortText | None, Ask("Subject", "line", optional=False)] = None
    body: Annotated[LongText | None, Ask("Text", "text", optional=False)] = None
    number: int | None = None

    def decide(self, incident: Incident) -> Decision:
        """COM-5: the customer e-mail goes out once, as it was read."""
        if incident.phase == "closed":
            return Refusal(f"{incident.id} is closed; write to the accounts yourself")
        draft = waiting(incident)
        if draft is None:
            sent = "the customer e-mail was approved already; each account gets it once"
            return Refusal(sent if incident.outward.mails else "no customer e-mail has been drafted for this incident")
        if self.number not in (None, draft.number):
            return Refusal(f"mail {self.number} does not wait any more; this one does: {draft.subject}\n{draft.body}")
        subject, body = self.subject or draft.subject, self.body or draft.body
        refused = not_public(incident, subject, body)
        return refused or (MailApproved(subject=subject, body=body, number=draft.number),)


def waiting(incident: Incident) -> Mail | None:
    """The draft that waits for an approval."""
    draft = incident.outward.mail_draft
    if draft is None or draft.stage in incident.outward.mails:
        return None
    return None if draft.stage == "end" and not incident.over else draft


def settle(incident: Incident) -> tuple[Fact, ...]:
    """It is drafted when a severity asks for it, and anew when it is over: to whom it was to go, in the end's words."""
    draft, sent = incident.outward.mail_draft, incident.outward.mails
    if incident.over:
        return (_drafted(incident, "end", draft.accounts),) if draft and _wants_end(incident, draft) else ()
    accounts = _accounts(incident)
    if draft and (sent or (draft.stage == "begin" and not _is_for_others(draft, accounts))):
        return ()
    return (_drafted(incident, "begin", accounts),) if incident.since("mail") and accounts else ()


def _accounts(incident: Incident) -> tuple[str, ...]:
    """The accounts of the service, as it is by now (DET-7)."""
    known = incident.catalog.accounts
    return tuple(account.email for account in known if incident.service.name in account.services)


def _is_for_others(draft: Mail, accounts: tuple[str, ...]) -> bool:
    """Whether a draft is for the accounts of a service that it was not, or was before the catalog changed."""
    return bool(draft.accounts and accounts) and set(draft.accounts) != set(accounts)


def _wants_end(incident: Incident, draft: Mail) -> bool:
    """Whether the end's words are still to be drafted: once for each resolution, until they are approved."""
    ended_at = incident.resolved_at
    if not ended_at or "end" in incident.outward.mails:
        return False
    return draft.stage == "begin" or (draft.at is not None and draft.at < ended_at)


def _drafted(incident: Incident, stage: MailStage, accounts: tuple[str, ...]) -> MailDrafted:
    subject, body = _words(incident, incident.policy.mail, stage)
    number = incident.outward.mail_draft.number + 1 if incident.outward.mail_draft else 1
    subject, body = filled(incident, subject), filled(incident, body)
    return MailDrafted(subject=subject, body=body, accounts=accounts, number=number, stage=stage)


def _words(incident: Incident, rule: MailRule, stage: MailStage) -> tuple[str, str]:
    """The policy's words for this moment: of a security incident, of a company without a page, or of an outage."""
    if incident.secret:
        return (rule.security_subject, rule.security_over if stage == "end" else rule.security_body)
    if stage == "end":
        return (rule.over_subject, rule.over_body)
    has_page = incident.catalog.vendor("status_page", incident.service.name) != "none"
    return (rule.subject, rule.body if has_page else rule.body_without_page)


def clocks(incident: Incident) -> Iterator[Clock]:
    """A draft is to be approved; one that the end's words replaced is, as these."""
    if incident.catalog.vendor("mailer", incident.service.name) == "none":
        return
    sent, first = incident.outward.mails, incident.outward.mail
    drafted = [(event.at, fact.stage) for event, fact in incident.all(MailDrafted)]
    if drafted:
        stop = first.at if first else None
        gone = _asked_until(incident) or incident.closed_at
        for number, (start, silent_at) in enumerate(told_spans(incident, drafted[0][0])):
            end, runs = earliest(gone, silent_at), (nth(number, "s"),)
            yield from lasting(incident, COM_5, start=start, stop=stop, gone=end, runs=runs)
    again = next((at for at, stage in drafted if stage == "end" and "begin" in sent), None)
    if again:
        stop = sent["end"].at if "end" in sent else None
        yield from lasting(incident, COM_5, start=again, stop=stop, gone=incident.closed_at, about="end")


def _asked_until(incident: Incident) -> datetime | None:
    """When the severity ceased to ask for it; None while it does."""
    spans = incident.runs("mail")
    return spans[-1][1] if spans else None


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """To each contact of each account once, when it is approved, and once when it is over."""
    for stage, mail in incident.outward.mails.items():
        for account in _written_to(incident, mail):
            for address in account.addresses:
                yield SendMail(
                    key=f"mail/{address}" if stage == "begin" else f"mail/{stage}/{address}",
                    incident=incident.id,
                    clause="COM-5",
                    summary=f"write to {account.name}",
                    account=account.model_copy(update={"email": address, "contacts": ()}),
                    subject=mail.subject,
                    body=mail.body,
                )


def _written_to(incident: Incident, mail: Mail) -> tuple[Account, ...]:
    """The accounts that the draft was for; an older draft names none and was for all."""
    named = mail.accounts
    return tuple(account for account in incident.catalog.accounts if not named or account.email in named)


def _tell_draft(incident: Incident, event: Event, draft: MailDrafted) -> Message:
    number = str(draft.number)
    yes = ApproveMail.button(
        f"Send to {said_count(len(draft.accounts), 'account')}", "primary", asks=False, number=number
    )
    edit = ApproveMail.button("Edit", asks=True, number=number)
    text = f"COM-5 customer e-mail, not sent yet: {draft.subject}\n{draft.body}"
    if not incident.secret:
        return Message(text=text, to=comms(incident), buttons=(yes, edit))
    asks = f"{text}\nWhether accounts are told at all is the commander's to say."
    return Message(text=asks, to=held_by(incident, "commander", "comms"), buttons=(yes, edit))


def _tell_approved(incident: Incident, event: Event, approved: MailApproved) -> Message | None:
    """Whoever looks after an account is told what it reads; after the fight nobody else is."""
    mail = next(one for one in incident.outward.mails.values() if one.number == (approved.number or 1))
    accounts = _written_to(incident, mail)
    names = ", ".join(account.name for account in accounts)
    text = f"COM-5 {incident.called(event.by)} approved the e-mail to {names}: {approved.subject}"
    managers = incident.people(account.manager for account in accounts if account.manager)
    return Message(text=text, to=managers) if managers or not incident.over else None


def _mailed(incident: Incident) -> bool | None:
    if incident.outward.mail_draft is None or (withheld(incident) and not incident.outward.mails):
        return None
    known, mails = {account.email for account in incident.catalog.accounts}, incident.outward.mails
    reached = all(email in known for mail in mails.values() for email in mail.accounts)
    return bool(mails) and reached and all(duty.key in incident.done for duty in duties(incident))


def _explain_mail(policy: Policy) -> list[str]:
    asks = asked_at(policy, lambda severity: policy.severities[severity].mail)
    if not asks:
        return ["No severity of this policy asks for an e-mail to customers."]
    return [
        f"At {asks} the e-mail to the service's enterprise accounts is drafted; it is sent once, when approved, "
        "and one more when it is over.",
        *rights(ApproveMail)(policy),
    ]


COM_5 = Clause(
    "COM-5",
    "For a P1 that touches enterprise accounts, the customer e-mail is drafted for approval, and sent to "
    "each account once.",
    promise=Promise(
        "approve the customer e-mail",
        does="releases the mail to customers",
        reminder="The e-mail to customers waits for you until {by}, {left} more.",
        overdue="The e-mail to customers was to leave by {by}.",
        counted_from="its draft",
        asked_by=severities(lambda rule: rule.mail, "mail: true"),
        kept_by=ApproveMail,
        outlives=True,
        optional=True,
    ),
    still=True,
    judged_by="its clock, from the draft to the approval",
    judge=_mailed,
    explain=_explain_mail,
)
RULES = Ruleset(
    clauses=(COM_5,),
    clocks=clocks,
    tell={MailDrafted: _tell_draft, MailApproved: _tell_approved},
    settle=settle,
    duties=duties,
)
