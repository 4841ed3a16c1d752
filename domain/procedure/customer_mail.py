"""COM-5: the e-mail to enterprise accounts, drafted for approval and sent to each once; one more when it is over.

Who was told that it is solved hears that it is back, and then of that end.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import dropwhile
from typing import Annotated

from domain.company.policy import Policy
from domain.company.policy_text import MailRule
from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.outward import Mail, MailStage
from domain.port.any_duty import AnyDuty
from domain.port.mailer import SendMail
from domain.port.message import Message
from domain.procedure.disclosure import told_spans, withheld
from domain.procedure.mail_accounts import (
    all_told,
    end_name,
    greeted,
    known_accounts,
    of_service,
    to_hear_of_the_end,
    written_to,
)
from domain.procedure.mail_draft import (
    RUN,
    MailApproved,
    MailDrafted,
    MailWithdrawn,
    goes_with_update,
    later_clocks,
    turns_of,
    waiting,
)
from domain.procedure.mail_reached import is_told, letters, not_reached, told_another_way, unreached
from domain.procedure.public_update import UpdateApproved
from domain.procedure.public_words import addressed, filled, named, not_public
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, Promise, severities
from domain.rule.deputies import comms
from domain.rule.explain import asked_at, rights
from domain.rule.people import held_by
from domain.rule.refusal import Refusal, settled
from domain.rule.ruleset import Ruleset
from domain.rule.timer import earliest, lasting, nth
from domain.value.key import ClockKey
from domain.value.model import LongText, ShortText, said_count

OWN_END = ("false_alarm", "not_ours")
"""Why an incident is none, where no other incident's mail says how it ends."""


class ApproveMail(IncidentAct):
    """The drafted customer e-mail may go out, edited or as it stands (COM-5). Without `number`, the newest draft."""

    deed = "approve the e-mail"
    makes = (MailApproved,)
    label, verb = "Mail customers", "update mail"
    submit = "Mail it"
    object, in_menu = "body", False
    typed = (Typed("update mail", arguments=(), names={"body": "text"}),)
    there = "mail"
    subject: Annotated[ShortText | None, Ask("Subject", "line", optional=False)] = None
    body: Annotated[LongText | None, Ask("Text", "text", optional=False)] = None
    number: int | None = None

    def decide(self, incident: Incident) -> Decision:
        """COM-5: the customer e-mail goes out once, as it was read."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed; write to the accounts yourself")
        draft = waiting(incident)
        if draft is None:
            sent = "the customer e-mail was approved already; each account gets it once"
            return Refusal(sent if incident.outward.mails else "no customer e-mail has been drafted for this incident")
        if self.number not in (None, draft.number):
            return settled(f"mail {self.number} does not wait any more; this one does: {draft.subject}\n{draft.body}")
        subject, body = self.subject or draft.subject, self.body or draft.body
        refused = not_public(incident, subject, body)
        return refused or (MailApproved(subject=subject, body=body, number=draft.number),)


def settle(incident: Incident) -> tuple[Fact, ...]:
    """It is drafted when a severity asks for it, and anew when it is over: to whom it was to go, in the end's words."""
    draft, sent = incident.outward.mail_draft, incident.outward.mails
    if incident.retracted and incident.policy.mail.on_miss == "send":
        return _retraction(incident)
    if (waits := waiting(incident)) and _is_marked_since(incident, waits):
        return (_drafted(incident, waits.stage, waits.accounts),)
    if incident.over:
        readers = to_hear_of_the_end(incident)
        return (_drafted(incident, "end", readers),) if readers else ()
    if (solved := incident.outward.told) and solved.stage == "end":
        return (_drafted(incident, "again", solved.accounts),) if _wants_again(incident, draft) else ()
    accounts = of_service(incident)
    if draft and not sent and not draft.withdrawn_at and not accounts and incident.policy.mail.follows:
        because = f"{named(incident)} has no account that is written to"
        return (MailWithdrawn(number=draft.number, because=because),)
    if draft and not draft.withdrawn_at and (sent or _stands(draft, accounts)):
        return ()
    return (_drafted(incident, "begin", accounts),) if incident.since("mail") and accounts else ()


def _is_marked_since(incident: Incident, draft: Mail) -> bool:
    """Whether what waits speaks of an outage and it is a security incident by now, or the other way round (SCP-3)."""
    turned = bool(incident.secrecy.turns) and draft.at is not None and incident.secrecy.turns[-1][0] > draft.at
    return turned and incident.policy.mail.marked


