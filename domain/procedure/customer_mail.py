"""COM-5: the e-mail to enterprise accounts, drafted for approval and sent to each once."""

from typing import TYPE_CHECKING, Literal

from domain.incident.fact import Fact
from domain.rule.clause import Clause
from domain.rule.ruleset import Ruleset
from domain.value.act import Act
from domain.value.model import ClauseId, ShortText, Text

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class MailDrafted(Fact):
    """The customer e-mail waits for approval (COM-5)."""

    told = True
    kind: Literal["mail_drafted"] = "mail_drafted"
    clause: ClauseId = "COM-5"
    subject: str
    body: str
    accounts: tuple[str, ...]

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The newest draft counts."""
        incident.mail_draft = self


class MailApproved(Fact):
    """The customer e-mail may go to each account, once (COM-5)."""

    kind: Literal["mail_approved"] = "mail_approved"
    clause: ClauseId = "COM-5"
    subject: str
    body: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """What was approved is what will be sent."""
        incident.mail = self


class ApproveMail(Act):
    """The drafted customer e-mail may go out, edited or as it stands (COM-5)."""

    kind: Literal["approve_mail"] = "approve_mail"
    subject: ShortText | None = None
    body: Text | None = None


COM_5 = Clause(
    "COM-5",
    "For a P1 that touches enterprise accounts, the customer e-mail is drafted for approval, and sent to "
    "each account once.",
    still=True,
)
RULES = Ruleset(clauses=(COM_5,))
