"""WAR-3, WAR-5: the people of a role are woken like the on-call engineer, where the severity says so.

A call for a role goes to who holds it, then to who could, one after the other, then to the levels that the policy
names. It ends when one of them is heard from or somebody takes the role; who acts already is not woken.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import zip_longest

from domain.company.catalog import Level
from domain.incident.clock import Clock
from domain.incident.clocks import Missed
from domain.incident.incident import Incident
from domain.incident.pages import WAKE
from domain.incident.ringing import PageAnswered
from domain.incident.roles import RoleTaken
from domain.incident.tenure import first_heard, holder_at, left_by, passed_by, vacancies
from domain.port.any_duty import AnyDuty
from domain.procedure.doubling import undoubled
from domain.procedure.ladder import (
    Call,
    LadderStep,
    after_merge,
    answered_at,
    climbing,
    kept_in_time,
    page,
    to_judge,
    turns,
)
from domain.procedure.manager_present import is_woken, manager_runs, managing, wakes_manager
from domain.procedure.roles import APART, WAR_3
from domain.procedure.rung import Rung, there
from domain.rule.act import Decision, IncidentAct
from domain.rule.deputies import called
from domain.rule.reckoned import reckoned
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.rule.timer import nth, spells
from domain.value.key import ClockKey

Span = tuple[datetime, datetime | None]
SILENCE = "ACK-5"
"""The clause that chases who has taken it and says nothing."""


class Join(IncidentAct):
    """ "I am here": who was woken or called says so (WAR-5)."""

    makes = (PageAnswered,)
    label, verb = "I am here", "here"
    in_menu = False

    def decide(self, incident: Incident) -> Decision:
        """WAR-5: whoever says so is here; it acknowledges nothing for the on-call engineer."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed")
        return (PageAnswered(),)


def calls(incident: Incident) -> tuple[Call, ...]:
    """Every call for a role, reckoned once for each event."""
    return reckoned(incident, "roles", incident.ticked, lambda: _calls(incident))


def _calls(incident: Incident) -> Iterator[Call]:
    """A call for every role that a severity wakes, in the policy's order, in each spell of the fight."""
    for role in _woken(incident):
        for number, (start, until) in enumerate(_spans(incident, role)):
            for count, (begin, end) in enumerate(spells(incident, start, until)):
                name = "-".join(part for part in (f"{WAKE}{role}", nth(number, "s"), nth(count)) if part)
                yield from _in_a_row(incident, Call(name, (), begin, end, role=role))


def _in_a_row(incident: Incident, whole: Call) -> Iterator[Call]:
    """The call of a spell, and one for each vacancy in it (WAR-7), unless the one before still goes on."""
    before: Call | None = None
    starts = [whole.started_at, *_vacated(incident, whole)]
    for number, (at, following) in enumerate(zip_longest(starts, starts[1:])):
        if before and (before.until is None or at < before.until):
            continue
        name = "-".join(part for part in (whole.name, nth(number, "v")) if part)
        begins = _begins_at(incident, whole.role, at, _first(following, whole.until))
        rungs = _rungs(incident, whole.role, begins) if begins else ()
        if begins and rungs:
            before = _ended(incident, replace(whole, name=name, rungs=rungs, started_at=begins))
            yield before
            for again in _again(incident, before, whole, _first(following, whole.until)):
                before = again
                yield again


def _ended(incident: Incident, call: Call) -> Call:
    """The call with its end: somebody took the role, or one of those who were woken or could hold it was heard from."""
    ends = _taken_at(incident, call), answered_at(incident, call), _there_at(incident, call)
    return replace(call, until=_first(call.until, *ends))


def _again(incident: Incident, answered: Call, whole: Call, until: datetime | None) -> Iterator[Call]:
    """WAR-3: a call for each time that who answered the one before fell silent, and the role is vacant all the same."""
    before, number = answered, 1
    while incident.policy.paging.called_again and before.until:
        said = (at for at in _chases(incident, whole.role) if before.until < at and (until is None or at < until))
        begins = next((at for at in said if not _is_at_work(incident, whole.role, at, before)), None)
        rungs = _rungs(incident, whole.role, begins) if begins else ()
        if not (begins and rungs):
            return
        number += 1
        name = f"{answered.name}-{nth(number - 1, 'a')}"
        before = _ended(incident, replace(whole, name=name, rungs=rungs, started_at=begins))
        yield before


