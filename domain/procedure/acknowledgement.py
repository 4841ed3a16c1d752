"""ACK: who is paged, until when somebody must acknowledge, and what silence after it leads to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.incident.clock import Clock
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.ringing import Acknowledged, PagedByVendor
from domain.incident.roles import RoleTaken
from domain.port.any_duty import AcknowledgePages, Duty, Page, ResolvePages
from domain.procedure.paging import HAND, PageEscalated
from domain.rule.clause import CHASED, Clause, Promise, always
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import again, chain, cycle, own, prefix, promise
from domain.value.act import Act


class Acknowledge(Act):
    """ "I am investigating" (ACK-1)."""

    kind: Literal["acknowledge"] = "acknowledge"


def acknowledge(incident: Incident, act: Acknowledge) -> tuple[Fact, ...] | Refusal:
    """ACK-1: the first acknowledgement stops the clock, wherever it was made; a vendor's echo of it changes nothing."""
    if incident.over:
        return Refusal(f"{incident.id} is {incident.phase}; there is nothing to acknowledge")
    if incident.acknowledged_at:
        if act.via == incident.catalog.vendor("pager", incident.service.name):
            return ()
        at = f"{incident.acknowledged_at:%H:%M:%S}"
        return Refusal(f"{incident.called(incident.acknowledged_by)} acknowledged it at {at} UTC")
    roles = incident.policy.roles.items()
    vacant = [role for role, rule in roles if rule.starts_with == "acknowledger" and role not in incident.holders]
    return (Acknowledged(), *(RoleTaken(role=role, person=act.by) for role in vacant))


def page_escalated(incident: Incident, act: PageEscalated) -> tuple[Fact, ...] | Refusal:
    """ACK-3: remember whom the vendor paged by itself, so that we don't."""
    people = known(incident, act.people)
    if incident.over or set(people) <= set(vendor_paged(incident)):
        return ()
    return (PagedByVendor(people=people),)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder that was reached: its rung, since when, and when it was needed no longer."""

    name: str
    rung: int
    started_at: datetime
    until: datetime | None


def clocks(incident: Incident) -> Iterator[Clock]:
    """ACK-1 and the ladder of ACK-2 for each ringing, our own promise to page, and the silence of ACK-5."""
    paged = vendor_paged(incident)
    for number, ringing in enumerate(incident.rounds):
        key, end = again("ACK-1", number), _next_ringing(incident, number)
        stop = ringing.acknowledged_at
        yield from promise(incident, "ACK-1", "acknowledge", ringing.started_at, stop, key, end)
        missed = incident.missed.get(key)
        start = missed[1] if missed else None
        yield from chain(incident, "ACK-2", "page the next level", start, prefix(number), stop or end)
        for step in _steps(incident, number):
            if step.rung and not covered(incident, step, paged):
                sent, says = incident.pages.get(step.name), f"page {incident.policy.level(step.rung)}"
                key = f"ACK-2/page-{step.name}"
                yield from own(incident, "ACK-2", key, says, step.started_at, sent.at if sent else None, step.until)
        yield from _silence(incident, number)


def _silence(incident: Incident, number: int) -> Iterator[Clock]:
    """ACK-5: after the acknowledgement somebody must be heard from, again and again, while the severity asks for it."""
    since, end, count = incident.rounds[number].acknowledged_at, _next_ringing(incident, number), 0
    for begun, ended in incident.likely_runs("chased") if since else ():
        start, until = max(since or begun, begun), min((at for at in (end, ended) if at), default=None)
        if until is None or start < until:
            tag = prefix(number) + prefix(count, "s")
            yield from cycle(incident, "ACK-5", "say where you are", start, incident.heard, tag, until)
            count += 1


def _next_ringing(incident: Incident, number: int) -> datetime | None:
    return incident.rounds[number + 1].started_at if number + 1 < len(incident.rounds) else None


def _steps(incident: Incident, number: int) -> Iterator[Step]:
    """Every step of the ladder that a ringing reached; the repeated last level is needed until its next turn."""
    ringing = incident.rounds[number]
    end = ringing.acknowledged_at or _next_ringing(incident, number)
    yield Step(f"{prefix(number)}0", 0, ringing.started_at, end)
    missed = incident.missed.get(again("ACK-1", number))
    count, start = 1, missed[1] if missed else None
    while start:
        name = f"{prefix(number)}{count}"
        rang = incident.rung.get(f"ACK-2/{name}")
        superseded = rang if count >= len(incident.policy.ladder) - 1 else None
        yield Step(name, count, start, min((at for at in (end, superseded) if at), default=None))
        start, count = rang, count + 1


def vendor_paged(incident: Incident) -> tuple[str, ...]:
    """Whom a vendor has paged by itself in this ringing, by the names the catalog knows where it does."""
    start = incident.rounds[-1].started_at
    names = [name for sent in incident.vendor_pages if sent.at >= start for name in sent.people]
    if len(incident.rounds) == 1:
        names += [name for alert in incident.opened.alerts for name in alert.paged]
    return known(incident, names)


def known(incident: Incident, names: Iterable[str]) -> tuple[str, ...]:
    """These people, each once, by the ids of the catalog where it knows them."""
    found = ((incident.catalog.person_called(name), name) for name in names)
    return tuple(dict.fromkeys(person.id if person else name for person, name in found))


def covered(incident: Incident, step: Step, paged: tuple[str, ...]) -> bool:
    """ACK-3: whether the vendor has already paged this level by itself; the endless last level is always ours."""
    if step.rung >= len(incident.policy.ladder):
        return False
    level = incident.catalog.teams[incident.service.team].levels[incident.policy.level(step.rung)]
    people = level.on_call(step.started_at)
    return bool(set(people) & set(paged)) if people else len(paged) > step.rung


def refs(incident: Incident, *, asked: bool = True) -> tuple[str, ...]:
    """Every page of the incident, ours and the source's own; without those `asked` for by hand, which ring on."""
    ours = [sent.ref for key, sent in incident.pages.items() if sent.ref and (asked or not key.startswith(HAND))]
    return tuple(dict.fromkeys([*ours, *(alert.page for alert in incident.alerts.values() if alert.page)]))


