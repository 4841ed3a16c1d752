"""What is owed to the world. The key is unique within the incident and names the effect for ever: it happens once."""

from typing import Annotated, get_args

from pydantic import Field

from domain.port.chat import ArchiveRoom, InvitePeople, OpenRoom, Say, SetTopic, ShowCard, ShowHeadline, VeilCard
from domain.port.duty import Duty
from domain.port.internal import FindCompany, FindDeployments, FindOpen, FindRepeats, ReportToGroup, TellIncident
from domain.port.mailer import SendInvitation, SendMail
from domain.port.notebook import FindRunbooks, OpenDocument, ReadDocument, ReviewDocument, WriteDocument
from domain.port.pager import AcknowledgePages, Page, ReadPages, ResolvePages
from domain.port.status_page import DraftFromTemplate, PublishPostmortem, PublishUpdate, ReadStatus
from domain.port.support import TellTicket
from domain.port.tracker import OpenItem, ReadItem, WriteItem

AnyDuty = Annotated[
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
    | VeilCard
    | DraftFromTemplate
    | PublishUpdate
    | ReadStatus
    | PublishPostmortem
    | OpenItem
    | ReadItem
    | WriteItem
    | SendMail
    | OpenDocument
    | WriteDocument
    | ReadDocument
    | ReviewDocument
    | FindCompany
    | FindOpen
    | FindRepeats
    | FindRunbooks
    | FindDeployments
    | SendInvitation
    | TellTicket
    | ReportToGroup
    | TellIncident,
    Field(discriminator="kind"),
]
DUTIES: dict[str, type[Duty]] = {kind.model_fields["kind"].default: kind for kind in get_args(get_args(AnyDuty)[0])}
"""Every kind of duty by its name."""
