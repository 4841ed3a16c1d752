"""Where action items live: the duties of the tracker and its protocol."""

from typing import Literal

from domain.company.catalog import Person
from domain.port.duty import Duty, Outcome
from domain.value.model import Instant


class OpenItem(Duty):
    """Create an action item in the tracker (FIX-2, ACT-1)."""

    role = "tracker"
    told = True
    remarks = True
    recallable, seen_outside = True, True
    kind: Literal["open_item"] = "open_item"
    item: str
    """Our key of the item within the incident."""
    title: str
    body: str
    owner: Person | None = None
    due_at: Instant
    labels: tuple[str, ...] = ()

    def by_hand(self) -> str:
        return f"open an issue {self.title!r}, due {self.due_at:%d %b}"


class ReadItem(Duty):
    """Ask the tracker how an item stands (ACT-2): the outcome's text is `open`, `done` or `declined`.

    Its `item` says whose it is there, and until when.
    """

    role = "tracker"
    upkeep, holds_open = True, False
    unseen, reads_state = True, True
    kind: Literal["read_item"] = "read_item"
    item: str
    ref: str

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        return outcome.text == "declined"

    def practised(self, ref: str) -> Outcome:
        return Outcome(text="open")


class WriteItem(Duty):
    """Have the issue say the owner and the day that an item has here (ACT-2); no owner leaves the issue's as it is."""

    role = "tracker"
    upkeep, holds_open, remarks, in_turn = True, False, True, True
    kind: Literal["write_item"] = "write_item"
    item: str
    ref: str
    owner: Person | None = None
    due_at: Instant

    def by_hand(self) -> str:
        owner = f"give {self.ref} to {self.owner.name}" if self.owner else f"change {self.ref}"
        return f"{owner}, due {self.due_at:%d %b}"
