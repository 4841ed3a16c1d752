"""What no vendor is asked: the records are searched, and the group of alerts is told."""

from typing import Literal

from pydantic import Field

from domain.company.catalog import Service
from domain.port.duty import Duty, Outcome
from domain.value.act import Act
from domain.value.model import IncidentId, Instant, Severity, Slug, unsaid


class ReportToGroup(Duty):
    """Tell the group of alerts what became of its incident, so that it may open the next (DET-4, RES-3)."""

    role = "group"
    holds_open = False
    upkeep = True
    kind: Literal["report_to_group"] = "report_to_group"
    group: str
    phase: str
    severity: Severity | None = None
    at: Instant
    reopen_until: Instant | None = None
    merged_into: str = Field(default="", exclude_if=unsaid)
    """The incident that has its alerts from now on (DET-7)."""
    dismissed: bool = Field(default=False, exclude_if=unsaid)
    """What fires now is none, until it has recovered (DET-7)."""
    despite: bool = Field(default=False, exclude_if=unsaid)
    """Whether it was ended although alerts fired (RES-3)."""
    aside: bool = Field(default=False, exclude_if=unsaid)
    """It is another group's from now on, and keeps the alerts that it was told of (DET-7)."""


class TellIncident(Duty):
    """Have another incident decide an act (DET-7): `ref` of the outcome is that incident once it has noted it, with its
    room's name as `text`, its place as `url` and what it is about as `title`; without `ref` the text says why not.
    """

    role = "group"
    upkeep = True
    kind: Literal["tell_incident"] = "tell_incident"
    other: IncidentId
    act: Act


class FindCompany(Duty):
    """Look up the service or team that an incident turned out to be of, and have its group of alerts take it (DET-7).

    `catalog` of the outcome is the part of the company that it needs, `ref` the group that took it; without a catalog
    the text says why not.
    """

    role = "group"
    upkeep, unseen = True, True
    kind: Literal["find_company"] = "find_company"
    service: str
    """What people call it."""
    team: str = ""
    environment: str
    ladder: tuple[Slug, ...]
    """The levels that its team must have."""
    moves: bool
    """Whether a group takes it: not where it is over."""


class FindOpen(Duty):
    """Look for what else is being fought (DET-7); `open` of the outcome."""

    role = "group"
    holds_open, failure_told, one_try = False, False, True
    unseen, reads_state = True, True
    kind: Literal["find_open"] = "find_open"

    @classmethod
    def is_told(cls, outcome: Outcome) -> bool:
        return bool(outcome.open)


class FindRepeats(Duty):
    """Look for other incidents with this root cause that fired in the time given (REP-1); `repeats` of the outcome.

    The records answer: real incidents only, as `domain.procedure.repeats.as_earlier` reads.
    """

    role = "archive"
    upkeep = True
    kind: Literal["find_repeats"] = "find_repeats"
    cause: Slug
    since: Instant
    until: Instant
    service: str = Field(default="", exclude_if=unsaid)
    """The service, where the cause is a category: the same category of another service is no repetition."""
    modes: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """Or what the failure is known again by, whatever the service."""


class FindDeployments(Duty):
    """Look for the service's last deployments before the alert (TRI-1); `deployments` of the outcome."""

    role = "archive"
    told = True
    unseen = True
    kind: Literal["find_deployments"] = "find_deployments"
    service: Service
    until: Instant
    limit: int
