"""What people decided (TRI, WAR, COM, FIX), and what was refused."""

from typing import TYPE_CHECKING, Literal

from domain.company.policy import Policy
from domain.company.status_template import UpdateStatus
from domain.incident.entry import Change, Item, Update, mark
from domain.incident.fact import Fact
from domain.value.model import Clause, Moment, Severity, Word

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class SeverityAsked(Fact):
    """A lower severity waits for a second person (TRI-4)."""

    told, sign_of_life = True, True
    kind: Literal["severity_asked"] = "severity_asked"
    clause: Clause = "TRI-4"
    severity: Severity
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It waits for a second person."""
        incident.asked, incident.asked_by = self, event.by


class SeverityDeclared(Fact):
    """The severity is this from now on (TRI-3, TRI-5)."""

    told, sign_of_life = True, True
    kind: Literal["severity_declared"] = "severity_declared"
    clause: Clause = "TRI-3"
    severity: Severity
    proposed: Severity
    reason: str = ""
    asked_by: str = ""
    """Who asked first, when it needed a second person."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The severity in force; nothing waits for a second person any more."""
        incident.severities.append((event.at, self.severity))
        incident.declared_by = incident.declared_by or event.by
        incident.asked, incident.asked_by = None, ""


class RoleOffered(Fact):
    """A role was offered and waits for acceptance (WAR-3)."""

    told = True
    kind: Literal["role_offered"] = "role_offered"
    clause: Clause = "WAR-3"
    role: Word
    to: Word

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It waits for acceptance."""
        incident.offers[self.role] = self.to


class RoleTaken(Fact):
    """A role has this holder from now on, and no other (WAR-3)."""

    told, sign_of_life = True, True
    kind: Literal["role_taken"] = "role_taken"
    clause: Clause = "WAR-3"
    role: Word
    person: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """One holder, since now."""
        incident.hold(self.role, self.person, event)


class FindingPosted(Fact):
    """Findings of the investigation (WAR-4)."""

    sign_of_life, long = True, True
    kind: Literal["finding_posted"] = "finding_posted"
    clause: Clause = "WAR-4"
    conditions: str
    actions: str = ""
    needs: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Findings are counted by their moments."""
        mark(incident.findings, event.at)


class UpdateDrafted(Fact):
    """A status page update waits for approval (COM-3)."""

    told, sign_of_life = True, True
    kind: Literal["update_drafted"] = "update_drafted"
    clause: Clause = "COM-3"
    number: int
    status: UpdateStatus
    body: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """A draft takes the place of the one of its number."""
        incident.updates[self.number] = Update(self.number, self.status, self.body, event.at)


class UpdateApproved(Fact):
    """A status page update may be published (COM-3, COM-4, COM-6)."""

    sign_of_life = True
    kind: Literal["update_approved"] = "update_approved"
    clause: Clause = "COM-3"
    number: int
    status: UpdateStatus
    body: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """What was approved is what will be published."""
        before = incident.updates.get(self.number)
        drafted_at = before.drafted_at if before else event.at
        incident.updates[self.number] = Update(self.number, self.status, self.body, drafted_at, event.at, event.by)


class MailDrafted(Fact):
    """The customer e-mail waits for approval (COM-5)."""

    told = True
    kind: Literal["mail_drafted"] = "mail_drafted"
    clause: Clause = "COM-5"
    subject: str
    body: str
    accounts: tuple[str, ...]

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The newest draft counts."""
        incident.mail_draft = self


class MailApproved(Fact):
    """The customer e-mail may go to each account, once (COM-5)."""

    kind: Literal["mail_approved"] = "mail_approved"
    clause: Clause = "COM-5"
    subject: str
    body: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """What was approved is what will be sent."""
        incident.mail = self


class ChangeRecorded(Fact):
    """A decision to change something (FIX-1); a bypass does not count until authorised (FIX-2)."""

    told, sign_of_life = True, True
    kind: Literal["change_recorded"] = "change_recorded"
    clause: Clause = "FIX-1"
    number: int
    change: Literal["rollback", "config", "hotfix"]
    description: str
    bypass: bool

    def apply(self, incident: "Incident", event: "Event") -> None:
        """One more change."""
        incident.changes[self.number] = Change(
            self.number, self.change, self.description, self.bypass, event.by, event.at
        )


class ChangeAnswered(Fact):
    """The engineering manager authorised a bypass, or did not (FIX-2)."""

    told = True
    kind: Literal["change_answered"] = "change_answered"
    clause: Clause = "FIX-2"
    number: int
    granted: bool
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """An authorised bypass opens an action item to bring the change back through CI/CD."""
        change = incident.changes[self.number]
        change.granted, change.answered_at = self.granted, event.at
        if self.granted:
            key, title = f"change-{self.number}", f"Bring the {change.change} of {incident.id} back through CI/CD"
            by = incident.called(event.by)
            body = f"{change.description}\nAuthorised to bypass the normal deployment by {by}."
            due_at = incident.item_due_at(event.at)
            incident.items[key] = Item(key, title, body, event.at, due_at, owner=change.by)


class Noted(Fact):
    """Something for the timeline (WAR-6)."""

    sign_of_life, long = True, True
    kind: Literal["noted"] = "noted"
    clause: Clause = "WAR-6"
    text: str
    url: str = ""


class Snoozed(Fact):
    """A clause's reminders keep quiet for a while, for a reason."""

    sign_of_life = True
    kind: Literal["snoozed"] = "snoozed"
    clause: Clause
    until: Moment
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Until when the clause's reminders keep quiet."""
        incident.snoozed[self.clause] = self.until


class PolicyAdopted(Fact):
    """A later policy reached this incident by a recorded act."""

    kind: Literal["policy_adopted"] = "policy_adopted"
    clause: Clause = "SOC-1"
    policy: Policy

    def apply(self, incident: "Incident", event: "Event") -> None:
        """From now on this policy."""
        incident.policy = self.policy


class Refused(Fact):
    """An act was refused, for a reason."""

    long = True
    kind: Literal["refused"] = "refused"
    clause: Clause = "SOC-1"
    act: str
    reason: str
