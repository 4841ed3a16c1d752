"""What anybody asks of incidents, whatever stands behind it: Temporal, or a test's few incidents in memory."""

from collections.abc import Iterable
from typing import Annotated, Protocol

from pydantic import StringConstraints, computed_field

from client.error import EngineUnavailable as EngineUnavailable
from client.error import IncidentEnded as IncidentEnded
from client.error import IncidentLost as IncidentLost
from client.error import IncidentNotFound as IncidentNotFound
from client.error import NotTaken as NotTaken
from client.error import NoWorker as NoWorker
from client.error import Refused as Refused
from client.error import Unanswered as Unanswered
from domain.alerting.alert import Alert
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group
from domain.drill import DrillPlan
from domain.incident.event import Event
from domain.report.view import View
from domain.run.progress import ActResult
from domain.value.act import Act
from domain.value.model import Instant, Model

DRILL = "drill"
"""The kind of what is for practice: never taken for an incident, and never counted."""


class IncidentSummary(Model):
    """One incident as the engine's visibility knows it without a worker, maybe a moment old."""

    id: str
    title: str = ""
    phase: str = ""
    severity: str = ""
    service: str = ""
    commander: str = ""
    kind: str = ""
    """Empty while no worker has seen it."""
    next_due_at: Instant | None = None
    opened_at: Instant


Value = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$")]
"""What may stand in a question to visibility: nothing that could end a quoted word."""


class IncidentFilter(Model):
    """Which incidents a list is to show; without more, those that are still being fought."""

    every: bool = False
    phase: Value = ""
    severity: Value = ""
    """Declared, or proposed and not yet declared."""
    service: Value = ""
    followed_up: bool = False
    """Resolved ones too, as long as something is owed for them."""


OPEN = IncidentFilter(followed_up=True)


class Declaration(Model):
    """An incident that a person opens directly (DET-2)."""

    alert: Alert
    """What they say; its service is one of the catalog."""
    seed: str
    """The same seed again finds the incident of before."""
    by: str
    apart: bool = False
    """It is another than what was opened a moment ago."""
    group: Group | None = None
    """The group of alerts that adopts it; the one that the policy sorts the alert into where nothing is said."""


class Declared(Model):
    """The incident that a declaration opened, and what else is open on the service."""

    incident: str
    service: str
    joined: bool = False
    """Whether it was opened a moment before, and this report joined it (DET-4)."""
    fresh: bool = True
    """Whether it was opened just now; the same customer's ticket opens one."""
    phase: str = ""
    others: tuple[IncidentSummary, ...] = ()
    """What else is being fought on the service, the newest first (DET-7); drills are not."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def also_open(self) -> tuple[str, ...]:
        """The ids of what else is being fought on it."""
        return tuple(one.id for one in self.others)


def beside(incident: str, listed: Iterable[IncidentSummary]) -> tuple[IncidentSummary, ...]:
    """What else is being fought than one incident; drills are not (DET-7)."""
    return tuple(one for one in listed if one.id != incident and one.kind != DRILL)


class GroupClient(Protocol):
    """Tells groups and incidents what was heard. Both may be told the same thing twice, and then do it once."""

    async def tell_group(self, group: str, digest: AlertDigest) -> None:
        """Signal the group's workflow, starting it where it does not run."""
        ...

    async def signal(self, incident: str, act: Act) -> None:
        """Leave an act with an incident, to be decided when a worker is there; durable once this returns."""
        ...


class IncidentReader(Protocol):
    """Reads incidents. A method that names one raises `IncidentNotFound`; those that need a worker raise `NoWorker`."""

    async def view(self, incident: str) -> View:
        """The incident in one answer."""
        ...

    async def timeline(self, incident: str, after: int = 0) -> list[Event]:
        """A page of the events after a number."""
        ...

    async def list_incidents(
        self, wanted: IncidentFilter = OPEN, limit: int | None = None
    ) -> tuple[IncidentSummary, ...]:
        """The incidents wanted, the newest first; needs no worker."""
        ...


class IncidentClient(GroupClient, IncidentReader, Protocol):
    """Everything that people and commands ask. Everything raises `EngineUnavailable` where no engine answers."""

    async def update(self, incident: str, act: Act) -> ActResult:
        """Have an act decided; the same act twice is one, and is answered the same.

        Raises `IncidentNotFound`, `IncidentEnded`, `Refused`, and `NoWorker` where nobody answers in time.
        """
        ...

    async def describe(self, incident: str) -> IncidentSummary:
        """What is known of one incident without a worker."""
        ...

    async def declare(self, declaration: Declaration) -> Declared:
        """Open an incident, or find the one this declaration opened before; its alert group adopts it."""
        ...

    async def start_drill(self, plan: DrillPlan) -> str:
        """Begin a drill and answer its incident."""
        ...
