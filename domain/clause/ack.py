"""ACK: who is paged, until when somebody must acknowledge, and what silence after it leads to."""

from collections.abc import Iterator
from datetime import datetime

from domain.act import Acknowledge, PageEscalated, PagePerson
from domain.clause.clock import chain, cycle, own, promise
from domain.deadline import Clock
from domain.duty import AcknowledgePages, Duty, Page, ResolvePages
from domain.event import What
from domain.incident import Incident
from domain.refusal import Refusal
from domain.what.decided import RoleTaken
from domain.what.detected import Acknowledged, PageAsked, PagedByVendor

HAND = "hand-"
"""How the keys of pages that people asked for begin."""
BY_HAND = "by hand"


def acknowledge(incident: Incident, act: Acknowledge) -> tuple[What, ...] | Refusal:
    """ACK-1: the first acknowledgement stops the clock, wherever it was made; a vendor's echo of it changes nothing."""
    if incident.over:
        return Refusal(f"{incident.id} is {incident.phase}; there is nothing to acknowledge")
    if incident.acknowledged_at:
        if act.via in incident.catalog.vendors.values() and act.via != "slack":
            return ()
        at = f"{incident.acknowledged_at:%H:%M:%S}"
        return Refusal(f"{incident.called(incident.acknowledged_by)} acknowledged it at {at} UTC")
    roles = incident.policy.roles.items()
    vacant = [role for role, rule in roles if rule.starts_with == "acknowledger" and role not in incident.holders]
    return (Acknowledged(), *(RoleTaken(role=role, person=act.by) for role in vacant))


def page_escalated(incident: Incident, act: PageEscalated) -> tuple[What, ...] | Refusal:
    """ACK-3: remember whom the vendor paged by itself, so that we don't."""
    if incident.over or set(act.people) <= set(vendor_paged(incident)):
        return ()
    return (PagedByVendor(people=act.people),)


def page_person(incident: Incident, act: PagePerson) -> tuple[What, ...] | Refusal:
    """ACK-2: anybody may have somebody paged at any time; the ladder goes on by itself all the same."""
    if incident.over:
        return Refusal(f"{incident.id} is {incident.phase}; reopen it first")
    levels = incident.catalog.teams[incident.service.team].levels
    person, level = incident.catalog.person_called(act.to), act.to.strip().lower().replace(" ", "_").replace("-", "_")
    if person:
        return (PageAsked(level=BY_HAND, people=(person.id,), reason=act.reason),)
    if level not in levels:
        return Refusal(f"to: found {act.to!r}, expected a person of the catalog or one of {', '.join(levels)}")
    who = levels[level]
    return (PageAsked(level=level, people=who.people, schedule=who.schedule, reason=act.reason),)


def prefix(number: int) -> str:
    """How keys of the nth ringing are told apart: nothing for the first, `r2-` for the second."""
    return "" if number == 0 else f"r{number + 1}-"


def clocks(incident: Incident) -> Iterator[Clock]:
    """ACK-1 and the ladder of ACK-2 for each ringing, our own promise to page, and the silence of ACK-5."""
    for number, ringing in enumerate(incident.rounds):
        key = "ACK-1" if number == 0 else f"ACK-1/r{number + 1}"
        stop = ringing.acknowledged_at
        yield from promise(incident, "ACK-1", "acknowledge", ringing.started_at, stop, key)
        missed = incident.missed.get(key)
        for clock in chain(incident, "ACK-2", "page the next level", missed[1] if missed else None, prefix(number)):
            if clock.stopped_at or not stop:
                yield clock
    for step, start in _steps(incident):
        if not step.endswith("0") and not covered(incident, step):
            sent = incident.pages.get(step)
            stop = sent.at if sent else incident.acknowledged_at
            yield from own(incident, "ACK-2", f"ACK-2/page-{step}", f"page {_level(incident, step)}", start, stop)
    yield from _silence(incident)


def _silence(incident: Incident) -> Iterator[Clock]:
    """ACK-5: after the acknowledgement of a P1/P2 somebody must be heard from, again and again."""
    if not incident.acknowledged_at or not incident.policy.severities[incident.likely].chased:
        return
    yield from cycle(incident, "ACK-5", "say where you are", incident.acknowledged_at, incident.heard)


