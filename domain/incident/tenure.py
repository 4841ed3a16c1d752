"""Who held a role from when until when, who was offered it, and whether its holder is still there (WAR-3, WAR-7)."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who holds a role from when on; nobody where the person is empty."""

    at: datetime
    person: str


@dataclass(slots=True)
class Offer:
    """A role that was offered to somebody, and when that was over: accepted, declined, taken back or lapsed."""

    number: int
    role: str
    to: str
    by: str
    at: datetime
    ended_at: datetime | None = None
    declined: bool = False
    note: str = ""
    """What whoever takes it should know."""


@dataclass(slots=True)
class Presence:
    """Who was there, in which role, and who was asked to be."""

    turns: dict[str, list[Tenure]] = field(default_factory=dict)
    """By role: who held it from when on."""
    offers: list[Offer] = field(default_factory=list)
    """Every offer of a role, in order; of one role the last alone may wait for its answer."""
    voices: dict[str, list[datetime]] = field(default_factory=dict)
    """By person: when they were heard from."""
    deputised: dict[str, list[str]] = field(default_factory=dict)
    """By clock: who was asked because its owner did not answer, in order."""
    chased: dict[str, datetime] = field(default_factory=dict)
    """By clock: when its passing was said last."""


def hold(incident: "Incident", role: str, person: str, event: "Event") -> None:
    """Give a role its one holder; an offer of it is answered by that."""
    incident.holders[role] = person
    incident.taken.append((event.number, person, role))
    _turn(incident, role, person, event)


def vacate(incident: "Incident", role: str, event: "Event") -> None:
    """Leave a role without a holder."""
    incident.holders.pop(role, None)
    _turn(incident, role, "", event)


def _turn(incident: "Incident", role: str, person: str, event: "Event") -> None:
    turns = incident.presence.turns.setdefault(role, [])
    if incident.policy.snooze.ends_at_handover and (turns[-1].person if turns else "") != person:
        clocks = incident.policy.clocks
        incident.snoozed = {one: until for one, until in incident.snoozed.items() if clocks[one].owner != role}
    turns.append(Tenure(max([event.at, *(turn.at for turn in turns[-1:])]), person))
    end_offer(incident, role, event.at)


def offer(incident: "Incident", role: str, to: str, event: "Event", note: str) -> None:
    """Let a role be offered, in the place of an earlier offer."""
    end_offer(incident, role, event.at)
    incident.presence.offers.append(Offer(len(incident.presence.offers), role, to, event.by, event.at, note=note))


def end_offer(incident: "Incident", role: str, at: datetime, *, declined: bool = False) -> None:
    """Close the open offer of a role, if there is one."""
    waits = open_offer(incident, role)
    if waits:
        waits.ended_at, waits.declined = max(at, waits.at), declined


def open_offer(incident: "Incident", role: str) -> Offer | None:
    """The offer of a role that waits for an answer."""
    return next((one for one in incident.presence.offers if one.role == role and one.ended_at is None), None)


def accepted(incident: "Incident", role: str) -> Offer | None:
    """The offer by which somebody took a role last; None where they took it by themselves."""
    turns = incident.presence.turns.get(role, [])[-1:]
    made = ((turn, one) for turn in turns for one in incident.presence.offers if one.role == role)
    return next((one for turn, one in made if (one.to, one.ended_at) == (turn.person, turn.at)), None)


def heard_since(incident: "Incident", person: str, moment: datetime) -> datetime | None:
    """When somebody was heard from first, from a moment on; None while they were not."""
    voices = incident.presence.voices.get(person, [])
    place = bisect_left(voices, moment)
    return voices[place] if place < len(voices) else None


def quiet_since(incident: "Incident", role: str) -> datetime | None:
    """Since when nothing was heard of who holds a role: their last word, or their taking it; None without a holder."""
    turns = incident.presence.turns.get(role, [])
    if not turns or not turns[-1].person:
        return None
    return max([turns[-1].at, *incident.presence.voices.get(turns[-1].person, [])[-1:]])


def silence(incident: "Incident", role: str, at: datetime) -> timedelta | None:
    """For how long nothing was heard of who holds a role, where that is enough for anybody to relieve them (WAR-7)."""
    quiet, policy = quiet_since(incident, role), incident.policy
    if quiet is None or incident.over or not policy.severities[incident.likely].chased:
        return None
    return at - quiet if at - quiet >= policy.absence.relief else None


