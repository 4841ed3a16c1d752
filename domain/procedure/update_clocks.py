"""COM-1, COM-2, COM-4: when customers must have read something, and what happens when they have not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.entry import STANDFAST
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.office import hours
from domain.procedure.disclosure import ASKED, first_update, has_vendor, hidden_since
from domain.procedure.public_update import (
    UpdateApproved,
    asked_runs,
    felt_since,
    fresh_status,
    next_number,
    outbox,
)
from domain.procedure.public_words import filled
from domain.procedure.security import TellCustomers
from domain.procedure.status_page import ApproveUpdate
from domain.rule.clause import ON_PAGE, Clause, Promise
from domain.rule.explain import customers
from domain.rule.reckoned import reckoned
from domain.rule.ruleset import Ruleset
from domain.rule.timer import cycled, earliest, nth, promised
from domain.value.calendar import later
from domain.value.key import ClockKey

UNASKED = "p"
"""The run of COM-2 under a page that shows what was not asked for."""
REOPENED = "reopened-"
"""What a promise of COM-1 after a reopening is about, before the reopening's number."""


def clocks(incident: Incident) -> tuple[Clock, ...]:
    """COM-1 from the declaration and from a reopening under a page that misleads, COM-2 from each update.

    What the page promised is kept when the severity is lowered: COM-2 goes on while the page shows the incident.
    Reckoned once for each event: the headline and every line about customers name the next of them.
    """
    return reckoned(incident, "updates", incident.ticked, lambda: _clocks(incident))


def _clocks(incident: Incident) -> Iterator[Clock]:
    if not has_vendor(incident):
        return
    posts = _posted(incident, ended=False)
    spans = list(_asked(incident))
    for number, (since, until) in enumerate(spans):
        again = spans[number + 1][0] if number + 1 < len(spans) else None
        runs = (nth(number, "s"),)
        yield from first_update(incident, COM_1, since=since, until=until, posts=posts, runs=runs)
        shown = next((at for at in posts if at >= since and (again is None or at < again)), None)
        cycle = cycled(incident, COM_2, since=shown, marks=posts, until=again, runs=runs, goes_on=True)
        yield from (_by_last_words(incident, clock, posts) for clock in cycle)
    yield from _unasked(incident, posts)
    yield from _corrections(incident, posts)


def _by_last_words(incident: Incident, clock: Clock, posts: list[datetime]) -> Clock:
    """RES-3: a run that a reopening began is due by what customers read before it, where they read of no end since.

    As soon after the reopening as a first update (COM-1), no sooner.
    """
    begun, last = clock.started_at, max((at for at in posts if at < clock.started_at), default=None)
    if not incident.policy.updates.by_last_words or begun not in incident.reopenings or last is None:
        return clock
    severity = incident.likely_at(begun)
    promised_by, soonest = _after(incident, COM_2, last, severity), _after(incident, COM_1, begun, severity)
    ended = any(last < at <= begun for at in _posted(incident, ended=True))
    if ended or promised_by is None or promised_by <= begun or clock.key in incident.passed:
        return clock
    due = min(max(promised_by, soonest or begun), clock.due_at)
    void = clock.void and clock.stopped_at is not None and clock.stopped_at <= due
    return replace(clock, due_at=due, void=void, broken=clock.broken or (clock.void and not void))


def _after(incident: Incident, clause: Clause, at: datetime, severity: str) -> datetime | None:
    """When a clause's time is over that counts from a moment; None where the severity asks for nothing."""
    rule = incident.policy.clock(clause.id)
    span = rule.span(severity) if rule else None
    return later(at, span, hours(incident, clause.id, severity)) if span is not None else None


def _unasked(incident: Incident, posts: list[datetime]) -> Iterator[Clock]:
    """COM-2 of an internal service that people published for: whoever does says that customers feel it.

    A word of theirs about that, or that it is a secret, counts from then on.
    """
    if incident.service.customer_facing or not incident.policy.updates.internal_goes_on:
        return
    until = earliest(incident.outward.felt[0] if incident.outward.felt else None, hidden_since(incident))
    people = [one for one in incident.updates.values() if one.approved_by not in ("", STANDFAST)]
    first = min((one.published_at for one in people if one.published_at and one.status != "resolved"), default=None)
    if first is None or (until and until <= first):
        return
    if any(since <= first and (end is None or first < end) for since, end in asked_runs(incident)):
        yield from cycled(incident, COM_2, since=first, marks=posts, until=until, runs=(UNASKED,), goes_on=True)


def _posted(incident: Incident, *, ended: bool) -> list[datetime]:
    """When the page was updated with words of the end, or with others; each moment once."""
    found = (one for one in incident.updates.values() if one.published_at and (one.status == "resolved") == ended)
    return sorted({update.published_at for update in found if update.published_at})


