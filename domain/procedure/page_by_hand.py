"""ACK-2: somebody is paged because a person asked; who does not answer is paged again, and the ladder is climbed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from domain.company.catalog import Level, Person, Team
from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.incident.pages import HAND, is_by_hand
from domain.incident.reach import PagingAsked
from domain.incident.ringing import PageAsked
from domain.port.any_duty import AnyDuty
from domain.procedure.ladder import (
    Call,
    LadderStep,
    answered_at,
    climbing,
    fight_ends,
    kept_in_time,
    page,
    steps,
    to_judge,
)
from domain.procedure.rung import Rung
from domain.rule.act import FOUGHT, Ask, Decision, IncidentAct
from domain.rule.people import candidates
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.model import ShortText

BY_HAND = "by hand"


class PagePerson(IncidentAct):
    """Somebody is needed: a person, a level of the ladder, or another team's on-call, is paged by hand (ACK-2)."""

    makes = (PageAsked,)
    label, verb = "Page somebody", "page"
    submit = "Page"
    phases = FOUGHT
    to: Annotated[
        ShortText, Ask("Whom?", "line", "A person, a role, a level such as secondary, or a team.", choose="reach")
    ]
    reason: Annotated[str, Ask("What do you need?", "text")] = ""

    def decide(self, incident: Incident) -> Decision:
        """ACK-2: anybody may have somebody paged at any time; the ladder goes on by itself all the same."""
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; reopen it first")
        catalog, levels = incident.catalog, incident.catalog.teams[incident.service.team].levels
        person, level = (
            catalog.person_called(self.to) or self._of_role(incident),
            self.to.strip().lower().replace(" ", "_").replace("-", "_"),
        )
        if person and incident.opened.drill and not person.reachable:
            return Refusal(f"{person.name} takes no part in this drill and is not paged")
        if person:
            return (PageAsked(level=BY_HAND, reason=self.reason, **self._of(incident, (person.id,), levels)),)
        team = "" if level in levels else catalog.team_called(self.to)
        first = _first_level(incident, team) if team else level
        of = catalog.teams[team].levels if team else levels
        if first not in of:
            others = ", ".join(catalog.teams)
            expected = f"a person of the catalog, one of {', '.join(levels)}, or a team: {others}"
            return Refusal(f"to: found {self.to!r}, expected {expected}")
        who = of[first]
        whom = self._of(incident, who.on_call(self._now(incident)), of)
        return (PageAsked(level=first, schedule=who.schedule, reason=self.reason, team=team, **whom),)

    def _of_role(self, incident: Incident) -> Person | None:
        """Who holds the role that is meant, else whom of its people the team lists first that is not on leave."""
        role, levels = incident.policy.role_called(self.to), incident.catalog.teams[incident.service.team].levels
        if not incident.policy.paging.by_role or not role or role in levels:
            return None
        listed = incident.people([*filter(None, [incident.holders.get(role)]), *candidates(incident, role)])
        return next((one for one in listed if not one.is_away(self._now(incident))), next(iter(listed), None))

    def _now(self, incident: Incident) -> datetime:
        return self.at or incident.events[-1].at

    def _of(self, incident: Incident, people: tuple[str, ...], levels: Mapping[str, Level]) -> dict[str, Any]:
        """Who is paged; of those on leave also until when, and who of the ladder is there where none of them is."""
        now, known = self._now(incident), incident.catalog.people
        back = {name: at for name in people if name in known and (at := known[name].away_until(now))}
        ladder = [name for level in incident.policy.ladder if level in levels for name in levels[level].on_call(now)]
        there = [name for name in ladder if name in known and not known[name].is_away(now)]
        here = {self.by, *incident.presence.voices}
        others = [name for name in there if name not in here and name not in people]
        instead = next(iter(others), "") if back and len(back) == len(people) else ""
        said = {"away": tuple(back), "back_at": min(back.values(), default=None), "instead": instead}
        return {"people": people, **said}


def _first_level(incident: Incident, team: str) -> str:
    """The level at which a team's ladder begins."""
    return next(iter(_levels(incident, incident.catalog.teams[team])), "")


def _levels(incident: Incident, team: Team) -> list[str]:
    return [name for name in incident.policy.ladder if name in team.levels]


def asked_for(incident: Incident, page: str) -> PagingAsked | None:
    """What somebody asked for, by the name of its page; None where it is another page."""
    number = page.removeprefix(HAND).partition("-")[0]
    return incident.asked_pages[int(number) - 1] if is_by_hand(page) and number.isdecimal() else None


def calls(incident: Incident) -> Iterator[Call]:
    """A call for everybody who was asked for: over when one of those who were woken is heard from."""
    for number, asked in enumerate(incident.asked_pages, start=1):
        over, once = fight_ends(incident, asked.at), incident.policy.paging.each_once
        rungs = tuple(_rungs(incident, asked))
        waking = Call(f"{HAND}{number}", rungs, asked.at, over, once=once, by_name=True)
        ends = min((at for at in (answered_at(incident, waking, asker=asked.by), waking.until) if at), default=None)
        yield replace(waking, until=ends)


def _rungs(incident: Incident, asked: PagingAsked) -> Iterator[Rung]:
    """Who was asked for; above a level stand those of its ladder."""
    yield Rung(asked.level, Level(people=asked.people, schedule=asked.schedule))
    team = incident.catalog.teams[asked.team or incident.service.team]
    above = _levels(incident, team)
    for name in above[above.index(asked.level) + 1 :] if asked.level in above else ():
        yield Rung(name, team.levels[name])


def clocks(incident: Incident) -> Iterator[Clock]:
    """When each is paged again, and our own promise to do so in time."""
    for call in calls(incident):
        yield from climbing(incident, call)
        for step in to_judge(steps(incident, call)):
            if step.number:
                yield from kept_in_time(incident, step)


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The pages that people asked for, until somebody answers."""
    for call, asked in zip(calls(incident), incident.asked_pages, strict=True):
        for step in steps(incident, call):
            if step.is_owed(incident):
                yield _page(incident, step, asked)


def _page(incident: Incident, step: LadderStep, asked: PagingAsked) -> AnyDuty:
    who = ", ".join(map(incident.called, step.people)) or step.rung.title
    again = ": nobody has answered" if step.number else ""
    return page(
        incident,
        step,
        clause="ACK-2",
        summary=f"page {who} for {incident.service.title}, as somebody asked{again}",
        why=f": {asked.reason}" if asked.reason else "",
    )


RULES = Ruleset(clocks=clocks, duties=duties)