def duties(incident: Incident) -> Iterator[Duty]:
    """The pages that are owed; then, that the pager hears of the acknowledgement and of the end."""
    pages = refs(incident, asked=incident.over)
    if incident.over and pages:
        yield ResolvePages(
            key=f"resolve_pages/{len(incident.resolutions)}-{len(pages)}",
            incident=incident.id,
            clause="DET-5" if incident.closed_reason == "self_resolved" else "RES-1",
            summary=f"take back {len(pages)} page(s)",
            refs=pages,
            reason=incident.summary or "the alert recovered by itself",
        )
    elif incident.acknowledged_at and pages:
        by = incident.called(incident.acknowledged_by)
        yield AcknowledgePages(
            key=f"acknowledge_pages/{len(incident.rounds)}-{len(pages)}",
            incident=incident.id,
            clause="ACK-1",
            summary=f"tell the pager that {by} is on it",
            refs=pages,
            by=by,
        )
    elif not incident.over and not incident.acknowledged_at:
        paged = vendor_paged(incident)
        for step in _steps(incident, len(incident.rounds) - 1):
            if step.until is None and not covered(incident, step, paged):
                yield _page(incident, step)


def _page(incident: Incident, step: Step) -> Page:
    level = incident.policy.level(step.rung)
    who = incident.catalog.teams[incident.service.team].levels[level]
    why = ": nobody has acknowledged" if step.rung else ""
    return Page(
        key=f"page/{step.name}",
        incident=incident.id,
        clause="ACK-2" if step.rung else "ACK-1",
        summary=f"page {level} on-call for {incident.service.title}{why}",
        level=level,
        people=incident.people(who.on_call(step.started_at)),
        schedule=who.schedule,
        service=incident.service.at(incident.catalog.vendor("pager", incident.service.name)),
        title=f"{incident.mark}{incident.id} {incident.opened.title}{why}",
        text=incident.opened.description,
        severity=incident.likely,
        impact=incident.policy.severities[incident.likely].impact,
        links=incident.opened.links,
        fired_at=incident.opened.fired_at,
    )


ACK_1 = Clause(
    "ACK-1",
    "The on-call engineer acknowledges within 5 minutes: in PagerDuty or Opsgenie, by Slack button, or by"
    " CLI. All three stop the same clock, and the others are told.",
    promise=Promise(
        "acknowledge",
        counted_from="the opening of the incident, and again from each reopening",
        asked_by=always("every incident starts it"),
        kept_by=Acknowledge,
    ),
    never_waived="nobody would be paged after the first",
)
ACK_4 = Clause(
    "ACK-4",
    "MTTA is measured from when the alert fired at its source.",
)
ACK_5 = Clause(
    "ACK-5",
    'An acknowledgement means "I am investigating": it does not stop the clocks of the later phases, and '
    "a P1/P2 that goes silent after it is chased.",
    promise=Promise(
        "say where you are",
        counted_from="the acknowledgement, and again whenever somebody is heard from",
        asked_by=CHASED,
        explained_as="say where they are",
        repeats=True,
    ),
)
RULES = Ruleset(
    clauses=(
        ACK_1,
        ACK_4,
        ACK_5,
    ),
    clocks=clocks,
    duties=duties,
)
