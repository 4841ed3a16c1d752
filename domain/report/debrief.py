"""What a drill, or any incident, says at its end: who was how fast, and which clauses held."""

from datetime import datetime, timedelta

from pydantic import Field

from domain.incident.clocks import Kept, Missed
from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.report.scorecard import Verdict, scorecard
from domain.value.model import ClauseId, Duration, IncidentId, Instant, Model, said_outcome, unsaid


class StepTaken(Model):
    """The first time a step was taken: by whom, how long after the incident opened."""

    step: str
    clause: ClauseId
    by: str
    at: Instant
    after: Duration


class PromiseOutcome(Model):
    """One promise that came to its end: what was left of its time, or how late it was."""

    clause: ClauseId
    key: str
    says: str
    who: str
    spare: Duration | None = None
    late: Duration | None = None
    broken: bool = Field(default=False, exclude_if=unsaid)
    """Whether it was never kept, and `late` says how long until it ended."""

    @property
    def spoken(self) -> str:
        """What became of it, as every surface says it."""
        return said_outcome(self.spare if self.spare is not None else -(self.late or timedelta()), self.broken)


class Debrief(Model):
    """The report of one incident."""

    incident: IncidentId
    title: str
    drill: bool
    lasted: Duration
    steps: tuple[StepTaken, ...]
    promises: tuple[PromiseOutcome, ...]
    clauses: tuple[Verdict, ...]


def debrief(incident: Incident, as_of: datetime) -> Debrief:
    """The report as of a moment; complete once the incident is closed."""
    return Debrief(
        incident=incident.id,
        title=f"{incident.mark}{incident.title.inside}",
        drill=incident.opened.drill,
        lasted=(incident.closed_at or as_of) - incident.opened_at,
        steps=_steps(incident),
        promises=tuple(_promises(incident)),
        clauses=scorecard(incident, as_of),
    )


def _steps(incident: Incident) -> tuple[StepTaken, ...]:
    found: dict[str, StepTaken] = {}
    for event in incident.events:
        step = event.what.step
        if step and step not in found and event.by != STANDFAST:
            after, by = event.at - incident.opened_at, incident.called(event.by)
            found[step] = StepTaken(step=step, clause=event.clause, by=by, at=event.at, after=after)
    return tuple(sorted(found.values(), key=lambda one: one.at))


def _promises(incident: Incident) -> list[PromiseOutcome]:
    """Every promise that people made and that ended; those of the software itself are in the scorecard."""
    return [
        _held(incident, event.what)
        for event in incident.events
        if isinstance(event.what, Kept | Missed) and event.what.stopped_at and event.what.owner != STANDFAST
    ]


def _held(incident: Incident, what: Kept | Missed) -> PromiseOutcome:
    holder = incident.holders.get(what.owner)
    title = incident.policy.roles[what.owner].title if what.owner in incident.policy.roles else what.owner
    who = f"{incident.called(holder)} ({title})" if holder else title
    left = what.due_at - (what.stopped_at or what.due_at)
    time = {"spare": left} if left.total_seconds() >= 0 else {"late": -left}
    broken = isinstance(what, Missed) and what.broken
    return PromiseOutcome(clause=what.clause, key=what.key, says=what.says, who=who, broken=broken, **time)
