"""COM-5: whom the approved e-mail reached, by the mailer or, where it is refused, by a person who told them."""

from collections.abc import Iterator
from typing import Annotated

from domain.incident.effects import Failed
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.outward import Mail
from domain.port.any_duty import AnyDuty
from domain.port.mailer import SendMail
from domain.port.message import Button
from domain.procedure.mail_accounts import written_to
from domain.procedure.public_words import addressed
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.refusal import Refusal, settled
from domain.value.line import Line, Names
from domain.value.model import ClauseId, ShortText


class AccountTold(Fact):
    """Somebody told an account what its e-mail says, for the mail did not reach it (COM-5)."""

    told, minor = True, True
    clause: ClauseId = "COM-5"
    name: str
    account: str
    """The address that was to read it."""
    key: str
    """The letter that it takes the place of."""
    how: str

    def apply(self, incident: Incident, event: Event) -> None:
        incident.outward.by_hand.add(self.key)

    def line(self, names: Names) -> Line:
        return Line(f"told {self.name} what the e-mail says", self.how)


class TellAccount(IncidentAct):
    """Somebody told an account that the e-mail could not reach; without `account`, the one that is left (COM-5)."""

    deed = "say that an account was told another way"
    makes = (AccountTold,)
    label, form_title, verb = "I told them", "The account was told", "update told"
    object, in_menu, allowed_as = "how", False, "post_by_hand"
    how: Annotated[ShortText, Ask("How were they told, and who?", "line", example="on the telephone: Maria Lopez")]
    account: ShortText | None = None

    def decide(self, incident: Incident) -> Decision:
        """COM-5: what was approved is known to whom it was for."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed")
        left = unreached(incident)
        if not left:
            return settled("everybody whom an approved e-mail is for was reached")
        said = (self.account or self.how).lower()
        meant = [one for one in left if one.account.email.lower() in said]
        meant = meant or [one for one in left if one.account.name.lower() in said]
        if not meant and (self.account or len(left) > 1):
            return Refusal(f"say which account it was; not reached yet: {said_unreached(incident)}")
        return tuple(
            AccountTold(name=one.account.name, account=one.account.email, key=one.key, how=self.how)
            for one in meant or left
        )


def letters(incident: Incident) -> Iterator[SendMail]:
    """What is to be written to whom, whether an address takes it or not.

    What could not leave gives way to what was approved after it, where the policy writes of reopenings (RES-3).
    """
    newest = incident.outward.told
    for mail, letter in _every(incident):
        if mail is newest or not incident.policy.mail.reopened or letter.key in incident.done:
            yield letter


def unreached(incident: Incident) -> tuple[SendMail, ...]:
    """The newest letter to each address that neither arrived nor was told another way."""
    newest = {letter.account.email: letter for _, letter in _every(incident)}
    return tuple(one for one in newest.values() if one.key not in incident.done and not is_told(incident, one))


def is_told(incident: Incident, letter: AnyDuty) -> bool:
    """Whether a person told the account another way."""
    return letter.key in incident.outward.by_hand


def said_unreached(incident: Incident) -> str:
    """Who was not reached, by name and address; empty where everybody was."""
    return ", ".join(f"{one.account.name} ({one.account.email})" for one in unreached(incident))


def not_reached(incident: Incident) -> str:
    """What an approval in time does not make good: that the mail reached not everybody."""
    names = said_unreached(incident)
    return names and f"the e-mail did not reach {names}"


def told_another_way(failed: Failed) -> tuple[Button, ...]:
    """The answer of whoever wrote or telephoned, where an address is refused."""
    return (TellAccount.button(account=failed.key.parts[-1]),)


def _every(incident: Incident) -> Iterator[tuple[Mail, SendMail]]:
    """The letter to each contact of each account that an approved mail is for, in the order of the approvals."""
    for place, mail in incident.outward.mails.items():
        for account in written_to(incident, mail):
            for address, name in account.contacted.items():
                key = f"mail/{address}" if place == "begin" else f"mail/{place}/{address}"
                letter = SendMail(
                    key=key,
                    incident=incident.id,
                    clause="COM-5",
                    summary=f"write to {account.name}",
                    account=account.model_copy(update={"email": address, "contacts": ()}),
                    subject=mail.subject,
                    body=addressed(mail.body, name),
                )
                yield mail, letter
