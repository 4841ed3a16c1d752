"""One desk per vendor: does the duties of the roles its client plays, and tells Temporal the truth about failures."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, get_args

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome, VendorError
from vendors.attempt import CURRENT, Attempt

KINDS = tuple(model.model_fields["kind"].default for model in get_args(get_args(AnyDuty)[0]))
"""Every kind of duty; a client's method bears the same name."""
BEAT = 1.0
"""Seconds between two signs of life."""
Performance = Callable[[AnyDuty], Awaitable[Outcome]]


def performances(vendor: str, client: object) -> list[Performance]:
    """The activities of one vendor's task queue: one for each kind of duty its client can do."""
    return [_performance(vendor, kind, getattr(client, kind)) for kind in KINDS if hasattr(client, kind)]


def absences(vendor: str, missing: tuple[str, ...]) -> list[Performance]:
    """The activities of a vendor that is chosen but not configured: each says which settings it lacks."""

    async def refuse(duty: AnyDuty, *, again: bool) -> Outcome:
        raise VendorError(vendor, f"not configured: set {', '.join(missing)}", retryable=False)

    return [_performance(vendor, kind, refuse) for kind in KINDS]


def _performance(vendor: str, kind: str, method: Callable[..., Awaitable[Outcome]]) -> Performance:
    @activity.defn(name=kind)
    async def perform(duty: AnyDuty) -> Outcome:
        again = duty.tried or activity.info().attempt > 1
        try:
            return await heard_of(method(duty, again=again))
        except VendorError as error:
            raise truth(error) from None
        except Exception as error:
            # A fault of ours: its text may carry what the vendor was sent, so only its kind goes into the history.
            activity.logger.exception("%s: %s failed", vendor, kind)
            raise ApplicationError(f"{vendor}: {kind} failed: {type(error).__name__}", type="Fault") from None

    return perform


async def heard_of(work: Awaitable[Outcome]) -> Outcome:
    """Wait for an answer with a sign of life every second, so that a death of this worker is noticed at once.

    What has left is not called back: its outcome is waited for and told, whoever has no more use for it. What has not
    left when this worker stood still stays here (`vendors.attempt`).
    """
    attempt = Attempt()
    CURRENT.set(attempt)
    asked = asyncio.ensure_future(work)
    while not asked.done():
        activity.heartbeat()
        attempt.lives()
        try:
            await asyncio.wait({asked}, timeout=BEAT)
        except asyncio.CancelledError:
            if activity.is_worker_shutdown():
                asked.cancel()
                raise
    return asked.result()


def truth(error: VendorError) -> ApplicationError:
    """The vendor's refusal in Temporal's words: worth another try or not, and when."""
    details: dict[str, Any] = {"next_retry_delay": error.retry_after} if error.retry_after else {}
    kind = "VendorAway" if error.retryable else "VendorRefused"
    said = "; ".join(one for one in (str(error), error.do) if one)
    return ApplicationError(said, type=kind, non_retryable=not error.retryable, **details)
