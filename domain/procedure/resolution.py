"""RES: resolution, its targets, and what a recurrence does."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.entry import CALM, STANDFAST
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.lifecycle import ENDS, Closed, Reopened, Resolved, let_go, self_resolved, unresolved_end
from domain.incident.severity import open_challenges, outage_began
from domain.port.any_duty import AnyDuty
from domain.port.internal import ReportToGroup
from domain.port.message import Button, Message
from domain.procedure import bypass, legal
from domain.procedure import data_breach as gdp
from domain.procedure import final_update as final
from domain.procedure import postmortem as pm
from domain.procedure import public_postmortem as public
from domain.procedure.breach_notification import is_explained
from domain.procedure.findings import PostFinding
from domain.procedure.public_update import on_page
from domain.procedure.status_page import may_publish
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct
from domain.rule.clause import Clause, Promise, always, happened
from domain.rule.explain import rights
from domain.rule.judge import was_done
from domain.rule.people import held_by
from domain.rule.refusal import Refusal, settled
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, promised
from domain.value.key import ClockKey
from domain.value.model import LongText, spoken, unsaid

LEFT_OUT = "Left empty, a draft is asked for once it is over (COM-6)."


class Resolve(IncidentAct):
    """The commander declares resolution; the summary is for colleagues, customers get their own words (RES-1)."""

    deed = "resolve"
    makes = (Resolved,)
    label, form_title, verb = "Resolve", "Resolve the incident", "resolve"
    submit, submit_telling, last_words = "Solved", "Solved, tell customers", "customers"
    style, offered_in, usually = "primary", ("active",), "commander"
    phases = FOUGHT
    summary: Annotated[LongText, Ask("For us: what was it?", "text", example="what happened")]
    customers: Annotated[LongText | None, Ask("For customers: what do they read?", "text", LEFT_OUT)] = Field(
        default=None, exclude_if=unsaid
    )
    despite: Annotated[str, Ask("Do alerts fire still? Then why is it over?", "line")] = ""

    def decide(self, incident: Incident) -> Decision:
        """RES-1: the commander's word; everything else follows from it, the last words for customers at once."""
        if incident.over:
            return settled(f"{incident.id} is {incident.phase} already")
        over = Resolved(summary=self.summary, firing=still_firing(incident), despite=self.despite.strip())
        if self.customers is None:
            return (over,)
        if not on_page(incident):
            return Refusal(f"customers read nothing of {incident.id} on a status page: leave their words out")
        told = final.told(incident, self.customers, may_publish(incident, self.by, self.via))
        return told if isinstance(told, Refusal) else (over, told)


def still_firing(incident: Incident) -> tuple[str, ...]:
    """The alerts that fire, in their own words; those that were only counted as a number."""
    told = [alert.title for alert in incident.alerts.values() if alert.state not in CALM]
    more = [f"{incident.unseen} that were only counted"] if incident.unseen else []
    return tuple(dict.fromkeys([*told, *more]))


class Reopen(IncidentAct):
    """The resolved incident is not over (RES-3)."""

    makes = (Reopened,)
    label, form_title, verb = "Not over", "The incident is not over", "reopen"
    submit = "It is not over"
    offered_in = ("resolved",)
    phases = ("resolved",)
    reason: Annotated[LongText, Ask("Why is it not over?", "text", example="why it is not over")]

    def decide(self, incident: Incident) -> Decision:
        """RES-3: a person says it is not over; a closed incident stays closed."""
        if let_go(incident):
            over = "closed" if incident.closed_at else "over by itself"
            return Refusal(f"{incident.id} is {over}; declare a new incident and name this one")
        if not incident.over:
            return settled(f"{incident.id} is open already")
        return (Reopened(reason=self.reason, rings=self.by != incident.acknowledged_by),)


class EndDrill(IncidentAct):
    """A drill is over; nothing else ends in this way."""

    makes = (Closed,)

    def decide(self, incident: Incident) -> Decision:
        """A drill ends when it is said to; an incident ends when its procedure is over, and by nobody's word before."""
        if not incident.opened.drill:
            return Refusal(f"{incident.id} is no drill; resolve it")
        return () if incident.closed_at else (Closed(reason="drill_over"),)


def beginnings(incident: Incident) -> list[datetime]:
    """RES-2, KPI-2: since when there is something to be resolved: the firing that made it so, and each reopening."""
    return [outage_began(incident), *incident.reopenings]


def clocks(incident: Incident) -> Iterator[Clock]:
    """RES-2 from the alert's firing, and from each reopening; RES-3's window after each resolution."""
    ends, rule = [at for at, _ in incident.resolutions], incident.policy.clock(RES_2.id)
    for number, start in enumerate(beginnings(incident)):
        stop = ends[number] if number < len(ends) else None
        begun = incident.reopenings[number - 1] if number else incident.opened_at
        for severity, run, until in _targets(incident, begun, stop):
            if rule is None or rule.span(severity) is None:
                continue  # another severity's time is no target of this one
            kept, runs = None if until else stop, (run, nth(number))
            since = start if number or incident.policy.severities[severity].chased else incident.opened.fired_at
            yield from promised(incident, RES_2, start=since, stop=kept, until=until or stop, about=severity, runs=runs)
    if incident.resolved_at:
        start = incident.resolved_at
        span = incident.policy.alerts.reopen_window
        key = _window(incident)
        stop = incident.rung.get(key)
        yield Clock(RES_3.id, key, "wait for a recurrence", "standfast", start, start + span, stop, wait=True)


