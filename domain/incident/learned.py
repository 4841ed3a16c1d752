"""What was learned after the fight, and what was waived (PM, ACT, REP, GDP)."""

from typing import TYPE_CHECKING, Literal

from domain.incident.entry import Item, Waiver
from domain.incident.fact import Fact
from domain.value.model import Clause, Moment, Word
from domain.value.repeat import Repeat

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class CauseNamed(Fact):
    """The root cause is this from now on (PM-3, REP-1)."""

    told = True
    kind: Literal["cause_named"] = "cause_named"
    clause: Clause = "PM-3"
    cause: Word
    title: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Another cause has other repetitions."""
        known = incident.learning
        if self.cause != known.cause:
            known.repeats = ()
        known.cause, known.cause_title = self.cause, self.title


class RepeatFound(Fact):
    """Earlier incidents had the same root cause, the newest first (REP-1)."""

    told = True
    kind: Literal["repeat_found"] = "repeat_found"
    clause: Clause = "REP-1"
    cause: Word
    repeats: tuple[Repeat, ...]

    def apply(self, incident: "Incident", event: "Event") -> None:
        """What was found for the cause that is named now."""
        if self.cause == incident.learning.cause:
            incident.learning.repeats = self.repeats


class ItemAdded(Fact):
    """An action item is to be done, by whom and until when (ACT-1)."""

    told = True
    kind: Literal["item_added"] = "item_added"
    clause: Clause = "ACT-1"
    item: str
    title: str
    body: str
    owner: str
    due_at: Moment

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It is owed from now on."""
        incident.items[self.item] = Item(self.item, self.title, self.body, event.at, self.due_at, owner=self.owner)


class ItemsWaived(Fact):
    """Nothing is to be done, by the word of a named person (PM-3)."""

    told = True
    kind: Literal["items_waived"] = "items_waived"
    clause: Clause = "PM-3"
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """By whose word there are none."""
        incident.learning.no_items = Waiver(event.at, event.by, self.reason)


class PostmortemCompleted(Fact):
    """The post-mortem is complete (PM-1)."""

    told = True
    kind: Literal["postmortem_completed"] = "postmortem_completed"
    clause: Clause = "PM-1"

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Each completion; a reopening asks for another."""
        incident.learning.completions.append(event.at)


class NotificationRecorded(Fact):
    """The authority was notified of the breach, or the reason for lateness was given (GDP-2)."""

    told = True
    kind: Literal["notification_recorded"] = "notification_recorded"
    clause: Clause = "GDP-2"
    reference: str = ""
    authority: str = ""
    notified_at: Moment | None = None
    late_reason: str = ""
    nature: str = ""
    contact: str = ""
    consequences: str = ""
    measures: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The first notification counts, and any reason for lateness."""
        known = incident.learning
        known.late_reason = self.late_reason or known.late_reason
        if self.reference and not known.notified_at:
            known.notified_at = self.notified_at or event.at


class ClauseWaived(Fact):
    """A clause is not held in this incident, for a reason."""

    told = True
    kind: Literal["clause_waived"] = "clause_waived"
    clause: Clause
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The first waiver of a clause counts."""
        incident.learning.waivers.setdefault(self.clause, Waiver(event.at, event.by, self.reason))
