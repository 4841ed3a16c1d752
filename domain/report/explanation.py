"""Says in plain words what a clause of the policy will do: who must do what by when, who is told, which hours count."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from domain.company.catalog import Catalog, Level
from domain.company.policy import Policy
from domain.company.policy_clock import ClockRule
from domain.incident.entry import STANDFAST
from domain.incident.office import PAGES
from domain.procedure.sop import PROCEDURE
from domain.rule.explain import counted_words, title_of, titles
from domain.value.calendar import Calendar, later


def explain(clause: str, policy: Policy, catalog: Catalog | None = None) -> list[str] | None:
    """The sentences, with the company's people where they are known; None for what is no clause."""
    said = [*about_clock(clause, policy)] if policy.clock(clause) else []
    known = PROCEDURE.clauses.get(clause)
    said += known.explain(policy) if known and known.explain else []
    if clause in PAGES and catalog:
        said += on_call(policy, catalog)
    if clause in PROCEDURE.promises and not policy.clock(clause):
        said.append(f"This policy has no clock {clause}: nobody is held to a time. {_needed(clause)}")
    return said or ([f"The same under every policy: {known.text}"] if known else None)


def _needed(clause: str) -> str:
    asks = PROCEDURE.promises[clause].asked_by.words
    return f"One would start with {asks}." if asks.startswith("a severity") else f"One could: {asks}."


def explained(policy: Policy) -> list[str]:
    """The clauses that can be explained."""
    return sorted({*policy.clocks, *PROCEDURE.clauses})


FRIDAY = date(2026, 3, 6)
"""The Friday of the examples."""


def about_clock(clause: str, policy: Policy) -> Iterator[str]:
    """What a clock promises, when it reminds, who hears of a miss, how it chases."""
    clock = policy.clock(clause)
    if clock is None:
        return
    promise = PROCEDURE.promises.get(clause)
    what = promise.explained_as or promise.what if promise else f"what {clause} promises"
    start = promise.counted_from if promise else "its start"
    who = "Standfast itself" if clock.owner == STANDFAST else f"The {titles((clock.owner,), policy)}"
    what = what.format(manager=title_of("manager", policy))
    yield f"{who} must {what} within {_within(clause, clock, policy)}, counted from {start}."
    yield from _hours(clause, clock, policy)
    if clock.owner == STANDFAST:
        return
    if clock.reminders:
        early = " and again ".join(_counted_by(clock, span, policy) for span in sorted(clock.reminders, reverse=True))
        warned = f", and the {titles(clock.warn, policy)} told" if clock.warn else ""
        yield f"{early} before the deadline the owner is reminded{warned}."
    told = f" and told to the {titles(clock.tell, policy)}" if clock.tell else ""
    yield f"When it passes, the miss is recorded for good{told}."
    if clock.every:
        yield f"After that the owner is chased every {_counted_by(clock, clock.every, policy)} until it is done."


def _within(clause: str, clock: ClockRule, policy: Policy) -> str:
    """The time allowed, severity by severity where it differs."""
    if not isinstance(clock.within, dict) and not isinstance(clock.hours, dict):
        return counted_words(policy.item_span() if clause == "ACT-2" else clock.within, clock.hours, policy)
    spans = [(name, span) for name in policy.severities if (span := clock.span(name)) is not None]
    return ", ".join(f"{counted_words(span, clock.calendar(name), policy)} at {name}" for name, span in spans)


def _counted_by(clock: ClockRule, span: timedelta, policy: Policy) -> str:
    """A reminder's or a chase's span, in the hours of its clock where they are the same at every severity."""
    return counted_words(span, clock.hours if isinstance(clock.hours, str) else None, policy)


def _hours(clause: str, clock: ClockRule, policy: Policy) -> Iterator[str]:
    """Which hours count, with what that means for something that begins before a weekend."""
    seen: set[str] = set()
    for severity in policy.severities:
        span, name = clock.span(severity), clock.calendar(severity)
        if span is None or name is None or name in seen:
            continue
        seen.add(name)
        calendar = policy.calendars[name]
        free = f", {len(calendar.holidays)} holidays left out" if calendar.holidays else ""
        yield f"A clock in {name} hours counts {calendar.says} alone{free}."
        at = f" at {severity}" if isinstance(clock.hours, dict) or isinstance(clock.within, dict) else ""
        yield f"For example{at}: {_example(policy.item_span(severity) if clause == 'ACT-2' else span, calendar)}"


def _example(span: timedelta, calendar: Calendar) -> str:
    """A clock that begins an hour before the last day of a week is over."""
    days = [FRIDAY - timedelta(days=number) for number in range(7)]
    window = next(window for day in days if (window := calendar.window(day)))
    start, zone = window[1] - timedelta(hours=1), ZoneInfo(calendar.zone)
    due = later(start, span, calendar)
    return f"begun on {start.astimezone(zone):%a %d %b %H:%M} it is due on {due.astimezone(zone):%a %d %b %H:%M}."


def on_call(policy: Policy, catalog: Catalog) -> Iterator[str]:
    """Who is paged at each level, team by team, and at which hours where that differs."""
    for team in catalog.teams.values():
        levels = [f"{name}: {_who(team.levels[name], catalog)}" for name in policy.ladder if name in team.levels]
        yield f"In team {team.name}, {'; '.join(levels)}."


def _who(level: Level, catalog: Catalog) -> str:
    def names(people: Iterable[str]) -> str:
        return " and ".join(catalog.people[one].name for one in people)

    shifts = [f"{names(shift.people)} {shift.says}" for shift in level.shifts]
    rest = names(level.people) or (f"whoever {level.schedule} has on call" if level.schedule else "")
    return ", ".join([*shifts, f"else {rest}" if shifts and rest else rest]).strip(", ") or "nobody"
