"""Which clocks can start at which severity, and which can never stop."""

from collections.abc import Iterator

from domain.check.finding import Finding, Lint, listed, span_at
from domain.check.people import is_holdable
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.procedure.sop import PROCEDURE
from domain.value.kind import kind_of


def _starts(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A clock that can never start."""
    for clause, clock in policy.clocks.items():
        path = f"clocks.{clause}"
        promise = PROCEDURE.promises.get(clause)
        if promise is None:
            expected = f"one of {listed(PROCEDURE.promises)}"
            yield Finding(path, "a clock that no rule of the procedure reads", expected)
            continue
        asks = promise.asked_by
        if not any(asks.rule(rule) and span_at(clock, name) is not None for name, rule in policy.severities.items()):
            yield Finding(path, "a clock that can never start", f"{asks.words}, with a span for it in `within`")
        if promise.started_by and promise.started_by not in policy.clocks:
            yield Finding(path, "a clock that can never start", f"the clock {promise.started_by}, which starts it")


def _spans_for_all(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A promise that a severity asks for and that has no time: it would never be due, and nobody would see it."""
    for clause, promise in PROCEDURE.promises.items():
        can_start, why = promise.asked_by.rule, promise.asked_by.words
        lacking = [
            name for name, rule in policy.severities.items() if can_start(rule) and not _timed(policy, clause, name)
        ]
        if not lacking or promise.optional:
            continue
        if clause not in policy.clocks:
            asks = f", because {why}" if promise.asked_by.always else f": {lacking[0]} is {why}"
            yield Finding("clocks", f"no {clause}", f"a line for it{asks}")
        else:
            yield Finding(f"clocks.{clause}.within", f"nothing for {listed(lacking)}", f"a span there: {why}")


def _timed(policy: Policy, clause: str, severity: str) -> bool:
    clock = policy.clock(clause)
    return clock is not None and span_at(clock, severity) is not None


def _unknown_severities(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A time, or hours, for a severity that there is not."""
    for clause, clock in policy.clocks.items():
        for name, values in (("within", clock.within), ("hours", clock.hours)):
            for severity in values if isinstance(values, dict) else ():
                if severity not in policy.severities:
                    yield Finding(f"clocks.{clause}.{name}", repr(severity), f"one of {listed(policy.severities)}")


def _stops(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A clock that can never stop, because nobody may do what keeps the promise."""
    for clause in policy.clocks:
        promise = PROCEDURE.promises.get(clause)
        act = kind_of(promise.kept_by) if promise and promise.kept_by else ""
        allowed = policy.may.get(act, ("anyone",)) if act else ("anyone",)
        if not any(role.startswith("anyone") or is_holdable(policy, role) for role in allowed):
            found = f"a clock that can never stop: nobody may {str(act).replace('_', ' ')}"
            yield Finding(f"clocks.{clause}", found, f"a role that somebody can hold in may.{act}")


REACH: tuple[Lint, ...] = (_starts, _spans_for_all, _unknown_severities, _stops)
