"""An act that was kept while the engine was away, for an incident that had ended when it was back."""

from datetime import UTC, datetime

from client.port import IncidentEnded
from domain.value.act import Act
from ingress.webhook.inbox import Inbox
from ingress.webhook.kept_act import DOOR, Kept
from ingress.webhook.unheard import Unheard, mark_unheard
from vendors.door import Request


async def kept_and_refused(where: str, incident: str, act: Act) -> None:
    """Leave in an inbox what the relay leaves there of such an act."""
    inbox = Inbox(where)
    kept = Kept(incident=incident, act=act).model_dump_json().encode()
    row = await inbox.put(DOOR, Request(headers={}, body=kept, received_at=datetime.now(UTC)))
    await inbox.mark_unreadable(row, "engine", str(IncidentEnded(incident)), f"that {incident} takes it")
    await inbox.close()


async def unheard(where: str, receiver: str, act: Act) -> None:
    """Leave in an inbox what the relay leaves there of a vendor's word that nobody took any more."""
    inbox = Inbox(where)
    row = await inbox.put("pagerduty", Request(headers={}, body=b"{}", received_at=datetime.now(UTC)))
    await inbox.do(mark_unheard, row, Unheard.of(receiver, act, f"{receiver} has ended"))
    await inbox.close()