def _window(incident: Incident) -> ClockKey:
    """The wait for a recurrence after the last resolution."""
    return ClockKey.of(RES_3.id, str(len(incident.resolutions)))


def _targets(incident: Incident, begun: datetime, stop: datetime | None) -> Iterator[tuple[str, str, datetime | None]]:
    """The severities declared until a resolution, each with its run, and when the next one took its place."""
    before = [one for one in incident.severities if stop is None or one[0] <= stop]
    earlier = sum(at <= begun for at, _ in before)
    grades, seen = before[max(earlier - 1, 0) :], list[str]()
    for number, (_, severity) in enumerate(grades):
        run = nth(seen.count(severity), "s")
        seen.append(severity)
        yield severity, run, grades[number + 1][0] if number + 1 < len(grades) else None


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The group of alerts hears of each end and each reopening, so that it may open the next incident (DET-4)."""
    if not (incident.resolutions or unresolved_end(incident)):
        return
    for number, group in enumerate(groups(incident), start=1):
        yield _report(incident, group, number)


def groups(incident: Incident) -> tuple[str, ...]:
    """The groups of alerts whose incident it is: its own by and by, and those of incidents it took in (DET-7)."""
    return tuple(dict.fromkeys(group for group in (incident.opened.group, *incident.relations.groups) if group))


def _report(incident: Incident, group: str, number: int) -> ReportToGroup:
    """What a group is told; the key of the first one's is as it ever was."""
    also, phase = f"/{number}" if number > 1 else "", "closed" if let_go(incident) else incident.phase
    return ReportToGroup(
        key=f"report/{len(incident.resolutions)}-{len(incident.reopenings)}-{phase}{also}",
        incident=incident.id,
        clause=RES_3.id,
        summary=f"tell the alert group that the incident is {phase}",
        group=group,
        phase=phase,
        severity=incident.severity,
        at=incident.events[incident.moved - 1].at,
        reopen_until=incident.resolved_at + incident.policy.alerts.reopen_window if incident.resolved_at else None,
        merged_into=incident.relations.merged_into,
        dismissed=incident.retracted and not incident.relations.merged_into,
        despite=bool(incident.outward.despite) and incident.over,
    )


def is_followed_up(incident: Incident) -> bool:
    """Whether everything after it is over: the window, items, bypasses, post-mortem, breach."""
    return (
        incident.phase == "resolved"
        and (self_resolved(incident) or _window(incident) in incident.rung)
        and not any(one.declared for one in open_challenges(incident))
        and all(item.state != "open" for item in incident.items.values())
        and bypass.is_answered(incident)
        and pm.is_learned(incident)
        and gdp.is_settled(incident)
        and is_explained(incident)
        and legal.is_settled(incident)
        and final.is_said(incident)
        and public.is_settled(incident)
    )


def _tell_reopened(incident: Incident, event: Event, reopened: Reopened) -> Message:
    by = "" if event.by == STANDFAST else f" ({incident.catalog.short(event.by)})"
    text = f"RES-3 *Not over*{by}: {reopened.reason.rstrip('.')}. The clocks run again."
    return Message(text=text, to=held_by(incident, "commander", "on_call"), buttons=(PostFinding.button(),))


def _tell_closed(incident: Incident, event: Event, closed: Closed) -> Message:
    at = event.at + incident.policy.room.archive_after
    kept = f" The room is archived on {at:%d %b}." if incident.open_room and closed.reason == "followed_up" else ""
    places = {"Post-mortem": incident.learning.document_url, "Board": incident.policy.board_page(incident.id)}
    leads = tuple(Button(label=label, url=url) for label, url in places.items() if url)
    return Message(text=f"{event.clause} *Closed*: {ENDS[closed.reason]}.{kept}", buttons=leads)


def _taken_back(incident: Incident) -> bool | None:
    if not incident.resolutions:
        return None
    return not incident.pages or was_done(incident, "resolve_pages")


def _explain_reopening(policy: Policy) -> list[str]:
    window = spoken(policy.alerts.reopen_window)
    if policy.alerts.recurrence == "reopen":
        return [f"An alert that fires again within {window} of the resolution reopens the incident."]
    return [
        f"An alert that fires again within {window} of the resolution is told to the incident; a person reopens it."
    ]


RES_1 = Clause(
    "RES-1",
    "The commander declares resolution; the page, the status page, #incidents and the war room all follow.",
    still=True,
    judged_by="resolved, and every page taken back",
    judge=_taken_back,
    explain=rights(Resolve),
)
RES_2 = Clause(
    "RES-2",
    "MTTR targets: P1 1 hour, P2 4 hours, measured from the alert's firing; approaching and passing them "
    "is told to commander and manager.",
    promise=Promise(
        "resolve",
        does="has it solved",
        then="Solved",
        reminder="It is to be solved by {by}, in {left}.",
        overdue="It was to be solved by {by}.",
        counted_from="the alert's firing at its source, once a severity is declared",
        asked_by=always("every declaration starts it"),
        explained_as="resolve the incident",
        kept_by=Resolve,
        target=True,
        outlives=True,
        optional=True,
        answers=lambda key: (Resolve.button(style="plain"),),
    ),
    judged_by="its clock, for a severity with a target",
)
RES_3 = Clause(
    "RES-3",
    "A resolved incident can be reopened while the alert recurs inside the policy's window; its clocks run again.",
    judged_by="reopened",
    judge=happened(Reopened),
    constructed=True,
    explain=_explain_reopening,
)
RULES = Ruleset(
    clauses=(RES_1, RES_2, RES_3),
    clocks=clocks,
    duties=duties,
    tell={Reopened: _tell_reopened, Closed: _tell_closed},
)
