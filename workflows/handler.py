"""The named signals and updates of an incident: one pair for each act, made from the models of the acts.

The signal is for those who need no answer, the Web UI and the plain `temporal` command among them; the update is for
those who do. Both note the act at once and return: only `run` waits.
"""

from collections.abc import Sequence
from typing import Any, NoReturn

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.incident.incident import Incident
    from domain.run import progress as step
    from domain.run.progress import ActResult
    from domain.value.act import Act
    from workflows.hearing import Unread, read_as, shown_as, signal, unknown
    from workflows.since import since

ACTS = Act.kinds
"""Every act by its kind."""
TOLD_UNREAD = "a signal that cannot be read is refused"
"""Runs that began before this was so go on as they were recorded."""
UPDATE_UNREAD = "an update that cannot be read is refused in the timeline too"
"""Runs that began before this was so go on as they were recorded."""


class Refusing:
    """What an incident does with what nobody can read: refuse it where people see it; nothing is dropped in silence."""

    incident: Incident
    stirred: bool

    def unread(self, said: Unread, mark: str = TOLD_UNREAD) -> None:
        """Refused in the timeline, and in the room once for the same words."""
        self.stirred = True
        workflow.logger.warning("%s: %s could not be read: %s", self.incident.id, said.signal, said.why)
        if since(mark):
            step.not_read(self.incident, said.signal, said.by, said.why, workflow.now())

    def refuse(self, update: Unread) -> NoReturn:
        """An update is refused to whoever waits for its answer too."""
        self.unread(update, UPDATE_UNREAD)
        raise ApplicationError(f"{update.signal}: {update.why}", type="Unread")

    @workflow.signal(dynamic=True)
    def unknown(self, name: str, args: Sequence[RawValue]) -> None:
        """A signal nobody knows is refused like one that cannot be read."""
        self.unread(unknown("signal", name))

    @workflow.update(dynamic=True)
    def unknown_update(self, name: str, args: Sequence[RawValue]) -> None:
        """An update nobody knows likewise."""
        self.refuse(unknown("update", name))


def _description(model: type) -> str:
    return (model.__doc__ or "").splitlines()[0]


def _signal(kind: str, model: type) -> Any:
    return signal(kind, model, _description(model))(lambda self, act: self.take(act))


def _update(kind: str, model: type) -> Any:
    def take(self: Any, *said: Any) -> ActResult:
        read = read_as(kind, model, said)
        answer: ActResult = self.refuse(read) if isinstance(read, Unread) else self.take(*read)
        return answer

    return workflow.update(name=kind, description=_description(model))(shown_as(take, kind, RawValue, ActResult))


Handlers = type(
    "Handlers",
    (Refusing,),
    {f"on_{kind}": _signal(kind, model) for kind, model in ACTS.items()}
    | {f"answer_{kind}": _update(kind, model) for kind, model in ACTS.items()},
)
"""The base of the incident workflow that carries a signal and an update for every act."""
