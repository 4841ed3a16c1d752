"""What an act may claim of the moment at which it was: nothing that undoes a miss which is on record (SOC-1)."""

from collections.abc import Iterable
from datetime import datetime

from domain.incident.clock import Clock
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.pages import pagers
from domain.rule.refusal import Refusal
from domain.run import read as fold
from domain.run.agenda import clocks, decide
from domain.value.act import Act


def is_late(incident: Incident, act: Act) -> bool:
    """Whether this acknowledges a ringing that a reopening has ended (RES-3): nobody is on the present one by it."""
    reopened = incident.reopenings[-1:]
    return act.kind == "acknowledge" and act.at is not None and any(act.at < at for at in reopened)


def missed_since(incident: Incident, act: Act, now: datetime) -> tuple[Clock, ...]:
    """The promises whose deadline was recorded as missed since the moment that an act claims.

    The pager's own time is no claim (ACK-1), and what was done may have been on its way for as long as our grace.
    """
    claimed = claimed_at(incident, act, now)
    if act.via in pagers(incident) or now - claimed <= incident.policy.grace:
        return ()
    found = (one for one in clocks(incident) if one.running and one.key in incident.missed)
    return tuple(clock for clock in found if claimed <= clock.due_at)


def would_undo(incident: Incident, act: Act, missed: Iterable[Clock]) -> bool:
    """Whether an act, at the moment that it claims, would keep a promise in time that is recorded as missed (SOC-1)."""
    trial = fold.read(incident.events, excusing=incident.faults.failing is not None)
    decided = decide(trial, act)
    for what in () if isinstance(decided, Refusal) else decided:
        fold.append(trial, Event(number=trial.number + 1, at=act.at or trial.events[-1].at, by=act.by, what=what))
    after = {clock.key: clock for clock in clocks(trial)}
    return any(_is_kept(after.get(clock.key)) for clock in missed)


def _is_kept(clock: Clock | None) -> bool:
    """Whether nothing is left to be missed of a promise."""
    return clock is None or clock.void or (clock.stopped_at is not None and clock.stopped_at <= clock.due_at)


def claimed_at(incident: Incident, act: Act, now: datetime) -> datetime:
    """The moment that an act claims, which is never before the last turn of the incident, nor to come."""
    return min(max(act.at or now, _begun_at(incident)), now)


def _begun_at(incident: Incident) -> datetime:
    """The last turn of the incident: news from before it may arrive late and is not taken for news from before it."""
    return max([incident.opened_at, *incident.reopenings[-1:], *(at for at, _ in incident.resolutions[-1:])])
