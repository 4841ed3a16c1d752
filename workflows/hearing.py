"""How a workflow takes signals and updates: what cannot be read is handed to it too, which the SDK would only log."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue

LONGEST = 300
"""Characters that are said of what was found."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A signal or an update that could not be read: its name, why, and what it said."""

    signal: str
    why: str
    """Path, found and expected of the first thing that does not fit."""
    said: str

    @property
    def by(self) -> str:
        """Who sent it, as far as that can be made out."""
        try:
            by = json.loads(self.said)["by"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return ""
        return by[:100] if isinstance(by, str) else ""


def signal(name: str, model: Any, description: str) -> Callable[[Callable[..., None]], Any]:
    """A signal with one argument of a kind, or with none; the workflow's `unread` gets what does not fit."""

    def of(take: Callable[..., None]) -> Any:
        def hear(self: Any, *said: Any) -> None:
            read = read_as(name, model, said)
            if isinstance(read, Unread):
                self.unread(read)
            else:
                take(self, *read)

        return workflow.signal(name=name, description=description)(shown_as(hear, name, RawValue if model else None))

    return of


def shown_as(hear: Callable[..., Any], name: str, kind: Any, answer: object = None) -> Callable[..., Any]:
    """A handler that the SDK takes for one of these arguments; called with more or fewer it says so, and goes on."""
    own = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    taken = [inspect.Parameter("said", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)] if kind else []
    hear.__name__ = hear.__qualname__ = name
    hear.__annotations__ = {"return": answer, **({"said": kind} if kind else {})}
    hear.__signature__ = inspect.Signature([*own, *taken])  # type: ignore[attr-defined]
    return hear


def unknown(kind: str, name: str) -> Unread:
    """A signal or an update that nobody knows."""
    return Unread(name[:100], f"{kind}: found {name[:100]!r}, expected one of those the Web UI lists", "")


def read_as(name: str, model: Any, said: tuple[Any, ...]) -> tuple[Any, ...] | Unread:
    """The arguments of a handler that takes one of a kind, or none; `said` are raw payloads where they are one."""
    if model is None:
        return ()
    if len(said) != 1:
        return Unread(name, f"arguments: found {len(said)}, expected 1", "")
    payload = said[0].payload
    try:
        read = workflow.payload_converter().from_payload(payload, model)
    except ValidationError as error:
        return Unread(name, misfit(error), payload.data.decode(errors="replace"))
    except Exception as error:  # an encoding nobody knows
        return Unread(name, f"argument: found {str(error)[:LONGEST]}, expected JSON", "")
    why = unlike(model, read)
    return Unread(name, why, payload.data.decode(errors="replace")) if why else (read,)


def unlike(model: Any, read: object) -> str:
    """Why this is no argument of the kind; the SDK hands over nothing, or bytes, without asking for the kind."""
    found = "nothing" if read is None else type(read).__name__
    return "" if isinstance(read, model) else f"argument: found {found}, expected JSON"


def misfit(error: ValidationError) -> str:
    """Path, found and expected of the first thing that does not fit."""
    first = error.errors(include_url=False)[0]
    path = ".".join(map(str, first["loc"])) or "argument"
    found = "nothing" if first["type"] == "missing" else repr(first["input"])[:LONGEST]
    return f"{path}: found {found}, expected: {first['msg'].removeprefix('Value error, ')}"
