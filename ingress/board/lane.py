"""The promises of an incident over time: a lane for each, with the span it was allowed, the span it took, its verdict.

Where everything stands is a share of the width, in per cent, so that a lane fits every screen. Times are drawn to the
minute: a page that counts by itself is fetched anew once a minute, and not for every second.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.procedure.sop import PROCEDURE
from domain.report.checklist import LEARNED, stage
from domain.report.promises import Deeds, PromiseRun, State, deeds, promises, proof, spoken, state_of
from domain.report.scorecard import WORDS
from domain.value.key import ClockKey
from domain.value.line import in_words
from domain.value.model import said_span

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LEAST = timedelta(minutes=20)
"""The shortest time that is drawn."""
MARKS = 6
"""Times that are named along a lane, at most."""
STEPS = tuple(timedelta(minutes=count) for count in (5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880, 5760, 10080, 40320))
COUNTED: dict[State, str] = {
    "kept": WORDS["met"],
    "late": WORDS["late"],
    "never": WORDS["missed"],
    "running": WORDS["open"],
    "overdue": "overdue",
}
"""How what became of promises is counted."""


class Bar(NamedTuple):
    """One run of a promise in its lane, in per cent of the width: what was allowed, and what it took."""

    state: State
    left: float
    allowed: float
    taken: float
    late: float
    """How much of what it took lies behind the deadline."""
    words: str


class LaneWord(NamedTuple):
    """What became of one run, or of several alike, in words, with the events that prove it."""

    state: State
    words: str
    events: tuple[int, ...]
    due_at: datetime | None = None
    """While it runs: a clock says how much is left, or how much it is over."""


class Lane(NamedTuple):
    """One promise: what it is, how long it was allowed to take, its runs."""

    clause: str
    says: str
    owner: str
    allowed: str
    bars: tuple[Bar, ...]
    words: tuple[LaneWord, ...]
    waived: str = ""


class LaneMark(NamedTuple):
    """A moment along every lane."""

    left: float
    at: datetime
    daily: bool


class LaneGroup(NamedTuple):
    """The lanes of one part of an incident, along one axis."""

    name: str
    lanes: tuple[Lane, ...]
    marks: tuple[LaneMark, ...]
    now: float | None
    own: tuple[Lane, ...] = ()
    """What the software itself promised."""


def lanes(incident: Incident, as_of: datetime) -> tuple[LaneGroup, ...]:
    """What was promised while it was fought, and what after it."""
    runs = [one for named in promises(incident).values() for one in named.values()]
    begun = _begun(incident, runs)
    ended = incident.resolutions[0][0] if incident.resolutions else None
    # What follows the fight is for later whenever it began: an action item is owed for weeks.
    later = [one for one in begun if stage(one.clause) == LEARNED or (ended and begun[one] >= ended)]
    parts = (("While it is fought", [one for one in begun if one not in later]), ("Afterwards", later))
    return tuple(_group(incident, name, {one: begun[one] for one in part}, as_of) for name, part in parts if part)


def counted(groups: Iterable[LaneGroup]) -> tuple[tuple[State, str, int], ...]:
    """How many promises came to what."""
    bars = [bar.state for group in groups for lane in (*group.lanes, *group.own) for bar in lane.bars]
    return tuple((state, words, bars.count(state)) for state, words in COUNTED.items())


def broken(groups: Iterable[LaneGroup]) -> list[tuple[str, LaneWord]]:
    """What was late or never kept, with its promise."""
    return [
        (lane.says, word)
        for group in groups
        for lane in (*group.lanes, *group.own)
        for word in lane.words
        if word.state in ("late", "never")
    ]


def _begun(incident: Incident, runs: Sequence[PromiseRun]) -> dict[PromiseRun, datetime]:
    """Since when each ran: as its clock says, else from where the one before it ended, else by the time it had."""
    found: dict[PromiseRun, datetime] = {}
    before: dict[str, datetime] = {}
    for one in runs:
        rule, lane = incident.policy.clock(one.clause), _lane(one)
        span = rule.span(incident.likely_at(one.due_at)) if rule else None
        guessed = max(one.due_at - (span or incident.policy.grace), incident.opened.fired_at)
        found[one] = one.started_at or before.get(lane) or guessed
        if one.stopped_at:
            before[lane] = one.stopped_at
    return found


def _lane(one: PromiseRun) -> str:
    """Which lane a run is drawn in: what repeats has one, and so has all that the software owes by a clause."""
    promise, about = PROCEDURE.clauses[one.clause].promise, ClockKey(one.key).about
    if one.owner == STANDFAST or (promise and promise.repeats):
        return one.clause
    return f"{one.clause}/{about}" if re.search(r"[a-z]", about) else one.clause


def _group(incident: Incident, name: str, begun: dict[PromiseRun, datetime], as_of: datetime) -> LaneGroup:
    start = min(begun.values())
    end = _end(start, [(one.stopped_at or one.due_at, one.due_at) for one in begun], as_of)
    axis = _Axis(start, end, as_of.replace(second=0, microsecond=0))
    named: dict[str, list[PromiseRun]] = {}
    for one in sorted(begun, key=lambda one: begun[one]):
        named.setdefault(_lane(one), []).append(one)
    done = deeds(incident)
    made = [(runs[-1].owner, _drawn(incident, runs, begun, done, axis, as_of)) for runs in named.values()]
    people = tuple(lane for owner, lane in made if owner != STANDFAST)
    own = tuple(lane for owner, lane in made if owner == STANDFAST)
    now = axis.share(axis.now) if start < axis.now < end else None
    return LaneGroup(name, people, tuple(axis.marks()), now, own)


def _end(start: datetime, ends: Sequence[tuple[datetime, datetime]], as_of: datetime) -> datetime:
    """Where the axis ends: behind all that has happened; a deadline far beyond that runs out of the picture."""
    done = max(min(max(ended for ended, _ in ends), as_of), start + LEAST)
    near = start + 2 * (done - start) + LEAST
    return max([done, *(due for _, due in ends if due <= near)])


class _Axis(NamedTuple):
    """The time along which lanes are drawn."""

    start: datetime
    end: datetime
    now: datetime

    def share(self, at: datetime) -> float:
        """Where a moment stands, in per cent."""
        return round(min(max((at - self.start) / (self.end - self.start), 0), 1) * 100, 2)

    def marks(self) -> Iterable[LaneMark]:
        """Round times, few enough to be read."""
        step = next((one for one in STEPS if (self.end - self.start) / one <= MARKS), STEPS[-1])
        at = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        at += -(-(self.start - at) // step) * step
        while at <= self.end:
            yield LaneMark(self.share(at), at, daily=step >= DAY)
            at += step


def _drawn(
    incident: Incident, runs: Sequence[PromiseRun], begun: dict[PromiseRun, datetime], done: Deeds, axis: _Axis,
    as_of: datetime,
) -> Lane:  # fmt: skip
    last = runs[-1]
    bars = tuple(_bar(incident, one, begun[one], axis, as_of) for one in runs)
    waiver = incident.learning.waivers.get(last.clause)
    waived = f"{WORDS['waived']} by {incident.called(waiver.by)}: {waiver.reason}" if waiver else ""
    allowed = said_span(last.due_at - begun[last])
    words = tuple(_words(incident, runs, done, as_of))
    return Lane(last.clause, _named(runs), last.owner, allowed, bars, words, waived)


def _named(runs: Sequence[PromiseRun]) -> str:
    """What is so once it is kept, else what is promised; where the runs differ, as the clause has it."""
    promise = PROCEDURE.clauses[runs[-1].clause].promise
    says = runs[-1].says if len({one.says for one in runs}) == 1 or not promise else promise.what
    return promise.stated(says) if promise else says[:1].upper() + says[1:]


def _bar(incident: Incident, one: PromiseRun, start: datetime, axis: _Axis, as_of: datetime) -> Bar:
    state = state_of(incident, one, as_of)
    until = one.stopped_at if one.stopped_at and state not in ("running", "overdue") else axis.now
    left, due, end = axis.share(start), axis.share(one.due_at), axis.share(max(until, start))
    words = f"{in_words(one.says)}: {spoken(one, state, as_of) if one.stopped_at else COUNTED[state]}"
    return Bar(state, left, round(due - left, 2), round(end - left, 2), round(max(end - max(due, left), 0), 2), words)


def _words(incident: Incident, runs: Sequence[PromiseRun], done: Deeds, as_of: datetime) -> Iterable[LaneWord]:
    """What runs first, then each that was late or never kept, then how many were kept."""
    states = [(one, state_of(incident, one, as_of)) for one in reversed(runs)]
    for one, state in states:
        if state in ("running", "overdue"):
            yield LaneWord(state, COUNTED[state], tuple(proof(one, done)), one.due_at)
    for one, state in states:
        if state in ("late", "never"):
            yield LaneWord(state, spoken(one, state, as_of), tuple(proof(one, done)))
    kept = [one for one, state in states if state == "kept"]
    if kept:
        words = spoken(kept[0], "kept", as_of) if len(kept) == 1 else f"{COUNTED['kept']} {len(kept)} times"
        yield LaneWord("kept", words, tuple(proof(kept[0], done)))
