"""What is owed to the world. The key is unique within the incident and names the effect for ever: it happens once."""

from typing import Annotated

from pydantic import Field

from domain.owed.document import OpenDocument, WriteDocument
from domain.owed.effect import Outcome, Role
from domain.owed.followup import FindRepeats, OpenItem, ReadItem, ReportToGroup, SendInvitation
from domain.owed.handover import FindDeployments, FindRunbooks
from domain.owed.paging import AcknowledgePages, Page, ReadPages, ResolvePages
from domain.owed.publication import DraftFromTemplate, PublishUpdate, ReadStatus, SendMail
from domain.owed.support import TellTicket
from domain.owed.talk import ArchiveRoom, InvitePeople, OpenRoom, Say, SetTopic, ShowCard, ShowHeadline

Duty = Annotated[
    Page
    | AcknowledgePages
    | ResolvePages
    | ReadPages
    | OpenRoom
    | InvitePeople
    | SetTopic
    | ShowCard
    | ShowHeadline
    | Say
    | ArchiveRoom
    | DraftFromTemplate
    | PublishUpdate
    | ReadStatus
    | OpenItem
    | ReadItem
    | SendMail
    | OpenDocument
    | WriteDocument
    | FindRepeats
    | FindRunbooks
    | FindDeployments
    | SendInvitation
    | TellTicket
    | ReportToGroup,
    Field(discriminator="kind"),
]

__all__ = [
    "AcknowledgePages",
    "ArchiveRoom",
    "DraftFromTemplate",
    "Duty",
    "FindDeployments",
    "FindRepeats",
    "FindRunbooks",
    "InvitePeople",
    "OpenDocument",
    "OpenItem",
    "OpenRoom",
    "Outcome",
    "Page",
    "PublishUpdate",
    "ReadItem",
    "ReadPages",
    "ReadStatus",
    "ReportToGroup",
    "ResolvePages",
    "Role",
    "Say",
    "SendInvitation",
    "SendMail",
    "SetTopic",
    "ShowCard",
    "ShowHeadline",
    "TellTicket",
    "WriteDocument",
]
