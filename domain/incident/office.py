"""Whose hours count for an incident's clocks: the policy's, and for pages that can wait those of the team (ACK-6)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.company.person import Person
from domain.company.policy_paging import OFFICE, When
from domain.incident.incident import Incident
from domain.value.calendar import Calendar

PAGES = frozenset({"ACK-1", "ACK-2"})
"""The clauses whose clocks wait with the pages."""


def office_of(incident: Incident) -> Calendar:
    """The office hours of the incident's team: its own, else the policy's."""
    own, name = incident.catalog.teams[incident.service.team].hours, incident.policy.paging.hours
    return own or (incident.policy.calendars[name] if name else OFFICE)


def office_hours(incident: Incident, person: Person | None, named: Calendar | None = None) -> Calendar:
    """Somebody's office hours: those of the incident's team, or the named ones, in their own time zone."""
    office = named or office_of(incident)
    return office.model_copy(update={"zone": person.zone}) if person and person.zone else office


def local_time(incident: Incident, at: datetime, person: Person | None = None) -> str:
    """A moment in somebody's own time, or the team's, and in UTC: 05 Mar 04:25 CET (03:25 UTC)."""
    utc, local = at.astimezone(UTC), at.astimezone(ZoneInfo(office_hours(incident, person).zone))
    if local.utcoffset() == utc.utcoffset():
        return f"{utc:%d %b %H:%M} UTC"
    return f"{local:%d %b %H:%M} {local.tzname()} ({utc:%H:%M} UTC)"


def is_by_day(incident: Incident) -> bool:
    """Whether what is owed is asked for by day: the fight is over, and the policy says so."""
    return incident.over and incident.policy.room.chases == "by_day"


def hours(incident: Incident, clause: str, severity: str | None) -> Calendar | None:
    """The hours that count for a clause at a severity; None where every hour counts."""
    own = incident.policy.hours(clause, severity)
    if own or clause not in PAGES or severity not in incident.policy.severities:
        return own
    return office_of(incident) if _when(incident, severity) == "office_hours" else None


def _when(incident: Incident, severity: str) -> When:
    """When a severity wakes somebody; nothing waits while neither its sender nor anybody has said how bad it is."""
    when = incident.policy.severities[severity].page
    return "at_once" if when == "office_hours" and is_unjudged(incident) else when


def waited(incident: Incident, start: datetime, end: datetime) -> bool:
    """Whether pages that can wait, sent at a start, stood still in some of the time until an end (ACK-6)."""
    guessed = is_unjudged(incident, end - datetime.resolution)
    return not guessed and office_of(incident).between(start, end) < end - start


def is_unjudged(incident: Incident, at: datetime | None = None) -> bool:
    """Whether its severity is a guess, or was one at a moment: of a report, or of alerts that name none we know."""
    if any(at is None or declared <= at for declared, _ in incident.severities):
        return False
    opened = incident.opened
    said = any(incident.policy.severity_meant(alert.severity) for alert in opened.alerts)
    return opened.clause == "DET-2" or not said


def paged_from(incident: Incident, start: datetime, severity: str = "") -> datetime | None:
    """The first moment since a start at which the severity in force, or one that it rings for, wakes somebody."""
    own = wakes_at(incident, severity, start) if severity else None
    return min((at for at in (own, _by_grade(incident, start)) if at), default=None)


def _by_grade(incident: Incident, start: datetime) -> datetime | None:
    grades = incident.grades
    for number, (at, severity) in enumerate(grades):
        end = grades[number + 1][0] if number + 1 < len(grades) else None
        if end is not None and end <= start:
            continue
        first = wakes_at(incident, severity, max(at, start))
        if first is not None and (end is None or first < end):
            return first
    return None


def wakes_at(incident: Incident, severity: str, at: datetime) -> datetime | None:
    """When a severity that is in force from a moment on first wakes somebody; None where it never does."""
    match _when(incident, severity):
        case "at_once":
            return at
        case "office_hours":
            return office_of(incident).next(at)
        case "no":
            return None


def unpaged_since(incident: Incident) -> datetime | None:
    """Since when the severity in force wakes nobody any more; None while it does."""
    at, severity = incident.grades[-1]
    return at if incident.policy.severities[severity].page == "no" else None