def is_vacant(incident: "Incident", role: str) -> bool:
    """Whether nobody holds a role: nobody at all, or who has not come back to a reopened incident (RES-3, WAR-7)."""
    return role not in incident.holders or is_gone(incident, role)


def is_gone(incident: "Incident", role: str) -> bool:
    """Whether a role is in the name of somebody who was not heard from since the last reopening."""
    turns, rule = incident.presence.turns.get(role, []), incident.policy.roles.get(role)
    if not (incident.reopenings and turns and turns[-1].person) or (rule and rule.starts_with == "team_manager"):
        return False
    reopened = incident.reopenings[-1]
    return turns[-1].at < reopened and heard_since(incident, turns[-1].person, reopened) is None


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A span in which nobody holds a role; a later one takes its place from `cut` on."""

    since: datetime
    filled_at: datetime | None
    cut: datetime | None = None


def vacancies(incident: "Incident", role: str, since: datetime) -> Iterator[Vacancy]:
    """The spans from a moment on in which nobody holds a role; the first begins then, and may be over at once.

    A further one begins when the role is given up or its holder relieved, and at a reopening that its holder does not
    come back to.
    """
    turns = incident.presence.turns.get(role, [])
    first = next((turn.at for turn in _held(turns, since) if turn.person), None)
    yield Vacancy(since, first)
    later = [turn for turn in turns if first and turn.at >= first]
    for turn, following in zip_longest(later, later[1:]):
        end = following.at if following else None
        reopened = [at for at in incident.reopenings if max(turn.at, since) < at and (end is None or at < end)]
        marks = reopened if turn.person else [turn.at, *reopened]
        for start, cut in zip_longest(marks, marks[1:]):
            back = heard_since(incident, turn.person, start) if turn.person else None
            yield Vacancy(start, min((at for at in (back, end) if at), default=None), cut)


def _held(turns: list[Tenure], since: datetime) -> Iterator[Tenure]:
    """Who holds it at a moment, and who took it later."""
    before = [turn for turn in turns if turn.at <= since][-1:]
    yield from (*before, *(turn for turn in turns if turn.at > since))


def together(incident: "Incident", roles: tuple[str, ...]) -> Iterator[tuple[str, datetime, datetime | None]]:
    """The spans in which one person held several roles at once."""
    moments = sorted({turn.at for role in roles for turn in incident.presence.turns.get(role, [])})
    one, since = "", datetime.min
    for at in moments:
        held = {holder_at(incident, role, at) for role in roles}
        person = held.pop() if len(held) == 1 else ""
        if person != one:
            if one:
                yield one, since, at
            one, since = person, at
    if one:
        yield one, since, None


def holder_at(incident: "Incident", role: str, at: datetime) -> str:
    """Who held a role at a moment; empty where nobody did."""
    return next((turn.person for turn in reversed(incident.presence.turns.get(role, [])) if turn.at <= at), "")


def left_by(incident: "Incident", role: str, at: datetime) -> set[str]:
    """Who gave a role up or was relieved of it before a moment, and has not taken it again."""
    left, before = set[str](), ""
    for turn in (turn for turn in incident.presence.turns.get(role, []) if turn.at <= at):
        left = (left if turn.person else left | {before}) - {turn.person}
        before = turn.person
    return left


def passed_by(incident: "Incident", role: str, at: datetime) -> set[str]:
    """Who is not called for a role while there is somebody else: who left it, or declined it lately before a moment."""
    left, since = left_by(incident, role, at), at - incident.policy.paging.lately
    ended = ((one, one.ended_at) for one in incident.presence.offers if one.role == role and one.declined)
    declined = {one.to for one, end in ended if end and since < end <= at} - {holder_at(incident, role, at)}
    return left | declined if incident.policy.paging.declined_passed else left


def first_heard(incident: "Incident", people: Iterable[str], since: datetime) -> datetime | None:
    """When any of these people was first heard from since a moment; None when nobody was."""
    return min((at for person in people if (at := heard_since(incident, person, since))), default=None)
