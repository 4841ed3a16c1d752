"""What is owed to the world. The key is unique within the incident and names the effect for ever: it happens once."""

from typing import Annotated

from pydantic import Field

from domain.port.chat import ArchiveRoom, InvitePeople, OpenRoom, Say, SetTopic, ShowCard, ShowHeadline
from domain.port.duty import Outcome, Role
from domain.port.followup import FindRepeats, OpenItem, ReadItem, ReportToGroup, SendInvitation
from domain.port.lookup import FindDeployments, FindRunbooks
from domain.port.notebook import OpenDocument, WriteDocument
from domain.port.pager import AcknowledgePages, Page, ReadPages, ResolvePages
from domain.port.status_page import DraftFromTemplate, PublishUpdate, ReadStatus, SendMail
from domain.port.support import TellTicket

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