def _steps(incident: Incident) -> Iterator[tuple[str, datetime]]:
    """Every step of the ladder that was reached and when: `0`, `1`, ... and `r2-0`, ... after a reopening."""
    for number, ringing in enumerate(incident.rounds):
        yield f"{prefix(number)}0", ringing.started_at
        missed = incident.missed.get("ACK-1" if number == 0 else f"ACK-1/r{number + 1}")
        count = 1
        start = missed[1] if missed else None
        while start:
            yield f"{prefix(number)}{count}", start
            start = incident.rung.get(f"ACK-2/{prefix(number)}{count}")
            count += 1


def _level(incident: Incident, step: str) -> str:
    return incident.policy.level(int(step.rpartition("-")[2]))


def vendor_paged(incident: Incident) -> tuple[str, ...]:
    """Whom a vendor has paged by itself in this ringing, by the names the catalog knows where it does."""
    start = incident.rounds[-1].started_at
    names = [name for sent in incident.vendor_pages if sent.at >= start for name in sent.people]
    if len(incident.rounds) == 1:
        names += [name for alert in incident.opened.alerts for name in alert.paged]
    known = ((incident.catalog.person_called(name), name) for name in names)
    return tuple(person.id if person else name for person, name in known)


def covered(incident: Incident, step: str) -> bool:
    """ACK-3: whether the vendor has already paged this level by itself; the endless last level is always ours."""
    rung = int(step.rpartition("-")[2])
    if rung >= len(incident.policy.ladder):
        return False
    people = incident.catalog.teams[incident.service.team].levels[_level(incident, step)].people
    paged = vendor_paged(incident)
    return bool(set(people) & set(paged)) if people else len(paged) > rung


def refs(incident: Incident, *, asked: bool = True) -> tuple[str, ...]:
    """Every page of the incident, ours and the source's own; without those `asked` for by hand, which ring on."""
    ours = [sent.ref for key, sent in incident.pages.items() if sent.ref and (asked or not key.startswith(HAND))]
    return tuple(dict.fromkeys([*ours, *(alert.page for alert in incident.alerts.values() if alert.page)]))


def duties(incident: Incident) -> Iterator[Duty]:
    """The pages that are owed; then, that the pager hears of the acknowledgement and of the end."""
    yield from _asked(incident)
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
        for step, _ in _steps(incident):
            current = prefix(len(incident.rounds) - 1)
            if step.startswith(current) and (current or "-" not in step) and not covered(incident, step):
                yield _page(incident, step)


def _asked(incident: Incident) -> Iterator[Page]:
    """Pages that people asked for, each once."""
    for number, asked in enumerate(incident.asked_pages, start=1):
        if incident.over:
            continue
        who = ", ".join(map(incident.called, asked.people)) or asked.level
        yield Page(
            key=f"page/{HAND}{number}",
            incident=incident.id,
            clause="ACK-2",
            summary=f"page {who} for {incident.service.title}, as somebody asked",
            level=asked.level,
            people=incident.people(asked.people),
            schedule=asked.schedule,
            service=incident.service.at(incident.catalog.vendor("pager", incident.service.name)),
            title=f"{incident.id} {incident.opened.title}{f': {asked.reason}' if asked.reason else ''}"[:250],
            text=incident.opened.description,
            severity=incident.likely,
            links=incident.opened.links,
            fired_at=incident.opened.fired_at,
        )


def _page(incident: Incident, step: str) -> Page:
    level = _level(incident, step)
    who = incident.catalog.teams[incident.service.team].levels[level]
    first = (step.endswith("0") and step in ("0",)) or step.endswith("-0")
    why = "" if first else ": nobody has acknowledged"
    return Page(
        key=f"page/{step}",
        incident=incident.id,
        clause="ACK-1" if first else "ACK-2",
        summary=f"page {level} on-call for {incident.service.title}{why}",
        level=level,
        people=incident.people(who.people),
        schedule=who.schedule,
        service=incident.service.at(incident.catalog.vendor("pager", incident.service.name)),
        title=f"{incident.id} {incident.opened.title}{why}",
        text=incident.opened.description,
        severity=incident.likely,
        links=incident.opened.links,
        fired_at=incident.opened.fired_at,
    )
