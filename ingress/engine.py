"""What the ingress asks of the engine, and the two ways in which the engine can say no."""

from typing import Protocol

from domain.act import Act
from domain.digest import Digest


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
