"""ACK-2: how a ladder is climbed: a page, the next level after a while, the last level again at growing pauses.

A level begins when the one before was due to end, not when somebody noticed, so that lateness does not add up; one that
the pager refuses for good ends at once. Nothing ends a ladder but an answer, or that nobody is needed any more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.company.catalog import Link
from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.incident.office import hours
from domain.incident.pages import HAND, pager
from domain.incident.tenure import first_heard
from domain.port.pager import Page
from domain.procedure.page_text import page_text
from domain.procedure.rung import Rung, onward, reached
from domain.rule.clause import Clause, Promise, always
from domain.rule.reckoned import reckoned
from domain.rule.ruleset import Ruleset
from domain.rule.timer import Pause, numbered, promised, spells, wait
from domain.value.clip import clipped
from domain.value.key import ClockKey
from domain.value.model import spoken


@dataclass(frozen=True, slots=True)
class Call:
    """A call for somebody: its name in the keys of its pages, its levels, since when, and when it was over."""

    name: str
    rungs: tuple[Rung, ...]
    started_at: datetime
    until: datetime | None
    first_ends: datetime | None = None
    """When the first level ended, where another clause says so."""
    leads: bool = False
    """Whether another clause ends the first level."""
    role: str = ""
    """The role that it is for."""
    around_the_clock: bool = True
    """Whether its pauses count at every hour, whatever the severity."""
    once: bool = False
    """Whether it passes by the levels whose people it has woken; the last level rings on (ACK-2)."""
    by_name: bool = False
    """Whether people were asked for by name, who are paged though they are on leave."""

    def step(self, number: int) -> str:
        """The name of a step, in the keys of its page and of the wait that ends it."""
        if self.name.startswith(HAND):
            return f"{self.name}-{number}" if number else self.name
        return numbered(number, self.name)


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step of a ladder that was reached: its level, since when, and when it was needed no longer."""

    name: str
    number: int
    last: bool
    """Whether it is the last level, which rings on."""
    turn: int
    """How often the last level was paged before."""
    rung: Rung
    people: tuple[str, ...]
    """Who is on call there when it is reached; nobody where only the pager's schedule knows."""
    started_at: datetime
    until: datetime | None

    @property
    def repeated(self) -> bool:
        """Whether its level was paged before."""
        return self.turn > 0

    @property
    def page_key(self) -> str:
        """The key of its page."""
        return f"page/{self.name}"

    def is_owed(self, incident: Incident) -> bool:
        """Whether it is needed still and its page has not been sent."""
        return self.until is None and self.page_key not in incident.done


LADDER_AFTER = "ACK-1"
"""The clause whose miss sets the ladder of the on-call engineer going."""
TITLE = 250
"""Characters of a page's title."""
LAST = 6
"""The repeated steps whose promises may still run or have just stopped; the verdicts on older ones are events."""


def steps(incident: Incident, call: Call) -> tuple[LadderStep, ...]:
    """Every step that a call has reached; a repeated last level is needed until its next turn."""
    of = (call, *turns(incident), incident.catalog, len(incident.pages) if call.once else 0)
    return reckoned(incident, f"{call.name}/{call.until}", of, lambda: tuple(_steps(incident, call)))


def turns(incident: Incident) -> tuple[int, int, int]:
    """How many waits have ended and pages were refused or passed on: no step of a call begins without one more."""
    return len(incident.rung), len(incident.reach.refused), len(incident.reach.declined)


def following(incident: Incident, call: Call, at: datetime) -> LadderStep:
    """The step after the last that a call has reached, were it to begin then."""
    of = (call, at, *turns(incident), incident.catalog, len(incident.pages) if call.once else 0)
    return reckoned(incident, f"{call.name}/following", of, lambda: [[*_steps(incident, call, at)][-1]])[0]


def _steps(incident: Incident, call: Call, ahead: datetime | None = None) -> Iterator[LadderStep]:
    number, start, place, turn, seen = 0, call.started_at, -1, 0, set[str]()
    while True:
        left = tuple(enumerate(call.rungs)) if call.by_name else reached(incident, call.rungs, start)
        judged = start if incident.policy.absence.each_level else call.started_at
        found = onward(left, place, seen, judged)
        place, rung = found or left[-1]
        turn, last = 0 if found else turn + 1, place == left[-1][0]
        ended = _next_at(incident, call, number, last=last)
        until = min((at for at in (call.until, ended if last else None) if at), default=None)
        yield LadderStep(call.step(number), number, last, turn, rung, rung.level.on_call(start), start, until)
        if ended is None:
            ended, ahead = ahead, None
        if ended is None:
            return
        sent = incident.pages.get(call.step(number))
        seen |= {*(sent.people if sent else rung.level.on_call(judged))} if call.once else set()
        number, start = number + 1, ended


def _next_at(incident: Incident, call: Call, number: int, *, last: bool) -> datetime | None:
    """When the step after this one began: its time was over, the pager refused it for good, or it was passed on."""
    name = call.step(number)
    ended = call.first_ends if call.leads and not number else _planned(incident, ClockKey.of(ACK_2.id, name))
    early = None if last else incident.reach.ended_early(name)
    return min((at for at in (ended, early) if at), default=None)


def _planned(incident: Incident, key: str) -> datetime | None:
    """When a wait was to end; when it did, where nobody was there for longer than we give ourselves."""
    rang = incident.rung.get(key)
    due = incident.reach.planned.get(key, rang)
    return due if rang is None or due is None or rang - due < incident.policy.grace else rang


