"""What a failed activity means for the incident, and why a cancel is refused."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.port.duty import NotDone

Done = TypeVar("Done")

NO_CANCEL = (
    "a procedure is not ended by a cancel in Temporal; resolve the incident (`standfast resolve`), and it ends when"
    " what it owes is done"
)


def refuse_cancel() -> bool:
    """Go on although somebody asked Temporal to cancel this workflow; not where the SDK only lets go of the run."""
    running = asyncio.current_task()
    if running is None or workflow.cancellation_reason() is None:
        return False
    running.uncancel()
    return True


async def insisted(do: Callable[[], Awaitable[Done]]) -> Done:
    """Do it, and again where a cancel of the workflow came between: what is done here may be done twice."""
    while True:
        try:
            return await do()
        except (asyncio.CancelledError, FailureError) as error:
            if not is_cancelled_exception(error) or not refuse_cancel():
                raise
            workflow.logger.warning("a group of alerts is not ended by a cancel in Temporal")


def is_not_done(error: ActivityError) -> bool:
    """Whether what was called back had not been done by any attempt."""
    return isinstance(error.cause, ApplicationError) and error.cause.type == NotDone.__name__


def reason(error: ActivityError) -> tuple[str, bool]:
    """What the vendor said, and whether trying again can help."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return cause.message, not cause.non_retryable
    return f"no answer in time ({type(cause).__name__})", True


def unread(error: Exception) -> str:
    """What is said of an answer that cannot be read."""
    return f"its answer cannot be read ({str(error)[:200]})"
