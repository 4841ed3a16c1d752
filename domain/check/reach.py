"""Which clocks can start at which severity, and which can never stop."""

from collections.abc import Callable, Iterator

from domain.check.finding import Finding, Lint, listed, span_at
from domain.check.people import is_holdable
from domain.company.catalog import Catalog
from domain.company.policy import Policy, SeverityRule


def _always(rule: SeverityRule) -> bool:
    return True


def _with_room(rule: SeverityRule) -> bool:
    return rule.war_room


def _on_page(rule: SeverityRule) -> bool:
    return rule.status_page


def _chased(rule: SeverityRule) -> bool:
    return rule.chased


def _manager_later(rule: SeverityRule) -> bool:
    return rule.manager == "after_clock"


def _post_mortem(rule: SeverityRule) -> bool:
    return rule.post_mortem


def _breach_check(rule: SeverityRule) -> bool:
    return rule.breach_check


STARTS: dict[str, tuple[Callable[[SeverityRule], bool], str]] = {
    "ACK-1": (_always, "every incident starts it"),
    "ACK-2": (_always, "a missed ACK-1 starts it"),
    "ACK-5": (_chased, "a severity with `chased: true`"),
    "TRI-4": (_always, "every acknowledgement starts it"),
    "WAR-3": (_with_room, "a severity with `war_room: true`"),
    "WAR-4": (_with_room, "a severity with `war_room: true`"),
    "WAR-5": (_manager_later, "a severity with `manager: after_clock`"),
    "COM-1": (_on_page, "a severity with `status_page: true`"),
    "COM-2": (_on_page, "a severity with `status_page: true`"),
    "COM-7": (_on_page, "a severity with `status_page: true`"),
    "FIX-2": (_always, "every asked-for bypass starts it"),
    "RES-2": (_always, "every declaration starts it"),
    "SCP-3": (_always, "every security incident starts it"),
    "PM-1": (_post_mortem, "a severity with `post_mortem: true`"),
    "ACT-2": (_always, "every action item starts it"),
    "GDP-1": (_breach_check, "a severity with `breach_check: true`"),
    "GDP-2": (_always, "every breach starts it"),
}
"""At which severities a clause's clock can start at all. A clause that is not here is read by no rule."""
NEEDS = {"ACK-2": "ACK-1", "COM-2": "COM-1"}
"""Clocks that only another one's end can start."""
FREE = ("RES-2",)
"""A target may be set for some severities only, or for none; every other promise that can start needs its time."""
STOPS = {
    "ACK-1": "acknowledge",
    "TRI-4": "declare",
    "WAR-3": "take_role",
    "WAR-4": "post_finding",
    "COM-1": "approve_update",
    "COM-2": "approve_update",
    "FIX-2": "authorise_change",
    "RES-2": "resolve",
    "SCP-3": "answer_breach",
    "PM-1": "complete_postmortem",
    "ACT-2": "close_item",
    "GDP-1": "answer_breach",
    "GDP-2": "record_notification",
}
"""The act that keeps each promise; somebody must be allowed to do it. ACK-5 is kept by anybody's word."""


def _starts(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A clock that can never start."""
    for clause, clock in policy.clocks.items():
        path = f"clocks.{clause}"
        if clause not in STARTS:
            yield Finding(path, "a clock that no rule of the procedure reads", f"one of {listed(STARTS)}")
            continue
        can_start, expected = STARTS[clause]
        if not any(can_start(rule) and span_at(clock, name) is not None for name, rule in policy.severities.items()):
            yield Finding(path, "a clock that can never start", f"{expected}, with a span for it in `within`")
        if clause in NEEDS and NEEDS[clause] not in policy.clocks:
            yield Finding(path, "a clock that can never start", f"the clock {NEEDS[clause]}, which starts it")


def _spans_for_all(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A promise that a severity asks for and that has no time: it would never be due, and nobody would see it."""
    for clause, (can_start, why) in STARTS.items():
        lacking = [
            name for name, rule in policy.severities.items() if can_start(rule) and not _timed(policy, clause, name)
        ]
        if not lacking or clause in FREE:
            continue
        if clause not in policy.clocks:
            asks = f", because {why}" if can_start is _always else f": {lacking[0]} is {why}"
            yield Finding("clocks", f"no {clause}", f"a line for it{asks}")
        else:
            yield Finding(f"clocks.{clause}.within", f"nothing for {listed(lacking)}", f"a span there: {why}")


def _timed(policy: Policy, clause: str, severity: str) -> bool:
    clock = policy.clocks.get(clause)
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
        act = STOPS.get(clause)
        allowed = policy.may.get(act, ("anyone",)) if act else ("anyone",)
        if not any(role.startswith("anyone") or is_holdable(policy, role) for role in allowed):
            found = f"a clock that can never stop: nobody may {str(act).replace('_', ' ')}"
            yield Finding(f"clocks.{clause}", found, f"a role that somebody can hold in may.{act}")


REACH: tuple[Lint, ...] = (_starts, _spans_for_all, _unknown_severities, _stops)
