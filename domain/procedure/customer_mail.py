"""COM-5: the e-mail to enterprise accounts, drafted for approval and sent to each once."""

from collections.abc import Iterator
from typing import Annotated, Literal

from domain.company.policy import Policy
from domain.incident.entry import Mail
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.port.any_duty import Duty
from domain.port.mailer import SendMail
from domain.port.message import Message
from domain.procedure.public_words import filled
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause
from domain.rule.explain import asked_at, rights
from domain.rule.people import comms
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, ShortText, Text


class MailDrafted(Fact):
    """The customer e-mail waits for approval (COM-5)."""

    told = True
    minor = True
    kind: Literal["mail_drafted"] = "mail_drafted"
    clause: ClauseId = "COM-5"
    subject: str
    body: str
    accounts: tuple[str, ...]

    def apply(self, incident: Incident, event: Event) -> None:
        """The newest draft counts."""
        incident.outward.mail_draft = Mail(self.subject, self.body, self.accounts)

    def line(self, names: Names) -> Line:
        """What waits for approval, and for whom."""
        several = "s" * (len(self.accounts) != 1)
        return Line(f"customer e-mail drafted for {len(self.accounts)} account{several}", self.subject, alone=True)


class MailApproved(Fact):
    """The customer e-mail may go to each account, once (COM-5)."""

    minor = True
    kind: Literal["mail_approved"] = "mail_approved"
    clause: ClauseId = "COM-5"
    subject: str
    body: str

    def apply(self, incident: Incident, event: Event) -> None:
        """What was approved is what will be sent."""
        incident.outward.mail = Mail(self.subject, self.body)

    def line(self, names: Names) -> Line:
        """What may be sent."""
        return Line("approved the customer e-mail", self.subject)


class ApproveMail(IncidentAct):
    """The drafted customer e-mail may go out, edited or as it stands (COM-5)."""

    deed = "approve the e-mail"
    makes = (MailApproved,)
    label, form_title, verb = "Approve e-mail", "Approve the e-mail", "update mail"
    object, in_menu = "body", False
    typed = (Typed("update mail", arguments=(), names={"body": "text"}),)
    kind: Literal["approve_mail"] = "approve_mail"
    subject: Annotated[ShortText | None, Ask("Subject", "line", optional=False)] = None
    body: Annotated[Text | None, Ask("Text", "text", optional=False)] = None

    def decide(self, incident: Incident) -> Decision:
        """COM-5: the customer e-mail goes out once."""
        if incident.phase == "closed":
            return Refusal(f"{incident.id} is closed; write to the accounts yourself")
        if incident.outward.mail_draft is None:
            return Refusal("no customer e-mail has been drafted for this incident")
        if incident.outward.mail:
            return Refusal("the customer e-mail was approved already; each account gets it once")
        draft = incident.outward.mail_draft
        return (MailApproved(subject=self.subject or draft.subject, body=self.body or draft.body),)


def settle(incident: Incident) -> tuple[Fact, ...]:
    """It is drafted when a severity asks for it."""
    accounts = tuple(account.email for account in incident.catalog.accounts)
    if not incident.since("mail") or not accounts or incident.outward.mail_draft or incident.over:
        return ()
    rule = incident.policy.mail
    subject, body = filled(incident, rule.subject), filled(incident, rule.body)
    return (MailDrafted(subject=subject, body=body, accounts=accounts),)


def duties(incident: Incident) -> Iterator[Duty]:
    """To each account once, when it is approved."""
    mail = incident.outward.mail
    for account in incident.catalog.accounts if mail else ():
        yield SendMail(
            key=f"mail/{account.email}",
            incident=incident.id,
            clause="COM-5",
            summary=f"write to {account.name}",
            account=account,
            subject=mail.subject if mail else "",
            body=mail.body if mail else "",
        )


def _tell_draft(incident: Incident, event: Event, draft: MailDrafted) -> Message:
    yes = ApproveMail.button(f"Send to {len(draft.accounts)} account(s)", "primary", asks=False)
    edit = ApproveMail.button("Edit", asks=True)
    text = f"COM-5 customer e-mail, not sent yet: {draft.subject}\n{draft.body}"
    return Message(text=text, to=comms(incident), buttons=(yes, edit))


def _mailed(incident: Incident) -> bool | None:
    if incident.outward.mail_draft is None:
        return None
    return all(f"mail/{account.email}" in incident.done for account in incident.catalog.accounts)


def _explain_mail(policy: Policy) -> list[str]:
    asks = asked_at(policy, lambda severity: policy.severities[severity].mail)
    if not asks:
        return ["No severity of this policy asks for an e-mail to customers."]
    return [
        f"At {asks} the e-mail to the service's enterprise accounts is drafted; it is sent once, when approved.",
        *rights(ApproveMail)(policy),
    ]


COM_5 = Clause(
    "COM-5",
    "For a P1 that touches enterprise accounts, the customer e-mail is drafted for approval, and sent to "
    "each account once.",
    still=True,
    judged_by="the drafted e-mail went to every account",
    judge=_mailed,
    explain=_explain_mail,
)
RULES = Ruleset(clauses=(COM_5,), tell={MailDrafted: _tell_draft}, settle=settle, duties=duties)
