"""What the commands ask of the engine, whatever stands behind it: Temporal, or a test's few incidents in memory."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

from pydantic import StringConstraints

from domain.alerting.alert import Alert
from domain.incident.event import Event
from domain.report.view import View
from domain.run.progress import Answer
from domain.simulation.drill import Plan
from domain.value.act import Act
from domain.value.model import Moment, Shape


class Glance(Shape):
    """What is known of an incident without asking a worker: its search attributes and memo, maybe a moment old."""

    id: str
    title: str = ""
    phase: str = ""
    severity: str = ""
    service: str = ""
    commander: str = ""
    kind: str = ""
    next_due_at: Moment | None = None
    opened_at: Moment


Value = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$")]
"""What may stand in a question to visibility: nothing that could end a quoted word."""


class Wanted(Shape):
    """Which incidents a list is to show; without more, those that are still being fought."""

    every: bool = False
    phase: Value = ""
    severity: Value = ""
    """Declared, or proposed and not yet declared."""
    service: Value = ""
    followed_up: bool = False
    """Resolved ones too, as long as something is owed for them."""


class Declaration(Shape):
    """An incident that a person opens directly (DET-2)."""

    service: str
    alert: Alert
    seed: str
    by: str


class Declared(Shape):
    """The incident that a declaration opened, and what else is open on the service."""

    incident: str
    service: str
    fresh: bool = True
    """Whether it was opened just now; the same customer's ticket opens one."""
    phase: str = ""
    also_open: tuple[str, ...] = ()


class Link(Protocol):
    """The engine as the command line sees it.

    Every method that names an incident raises `Unknown` where there is none; those that need a worker raise
    `Unanswered` where none answers in time.
    """

    async def ask(self, incident: str, act: Act) -> Answer:
        """Have an act decided; the same act twice is one. An incident that has ended refuses (`Refusing`)."""
        ...

    async def tell(self, incident: str, act: Act) -> None:
        """Leave an act with the incident, for a worker that is away."""
        ...

    async def view(self, incident: str) -> View:
        """The incident in one answer."""
        ...

    async def timeline(self, incident: str, after: int) -> list[Event]:
        """A page of the events after a number."""
        ...

    async def glance(self, incident: str) -> Glance:
        """What is known of one incident without a worker."""
        ...

    def glances(self, wanted: Wanted) -> AsyncIterator[Glance]:
        """The incidents wanted, the newest first, without a worker."""
        ...

    async def declare(self, declaration: Declaration) -> Declared:
        """Open an incident, or find the one this declaration opened before; its alert group adopts it."""
        ...

    async def drill(self, plan: Plan) -> str:
        """Begin a drill and answer its incident."""
        ...


Opener = Callable[[], AbstractAsyncContextManager[Link]]
"""How a command gets its link; the context object of the command line, so that a test can bring its own."""
