"""What the ingress asks of the engine, and the two ways in which the engine can say no."""

from typing import Protocol

from domain.alerting.digest import Digest
from domain.alerting.grouping import Group
from domain.exchange import Opening
from domain.incident.event import Event
from domain.report.view import View
from domain.run.progress import Answer
from domain.value.act import Act
from domain.value.model import Moment, Shape


class EngineAway(Exception):
    """The engine cannot be reached: everything waits and is tried again until it can."""


class NotTaken(Exception):
    """The engine will never take this one message (no such incident, too large); it is set aside and shown."""


class Engine(Protocol):
    """Takes what was heard. Both methods may be asked the same thing twice, and then do it once."""

    async def tell_group(self, group: str, digest: Digest) -> None:
        """Signal the group's workflow, starting it where it does not run."""
        ...

    async def tell_incident(self, incident: str, act: Act) -> None:
        """Signal a running incident."""
        ...


class Listed(Shape):
    """One open incident in a list, as the engine's visibility knows it without asking the incident."""

    id: str
    title: str = ""
    phase: str = ""
    severity: str = ""
    service: str = ""
    commander: str = ""
    kind: str = "incident"
    next_due_at: Moment | None = None
    opened_at: Moment | None = None


class PeoplesEngine(Protocol):
    """Answers people. Everything raises `EngineAway` when nobody answers and `NotTaken` for an incident there isn't."""

    async def ask_incident(self, incident: str, act: Act) -> Answer:
        """Let the incident decide; the same act again is answered the same."""
        ...

    async def tell_incident(self, incident: str, act: Act) -> None:
        """Leave the act with the engine, to be decided when somebody is at work."""
        ...

    async def view(self, incident: str) -> View:
        """The incident in one answer."""
        ...

    async def timeline(self, incident: str, after: int = 0) -> list[Event]:
        """A page of its events."""
        ...

    async def open_incidents(self) -> tuple[Listed, ...]:
        """The incidents that are open, the newest first."""
        ...

    async def open_incident(self, group: Group, order: Opening) -> str:
        """Start the incident of this order once and answer its id; alerts of the group join it from now on."""
        ...
