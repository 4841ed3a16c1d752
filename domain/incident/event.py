"""What happened to an incident: the list of these is the incident."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.incident.closed import (
    BreachAnswered,
    Closed,
    ItemClosed,
    Reopened,
    Resolved,
)
from domain.incident.decided import (
    ChangeAnswered,
    ChangeRecorded,
    FindingPosted,
    MailApproved,
    MailDrafted,
    Noted,
    PolicyAdopted,
    Refused,
    RoleOffered,
    RoleTaken,
    SeverityAsked,
    SeverityDeclared,
    Snoozed,
    UpdateApproved,
    UpdateDrafted,
)
from domain.incident.detected import (
    Acknowledged,
    AlertsJoined,
    Opened,
    PageAsked,
    PagedByVendor,
    Recovered,
)
from domain.incident.effects import (
    Done,
    Failed,
)
from domain.incident.learned import (
    CauseNamed,
    ClauseWaived,
    ItemAdded,
    ItemsWaived,
    NotificationRecorded,
    PostmortemCompleted,
    RepeatFound,
)
from domain.incident.timed import (
    Kept,
    Missed,
    Rang,
    Reminded,
)
from domain.value.model import Moment, Shape

What = Annotated[
    Opened
    | AlertsJoined
    | Recovered
    | Acknowledged
    | PagedByVendor
    | PageAsked
    | SeverityAsked
    | SeverityDeclared
    | RoleOffered
    | RoleTaken
    | FindingPosted
    | UpdateDrafted
    | UpdateApproved
    | MailDrafted
    | MailApproved
    | ChangeRecorded
    | ChangeAnswered
    | BreachAnswered
    | Noted
    | Snoozed
    | Resolved
    | Reopened
    | ItemClosed
    | CauseNamed
    | RepeatFound
    | ItemAdded
    | ItemsWaived
    | PostmortemCompleted
    | NotificationRecorded
    | ClauseWaived
    | Closed
    | PolicyAdopted
    | Refused
    | Reminded
    | Kept
    | Missed
    | Rang
    | Done
    | Failed,
    Field(discriminator="kind"),
]


class Event(Shape):
    """One thing that happened: its place in the list, when, by whom, through which act."""

    number: int
    at: Moment
    by: str
    act: str = ""
    """The id of the act that caused it; empty when time or the software did."""
    what: What

    @property
    def clause(self) -> str:
        """The clause of the SOP this event belongs to."""
        return self.what.clause


ALWAYS_TOLD = frozenset(
    [
        "alerts_joined",
        "recovered",
        "acknowledged",
        "severity_asked",
        "severity_declared",
        "role_offered",
        "role_taken",
        "update_drafted",
        "mail_drafted",
        "change_recorded",
        "change_answered",
        "breach_answered",
        "resolved",
        "reopened",
        "cause_named",
        "repeat_found",
        "item_added",
        "items_waived",
        "postmortem_completed",
        "notification_recorded",
        "clause_waived",
        "closed",
        "reminded",
        "missed",
    ]
)
HEARD = frozenset(
    [
        "severity_declared",
        "severity_asked",
        "finding_posted",
        "page_asked",
        "role_taken",
        "update_drafted",
        "update_approved",
        "change_recorded",
        "noted",
        "snoozed",
    ]
)
"""The kinds of events that show somebody is at work (ACK-5)."""
STANDFAST = "standfast"
"""Who acts when nobody did."""


def is_told(event: Event) -> bool:
    """Whether people may have to be told of this event; `notice` says whom and how."""
    match event.what:
        case Opened(repeats=repeats):
            return bool(repeats)
        case Done(duty="find_runbooks" | "find_deployments"):
            return True
        case Done(duty="page" | "open_item" | "publish_update" | "open_document"):
            return True
        case Done(duty="read_item", outcome=outcome):
            return outcome.text == "declined"
        case Done(duty="read_status", outcome=outcome):
            return bool(outcome.text)
        case Failed(times=times, duty=duty):
            return times == 1 and duty not in ("say", "read_pages")
    return event.what.kind in ALWAYS_TOLD


def clock_time(moment: datetime, seen_at: datetime | None = None) -> str:
    """A moment as people in a war room read it: 03:07:21 UTC; with its day where that is not the day it is seen."""
    other_day = seen_at is not None and moment.date() != seen_at.date()
    return f"{moment:%d %b %H:%M:%S} UTC" if other_day else f"{moment:%H:%M:%S} UTC"