def _begins_at(incident: Incident, role: str, at: datetime, until: datetime | None) -> datetime | None:
    """When people are woken for a role that is wanted from a moment on: then, unless one of them is at work.

    Where the role stays vacant all the same it is the first chase at which none of them was heard from lately; where
    those who could are on leave, silence or two roles in one hand chase whoever sees to it as well.
    """
    if not _rests(incident, role, at):
        return at
    if not incident.policy.paging.unfilled:
        return None
    chases = _chases(incident, role, alone=not _is_at_work(incident, role, at))
    inside = (when for when in chases if at < when and (until is None or when < until))
    return next((when for when in inside if not _rests(incident, role, when)), None)


def _rests(incident: Incident, role: str, at: datetime) -> bool:
    """Whether nobody is woken for a role: one of its people is there, or all are on leave and it is seen to (WAR-7)."""
    if _is_at_work(incident, role, at) or not incident.policy.absence.leave_rests:
        return _is_at_work(incident, role, at)
    levels = [rung.level for rung in _rungs(incident, role, at)]
    people = incident.people(name for level in levels for name in level.on_call(at))
    lead, manager = incident.policy.role("commander"), incident.policy.role("manager")
    if role == manager or any(level.schedule for level in levels) or not all(one.is_away(at) for one in people):
        return False
    stand_in = {holder_at(incident, one, at) for one in (role, lead)} - {""}
    return (first_heard(incident, stand_in, at - incident.policy.paging.lately) or at + datetime.resolution) <= at


def _chases(incident: Incident, role: str, *, alone: bool = False) -> tuple[datetime, ...]:
    """When it was said that a role is to be filled; every call asks for it several times.

    Of who sees to it `alone` also when they were silent, or were to hand a role over.
    """
    roles, silent = ({role, APART}, SILENCE) if alone else ({role}, "")
    said = ((event.at, ClockKey(missed.key)) for event, missed in incident.all(Missed) if not missed.kept_late)
    found = (at for at, key in said if key.clause == silent or (key.clause == WAR_3.id and key.about in roles))
    return reckoned(incident, f"chases of {sorted(roles)}", incident.ticked, lambda: found)


def _vacated(incident: Incident, whole: Call) -> Iterator[datetime]:
    """When a role was given up or its holder relieved in a spell; a reopening begins a spell of its own."""
    for vacancy in vacancies(incident, whole.role, whole.started_at):
        at = vacancy.since
        if at > whole.started_at and (whole.until is None or at < whole.until) and at not in incident.reopenings:
            yield at


def _first(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at), default=None)


def _woken(incident: Incident) -> tuple[str, ...]:
    """The roles that any declared severity wakes, in the order of the policy."""
    rules = [incident.policy.severities[severity] for _, severity in incident.severities]
    manager = incident.policy.role("manager")
    named = [role for rule in rules for role in rule.wake]
    named += [manager for rule in rules if wakes_manager(incident.policy, rule)]
    return tuple(role for role in dict.fromkeys(named) if role in incident.policy.roles)


def _spans(incident: Incident, role: str) -> Iterator[Span]:
    """The spans in which severities declared in a row wake a role; the manager, once they are to be brought in."""
    if role == incident.policy.role("manager"):
        yield from (span for span in manager_runs(incident) if is_woken(incident, span[0]))
        return
    start: datetime | None = None
    for at, severity in incident.severities:
        wanted = role in incident.policy.severities[severity].wake
        if start and not wanted:
            yield start, at
        start = (start or at) if wanted else None
    if start:
        yield start, None


def _others(incident: Incident, role: str, at: datetime) -> set[str]:
    """Who holds a role from which this one is kept apart at a moment."""
    apart = incident.policy.severities[incident.likely_at(at)].apart
    return {holder_at(incident, other, at) for other in apart if other != role} - {""} if role in apart else set()


def _candidates(incident: Incident, role: str) -> tuple[str, ...]:
    """Who of the team could hold a role, in the order in which they are woken."""
    team = incident.catalog.teams[incident.service.team]
    by_part = {"commander": team.commanders, "comms": team.comms, "manager": team.managers}
    named = by_part.get(incident.policy.roles[role].plays or role, ())
    return named or team.candidates.get(role, ())


def _rungs(incident: Incident, role: str, at: datetime) -> tuple[Rung, ...]:
    """Whom a call for a role wakes; who left it, or has just declined it, only where there is nobody else."""
    others, left = _others(incident, role, at), left_by(incident, role, at)
    without = (others | passed_by(incident, role, at), others | left, others)
    found = (tuple(_levels(incident, role, at, without=one)) for one in without)
    return there(incident, next(filter(None, found), ()), at)


