"""Spans that clash: with their own reminders, with what escalates them, with each other, with the law."""

from collections.abc import Iterator
from datetime import timedelta

from domain.check.finding import Finding, Lint, span_at
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.procedure.sop import PROCEDURE
from domain.value.model import format_duration

LAWFUL = timedelta(hours=72)
"""GDPR Article 33(1)."""
SECOND = timedelta(seconds=1)


def _reminders(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A reminder before the start, or a chase that is slower than the promise itself."""
    for clause, clock in policy.clocks.items():
        shortest = min(clock.within.values(), default=None) if isinstance(clock.within, dict) else clock.within
        if shortest is None:
            continue
        early = [span for span in clock.reminders if span >= shortest]
        if early:
            expected = f"less than {format_duration(shortest)}, `within`"
            yield Finding(f"clocks.{clause}.remind", format_duration(early[0]), expected)
        if _repeats(clause) and clock.every and clock.every > shortest:
            expected = f"at most {format_duration(shortest)}, `within`: an escalation quicker than the interval"
            yield Finding(f"clocks.{clause}.every", format_duration(clock.every), expected)


def _repeats(clause: str) -> bool:
    promise = PROCEDURE.promises.get(clause)
    return promise is not None and promise.repeats


def _rushes(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """What is repeated faster than anybody can answer."""
    for clause, clock in policy.clocks.items():
        spans = clock.within.values() if isinstance(clock.within, dict) else (clock.within,)
        for field, span in [*(("within", one) for one in spans), ("every", clock.every or SECOND)]:
            if span < SECOND:
                yield Finding(f"clocks.{clause}.{field}", format_duration(span), "at least 1s")


def _escalations(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """An update interval longer than its escalation."""
    for clause, promise in PROCEDURE.promises.items():
        escalation, why = promise.due_before or ("", "")
        for severity in policy.severities:
            ours, theirs = _running(policy, clause, severity), _running(policy, escalation, severity)
            if not ours or not theirs:
                continue
            until = f"at {severity}, after which {why} ({escalation})"
            if ours > theirs:
                yield Finding(
                    f"clocks.{clause}.within", format_duration(ours), f"at most {format_duration(theirs)} {until}"
                )
                break
            if policy.hours(clause, severity) and not policy.hours(escalation, severity):
                found = f"{format_duration(ours)} of office hours, which may be days"
                yield Finding(f"clocks.{clause}.hours", found, f"the hours of {escalation}, every one, {until}")
                break


def _running(policy: Policy, clause: str, severity: str) -> timedelta | None:
    """The clock's span at a severity where it can start."""
    clock = policy.clock(clause)
    if clock is None or not PROCEDURE.promises[clause].asked_by.rule(policy.severities[severity]):
        return None
    return span_at(clock, severity)


def _notification(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """GDP-2: the law's 72 hours may be made shorter, never longer."""
    clock = policy.clocks.get("GDP-2")
    spans = [] if clock is None else [span for name in policy.severities if (span := span_at(clock, name))]
    if spans and max(spans) > LAWFUL:
        yield Finding("clocks.GDP-2.within", format_duration(max(spans)), "at most 3d: GDPR Article 33 allows 72 hours")


CLAUSES: tuple[Lint, ...] = (_reminders, _rushes, _escalations, _notification)
