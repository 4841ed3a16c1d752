"""Duties after the fight: action items, and the group of alerts."""

from typing import Literal

from domain.company.catalog import Person
from domain.port.duty import Effect, Outcome
from domain.value.model import Moment, Severity, Span, Word


class OpenItem(Effect):
    """Create an action item in the tracker (FIX-2, ACT-1)."""

    role = "tracker"
    kind: Literal["open_item"] = "open_item"
    item: str
    """Our key of the item within the incident."""
    title: str
    body: str
    owner: Person | None = None
    due_at: Moment
    labels: tuple[str, ...] = ()

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        """Where it is."""
        return True


class ReadItem(Effect):
    """Ask the tracker for an item's state (ACT-2); the outcome's text is `open`, `done` or `declined`."""

    role = "tracker"
    upkeep = True
    unseen = True
    kind: Literal["read_item"] = "read_item"
    item: str
    ref: str

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        """A decline asks for a reason."""
        return outcome.text == "declined"


class ReportToGroup(Effect):
    """Tell the group of alerts what became of its incident, so that it may open the next (DET-4, RES-3)."""

    role = "group"
    holds_open = False
    upkeep = True
    kind: Literal["report_to_group"] = "report_to_group"
    group: str
    phase: str
    severity: Severity | None = None
    at: Moment
    reopen_until: Moment | None = None


class FindRepeats(Effect):
    """Look for earlier incidents with this root cause that fired in the time given (REP-1); `repeats` of the outcome.

    The records answer: real incidents only, whatever their service, as `domain.procedure.repeats.as_earlier` reads.
    """

    role = "archive"
    upkeep = True
    kind: Literal["find_repeats"] = "find_repeats"
    cause: Word
    since: Moment
    until: Moment


class SendInvitation(Effect):
    """Invite the post-mortem's owner to its meeting, by mail with a calendar part (PM-1).

    `uid` stays for the incident and `sequence` grows with each new invitation, so that a calendar moves the meeting
    instead of adding one.
    """

    role = "mailer"
    kind: Literal["send_invitation"] = "send_invitation"
    person: Person
    title: str
    text: str
    url: str = ""
    uid: str
    sequence: int = 0
    starts_at: Moment
    length: Span
