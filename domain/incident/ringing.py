"""Who was paged and who took it (ACK)."""

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field

from domain.incident.correction import ring_anew
from domain.incident.entry import STANDFAST, PageSent, Ringing
from domain.incident.fact import Fact
from domain.incident.reach import PagingAsked
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Instant, Severity, Slug, unsaid

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class Acknowledged(Fact):
    """Somebody is investigating (ACK-1)."""

    told = True
    step = "acknowledged"
    clause: ClauseId = "ACK-1"
    person: Slug = Field(default="", exclude_if=unsaid)
    """Who has it, where no acknowledgement was pressed: a word of theirs ended a ring of silence (ACK-6)."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        ringing = incident.rounds[-1]
        if not ringing.acknowledged_at:
            ringing.acknowledged_at, ringing.acknowledged_by = event.at, self.person or event.by

    def line(self, names: Names) -> Line:
        if self.person:
            return Line(
                f"{names.person(self.person)} was heard from, which is an acknowledgement", tone="good", alone=True
            )
        return Line("is on it", tone="good")


class PagedByVendor(Fact):
    """The paging vendor escalated by itself (ACK-3)."""

    minor = True
    clause: ClauseId = "ACK-3"
    people: tuple[str, ...]

    def apply(self, incident: "Incident", event: "Event") -> None:
        """They need no page of ours."""
        incident.vendor_pages.append(PageSent(event.at, "", self.people))

    def line(self, names: Names) -> Line:
        return Line(f"escalated by itself to {names.people(self.people)}")


class PageAsked(Fact):
    """A person had somebody paged (ACK-2); `level` is a level of the ladder, or says that one person was meant."""

    sign_of_life = True
    minor = True
    clause: ClauseId = "ACK-2"
    level: str
    people: tuple[Slug, ...] = ()
    schedule: str = ""
    reason: str = ""
    team: str = Field(default="", exclude_if=unsaid)
    """The other team whose ladder it is."""
    away: tuple[Slug, ...] = Field(default=(), exclude_if=unsaid)
    """Those of them who are on leave (WAR-7): they are paged all the same."""
    back_at: Instant | None = Field(default=None, exclude_if=unsaid)
    """When the first of these is back."""
    instead: str = Field(default="", exclude_if=unsaid)
    """Who of the ladder is there, where all of them are on leave."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        asked = PagingAsked(event.at, event.by, self.level, self.people, self.schedule, self.reason, self.team)
        incident.asked_pages.append(asked)

    def line(self, names: Names) -> Line:
        leave = f"; on leave until {self.back_at:%d %b %H:%M} UTC: {names.people(self.away)}" if self.back_at else ""
        instead = f", so page {names.person(self.instead)} too" if self.instead else ""
        whom = names.people(self.people) or self.level.replace("_", " ")
        return Line(f"had {whom} paged{leave}{instead}", self.reason)


class Unacknowledged(Fact):
    """The acknowledgement was taken back or ran out (ACK-6)."""

    answered_by = (Acknowledged,)
    told = True
    clause: ClauseId = "ACK-6"
    reason: str = ""
    rings: bool = True
    """Whether it rings again; not where it only ran out at the pager while somebody is at work here."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It rings from the first level, and whoever takes it has it."""
        if not self.rings:
            incident.reach.outlived += 1
            return
        role, before = incident.policy.role("on_call"), incident.acknowledged_by
        if incident.holders.get(role) == before:
            incident.holders.pop(role, None)
        incident.rounds.append(Ringing(event.at, of_silence=event.by == STANDFAST))

    def line(self, names: Names) -> Line:
        if not self.rings:
            return Line("the acknowledgement ran out at the pager; it is renewed there", self.reason, alone=True)
        return Line("the acknowledgement counts no more, it rings again", self.reason, "bad", alone=True)


class PagesTakenBack(Fact):
    """What rang wakes nobody any more at the severity that it has now (ACK-6)."""

    told = True
    clause: ClauseId = "ACK-6"
    severity: Severity
    again_at: Instant | None = None
    """When it is paged next, if nothing changes; None where its severity pages nobody."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The pager is told, or its own ladder would climb on."""
        about = f"ring-{len(incident.rounds)}"
        reason = f"{incident.id} is {self.severity} and wakes nobody now"
        ring_anew(incident, event.at, about, clause=self.clause, of=f"of what is {self.severity} now", reason=reason)

    def line(self, names: Names) -> Line:
        until = f"before {self.again_at:%d %b %H:%M} UTC" if self.again_at else "for it"
        return Line(f"{self.severity}: nobody is paged {until}, what rang is taken back", alone=True)


class PageAnswered(Fact):
    """Somebody who was woken, or was called, is here (WAR-5)."""

    told, sign_of_life = True, True
    clause: ClauseId = "WAR-5"
    page: str = Field(default="", exclude_if=unsaid)
    """The page that was answered where it was sent."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        if self.page:
            incident.reach.answered.setdefault(self.page, event.at)

    def line(self, names: Names) -> Line:
        return Line("is here", tone="good")


def first_acknowledged_at(incident: "Incident") -> datetime | None:
    """When it was taken first: in its first ringing, or in one that took the place of that before anybody answered.

    A reopening rings for something that is over.
    """
    before = incident.reopenings[0] if incident.reopenings else None
    rings = (one for one in incident.rounds if before is None or one.started_at < before)
    return next((one.acknowledged_at for one in rings if one.acknowledged_at), None)
