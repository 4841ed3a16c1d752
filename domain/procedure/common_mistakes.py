"""The figures that show the procedure's common mistakes, each under the clause that it is about (KPI)."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.company.policy_follow_up import KpiTarget
from domain.incident.clock import Clock
from domain.incident.clocks import Kept
from domain.incident.effects import Done
from domain.incident.incident import Incident
from domain.incident.lifecycle import unresolved_end
from domain.incident.office import office_hours
from domain.incident.ringing import first_acknowledged_at
from domain.incident.roles import RoleTaken
from domain.incident.severity import gravest
from domain.procedure.acknowledgement_lapse import ACK_6
from domain.procedure.action_items import ACT_2
from domain.procedure.disclosure import ASKED
from domain.procedure.figure_part import EPOCH, MICROSECOND, FigurePart, KeyFigure, timed, took
from domain.procedure.postmortem import PM_3, completed_at
from domain.procedure.roles import WAR_3
from domain.procedure.triage import TRI_2
from domain.procedure.update_clocks import COM_2
from domain.procedure.update_clocks import clocks as page_clocks
from domain.value.key import ClockKey, ItemKey

NIGHT = (22, 7)
"""From when until when people sleep, by the clock where they live."""


def _updates(incident: Incident, target: KpiTarget) -> FigurePart | None:
    """Every update of the status page that was owed; silence for several periods is several that were not made."""
    owed = [one for one in page_clocks(incident) if not (one.void or one.wait) and ClockKey(one.key).about != ASKED]
    missed = incident.missed.keys() - {what.key for _, what in incident.all(Kept)}
    late = [one for one in owed if one.broken or one.key in missed or (one.stopped_at or EPOCH) > one.due_at]
    kept = sum(one.stopped_at is not None for one in owed if one not in late)
    judged = kept + sum(_silent(incident, one) for one in late)
    part = FigurePart(figure=COM_2.id, judged=judged, kept=kept, open=len(owed) - kept - len(late))
    return part if owed else None


def _silent(incident: Incident, clock: Clock) -> int:
    """How many updates a late one stands for: one for each of its periods that passed."""
    rule = incident.policy.clocks.get(COM_2.id)
    every = rule.span(gravest(incident)) if rule and clock.clause == COM_2.id else None
    return 1 + (took(clock.due_at, clock.stopped_at or incident.events[-1].at) // every if every else 0)


def _commanded(incident: Incident, target: KpiTarget) -> FigurePart:
    """From the firing to the first commander; what ended without one had none until its end."""
    at = next((event.at for event, taken in incident.all(RoleTaken) if taken.role == "commander"), None)
    end = at or min((ended for ended, _ in incident.resolutions), default=unresolved_end(incident))
    return timed(WAR_3.id, took(incident.opened.fired_at, end or incident.events[-1].at), target, over=at is not None)


def _with_runbook(incident: Incident, target: KpiTarget) -> FigurePart:
    """Whether there was a runbook for whoever took it; nobody can say while nobody has."""
    if not (first_acknowledged_at(incident) or incident.over):
        return FigurePart(figure=TRI_2.id, open=1)
    return FigurePart(figure=TRI_2.id, judged=1, kept=int(bool(incident.runbooks)))


def _lessons(incident: Incident, target: KpiTarget) -> FigurePart | None:
    """How many action items its post-mortem gave; the parts of one are one."""
    if not completed_at(incident):
        return None
    count = sum(ItemKey(key).is_lesson and not item.part_of for key, item in incident.items.items())
    return FigurePart(figure=PM_3.id, judged=1, kept=int(count >= (target.at_least_each or 0)), timed=1, spent=count)


def _open_items(incident: Incident, target: KpiTarget) -> FigurePart | None:
    """Since when its open action items are open."""
    since = [(item.opened_at - EPOCH) // MICROSECOND for item in incident.items.values() if item.state == "open"]
    return FigurePart(figure=ACT_2.id, timed=len(since), spent=sum(since)) if since else None


def _pages(incident: Incident, target: KpiTarget) -> FigurePart | None:
    """Every page, and whether it came by day."""
    by_day = [day for _, day in _paged(incident)]
    return FigurePart(figure=ACK_6.id, judged=len(by_day), kept=sum(by_day)) if by_day else None


def _pages_of_each(incident: Incident) -> Iterator[FigurePart]:
    """The same of every person who was paged."""
    found: dict[str, list[bool]] = {}
    for person, by_day in _paged(incident):
        found.setdefault(person, []).append(by_day)
    for person, pages in sorted(found.items()):
        yield FigurePart(figure=f"{ACK_6.id}/{person}", judged=len(pages), kept=sum(pages))


def _paged(incident: Incident) -> Iterator[tuple[str, bool]]:
    """Whom each page reached, and whether by day where they live."""
    for event, done in incident.all(Done):
        for person in done.outcome.people if done.duty == "page" else ():
            yield person, not _at_night(incident, person, event.at)


def _at_night(incident: Incident, person: str, at: datetime) -> bool:
    hour = at.astimezone(ZoneInfo(office_hours(incident, incident.catalog.people.get(person)).zone)).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]


FIGURES = (
    KeyFigure(
        COM_2,
        _updates,
        "updates",
        "still in time",
        whole="all in time",
        promise="Customers hear again in time at {of}",
    ),
    KeyFigure(WAR_3, _commanded, "incidents", "without a commander", promise="Somebody commands {of} in {within}"),
    KeyFigure(
        TRI_2, _with_runbook, "incidents", "taken by nobody", bad=True, promise="Few incidents are without a runbook"
    ),
    KeyFigure(PM_3, _lessons, "post-mortems", "", counts="action item", promise="A post-mortem has its action items"),
    KeyFigure(
        ACT_2, _open_items, "open action items", "", ages=True, promise="Open action items are younger than {within}"
    ),
    KeyFigure(ACK_6, _pages, "pages", "", bad=True, each=_pages_of_each, promise="Few pages come at night"),
)