def _stands(draft: Mail, accounts: tuple[str, ...]) -> bool:
    return draft.stage == "begin" and not _is_for_others(draft, accounts)


def _retraction(incident: Incident) -> tuple[Fact, ...]:
    """DET-7: who was written to reads what the page says of an incident that is none, in words of the policy."""
    told = incident.outward.told
    if not told or told.stage == "end" or incident.secret or incident.closed_reason not in OWN_END:
        return ()
    said = filled(incident, incident.policy.updates.retraction(incident.closed_reason), told.about)
    draft = _drafted(incident, "end", told.accounts).model_copy(update={"body": said})
    return (draft, MailApproved(subject=draft.subject, body=draft.body, number=draft.number))


def leaves(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """When nobody has approved the end's words in time, they leave: who was told of the trouble hears that it is over.

    A security incident's never do: whether anybody is told of that is a person's to say (SCP-3).
    """
    draft = waiting(incident)
    if key.clause != COM_5.id or not draft or draft.stage != "end" or key.about.split(RUN)[0] != draft.place:
        return ()
    if incident.secret or incident.policy.mail.on_miss != "send" or not all_told(incident, draft):
        return ()
    return (MailApproved(subject=draft.subject, body=draft.body, number=draft.number),)


def _is_for_others(draft: Mail, accounts: tuple[str, ...]) -> bool:
    """Whether a draft is for the accounts of a service that it was not, or was before the catalog changed."""
    return bool(draft.accounts and accounts) and set(draft.accounts) != set(accounts)


def _wants_again(incident: Incident, draft: Mail | None) -> bool:
    """Whether who was told that it is solved is to be told that it is back: once for each reopening (RES-3)."""
    fresh = draft and draft.stage == "again" and draft.at and draft.at >= incident.reopenings[-1]
    return incident.policy.mail.reopened and bool(incident.reopenings) and not fresh


def _drafted(incident: Incident, stage: MailStage, accounts: tuple[str, ...]) -> MailDrafted:
    subject, body = _words(incident, incident.policy.mail, stage)
    number = incident.outward.mail_draft.number + 1 if incident.outward.mail_draft else 1
    told, follows = incident.outward.mails.get("begin"), incident.policy.mail.follows
    turn = sum(one.stage == "end" for one in incident.outward.mails.values())
    about = (told.about if told else "") or named(incident)
    about = end_name(incident, about, accounts) if stage == "end" else about
    subject, body = filled(incident, subject, about), filled(incident, body, about)
    kept = about if follows else ""
    return MailDrafted(subject=subject, body=body, accounts=accounts, number=number, stage=stage, about=kept, turn=turn)


def _words(incident: Incident, rule: MailRule, stage: MailStage) -> tuple[str, str]:
    """The policy's words for this moment: of a security incident, of a company without a page, or of an outage."""
    if incident.secret:
        return (rule.security_subject, rule.security_over if stage == "end" else rule.security_body)
    if stage == "end":
        return (rule.over_subject, rule.over_body)
    if stage == "again":
        return (rule.again_subject, rule.again_body)
    has_page = incident.catalog.vendor("status_page", incident.service.name) != "none"
    return (rule.subject, rule.body if has_page else rule.body_without_page)


def clocks(incident: Incident) -> Iterator[Clock]:
    """A draft is to be approved; one that the end's words replaced is, as these."""
    if incident.catalog.vendor("mailer", incident.service.name) == "none":
        return
    first = incident.outward.mail
    every = [(event.at, fact.stage) for event, fact in incident.all(MailDrafted)]
    drafted = [*dropwhile(lambda one: one[1] != "begin", every)]
    withdrawn = incident.moments(MailWithdrawn)
    for turn, (begin, end) in enumerate(turns_of(drafted[0][0], withdrawn, drafted) if drafted else ()):
        stop = first.at if first else None
        gone = earliest(_asked_until(incident) or incident.closed_at, end)
        for number, (start, silent_at) in enumerate(told_spans(incident, begin)):
            runs = (nth(number, "s"), nth(turn, "w"))
            yield from lasting(incident, COM_5, start=start, stop=stop, gone=earliest(gone, silent_at), runs=runs)
    yield from later_clocks(incident, COM_5)


def _asked_until(incident: Incident) -> datetime | None:
    """When the severity ceased to ask for it; None while it does."""
    spans = incident.runs("mail")
    return spans[-1][1] if spans else None


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """To each contact of each account once, when it is approved, and once when it is over."""
    lasts, approved = incident.policy.mail.refused_for, incident.outward.told
    until = approved.at + lasts if lasts and approved and approved.at else None
    for mail in letters(incident):
        failure = incident.failures.get(mail.key)
        if not is_told(incident, mail) and not (until and failure and not failure.retryable and failure.at >= until):
            yield mail


def _tell_draft(incident: Incident, event: Event, draft: MailDrafted) -> Message | None:
    """Nothing where nobody is to be mailed any more, or the update's press mails too."""
    return None if incident.retracted or goes_with_update(incident, event, draft) else ask(incident, event, draft)


def ask(incident: Incident, event: Event, draft: MailDrafted) -> Message:
    """The draft with its answers."""
    number = str(draft.number)
    yes = ApproveMail.button(f"Mail {said_count(len(draft.accounts), 'account')}", "primary", asks=False, number=number)
    accounts = written_to(incident, draft)
    names = ", ".join(account.name for account in accounts)
    text = f"COM-5 May this be mailed to {names}? {draft.subject}\n{addressed(draft.body, greeted(accounts))}"
    to = held_by(incident, "commander", "comms") if incident.secret else comms(incident, event.at)
    asks = "\nWhether accounts are told at all is the commander's to say." if incident.secret else ""
    return Message(text=f"{text}{asks}", to=to, buttons=(yes, ApproveMail.button("Edit", asks=True, number=number)))


def _tell_approved(incident: Incident, event: Event, approved: MailApproved) -> Message | None:
    """Whoever looks after an account is told what it reads; after the fight nobody else is."""
    mail = next(one for one in incident.outward.mails.values() if one.number == (approved.number or 1))
    accounts = written_to(incident, mail)
    names = ", ".join(account.name for account in accounts)
    with_update = any(one.at == event.at and one.by == event.by for one, _ in incident.all(UpdateApproved))
    text = f"COM-5 {incident.called(event.by)} approved the e-mail to {names}: {approved.subject}"
    managers = incident.people(account.manager for account in accounts if account.manager)
    return Message(text=text, to=managers) if managers or not (incident.over or with_update) else None


def _mailed(incident: Incident) -> bool | None:
    draft = incident.outward.mail_draft
    unowed = incident.retracted or withheld(incident) or bool(draft and draft.withdrawn_at)
    if draft is None or (unowed and not incident.outward.mails):
        return None
    known, mails = known_accounts(incident), incident.outward.mails
    reached = all(email in known for mail in mails.values() for email in mail.accounts)
    return bool(mails) and reached and not unreached(incident)


def _explain_mail(policy: Policy) -> list[str]:
    asks = asked_at(policy, lambda severity: policy.severities[severity].mail)
    if not asks:
        return ["No severity of this policy asks for an e-mail to customers."]
    return [
        f"At {asks} the e-mail to the service's enterprise accounts is drafted; it is sent once, when approved, "
        "and one more when it is over.",
        *(["Who was told that it is over is told when it is back."] * policy.mail.reopened),
        *(
            ["The words of its end leave by themselves when nobody approves them in time."]
            * (policy.mail.on_miss == "send")
        ),
        *rights(ApproveMail)(policy),
    ]


COM_5 = Clause(
    "COM-5",
    "For a P1 that touches enterprise accounts, the customer e-mail is drafted for approval, and sent to "
    "each account once.",
    promise=Promise(
        "approve the customer e-mail",
        does="releases the mail to customers",
        then="Mail to customers released",
        reminder="The e-mail to customers waits for you until {by}, {left} more.",
        overdue="The e-mail to customers was to leave by {by}.",
        counted_from="its draft",
        asked_by=severities(lambda rule: rule.mail, "mail: true"),
        kept_by=ApproveMail,
        outlives=True,
        optional=True,
    ),
    still=True,
    judged_by="its clock, from the draft to the approval, and by whom the mail reached",
    judge=_mailed,
    lacks=not_reached,
    explain=_explain_mail,
)
RULES = Ruleset(
    clauses=(COM_5,),
    clocks=clocks,
    tell={MailDrafted: _tell_draft, MailApproved: _tell_approved},
    settle=settle,
    expired=leaves,
    duties=duties,
    by_hand={SendMail: told_another_way},
    wanted={SendMail: MailApproved},
)
