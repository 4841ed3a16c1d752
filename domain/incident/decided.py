"""What people decided (TRI, WAR, COM, FIX), and what was refused."""

from typing import Literal

from domain.company.policy import Policy
from domain.procedure.acts import UpdateStatus
from domain.value.model import Clause, Moment, Severity, Shape, Word


class SeverityAsked(Shape):
    """A lower severity waits for a second person (TRI-4)."""

    kind: Literal["severity_asked"] = "severity_asked"
    clause: Clause = "TRI-4"
    severity: Severity
    reason: str


class SeverityDeclared(Shape):
    """The severity is this from now on (TRI-3, TRI-5)."""

    kind: Literal["severity_declared"] = "severity_declared"
    clause: Clause = "TRI-3"
    severity: Severity
    proposed: Severity
    reason: str = ""
    asked_by: str = ""
    """Who asked first, when it needed a second person."""


class RoleOffered(Shape):
    """A role was offered and waits for acceptance (WAR-3)."""

    kind: Literal["role_offered"] = "role_offered"
    clause: Clause = "WAR-3"
    role: Word
    to: Word


class RoleTaken(Shape):
    """A role has this holder from now on, and no other (WAR-3)."""

    kind: Literal["role_taken"] = "role_taken"
    clause: Clause = "WAR-3"
    role: Word
    person: str


class FindingPosted(Shape):
    """Findings of the investigation (WAR-4)."""

    kind: Literal["finding_posted"] = "finding_posted"
    clause: Clause = "WAR-4"
    conditions: str
    actions: str = ""
    needs: str = ""


class UpdateDrafted(Shape):
    """A status page update waits for approval (COM-3)."""

    kind: Literal["update_drafted"] = "update_drafted"
    clause: Clause = "COM-3"
    number: int
    status: UpdateStatus
    body: str


class UpdateApproved(Shape):
    """A status page update may be published (COM-3, COM-4, COM-6)."""

    kind: Literal["update_approved"] = "update_approved"
    clause: Clause = "COM-3"
    number: int
    status: UpdateStatus
    body: str


class MailDrafted(Shape):
    """The customer e-mail waits for approval (COM-5)."""

    kind: Literal["mail_drafted"] = "mail_drafted"
    clause: Clause = "COM-5"
    subject: str
    body: str
    accounts: tuple[str, ...]


class MailApproved(Shape):
    """The customer e-mail may go to each account, once (COM-5)."""

    kind: Literal["mail_approved"] = "mail_approved"
    clause: Clause = "COM-5"
    subject: str
    body: str


class ChangeRecorded(Shape):
    """A decision to change something (FIX-1); a bypass does not count until authorised (FIX-2)."""

    kind: Literal["change_recorded"] = "change_recorded"
    clause: Clause = "FIX-1"
    number: int
    change: Literal["rollback", "config", "hotfix"]
    description: str
    bypass: bool


class ChangeAnswered(Shape):
    """The engineering manager authorised a bypass, or did not (FIX-2)."""

    kind: Literal["change_answered"] = "change_answered"
    clause: Clause = "FIX-2"
    number: int
    granted: bool
    reason: str = ""


class Noted(Shape):
    """Something for the timeline (WAR-6)."""

    kind: Literal["noted"] = "noted"
    clause: Clause = "WAR-6"
    text: str
    url: str = ""


class Snoozed(Shape):
    """A clause's reminders keep quiet for a while, for a reason."""

    kind: Literal["snoozed"] = "snoozed"
    clause: Clause
    until: Moment
    reason: str


class PolicyAdopted(Shape):
    """A later policy reached this incident by a recorded act."""

    kind: Literal["policy_adopted"] = "policy_adopted"
    clause: Clause = "SOC-1"
    policy: Policy


class Refused(Shape):
    """An act was refused, for a reason."""

    kind: Literal["refused"] = "refused"
    clause: Clause = "SOC-1"
    act: str
    reason: str
