"""What a refusal of the engine means: nobody at work, never to be taken, or the engine is away."""

from temporalio.service import RPCError, RPCStatusCode

from client.error import EngineUnavailable, NoWorker, Refused

SILENT = frozenset(
    {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.FAILED_PRECONDITION}
    | {RPCStatusCode.RESOURCE_EXHAUSTED}
)
"""How the engine says that nobody answered in time, or that no worker polls."""
FINAL = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.OUT_OF_RANGE})
"""How it refuses one message for good; every other failure is the engine being away."""


def meaning(what: str, error: RPCError, where: str) -> Exception:
    """What to raise for it: `what` was asked of the namespace and host that `where` names."""
    if error.status in SILENT:
        return NoWorker(f"{what}: no worker answered")
    if error.status in FINAL:
        return Refused(f"{what}: {error.message}")
    return EngineUnavailable(f"Temporal refused ({where}): {error.message}; `standfast doctor` looks closer")


def is_unknown(error: RPCError) -> bool:
    """Whether the engine knows no such incident; a namespace that it does not know is another matter."""
    return error.status == RPCStatusCode.NOT_FOUND and "namespace" not in error.message.lower()