def _asked(incident: Incident) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans in which a severity asked for updates and customers felt it, or it was a security incident (SCP-3)."""
    felt, hidden = felt_since(incident), hidden_since(incident)
    for since, until in asked_runs(incident):
        if felt is None and hidden:
            if until is None or hidden < until:
                yield max(since, hidden), until
        elif felt is None:
            denied = incident.outward.felt[0] if incident.outward.felt and incident.service.customer_facing else None
            if denied and since < denied:
                yield since, min(until, denied) if until else denied
        elif until is None or felt < until:
            yield max(since, felt), until


def _corrections(incident: Incident, posts: list[datetime]) -> Iterator[Clock]:
    """RES-3: a page that says resolved, or nothing for too long, is to be corrected when the incident is open again."""
    ends = [at for at, _ in incident.resolutions]
    for number, reopened_at in enumerate(incident.reopenings):
        until = ends[number + 1] if number + 1 < len(ends) else None
        start, what = (
            _resolved_since(incident, posts, reopened_at, until),
            "correct the status page, which says resolved",
        )
        later_posts = [at for at in posts if start is None or at > start]
        if start is None and _is_stale(incident, posts, reopened_at):
            start, what = reopened_at, "tell customers that it goes on"
        if start:
            stop = next((at for at in later_posts if at >= start and (until is None or at < until)), None)
            about = f"{REOPENED}{number + 1}"
            yield from promised(incident, COM_1, start=start, stop=stop, until=until, about=about, what=what)


def _resolved_since(
    incident: Incident, posts: list[datetime], reopened_at: datetime, until: datetime | None
) -> datetime | None:
    """Since when a reopened incident's page says resolved; None where it does not."""
    said = [at for at in _posted(incident, ended=True) if until is None or at < until]
    start = max(reopened_at, said[-1]) if said else None
    shown = start and posts and posts[0] <= start and not any(said[-1] < at <= start for at in posts)
    return start if shown else None


def _is_stale(incident: Incident, posts: list[datetime], at: datetime) -> bool:
    """Whether the time in which customers were to hear again was over at a moment."""
    heard = [one for one in posts if one < at]
    if not heard or not incident.policy.updates.heard_again:
        return False
    again_by = _after(incident, COM_2, heard[-1], incident.likely_at(at))
    return again_by is not None and again_by <= at


def rings(incident: Incident, key: ClockKey) -> tuple[Fact, ...]:
    """COM-4: at the first passing of a deadline the policy may post the pre-approved holding statement."""
    if key.clause not in (COM_1.id, COM_2.id) or incident.policy.updates.on_miss != "holding":
        return ()
    first_at = incident.missed[key][1] if key in incident.missed else None
    if first_at != incident.events[-1].at or outbox(incident):
        return ()
    body = filled(incident, incident.policy.updates.holding)
    return (UpdateApproved(clause="COM-4", number=next_number(incident), status=fresh_status(incident), body=body),)


def _waits_for_page(incident: Incident) -> str:
    """What is said where the words are approved, and the page does not take them."""
    failed = any(f"publish/{update.number}" in incident.failures for update in outbox(incident))
    said = "Customers were to hear by {by}. The words are approved, and the status page does not take them: post them"
    return f"{said} there by hand, and say where they stand." if failed else ""


def _misses_said(incident: Incident) -> bool | None:
    due = [key for key in (*incident.reminded, *incident.missed) if ClockKey(key).clause in ("COM-1", "COM-2")]
    return True if due else None


def _explain_miss(policy: Policy) -> list[str]:
    if policy.updates.on_miss == "holding":
        return ["A missed status page update posts the pre-approved holding statement by itself."]
    return ["A missed status page update is chased until a person approves one; nothing is posted by itself."]


COM_1 = Clause(
    "COM-1",
    "First status page update within 10 minutes of a P1/P2 declaration.",
    promise=Promise(
        "publish the first status page update",
        does="tells customers for the first time",
        then="Customers hear",
        reminder="Customers hear of it by {by}, in {left}.",
        overdue="Customers were to hear of it by {by}; one press is enough.",
        held_up=_waits_for_page,
        counted_from="the declaration of a severity that customers are told of",
        asked_by=ON_PAGE,
        kept_by=ApproveUpdate,
        answers=lambda key: (
            (TellCustomers.button(),) if key.about == ASKED else (ApproveUpdate.button(style="primary"),)
        ),
    ),
    judged_by="its clock, for a severity that customers are told of",
)
COM_2 = Clause(
    "COM-2",
    "Another at least every 30 minutes while it is active; an update resets that clock.",
    promise=Promise(
        "publish the next status page update",
        does="tells customers again",
        then="Customers hear again",
        reminder="Customers hear again by {by}, in {left}.",
        overdue="Customers were to hear again by {by}; one press is enough.",
        held_up=_waits_for_page,
        counted_from="the first update, and again from each one published",
        asked_by=ON_PAGE,
        kept_by=ApproveUpdate,
        repeats=True,
        started_by="COM-1",
        due_before=("RES-2", "the target to resolve is over"),
        answers=lambda key: (ApproveUpdate.button(style="primary"),),
    ),
    judged_by="its clocks, one from each update to the next",
)
COM_4 = Clause(
    "COM-4",
    "Before a deadline the comms lead is reminded; at the deadline the commander is told; past it the "
    "policy decides: keep nagging, or post the pre-approved holding statement. A miss is recorded "
    "whatever happens.",
    judged_by="a reminder or a miss of COM-1 or COM-2 was recorded when it was due",
    judge=_misses_said,
    constructed=True,
    explain=customers(_explain_miss),
)
RULES = Ruleset(clauses=(COM_1, COM_2, COM_4), clocks=clocks, expired=rings)
