"""What is owed once it is over, in sentences: who does what by when (PM-1, GDP-1, ACT-1)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.procedure.data_breach import GDP_1, must_answer
from domain.procedure.data_breach import clocks as breach_clocks
from domain.procedure.postmortem import PM_1, completed_at, is_owed
from domain.procedure.postmortem_clock import clocks as postmortem_clocks
from domain.procedure.postmortem_clock import due_at
from domain.procedure.postmortem_reading import listed
from domain.value.moment import clock_time


def is_followed_up(incident: Incident) -> bool:
    """Whether it is over, and something may be owed of it."""
    return incident.over and not (incident.retracted or incident.closed_reason in ("self_resolved", "drill_over"))


def follows(incident: Incident) -> Iterator[str]:
    """What the end has begun: who does what by when."""
    for clause, clocks in ((GDP_1, breach_clocks(incident)), (PM_1, postmortem_clocks(incident))):
        for clock in clocks:
            if clause.promise and clock.running and not (clock.wait or clause.id in incident.learning.waivers):
                missing = _unwritten(incident) if clause is PM_1 else ""
                yield promised(incident, replace(clock, says=clause.promise.owed(clock.says))) + missing


def asked_by(incident: Incident) -> datetime | None:
    """By when it is to be answered whether personal data was touched."""
    return next((one.due_at for one in breach_clocks(incident) if one.running and not one.wait), None)


def promised(incident: Incident, clock: Clock) -> str:
    """A promise in a line: who does what by when; in bold once it is overdue."""
    holder = incident.catalog.person_called(incident.holders.get(clock.owner, clock.owner))
    who = incident.catalog.short(holder.id) if holder else "somebody"
    said, at = f"{who} {clock.says}", hour(incident, clock.due_at)
    return f"*overdue since {at}: {said}*" if clock.key in incident.missed else f"{said} by {at}"


def owed_later(incident: Incident) -> tuple[tuple[str, str], ...]:
    """What is owed in the follow-up; that the checkpoint is open is said in #incidents, its answer is not."""
    if not is_followed_up(incident):
        return ()
    named = incident.policy.room.says_next
    words = [*(follows(incident) if named else _owed(incident)), *items_owed(incident)]
    return (("Still owed", "; ".join(words)),) if words else ()


def _owed(incident: Incident) -> Iterator[str]:
    due = due_at(incident)
    if is_owed(incident) and due and not completed_at(incident) and PM_1.id not in incident.learning.waivers:
        yield f"post-mortem by {hour(incident, due)}{_unwritten(incident)}"
    if must_answer(incident):
        yield "whether personal data was touched"


def _unwritten(incident: Incident) -> str:
    empty = incident.learning.unwritten
    return f" (nobody has written in {listed(empty)} yet)" if empty else ""


def items_owed(incident: Incident) -> Iterator[str]:
    """How many of its action items are open."""
    left = sum(item.state == "open" for item in incident.items.values())
    if left:
        yield f"{left} of {len(incident.items)} action items"


def hour(incident: Incident, at: datetime) -> str:
    """A moment, with its day where that is not the day on which it began."""
    return clock_time(at, incident.opened.fired_at)
