"""How severe the incident is (TRI)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from domain.incident.fact import Fact
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Severity

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


@dataclass(slots=True)
class Request:
    """A request for a lower severity, and when it was over: confirmed, taken back, declined or lapsed."""

    severity: str
    at: datetime
    ended_at: datetime | None = None


class SeverityAsked(Fact):
    """A lower severity waits for a second person (TRI-4)."""

    told, sign_of_life = True, True
    minor = True
    kind: Literal["severity_asked"] = "severity_asked"
    clause: ClauseId = "TRI-4"
    severity: Severity
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It waits for a second person."""
        _end_request(incident, event.at)
        incident.asked, incident.asked_by = self, event.by
        incident.requests.append(Request(self.severity, event.at))

    def line(self, names: Names) -> Line:
        """What waits for a second person."""
        return Line(f"asked for {self.severity}; a second person must confirm", self.reason, "warn")


class SeverityDeclared(Fact):
    """The severity is this from now on (TRI-3, TRI-5)."""

    told, sign_of_life = True, True
    step = "declared the severity"
    kind: Literal["severity_declared"] = "severity_declared"
    clause: ClauseId = "TRI-3"
    severity: Severity
    proposed: Severity
    reason: str = ""
    asked_by: str = ""
    """Who asked first, when it needed a second person."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The severity in force; nothing waits for a second person any more."""
        incident.severities.append((event.at, self.severity))
        _end_request(incident, event.at)

    def line(self, names: Names) -> Line:
        """The severity from now on."""
        return Line(f"declared {self.severity}", self.reason)


def spans(asked: Iterable[tuple[datetime, bool]]) -> list[tuple[datetime, datetime | None]]:
    """The spans in which something was asked for, by when it was asked for and when not; the last one may be open."""
    found: list[tuple[datetime, datetime | None]] = []
    start: datetime | None = None
    for at, asks in asked:
        if start and not asks:
            found.append((start, at))
        start = (start or at) if asks else None
    return [*found, (start, None)] if start else found


class SeverityKept(Fact):
    """A request for a lower severity is over and nothing was lowered: taken back, declined or lapsed (TRI-4)."""

    told = True
    kind: Literal["severity_kept"] = "severity_kept"
    clause: ClauseId = "TRI-4"
    severity: Severity
    asked: Severity
    how: Literal["withdrawn", "declined", "lapsed"]
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Nothing waits for a second person any more."""
        _end_request(incident, event.at)

    def line(self, names: Names) -> Line:
        """What became of the request."""
        if self.how == "lapsed":
            return Line(f"nobody confirmed {self.asked} in time; it stays {self.severity}", tone="warn", alone=True)
        words = "took back the request for" if self.how == "withdrawn" else "declined"
        return Line(f"{words} {self.asked}; it stays {self.severity}", self.reason)


def _end_request(incident: "Incident", at: datetime) -> None:
    incident.asked, incident.asked_by = None, ""
    for request in incident.requests[-1:]:
        request.ended_at = request.ended_at or max(at, request.at)
