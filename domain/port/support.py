"""Where customers' reports are: the duty of the support desk and its protocol."""

from typing import Literal

from domain.port.duty import Duty


class TellTicket(Duty):
    """Note on a customer's ticket which incident it is and how that stands, for the support desk alone (DET-2)."""

    role = "support"
    holds_open = False
    kind: Literal["tell_ticket"] = "tell_ticket"
    ticket: str
    body: str

    def by_hand(self) -> str:
        return f"note on ticket {self.ticket}: {self.body}"