def _levels(incident: Incident, role: str, at: datetime, *, without: set[str]) -> Iterator[Rung]:
    """The levels of a call for a role: nobody twice, and nobody from whose role it is kept apart."""
    team, holder = incident.catalog.teams[incident.service.team], holder_at(incident, role, at)
    title, seen = incident.policy.roles[role].title, {*without}
    named = dict.fromkeys((*((holder,) if holder else ()), *_candidates(incident, role)))
    own = (*([Level(people=(holder,))] if holder else ()), *team.rota[role]) if role in team.rota else ()
    own = own or tuple(Level(people=(name,)) for name in named)
    ladder = [team.levels[name] for name in incident.policy.paging.then if name in team.levels]
    instead = called(incident, at) if role == incident.policy.role("manager") else ()
    for level in (*own, *ladder, *(Level(people=(name,)) for name in instead)):
        people = set(level.on_call(at))
        if not people or not people <= seen:
            yield Rung(title, level)
        seen |= people


def _is_at_work(incident: Incident, role: str, at: datetime, call: Call | None = None) -> bool:
    """Whether somebody of a role, or whom a call for it woke, acted so lately before a moment that nobody is woken."""
    woken = {name for rung in call.rungs for name in rung.level.on_call(at)} if call else set[str]()
    people = woken | {holder_at(incident, role, at), *_candidates(incident, role)} - _others(incident, role, at)
    since = at - incident.policy.paging.lately + (datetime.resolution if call else timedelta())
    heard = first_heard(incident, people - {"", *passed_by(incident, role, at)}, since)
    return heard is not None and heard <= at


def _there_at(incident: Incident, call: Call) -> datetime | None:
    """When one of the role's people was first heard from, woken or not, who holds no other role by then."""
    if not incident.policy.paging.one_is_enough:
        return None
    at, manages = call.started_at, call.role == incident.policy.role("manager")
    people = {*(managing(incident, at) if manages else _candidates(incident, call.role))}
    people -= passed_by(incident, call.role, at) | _others(incident, call.role, at)
    found = ((person, first_heard(incident, [person], at)) for person in people)
    return min(
        (heard for person, heard in found if heard and _is_free(incident, person, call.role, heard)), default=None
    )


def _is_free(incident: Incident, person: str, role: str, at: datetime) -> bool:
    """Whether somebody held no other role at a moment."""
    return all(holder_at(incident, other, at) != person for other in incident.policy.roles if other != role)


def _taken_at(incident: Incident, call: Call) -> datetime | None:
    """When somebody took the role themselves, who may hold it beside what else they hold."""
    role = call.role
    taken = ((incident.events[number - 1], person) for number, person, held in incident.taken if held == role)
    by_act = ((event.at, person) for event, person in taken if isinstance(event.what, RoleTaken))
    return next((at for at, who in by_act if at >= call.started_at and who not in _others(incident, role, at)), None)


def _steps(incident: Incident) -> tuple[tuple[Call, LadderStep], ...]:
    """Every step of every call that is owed; one page is enough for whoever is woken by two."""
    of = (calls(incident), incident.likely, *turns(incident))
    return reckoned(incident, "steps of roles", of, lambda: undoubled(incident, calls(incident)))


def clocks(incident: Incident) -> Iterator[Clock]:
    """When the next one is woken, and our own promise to do so in time."""
    for call in calls(incident):
        yield from climbing(incident, call)
    for step in to_judge([step for _, step in _steps(incident)]):
        yield from kept_in_time(incident, step)


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The pages for roles that nobody has answered."""
    for call, step in () if incident.over else _steps(incident):
        if step.is_owed(incident):
            yield _page(incident, call, step)


def _page(incident: Incident, call: Call, step: LadderStep) -> AnyDuty:
    who = ", ".join(map(incident.called, step.people)) or "whoever is on call"
    title, manager = step.rung.title, call.role == incident.policy.role("manager")
    return page(
        incident,
        step,
        clause="WAR-5" if manager else "WAR-3",
        summary=f"wake {who}, {title} for {incident.service.title}{': nobody has answered' if step.number else ''}",
        why=f" ({title} needed)",
        after=after_merge(incident, step),
    )


RULES = Ruleset(clocks=clocks, duties=duties)
