"""What people do after the fight: the acts of the post-mortem, the action items and the breach notification."""

from typing import Literal

from domain.value.act import Act
from domain.value.model import Clause, Line, Moment, Text, Word


class NameCause(Act):
    """The root cause by its stable key (PM-3, REP-1); a key that the policy does not list needs a title."""

    kind: Literal["name_cause"] = "name_cause"
    cause: Word
    title: str = ""


class AddItem(Act):
    """An action item with its owner (ACT-1); without `due_at` it is due when the policy says."""

    kind: Literal["add_item"] = "add_item"
    title: Line
    owner: Line
    """A person of the catalog, by any name the catalog knows them by."""
    body: str = ""
    due_at: Moment | None = None


class WaiveItems(Act):
    """A named person's reason why nothing is to be done (PM-3)."""

    kind: Literal["waive_items"] = "waive_items"
    reason: Text


class CompletePostmortem(Act):
    """The post-mortem is complete (PM-3); `cause` names the root cause if nobody has yet."""

    kind: Literal["complete_postmortem"] = "complete_postmortem"
    cause: Word | None = None
    title: str = ""


class RecordNotification(Act):
    """The authority was notified of a breach, by people (GDP-2), or why it was not in time.

    The four contents are those of GDPR Article 33(3) (a) to (d). What is not known yet is said so in its field, and a
    later act with the same reference completes it (Article 33(4)).
    """

    kind: Literal["record_notification"] = "record_notification"
    reference: str = ""
    """The authority's or our own reference of the notification; empty while there was none."""
    authority: str = ""
    notified_at: Moment | None = None
    late_reason: str = ""
    """Why it was not, or will not be, within 72 hours (Article 33(1))."""
    nature: str = ""
    """(a) The nature of the breach: categories and approximate numbers of people and of records."""
    contact: str = ""
    """(b) The data protection officer, or another contact point."""
    consequences: str = ""
    """(c) The likely consequences."""
    measures: str = ""
    """(d) The measures taken or proposed."""


class WaiveClause(Act):
    """A clause is not held in this incident, by whom and why (SOC-1); which may be is the policy's to say."""

    kind: Literal["waive_clause"] = "waive_clause"
    clause: Clause
    reason: Text
