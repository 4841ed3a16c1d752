"""What an incident or the engine may answer instead: named errors, which cost nothing to import."""

from collections.abc import Iterable


class Unanswered(Exception):
    """Nobody answered: what was asked may be asked again until somebody does."""


class EngineUnavailable(Unanswered):
    """The engine cannot be reached, or does not let us in."""


class NoWorker(Unanswered):
    """The engine has it, but no worker answered in time."""


class NotTaken(Exception):
    """This one thing will never be taken, however often it is asked."""


class IncidentNotFound(NotTaken):
    """There is no such incident; `near` are those that sound like it."""

    def __init__(self, incident: str, near: Iterable[str] = ()) -> None:
        self.near = tuple(near)
        meant = (
            f"Did you mean {', '.join(self.near)}?" if self.near else "`standfast list --all` shows those there are."
        )
        super().__init__(f"There is no incident {incident[:40]}. {meant}")


class IncidentEnded(NotTaken):
    """The incident is over for good."""

    def __init__(self, incident: str, instead: str = "") -> None:
        """`instead`: what whoever wants it done does now."""
        instead = instead or "declare a new incident and name this one"
        super().__init__(f"{incident} has ended and takes nothing more; {instead}")


class IncidentLost(NotTaken):
    """The records have it open, and the engine does not know it."""

    def __init__(self, incident: str) -> None:
        super().__init__(
            f"{incident} is open by the records, and Temporal has lost it: `standfast restore {incident}` lets it go "
            "on; do this again then"
        )


class Refused(NotTaken):
    """The engine refuses this one message: it is too large, or makes no sense to it."""
