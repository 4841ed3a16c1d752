"""The duty towards the support desk."""

from typing import Literal

from domain.port.duty import Effect


class TellTicket(Effect):
    """Note on a customer's ticket which incident it is and how that stands, for the support desk alone (DET-2)."""

    role = "support"
    holds_open = False
    kind: Literal["tell_ticket"] = "tell_ticket"
    ticket: str
    body: str
