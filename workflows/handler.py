"""The named signals and updates of an incident: one pair for each act, made from the models of the acts.

The signal is for those who need no answer, the Web UI and the plain `temporal` command among them; the update is for
those who do. Both note the act at once and return: only `run` waits.
"""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.run.progress import ActResult
    from domain.value.act import Act
    from workflows.hearing import shown_as, signal, unlike

ACTS = Act.kinds
"""Every act by its kind."""


def _description(model: type) -> str:
    return (model.__doc__ or "").splitlines()[0]


def _signal(kind: str, model: type) -> Any:
    return signal(kind, model, _description(model))(lambda self, act: self.take(act))


def _update(kind: str, model: type) -> Any:
    def take(self: Any, *said: Any) -> ActResult:
        why = unlike(model, *said) if len(said) == 1 else f"found {len(said)} arguments, expected 1"
        if why:
            raise ApplicationError(f"{kind}: {why}", type="Unread")
        answer: ActResult = self.take(*said)
        return answer

    return workflow.update(name=kind, description=_description(model))(shown_as(take, kind, model, ActResult))


Handlers = type(
    "Handlers",
    (),
    {f"on_{kind}": _signal(kind, model) for kind, model in ACTS.items()}
    | {f"answer_{kind}": _update(kind, model) for kind, model in ACTS.items()},
)
"""The base of the incident workflow that carries a signal and an update for every act."""
