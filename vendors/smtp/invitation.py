"""Writes an invitation as calendars read it: one VEVENT, `METHOD:REQUEST` (RFC 5545, RFC 5546 3.2.2)."""

from datetime import UTC, datetime
from email.utils import parseaddr

from domain.port.mailer import SendInvitation

FOLD = 75
"""Octets in a line before it is folded (RFC 5545, 3.1)."""


def calendar(duty: SendInvitation, sender: str, now: datetime) -> str:
    """The whole calendar object. The UID is the incident's and stays; a higher SEQUENCE moves the meeting."""
    organiser, attendee = parseaddr(sender)[1], duty.person
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Standfast//Standfast//EN",
        "VERSION:2.0",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{_text(duty.uid)}@{organiser.rpartition('@')[2]}",
        f"SEQUENCE:{duty.sequence}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(duty.starts_at)}",
        f"DTEND:{_moment(duty.starts_at + duty.length)}",
        f"SUMMARY:{_text(duty.title)}",
        f"DESCRIPTION:{_text(duty.text)}",
        *([f"URL:{duty.url}"] if duty.url and "\n" not in duty.url else []),
        f"ORGANIZER:mailto:{organiser}",
        f"ATTENDEE;CN={_parameter(attendee.name)};ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:{attendee.email}",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A text value with what has a meaning escaped (RFC 5545, 3.3.11)."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _parameter(value: str) -> str:
    """A quoted parameter value, which can hold neither quotes nor controls (RFC 5545, 3.2)."""
    return '"' + "".join(letter for letter in value if letter.isprintable() and letter != '"') + '"'


def _folded(line: str) -> str:
    """A line folded at 75 octets, never inside a letter."""
    pieces, piece = [], ""
    for letter in line:
        if len(f"{piece}{letter}".encode()) > FOLD:
            pieces.append(piece)
            piece = " "
        piece += letter
    return "\r\n".join([*pieces, piece])
