"""KPI: what one incident adds to each key figure. Scorecard, sheet, board, records and bundle all ask `parts`.

Everything is read from the events alone, so that whoever has the events comes to the same figures. An incident counts
as the severest that was declared; a miss is a miss whatever is done later, and a waiver stands beside it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import zip_longest

from domain.company.policy import Policy
from domain.company.policy_follow_up import KpiTarget
from domain.incident.clock import Clock
from domain.incident.clocks import Missed
from domain.incident.incident import Incident
from domain.incident.lifecycle import self_resolved, unresolved_end
from domain.incident.office import paged_from
from domain.incident.ringing import first_acknowledged_at
from domain.incident.severity import SeverityDeclared, gravest
from domain.procedure.action_items import ACT_2, in_time, is_judged
from domain.procedure.cause_told import is_telling
from domain.procedure.common_mistakes import FIGURES as MISTAKES
from domain.procedure.disclosure import ASKED
from domain.procedure.figure_part import MICROSECOND, Counts, FigurePart, KeyFigure, timed, took
from domain.procedure.postmortem import PM_1, completed_at, is_owed
from domain.procedure.public_update import published
from domain.procedure.repeats import repeated, was_searched
from domain.procedure.resolution import beginnings
from domain.procedure.update_clocks import clocks as page_clocks
from domain.rule.clause import Clause
from domain.rule.ruleset import Ruleset
from domain.value.key import ClockKey
from domain.value.model import ClauseId


def ended_at(incident: Incident) -> datetime | None:
    """The first end: no reopening moves an incident into another month."""
    return min(
        (*(at for at, _ in incident.resolutions), *([end] if (end := unresolved_end(incident)) else [])), default=None
    )


def left_out(incident: Incident) -> str:
    """Why no figure counts the incident; empty where they do."""
    if incident.opened.drill:
        return "drill"
    return incident.closed_reason.replace("_", " ") if incident.retracted else ""


def parts(incident: Incident) -> tuple[FigurePart, ...]:
    """What the incident adds to each figure, under the targets of its own policy; nothing where it is left out."""
    if left_out(incident):
        return ()
    return tuple(part for one in KEY_FIGURES.values() for part in _parts(incident, one))


def _parts(incident: Incident, figure: KeyFigure) -> Iterator[FigurePart]:
    target = incident.policy.targets.get(figure.clause.id)
    if target is None or (target.severities and gravest(incident) not in target.severities):
        return
    if part := figure.part(incident, target):
        yield part
    yield from figure.each(incident)


def _acknowledged(incident: Incident, target: KpiTarget) -> FigurePart:
    """From the firing to the first acknowledgement; what nobody acknowledged rang until its end."""
    at, end, fired = first_acknowledged_at(incident), ended_at(incident), incident.opened.fired_at
    until = at or end or incident.events[-1].at
    rang = took(fired, until) - (_waited(incident, until) if target.waits_left_out else timedelta())
    if at:
        return timed("KPI-1", rang, target, over=True)
    return timed("KPI-1", rang, target, over=bool(end and target.under and rang >= target.under))


def _waited(incident: Incident, until: datetime) -> timedelta:
    """How long the severity let the first page wait for its hour, or for a worse one (ACK-6)."""
    paged = paged_from(incident, incident.opened_at)
    return took(incident.opened_at, min(paged, until)) if paged else timedelta()


def time_of_impact(incident: Incident) -> timedelta:
    """From the firing to the resolution, and from each reopening to the next; the calm between is no outage."""
    last = unresolved_end(incident) or incident.events[-1].at
    ends = [at for at, _ in incident.resolutions]
    return sum((took(start, end or last) for start, end in zip_longest(beginnings(incident), ends)), timedelta())


def _resolved(figure: ClauseId) -> Counts:
    def part(incident: Incident, target: KpiTarget) -> FigurePart | None:
        if self_resolved(incident):
            return None  # DET-5: it was over before anybody came, and there was nothing to resolve
        return timed(figure, time_of_impact(incident), target, over=incident.resolved_at is not None)

    return part


def _written(incident: Incident, target: KpiTarget) -> FigurePart | None:
    """Every post-mortem that was owed, in time: a reopening takes no miss away."""
    if not is_owed(incident) or not incident.resolutions:
        return None
    waived = int(PM_1.id in incident.learning.waivers)
    if any(ClockKey(key).clause == PM_1.id for key in incident.missed):
        return FigurePart(figure="KPI-4", judged=1, waived=waived)
    if completed_at(incident):
        return FigurePart(figure="KPI-4", judged=1, kept=1, waived=waived)
    return FigurePart(figure="KPI-4", open=1 - waived, waived=waived)


def _items(incident: Incident, target: KpiTarget) -> FigurePart | None:
    items = incident.items.values()
    judged, counted = [item for item in items if is_judged(incident, item)], [i for i in items if i.state != "declined"]
    part = FigurePart(
        figure="KPI-5",
        judged=len(judged),
        kept=sum(map(in_time, judged)),
        open=sum(not is_judged(incident, item) for item in counted),
    )
    return part if part.judged or part.open else None


def _first_of_its_kind(incident: Incident, target: KpiTarget) -> FigurePart:
    """Whether it repeats an earlier one; nobody can say while its cause is not known, or not where else it is met."""
    if not was_searched(incident) or is_telling(incident):
        return FigurePart(figure="KPI-6", open=1)
    return FigurePart(figure="KPI-6", judged=1, kept=int(not repeated(incident)))


def _told_customers(incident: Incident, target: KpiTarget) -> FigurePart | None:
    """From the first declaration that asks for the status page to the first update on it; in secret from the yes."""
    asked = next((clock for clock in page_clocks(incident) if clock.clause == "COM-1" and _owes(incident, clock)), None)
    if asked is None:
        return None
    first = published(incident)
    end = first[0] if first else ended_at(incident) or incident.events[-1].at
    return timed("KPI-7", took(asked.started_at, end), target, over=bool(first))


def _owes(incident: Incident, clock: Clock) -> bool:
    """What asks customers to be told: no question whether (SCP-3), and nothing that was taken back in time.

    A lower severity, secrecy, or that customers feel nothing takes it back; the incident's end does not.
    """
    end = ended_at(incident)
    taken_back = clock.void and (incident.secret or end is None or clock.stopped_at != end)
    return ClockKey(clock.key).about != ASKED and not taken_back


def _well_classified(incident: Incident, target: KpiTarget) -> FigurePart:
    """Whether it was never declared below what the matrix proposed, not even at its end, and never raised (TRI-4)."""
    declared, lower = [one for _, one in incident.all(SeverityDeclared)], incident.policy.lower
    if not declared:
        return FigurePart(figure="KPI-8", open=1)
    below = any(lower(one.severity, one.proposed) for one in declared)
    raised = lower(declared[0].severity, gravest(incident))
    return FigurePart(figure="KPI-8", judged=1, kept=int(not (below or raised)))


def _explain_target(clause: str) -> Callable[[Policy], list[str]]:
    def say(policy: Policy) -> list[str]:
        target = policy.targets.get(clause)
        if target is None:
            return [f"This policy sets no target {clause}; the figure is not shown."]
        named = not target.severities or any(severity in target.title for severity in target.severities)
        at = "" if named else f" at {', '.join(target.severities)}"
        return [f"The {target.title}{at} should be {target.says}."]

    return say


def _late_by(incident: Incident, part: FigurePart, counts: ClauseId) -> timedelta | None:
    """How long after its target it was done all the same, by its time or the clause it counts; None if it was not."""
    target = incident.policy.targets[ClockKey(part.figure).clause].under
    if part.timed and target is not None:
        return part.spent * MICROSECOND - target
    passed = {key for key in incident.missed if ClockKey(key).clause == counts}
    done = {
        what.key: what.stopped_at - what.due_at
        for _, what in incident.all(Missed)
        if what.stopped_at and not what.broken and what.clause == counts
    }
    return max(done.values()) if passed and passed <= done.keys() else None


def _clause(
    id: ClauseId,
    text: str,
    judged_by: str,
    *,
    waived_with: str = "",
    counts: str = "",
    done: Callable[[Incident], object] = lambda _: True,
) -> Clause:
    """`done` says whether what the figure times was ever done: what was not is never kept, however long it took."""

    def judge(incident: Incident) -> bool | timedelta | None:
        found = next((part for part in parts(incident) if part.figure == id), None)
        if found is None or not found.judged:
            return None
        late = None if found.kept == found.judged or not done(incident) else _late_by(incident, found, counts)
        return found.kept == found.judged if late is None else late

    return Clause(
        id,
        text,
        judged_by=f"this incident's part: {judged_by}",
        judge=judge,
        waived_with=waived_with,
        explain=_explain_target(id),
    )


_FIGURES = (
    KeyFigure(
        _clause("KPI-1", "MTTA, target under 5 minutes for P1/P2.", "acknowledged in time", done=first_acknowledged_at),
        _acknowledged,
        "incidents",
        "never acknowledged",
        whose=("on_call", "answered"),
        promise="Somebody answers {of} in {within}",
    ),
    KeyFigure(
        _clause("KPI-2", "MTTR P1, under 1 hour.", "resolved in time"),
        _resolved("KPI-2"),
        "incidents",
        "not resolved",
        promise="Somebody solves {of} in {within}",
    ),
    KeyFigure(
        _clause("KPI-3", "MTTR P2, under 4 hours.", "resolved in time"),
        _resolved("KPI-3"),
        "incidents",
        "not resolved",
        promise="Somebody solves {of} in {within}",
    ),
    KeyFigure(
        _clause(
            "KPI-4",
            "Post-mortem completion, 100 % of P1/P2 within 48 hours.",
            "its post-mortem in time",
            waived_with=PM_1.id,
            counts=PM_1.id,
        ),
        _written,
        "post-mortems",
        "still in time",
        whose=("manager", "owned it"),
        promise="Somebody reviews {of} in time",
    ),
    KeyFigure(
        _clause(
            "KPI-5",
            "Action-item closure, 90 % within 14 days.",
            "every judged action item done in time",
            counts=ACT_2.id,
        ),
        _items,
        "action items",
        "still in time",
        whose=("owned", "owned the first that was late"),
        promise="Action items are done in time",
    ),
    KeyFigure(
        _clause("KPI-6", "Repeat incidents, under 5 % within 90 days.", "it repeats no other"),
        _first_of_its_kind,
        "incidents with a known cause",
        "without one",
        bad=True,
        promise="Few incidents happen again",
    ),
    KeyFigure(
        _clause("KPI-7", "Time to the first public update of a P1/P2, target 10 minutes.", "its first update in time"),
        _told_customers,
        "incidents",
        "without an update",
        whose=("comms", "wrote to customers"),
        promise="Customers first hear of {of} in {within}",
    ),
    KeyFigure(
        _clause(
            "KPI-8",
            "Under-classified incidents: declared below the matrix or raised later.",
            "never declared less severe than it was",
        ),
        _well_classified,
        "incidents",
        "never declared",
        bad=True,
        whose=("declared", "declared it first"),
        promise="Few incidents are worse than they were called",
    ),
)
KEY_FIGURES: dict[ClauseId, KeyFigure] = {one.clause.id: one for one in (*_FIGURES, *MISTAKES)}
"""Every key figure by its clause, in the order of the SOP; then those of its common mistakes."""
RULES = Ruleset(clauses=tuple(one.clause for one in _FIGURES))
