"""The named signals and updates of an incident: one pair for each act, made from the models of the acts.

The signal is for those who need no answer, the Web UI and the plain `temporal` command among them; the update is for
those who do. Both note the act at once and return: only `run` waits.
"""

from collections.abc import Callable
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.run.progress import Answer
    from domain.value.act import Act

ACTS = Act.kinds
"""Every act by its kind."""


def _documented(handler: Callable[..., Any], kind: str, model: type, answer: object) -> Callable[..., Any]:
    handler.__name__, handler.__qualname__ = kind, kind
    handler.__annotations__ = {"act": model, "return": answer}
    return handler


def _signal(kind: str, model: type) -> Callable[..., Any]:
    def take(self: Any, act: Any) -> None:
        self.take(act)

    description = (model.__doc__ or "").splitlines()[0]
    return workflow.signal(name=kind, description=description)(_documented(take, kind, model, None))


def _update(kind: str, model: type) -> Any:
    def take(self: Any, act: Any) -> Answer:
        answer: Answer = self.take(act)
        return answer

    description = (model.__doc__ or "").splitlines()[0]
    return workflow.update(name=kind, description=description)(_documented(take, kind, model, Answer))


Handlers = type(
    "Handlers",
    (),
    {f"on_{kind}": _signal(kind, model) for kind, model in ACTS.items()}
    | {f"answer_{kind}": _update(kind, model) for kind, model in ACTS.items()},
)
"""The base of the incident workflow that carries a signal and an update for every act."""
