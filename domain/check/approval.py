"""What should be seen to, and keeps no promise from being kept: approvals, and what the procedure presupposes."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date

from domain.check.finding import Finding, plays
from domain.company.approval import ApprovedPart
from domain.company.catalog import Catalog, Team
from domain.company.policy import Policy

RUNBOOKS = 10
"""Known failure modes that the library has at least (TRI-2)."""
CONTENT: dict[ApprovedPart, tuple[str, ...]] = {
    "matrix": ("severities", "matrix", "impact"),
    "templates": ("updates", "mail"),
}
"""The sections of the policy that an approval is of."""
CLAUSES: dict[ApprovedPart, str] = {"matrix": "TRI-3", "templates": "COM-3"}
Remark = Callable[[Policy, Catalog, date], Iterator[Finding]]


def mark_of(policy: Policy, part: ApprovedPart) -> str:
    """What tells this matrix, or these texts, from any other."""
    said = policy.model_dump_json(include=set(CONTENT[part]))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _approvals(policy: Policy, catalog: Catalog, today: date) -> Iterator[Finding]:
    """TRI-3, COM-3: the severity matrix and the texts for customers are approved, and looked at again."""
    for part, clause in CLAUSES.items():
        path, approval = f"approved.{part}", policy.approved.get(part)
        expected = f"`by`, `at`, `review_by`, and `of: {mark_of(policy, part)}` ({clause})"
        if approval is None:
            yield Finding(path, "no approval", expected)
        elif approval.overdue(today):
            yield Finding(f"{path}.review_by", f"{approval.review_by} (approved {approval.told})", "a day to come")
        elif approval.of and approval.of != mark_of(policy, part):
            yield Finding(f"{path}.of", f"the approval {approval.told}, of what was changed since", expected)


def _runbooks(policy: Policy, catalog: Catalog, today: date) -> Iterator[Finding]:
    """TRI-2: a library of known failure modes, here or in the notebook."""
    if len(catalog.runbooks) < RUNBOOKS and not plays(catalog, "notebook"):
        yield Finding("runbooks", f"{len(catalog.runbooks)}", f"{RUNBOOKS} known failure modes, or a notebook (TRI-2)")


def _rotation(policy: Policy, catalog: Catalog, today: date) -> Iterator[Finding]:
    """ACK-1: nobody is on call at every hour of every day."""
    for name, team in catalog.teams.items():
        first = team.levels.get(policy.ladder[0])
        if first and not first.schedule and len(first.everybody) < 2:
            yield Finding(f"teams.{name}.levels.{policy.ladder[0]}", "one person", "a rotation: shifts or a schedule")


def _leads(policy: Policy, catalog: Catalog, today: date) -> Iterator[Finding]:
    """WAR-3: somebody to command and somebody to write to customers, in every team that may need them."""
    wanted: dict[str, Callable[[Team], tuple[str, ...]]]
    wanted = {"commanders": lambda team: team.commanders, "comms": lambda team: team.comms}
    for name, team in catalog.teams.items():
        for field, people in wanted.items():
            if not people(team):
                yield Finding(f"teams.{name}.{field}", "nobody", "somebody who is called while the role is vacant")


REMARKS: tuple[Remark, ...] = (_approvals, _runbooks, _rotation, _leads)


def remarks(policy: Policy, catalog: Catalog, today: date) -> list[Finding]:
    """Everything that should be seen to by a day."""
    return [finding for remark in REMARKS for finding in remark(policy, catalog, today)]
