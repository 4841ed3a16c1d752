"""ACK-1, ACK-4, ACK-5: until when somebody must acknowledge, and that silence after it is chased."""

from collections.abc import Iterator
from datetime import datetime

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.incident.lifecycle import ENDS, self_resolved
from domain.incident.office import unpaged_since
from domain.incident.pages import by_pager, pagers, rings_on
from domain.incident.ringing import Acknowledged, PageAnswered
from domain.incident.roles import RoleTaken
from domain.incident.tenure import is_vacant
from domain.port.any_duty import AnyDuty
from domain.port.pager import AcknowledgePages, ResolvePages
from domain.procedure.calls import unanswered
from domain.procedure.findings import answers
from domain.procedure.ladder import ACK_2, LadderStep, following, steps
from domain.procedure.paging import covered, ladder, next_ringing, on_call, pages_of_ladder, vendor_paged
from domain.rule.act import FOUGHT, Decision, IncidentAct, Typed
from domain.rule.clause import CHASED, Clause, Promise, always, happened
from domain.rule.explain import asked_at
from domain.rule.reckoned import reckoned
from domain.rule.refusal import Refusal, settled
from domain.rule.ruleset import Ruleset
from domain.rule.timer import cycled, nth, promised
from domain.value.key import ClockKey
from domain.value.model import said_count
from domain.value.moment import clock_time


class Acknowledge(IncidentAct):
    """ "I am investigating" (ACK-1)."""

    makes = (Acknowledged,)
    label, verb, style = "I'm on it", "ack", "primary"
    typed = (Typed("ack", arguments=(), without=("page",)),)
    offered_in = ("alerting",)
    phases = FOUGHT
    page: str = ""
    """The page that was acknowledged, where a pager says which."""

    def decide(self, incident: Incident) -> Decision:
        """ACK-1: the first one stops the clock, wherever it was made; a vendor's echo of it changes nothing."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; there is nothing to acknowledge")
        if rings_on(self.page):
            return () if self.page in incident.reach.answered else (PageAnswered(page=self.page),)
        if incident.corrections.is_released(self.page):
            return ()
        if incident.acknowledged_at:
            return self._second(incident, incident.acknowledged_at)
        return (Acknowledged(), *starts_with(incident, self.by))

    def _second(self, incident: Incident, taken_at: datetime) -> Decision:
        """ACK-5, ACK-6: who takes over from somebody who went silent, or was woken themselves, is welcome."""
        role = incident.policy.role("on_call")
        if role and self.by != incident.holders.get(role) and is_silent(incident):
            return (RoleTaken(role=role, person=self.by),)
        if any(self.by in step.people for step in unanswered(incident)):
            return (PageAnswered(),)
        if self.via in pagers(incident):
            return ()
        return settled(f"{incident.called(incident.acknowledged_by)} acknowledged it at {clock_time(taken_at)}")


def starts_with(incident: Incident, person: str) -> tuple[RoleTaken, ...]:
    """The vacant roles that whoever acknowledges has from then on (WAR-3)."""
    roles = incident.policy.roles.items()
    starts = [role for role, rule in roles if rule.starts_with == "acknowledger" and is_vacant(incident, role)]
    return tuple(RoleTaken(role=role, person=person) for role in starts if incident.holders.get(role) != person)


def is_silent(incident: Incident) -> bool:
    """ACK-5: whether nobody has been heard from for longer than this severity allows."""
    return any(clock.key in incident.missed for clock in clocks(incident) if clock.clause == ACK_5.id and clock.running)


def clocks(incident: Incident) -> tuple[Clock, ...]:
    """For each ringing ACK-1, the ladder that its miss sets going (ACK-2), and the silence of ACK-5.

    Reckoned once for each event: the pager is asked just before a level is reached, and each asking wants them again.
    """
    return reckoned(incident, "ringings", incident.ticked, lambda: _clocks(incident))


def _clocks(incident: Incident) -> Iterator[Clock]:
    paged = vendor_paged(incident)
    for number, ringing in enumerate(incident.rounds):
        call, stop = on_call(incident, number), ringing.acknowledged_at
        if call:
            start = min(call.started_at, stop) if stop else call.started_at
            ends = (next_ringing(incident, number), None if ringing.severity else unpaged_since(incident))
            end = min((at for at in ends if at), default=None)
            yield from promised(incident, ACK_1, start=start, stop=stop, until=end, runs=(nth(number),))
            yield from ladder(incident, call, paged)
        yield from _silence(incident, number)


def _silence(incident: Incident, number: int) -> Iterator[Clock]:
    """ACK-5: after the acknowledgement somebody must be heard from, again and again, while the severity asks for it."""
    since, end, count = incident.rounds[number].acknowledged_at, next_ringing(incident, number), 0
    for begun, ended in incident.likely_runs("chased") if since else ():
        start, until = max(since or begun, begun), min((at for at in (end, ended) if at), default=None)
        if until is None or start < until:
            runs = (nth(number), nth(count, "s"))
            yield from cycled(incident, ACK_5, since=start, marks=incident.heard, until=until, runs=runs)
            count += 1


def refs(incident: Incident, *, asked: bool = True) -> tuple[str, ...]:
    """Every page of the incident, ours and the source's own; without those for somebody else, who has not answered.

    The source's own pages go with its alerts into the incident that took them in (DET-7).
    """
    ringing = {step.name for step in unanswered(incident)} if not asked else ()
    kept = (one for one in incident.pages.items() if not incident.corrections.is_released(one[0]))
    ours = [sent.ref for key, sent in kept if sent.ref and key not in ringing]
    theirs = [alert.page for alert in incident.alerts.values() if alert.page]
    return tuple(dict.fromkeys([*ours, *([] if incident.relations.merged_into else theirs)]))


def next_paged(incident: Incident) -> LadderStep | None:
    """The level that is paged next while nobody answers, as it is reached then; the last until it is paged (ACK-2)."""
    number = len(incident.rounds) - 1
    call = on_call(incident, number)
    if call is None or call.until:
        return None
    last = steps(incident, call)[-1]
    if last.is_owed(incident) and not covered(last, vendor_paged(incident)):
        return last
    key = ClockKey.of(ACK_2.id, last.name) if last.number else ClockKey.of(ACK_1.id, nth(number))
    due = next((one.due_at for one in clocks(incident) if one.key == key and one.running), None)
    return following(incident, call, due) if due else None


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The pages that are owed; then, that the pager hears of the acknowledgement and of the end."""
    pages = refs(incident, asked=incident.over)
    if incident.over:
        yield from (_taken_back(incident, *its) for its in by_pager(incident, pages))
    elif incident.acknowledged_at:
        yield from (_answered(incident, *its) for its in by_pager(incident, pages))
    else:
        yield from pages_of_ladder(incident)


