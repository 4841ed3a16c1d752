"""WAR-5: when the manager is brought in. Invited is not here: it is kept when they join, acknowledge or act.

Where the severity wakes nobody but the on-call engineer, it is kept by the invitation.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.company.policy import Policy, SeverityRule
from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.incident.tenure import first_heard, left_by
from domain.rule.clause import Clause, Promise, severities
from domain.rule.deputies import called, leads
from domain.rule.explain import asked_at, title_of
from domain.rule.judge import has_room
from domain.rule.ruleset import Ruleset
from domain.rule.timer import Pause, nth, promised, spells, wait
from domain.value.key import ClockKey
from domain.value.model import spoken

Span = tuple[datetime, datetime | None]


def clocks(incident: Incident) -> Iterator[Clock]:
    """Brought in at once, or when the impact has lasted; then within the time in which a page is answered."""
    yield from _waits(incident)
    seen: list[str] = []
    for since, until in manager_runs(incident) if incident.policy.role("manager") else ():
        for person, start, end in _tenures(incident, since, until):
            about, runs = person or "vacant", (nth(seen.count(person), "s"),)
            seen.append(person)
            if is_woken(incident, since):
                stop, answer = _heard(incident, person, start), incident.policy.paging.answer
            elif has_room(incident):
                stop, answer = _invited_at(incident, person) if person else None, incident.policy.grace
            else:
                continue
            yield from promised(incident, WAR_5, start=start, stop=stop, until=end, about=about, runs=runs, ours=answer)


def _heard(incident: Incident, person: str, start: datetime) -> datetime | None:
    """When a manager was first heard from, or lately before they were wanted; one of several is enough (WAR-7)."""
    paging, role = incident.policy.paging, incident.policy.role("manager")
    people = {person, *(managing(incident, start) if paging.one_is_enough else ())}
    return first_heard(incident, people - {"", *left_by(incident, role, start)}, start - paging.lately)


def managing(incident: Incident, at: datetime) -> tuple[str, ...]:
    """Who manages the team at a moment: its managers, or the last resort where all are on leave or relieved (WAR-7)."""
    managers, known = incident.catalog.teams[incident.service.team].managers, leads(incident, at)
    if incident.policy.absence.counts_away:
        return managers
    left = left_by(incident, incident.policy.role("manager"), at)
    left |= {one.id for one in incident.people(known) if one.is_away(at)}
    return managers if {*managers} - left else tuple(name for name in known if name not in left) or called(incident, at)


def _invited_at(incident: Incident, name: str) -> datetime | None:
    """When somebody was first invited, whichever room it was then."""
    return min((at for key in ("invite", "invite/private") if (at := incident.done.get(f"{key}/{name}"))), default=None)


def _waits(incident: Incident) -> Iterator[Clock]:
    """The hour of a severity that brings the manager in later: the time of its impact, however many spells that has."""
    rule = incident.policy.clocks.get(WAR_5.id)
    span = rule.span(incident.likely) if rule else None
    if not (incident.rule and incident.rule.manager == "after_clock" and span):
        return
    lasted, over = timedelta(), False
    for number, (start, until) in enumerate(incident.runs("manager")):
        for count, (begin, end) in enumerate(spells(incident, start, until)):
            runs = (nth(number, "s"), nth(count))
            pause = Pause(max(span - lasted, timedelta()), incident.policy.hours(WAR_5.id, incident.likely))
            if not over:
                yield from wait(incident, WAR_5, start=begin, until=end, about="wait", runs=runs, instead=pause)
            over = over or ClockKey.of(WAR_5.id, "wait", *runs) in incident.rung
            lasted += end - begin if end else timedelta()


def is_woken(incident: Incident, at: datetime) -> bool:
    """Whether the severity at a moment has the manager woken."""
    return wakes_manager(incident.policy, incident.policy.severities[incident.likely_at(at)])


def wakes_manager(policy: Policy, rule: SeverityRule) -> bool:
    """Whether a severity has the manager woken: among the first, or with the other roles once its hour is over."""
    return policy.role("manager") in rule.wake or (rule.manager == "after_clock" and bool(rule.wake))


def manager_runs(incident: Incident) -> Iterator[Span]:
    """The spans in which the manager belongs in: from a severity that asks at once, or from the end of the wait."""
    rules = incident.policy.severities
    asked = [at for at, severity in incident.severities if rules[severity].manager == "at_once"]
    rang = [at for key, at in incident.rung.items() if ClockKey(key).clause == WAR_5.id]
    for start, until in incident.runs("manager"):
        inside = [at for at in (*asked, *rang) if at >= start and (until is None or at < until)]
        inside += [start] if any(at < start for at in rang) else []
        if inside:
            yield min(inside), until


def manager_since(incident: Incident) -> datetime | None:
    """Since when the manager belongs in; None when the present severity does not ask for them, or not yet."""
    return next((since for since, until in manager_runs(incident) if until is None), None)


def _tenures(
    incident: Incident, since: datetime, until: datetime | None
) -> Iterator[tuple[str, datetime, datetime | None]]:
    """Who holds the manager's role in a span, from when until when; nobody at first where it was vacant."""
    role = incident.policy.role("manager")
    held = incident.presence.turns.get(role, [])
    turns = [(since, ""), *((max(turn.at, since), turn.person) for turn in held)]
    ends = [*(at for at, _ in turns[1:]), None]
    for (start, person), end in zip(turns, ends, strict=True):
        stop = min((at for at in (end, until) if at), default=None)
        if stop is None or start < stop:
            yield person, start, stop


def _explain_manager(policy: Policy) -> list[str]:
    at_once = asked_at(policy, lambda severity: policy.severities[severity].manager == "at_once")
    later = asked_at(policy, lambda severity: policy.severities[severity].manager == "after_clock")
    when = [f"at once for {at_once}"] if at_once else []
    when += [f"after this clock for {later}"] if later else []
    if not when:
        return ["At no severity a manager is brought in."]
    manager = title_of("manager", policy)
    woken = asked_at(policy, lambda severity: wakes_manager(policy, policy.severities[severity]))
    said = f"Woken at {woken}, and here when they are heard from, within {spoken(policy.paging.answer)}."
    enough = ["Of several managers of a team one is enough."] if policy.paging.one_is_enough else []
    return [f"The {manager} is brought in {', and '.join(when)}.", *([said] if woken else []), *enough]


WAR_5 = Clause(
    "WAR-5",
    "The engineering manager is brought in for every P1 at once and for any P2 that lasts over 1 hour.",
    promise=Promise(
        "bring in the manager",
        then="The manager is there",
        counted_from="the declaration",
        asked_by=severities(lambda rule: rule.manager == "after_clock", "manager: after_clock"),
        explained_as="bring in the {manager}",
    ),
    judged_by="its clock, once the manager is to be brought in",
    explain=_explain_manager,
)
RULES = Ruleset(clauses=(WAR_5,), clocks=clocks)
