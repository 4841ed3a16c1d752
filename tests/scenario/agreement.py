"""Whether two accounts of a scenario are the same: the same events and moments, in the same order up to ties."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from domain.incident.event import Event
from domain.port.any_duty import DUTIES

Kind = tuple[int, str, str, str, str]
Told = dict[Kind, list[Event]]
OF_AN_EVENT = ("say/", "answered/", "tell_incident/", "tell/role-")
"""Duties whose key counts the event that they are about."""


def differences(expected: Sequence[Sequence[Event]], found: Sequence[Sequence[Event]], slack: timedelta) -> list[str]:
    """Each kind of event that differs: in number, or in a moment that is not up to `slack` later than expected.

    The events of each kind are compared in their order, so that only events closer than the slack can change places.
    """
    one, other = _by_kind(expected), _by_kind(found)
    kinds = sorted(one.keys() | other.keys())
    return [_said(kind, one[kind], other[kind]) for kind in kinds if not _agree(one[kind], other[kind], slack)]


def _by_kind(accounts: Sequence[Sequence[Event]]) -> Told:
    """By incident, kind, clause, person, and what it is about; the number of an event that it is about is a tie's.

    That the pager was asked is left out: each question waits for the last one's answer, so their lateness adds up. Of a
    message that is edited in place only the first counts: whether what came at the same moment needs one edit or two is
    a race between answers.
    """
    sorted_in: Told = defaultdict(list)
    for incident, events in enumerate(accounts):
        for event in events:
            about = str(getattr(event.what, "key", "") or getattr(event.what, "act", ""))
            if about.startswith("read_pages/"):
                continue
            duty = DUTIES.get(getattr(event.what, "duty", ""))
            edited = duty.edits if duty else ""
            if edited and sorted_in[incident, event.what.kind, event.clause, event.by, edited]:
                continue
            about = edited or about
            about = about.partition("/")[0] if about.startswith(OF_AN_EVENT) else about
            sorted_in[incident, event.what.kind, event.clause, event.by, about].append(event)
    return sorted_in


def _agree(expected: list[Event], found: list[Event], slack: timedelta) -> bool:
    early = timedelta(milliseconds=-50)
    return len(expected) == len(found) and all(
        early <= b.at - a.at <= slack for a, b in zip(expected, found, strict=True)
    )


def _said(kind: Kind, expected: list[Event], found: list[Event]) -> str:
    return f"{kind}: expected at {_moments(expected)}, found at {_moments(found)}"


def _moments(events: list[Event]) -> str:
    return ", ".join(f"{event.at:%d %H:%M:%S.%f}"[:-5] for event in events) or "never"
