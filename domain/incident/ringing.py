"""Who was paged and who took it (ACK)."""

from typing import TYPE_CHECKING, Literal

from domain.incident.entry import Sent
from domain.incident.fact import Fact
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Word

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class Acknowledged(Fact):
    """Somebody is investigating (ACK-1)."""

    told = True
    step = "acknowledged"
    kind: Literal["acknowledged"] = "acknowledged"
    clause: ClauseId = "ACK-1"

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The present ringing has been taken, by whoever was first."""
        ringing = incident.rounds[-1]
        if not ringing.acknowledged_at:
            ringing.acknowledged_at, ringing.acknowledged_by = event.at, event.by

    def line(self, names: Names) -> Line:
        """Somebody has it."""
        return Line("acknowledged", tone="good")


class PagedByVendor(Fact):
    """The paging vendor escalated by itself (ACK-3)."""

    minor = True
    kind: Literal["paged_by_vendor"] = "paged_by_vendor"
    clause: ClauseId = "ACK-3"
    people: tuple[str, ...]

    def apply(self, incident: "Incident", event: "Event") -> None:
        """They need no page of ours."""
        incident.vendor_pages.append(Sent(event.at, "", self.people))

    def line(self, names: Names) -> Line:
        """Whom the pager woke by itself."""
        return Line(f"escalated by itself to {names.people(self.people)}")


class PageAsked(Fact):
    """A person had somebody paged (ACK-2); `level` is a level of the ladder, or says that one person was meant."""

    sign_of_life = True
    minor = True
    kind: Literal["page_asked"] = "page_asked"
    clause: ClauseId = "ACK-2"
    level: str
    people: tuple[Word, ...] = ()
    schedule: str = ""
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It is owed from now on."""
        incident.asked_pages.append(self)

    def line(self, names: Names) -> Line:
        """Who was to be paged."""
        return Line(f"had {names.people(self.people) or self.level} paged", self.reason)