def _taken_back(incident: Incident, which: str, vendor: str, pages: tuple[str, ...]) -> ResolvePages:
    """DET-5, RES-1: the pages that a pager has are over."""
    return ResolvePages(
        key=f"resolve_pages/{len(incident.resolutions)}-{len(pages)}{which}",
        incident=incident.id,
        clause=_taken_back_by(incident),
        summary=f"take back {said_count(len(pages), 'page')}",
        vendor=vendor,
        refs=pages,
        reason=_why_taken_back(incident),
    )


def _answered(incident: Incident, which: str, vendor: str, pages: tuple[str, ...]) -> AcknowledgePages:
    """ACK-1: a pager hears that somebody has its pages."""
    by = incident.called(incident.acknowledged_by)
    return AcknowledgePages(
        key=f"acknowledge_pages/{len(incident.rounds)}-{len(pages)}{_renewed(incident)}{which}",
        incident=incident.id,
        clause="ACK-1",
        summary=f"tell the pager that {by} is on it",
        vendor=vendor,
        refs=pages,
        by=by,
    )


def _taken_back_by(incident: Incident) -> str:
    """The clause by which pages are taken back."""
    return "DET-5" if self_resolved(incident) else "DET-7" if incident.retracted else "RES-1"


def _renewed(incident: Incident) -> str:
    """ACK-6: an acknowledgement that ran out at the pager while somebody is at work is made again there."""
    return f"-{incident.reach.outlived}" if incident.reach.outlived else ""


def _explain_silence(policy: Policy) -> list[str]:
    asks = asked_at(policy, lambda severity: policy.severities[severity].chased)
    return [f"This is asked at {asks}."] if asks else []


def _why_taken_back(incident: Incident) -> str:
    if incident.secret and incident.summary:
        return f"{incident.id} is resolved"
    if incident.retracted:
        return f"{incident.id} is {ENDS[incident.closed_reason]}"
    return str(incident.summary) or "the alert recovered by itself"


ACK_1 = Clause(
    "ACK-1",
    "The on-call engineer acknowledges within 5 minutes: in PagerDuty or Opsgenie, by Slack button, or by"
    " CLI. All three stop the same clock, and the others are told.",
    promise=Promise(
        "acknowledge",
        does="answers",
        then="Somebody is on it",
        reminder="Nobody is on it yet: by {by}, in {left}, the next is paged.",
        overdue="Nobody is on it; by {by} somebody was to be.",
        counted_from="the opening of the incident, and again from each reopening",
        asked_by=always("every incident starts it"),
        kept_by=Acknowledge,
    ),
    never_waived="nobody would be paged after the first",
    judged_by="its clock; closed by itself before anybody had to",
)
ACK_4 = Clause(
    "ACK-4",
    "MTTA is measured from when the alert fired at its source.",
    judged_by="acknowledged, with the firing at the source known",
    judge=happened(Acknowledged),
    constructed=True,
)
ACK_5 = Clause(
    "ACK-5",
    'An acknowledgement means "I am investigating": it does not stop the clocks of the later phases, and '
    "a P1/P2 that goes silent after it is chased.",
    promise=Promise(
        "say where you are",
        does="says where they are",
        then="Somebody is heard from",
        reminder="Where are you? The room hears of you by {by}, in {left}.",
        overdue="Where are you? The room was to hear of you by {by}.",
        counted_from="the acknowledgement, and again whenever somebody is heard from",
        asked_by=CHASED,
        explained_as="say where they are",
        repeats=True,
        answers=answers,
    ),
    judged_by="its clocks after the acknowledgement",
    explain=_explain_silence,
)
RULES = Ruleset(
    clauses=(ACK_1, ACK_4, ACK_5),
    clocks=clocks,
    duties=duties,
)
