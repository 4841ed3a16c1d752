"""What an incident has to do with others, and that it turned out to be none (DET-7)."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from domain.company.account import Account
from domain.company.component_state import ComponentState
from domain.incident.alerts import AlertSeen
from domain.incident.entry import TakenIn
from domain.incident.fact import Fact
from domain.incident.lifecycle import ENDS, Closed
from domain.value.kind import kind_of
from domain.value.line import Line, Names
from domain.value.model import ClauseId, IncidentId, Instant, Severity, by_default, unsaid

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident

How = Literal["false_alarm", "duplicate", "not_ours"]
"""What an incident that is none turned out to be."""


class MergeAsked(Fact):
    """Somebody says that this is another incident; it goes on until the other one has taken it in (DET-7)."""

    sign_of_life = True
    clause: ClauseId = "DET-7"
    into: str
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.relations.merging = (event.number, self.into)

    def line(self, names: Names) -> Line:
        return Line(f"says that it is {self.into}", self.reason)


class Merged(Fact):
    """Another incident has taken this one in, with its alerts and its people (DET-7)."""

    told = True
    clause: ClauseId = "DET-7"
    into: str
    room: str = ""
    url: str = ""
    """Where it goes on."""
    on_page: bool = Field(default=False, exclude_if=unsaid)
    """Whether that one stands on the status page, and shows what is broken from now on (COM-3)."""
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.relations.merging, incident.relations.merged_into = None, self.into
        incident.closed_at, incident.closed_reason = event.at, "merged"

    def line(self, names: Names) -> Line:
        return Line(f"merged into {self.into}", self.reason, "good", alone=True)


class TookIn(Fact):
    """Another incident turned out to be this one: its alerts and its people are here from now on (DET-7)."""

    told = True
    clause: ClauseId = "DET-7"
    incident: IncidentId
    title: str
    service: str = ""
    group: str = ""
    severity: Severity | None = None
    """What it was declared as, or proposed."""
    alerts: tuple[AlertSeen, ...] = ()
    people: tuple[str, ...] = ()
    room: str = ""
    felt: bool = Field(default=False, exclude_if=unsaid)
    """Whether customers feel it: they feel the outage that it is then, whatever its own service is (COM-1)."""
    began: Instant | None = by_default(None)
    """Since when it lasted, where it was an outage (RES-2)."""
    components: dict[str, ComponentState] = Field(default_factory=dict, exclude_if=unsaid)
    """What the status page showed broken for it: it is broken by this one from now on (COM-3)."""
    mailed: dict[str, tuple[Account, ...]] = Field(default_factory=dict, exclude_if=unsaid)
    """Whom it had written to, by the name that they know it by: they hear of the end from this one (COM-5)."""
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """What fires there fires here, and its group reports here."""
        for alert in self.alerts:
            known = incident.alerts.get(alert.key)
            if known is None or alert.at >= known.at:
                incident.alerts[alert.key] = alert
        if self.felt and not (incident.outward.felt or incident.service.customer_facing):
            incident.outward.felt = (event.at, True)
        incident.relations.groups.append(self.group)
        taken = TakenIn(self.title, self.group, self.people, self.components, self.mailed)
        incident.relations.taken_in[self.incident] = taken

    def line(self, names: Names) -> Line:
        return Line(f"took in {self.incident}", self.title)


class LinkAsked(Fact):
    """Somebody says that another incident has to do with this one (DET-7)."""

    minor = True
    clause: ClauseId = "DET-7"
    to: str
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.relations.linking[self.to] = event.number

    def line(self, names: Names) -> Line:
        return Line(f"linked it to {self.to}", self.reason)


class Linked(Fact):
    """Another incident has to do with this one; each shows the other (DET-7)."""

    told = True
    minor = True
    clause: ClauseId = "DET-7"
    incident: IncidentId
    title: str = ""
    room: str = ""
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.relations.linking.pop(self.incident, None)
        incident.relations.links[self.incident] = self.title

    def line(self, names: Names) -> Line:
        about = f", {self.title}" if self.title else ""
        return Line(f"linked to {self.incident}{about}", self.reason, alone=True)


class UnlinkAsked(Fact):
    """Somebody says that another incident has nothing to do with this one after all (DET-7)."""

    minor = True
    clause: ClauseId = "DET-7"
    to: str
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The other one is to be told, after the link if that is still under way."""
        incident.relations.unlinking[self.to] = event.number

    def line(self, names: Names) -> Line:
        return Line(f"took the link to {self.to} back", self.reason)


class Unlinked(Fact):
    """Another incident has nothing to do with this one after all; neither shows the other any more (DET-7)."""

    told = True
    minor = True
    clause: ClauseId = "DET-7"
    incident: IncidentId
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It is not shown any more, and nobody is to be told of it."""
        known = incident.relations
        for these in (known.links, known.linking, known.unlinking):
            these.pop(self.incident, None)

    def line(self, names: Names) -> Line:
        return Line(f"no longer linked to {self.incident}", self.reason, alone=True)


class RelationRefused(Fact):
    """The other incident can't be merged with or linked to; this one goes on as it was (DET-7)."""

    told = True
    minor = True
    clause: ClauseId = "DET-7"
    incident: str
    by: str = ""
    """Who asked for it."""
    reason: str
    to_merge: bool | None = by_default(None)
    """Whether it refuses the merge or the link, whose other has an answer of its own; both, where nothing is said."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        known = incident.relations
        if self.to_merge is not False and known.merging and known.merging[1] == self.incident:
            known.merging = None
        for these in () if self.to_merge else (known.linking, known.unlinking):
            these.pop(self.incident, None)

    def line(self, names: Names) -> Line:
        return Line(f"{self.incident} was not told", self.reason, "bad", alone=True)


class Retracted(Fact):
    """It turned out to be no incident of ours, and is closed as such (DET-7)."""

    told = True
    clause: ClauseId = "DET-7"
    how: How
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.closed_at, incident.closed_reason = event.at, self.how

    def line(self, names: Names) -> Line:
        return Line(f"closed it as {ENDS[self.how]}", self.reason, "good")


CLOSING = tuple(kind_of(one) for one in (Closed, Merged, Retracted))
"""The kinds of events after one of which an incident may be over."""