def answered_at(incident: Incident, call: Call, *, asker: str = "") -> datetime | None:
    """When one of those whom a call woke was first heard from, or answered where they were paged.

    Who asked for it answers for nobody else; for themselves alone, by a word after the asking.
    """
    moments: list[datetime | None] = []
    for step in steps(incident, call):
        sent = incident.pages.get(step.name)
        reached = incident.people(sent.people) if sent else ()
        people = {*step.people, *(person.id for person in reached)}
        since = step.started_at + datetime.resolution if people == {asker} else step.started_at
        moments += [first_heard(incident, people - {asker} or people, since), incident.reach.answered.get(step.name)]
    return min((at for at in moments if at), default=None)


def fight_ends(incident: Incident, start: datetime) -> datetime | None:
    """When the fight that goes on at a moment was over; None while it is not. In the moment of its end it is over."""
    return next((end for begin, end in spells(incident, start) if begin == start), start)


def climbing(incident: Incident, call: Call) -> Iterator[Clock]:
    """The waits between the steps: the last that rang, and the one that runs."""
    for step in steps(incident, call)[-2:]:
        if call.leads and not step.number:
            continue
        key, following = ClockKey.of(ACK_2.id, step.name), ClockKey.of(ACK_2.id, call.step(step.number + 1))
        early = not step.last and incident.reach.ended_early(step.name)
        if following in incident.rung or (early and key not in incident.rung):
            continue
        pause = _pause(incident, call, repeats=step.turn if step.last else -1)
        yield from wait(incident, ACK_2, start=step.started_at, until=call.until, about=step.name, instead=pause)


def _pause(incident: Incident, call: Call, *, repeats: int) -> Pause | None:
    """How long a level is given to answer; the last level ever longer, once it has been paged some times."""
    rule, paging = incident.policy.clocks.get(ACK_2.id), incident.policy.paging
    span = rule.span(incident.likely) if rule else None
    if span is None:
        return None
    slower = repeats - paging.keeps_pace + 1
    grown = min(span * 2 ** min(slower, 20), max(paging.longest, span)) if slower > 0 else span
    return Pause(grown, None if call.around_the_clock else hours(incident, ACK_2.id, incident.likely))


def to_judge(every: Sequence[LadderStep]) -> Iterator[LadderStep]:
    """Whose promise may still run or has just stopped: each level's own page, needed to the end, and the last."""
    yield from (step for step in every[:-LAST] if not step.repeated)
    yield from every[-LAST:]


def kept_in_time(incident: Incident, step: LadderStep) -> Iterator[Clock]:
    """Our own promise to send the page of a step in time."""
    sent, what = incident.pages.get(step.name), f"page {step.rung.title}"
    stop, about, ours = sent.at if sent else None, f"page-{step.name}", incident.policy.grace
    yield from promised(
        incident, ACK_2, start=step.started_at, stop=stop, until=step.until, about=about, what=what, ours=ours
    )


def page(
    incident: Incident,
    step: LadderStep,
    *,
    clause: str,
    summary: str,
    why: str = "",
    urgent: bool = True,
    after: timedelta | None = None,
) -> Page:
    """The page of a step; `why` stands behind what it is about."""
    level, fired_at = step.rung.level, incident.opened.fired_at
    severity = incident.severity or f"{incident.likely}?"
    about = f"{incident.mark}{severity} {incident.service.title}: {incident.title.inside}"
    books = () if incident.secret else incident.runbooks
    reads = tuple(Link(label=f"Runbook: {book.label}", url=book.url) for book in books)
    return Page(
        key=step.page_key,
        incident=incident.id,
        clause=clause,
        summary=summary,
        level=step.rung.title,
        people=incident.people(step.people),
        schedule=level.schedule,
        service=incident.service.at(pager(incident)),
        vendor=pager(incident),
        title=clipped(about, TITLE - len(why)) + why,
        text=page_text(incident, step.name, step.people, step.started_at),
        severity=incident.likely,
        impact=incident.policy.severities[incident.likely].impact,
        urgency="high" if urgent else "low",
        links=(*reads, *incident.service.dashboards, *incident.opened.links),
        fired_at=fired_at,
        not_before=None if after is None else step.started_at + after,
    )


def after_merge(incident: Incident, step: LadderStep) -> timedelta | None:
    """DET-7: how long a page waits that is owed as the incident is merged into another: that one has everybody then."""
    asked, rule = incident.relations.merging, incident.policy.paging
    since = incident.events[asked[0] - 1].at if asked and rule.merge_first else None
    return since + rule.grace - step.started_at if since and since <= step.started_at else None


def _explain_ladder(policy: Policy) -> list[str]:
    paging = policy.paging
    slower = f"after {paging.keeps_pace} times the pauses double, up to {spoken(paging.longest)}"
    return [
        f"The levels, in turn: {', '.join(policy.ladder)}; the last one again and again, until somebody answers;"
        f" {slower}."
    ]


ACK_2 = Clause(
    "ACK-2",
    "No acknowledgement at 5 minutes: the secondary on-call is paged; then every 5 minutes the next level"
    " (engineering manager, then the policy's last resort, again and again). It never stops quietly.",
    promise=Promise(
        "page the next level",
        then="The next level is paged",
        counted_from="the miss of ACK-1, and again from each level paged",
        asked_by=always("a missed ACK-1 starts it"),
        explained_as="page the next level of the ladder",
        started_by=LADDER_AFTER,
    ),
    judged_by="its clocks: each level that was reached was paged in time",
    explain=_explain_ladder,
)
RULES = Ruleset(clauses=(ACK_2,))
