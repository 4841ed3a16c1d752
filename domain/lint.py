"""What a policy and a catalog that fit their models can still get wrong: promises that nobody could keep."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from domain.act import Act, UpdateStatus
from domain.catalog import Catalog
from domain.event import STANDFAST
from domain.policy import ClockRule, Policy
from domain.shape import write_span

ACTS = tuple(model.model_fields["kind"].default for model in get_args(get_args(Act)[0]))
ANYBODY = ("anyone", "anyone_if_vacant")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: where, what stands there, what was expected."""

    path: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: found {self.found}, expected {self.expected}"


def _always(policy: Policy, severity: str) -> bool:
    return True


def _with_room(policy: Policy, severity: str) -> bool:
    return policy.severities[severity].war_room


def _on_page(policy: Policy, severity: str) -> bool:
    return policy.severities[severity].status_page


def _chased(policy: Policy, severity: str) -> bool:
    return policy.severities[severity].chased


def _manager_later(policy: Policy, severity: str) -> bool:
    return policy.severities[severity].manager == "after_clock"


def _post_mortem(policy: Policy, severity: str) -> bool:
    return policy.severities[severity].post_mortem


def _breach_check(policy: Policy, severity: str) -> bool:
    return policy.severities[severity].breach_check


STARTS: dict[str, tuple[Callable[[Policy, str], bool], str]] = {
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
"""Under which severities a clause's clock can start at all. A clause that is not here is read by no rule."""
NEEDS = {"ACK-2": "ACK-1", "COM-2": "COM-1"}
"""Clocks that only another one's end can start."""
CYCLES = ("ACK-5", "WAR-4", "COM-2")
"""Clocks that each fulfilment starts again."""
ESCALATIONS = {"WAR-4": ("ACK-5", "silence is chased"), "COM-2": ("RES-2", "the target to resolve is over")}
"""For a repeated promise, the clock that escalates, and why the promise should be due first."""


def lint(policy: Policy, catalog: Catalog) -> list[Finding]:
    """Everything found, in the order of the files."""
    rules = (_roles, _clocks, _starts, _spans, _escalations, _rights, _templates, _teams, _people, _services)
    return [finding for rule in rules for finding in rule(policy, catalog)]


def _roles(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """An owner nobody holds."""
    for clause, clock in policy.clocks.items():
        role = policy.roles.get(clock.owner)
        if clock.owner == STANDFAST:
            continue
        if role is None:
            yield Finding(f"clocks.{clause}.owner", repr(clock.owner), f"one of {_one_of(policy)}")
        elif role.starts_with == "nobody" and not role.chased:
            expected = f"`starts_with` or `chased: true` in roles.{clock.owner}, so that somebody comes to hold it"
            yield Finding(f"clocks.{clause}.owner", f"{clock.owner!r}, a role nobody holds", expected)


def _clocks(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A miss that is told to a role nobody knows."""
    for clause, clock in policy.clocks.items():
        for role in clock.tell:
            if role not in policy.roles:
                yield Finding(f"clocks.{clause}.tell", repr(role), f"one of {', '.join(policy.roles)}")


def _starts(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A clock that can never start."""
    for clause, clock in policy.clocks.items():
        path = f"clocks.{clause}"
        if clause not in STARTS:
            yield Finding(path, "a clock that no rule of the procedure reads", f"one of {', '.join(STARTS)}")
            continue
        can_start, expected = STARTS[clause]
        if not any(
            can_start(policy, severity) and _span(clock, severity) is not None for severity in policy.severities
        ):
            yield Finding(path, "a clock that can never start", f"{expected}, with a span for it in `within`")
        if clause in NEEDS and NEEDS[clause] not in policy.clocks:
            yield Finding(path, "a clock that can never start", f"the clock {NEEDS[clause]}, which starts it")
        for severity in clock.within if isinstance(clock.within, dict) else ():
            if severity not in policy.severities:
                yield Finding(f"{path}.within", repr(severity), f"one of {', '.join(policy.severities)}")


def _spans(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A reminder before the start, or a chase that is slower than the promise itself."""
    for clause, clock in policy.clocks.items():
        shortest = min(clock.within.values(), default=None) if isinstance(clock.within, dict) else clock.within
        if shortest is None:
            continue
        early = [span for span in clock.reminders if span >= shortest]
        if early:
            yield Finding(
                f"clocks.{clause}.remind", write_span(early[0]), f"less than {write_span(shortest)}, `within`"
            )
        if clause in CYCLES and clock.every and clock.every > shortest:
            expected = f"at most {write_span(shortest)}, `within`: an escalation quicker than the interval"
            yield Finding(f"clocks.{clause}.every", write_span(clock.every), expected)


def _escalations(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """An update interval longer than its escalation."""
    for clause, (escalation, why) in ESCALATIONS.items():
        for severity in policy.severities:
            ours = _running(policy, clause, severity)
            theirs = _running(policy, escalation, severity)
            if ours and theirs and ours > theirs:
                expected = f"at most {write_span(theirs)} at {severity}, after which {why} ({escalation})"
                yield Finding(f"clocks.{clause}.within", write_span(ours), expected)
                break


def _rights(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    for act, allowed in policy.may.items():
        if act not in ACTS:
            yield Finding(f"may.{act}", "no act of the procedure", f"one of {', '.join(ACTS)}")
        for role in allowed:
            if role not in (*policy.roles, *ANYBODY):
                yield Finding(f"may.{act}", repr(role), f"one of {', '.join([*policy.roles, *ANYBODY])}")


def _templates(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A state without a status template, or without the text for a page that has none."""
    for status in get_args(UpdateStatus):
        for section in ("templates", "drafts"):
            if status not in getattr(policy.updates, section):
                yield Finding(f"updates.{section}", f"nothing for {status!r}", "an entry for every state")


def _teams(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A level of the ladder that a team lacks, or that reaches nobody."""
    for name, team in catalog.teams.items():
        for level in dict.fromkeys(policy.ladder):
            path = f"teams.{name}.levels.{level}"
            if level not in team.levels:
                yield Finding(path, "nothing", "people or a schedule, because the policy's ladder pages this level")
            elif not (team.levels[level].people or team.levels[level].schedule):
                yield Finding(path, "nobody", "people or a schedule")


def _people(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """Somebody the war room could not call."""
    if catalog.vendors.get("room") != "slack":
        return
    for name, person in catalog.people.items():
        if not person.slack:
            yield Finding(f"people.{name}.slack", "nothing", "the person's Slack id, such as U012ABCDEF")


def _services(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    default = policy.alerts.default_service
    if catalog.services and default not in catalog.services:
        expected = f"one of {', '.join(catalog.services)}, for alerts of services nobody knows"
        yield Finding("alerts.default_service", repr(default) if default else "nothing", expected)
    for number, window in enumerate(catalog.maintenance):
        if window.service not in ("*", *catalog.services):
            yield Finding(f"maintenance.{number}.service", repr(window.service), "a service, or '*' for all")


def _running(policy: Policy, clause: str, severity: str) -> timedelta | None:
    """The clock's span at a severity where it can start."""
    clock = policy.clocks.get(clause)
    if clock is None or clause not in STARTS or not STARTS[clause][0](policy, severity):
        return None
    return _span(clock, severity)


def _span(clock: ClockRule, severity: str) -> timedelta | None:
    found: timedelta | None = clock.span(severity)
    return found


def _one_of(policy: Policy) -> str:
    return ", ".join([*policy.roles, STANDFAST])
