"""One desk per vendor: does the duties of the roles its client plays, and tells Temporal the truth about failures."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar, get_args

from temporalio import activity
from temporalio.client import AsyncActivityCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.exchange import DutyBatch, DutyEnded
from domain.port.any_duty import AnyDuty
from domain.port.duty import NotDone, Outcome, VendorError
from vendors.attempt import CURRENT, Attempt

KINDS = tuple(model.model_fields["kind"].default for model in get_args(get_args(AnyDuty)[0]))
"""Every kind of duty; a client's method bears the same name."""
BEAT = 1.0
"""Seconds between two signs of life."""
ANSWER = timedelta(seconds=2)
"""For how long the engine's answer to a sign of life is waited for."""
HUNG = 8
"""Signs of life without an answer, and whoever waits for it is told that it takes long."""
Performance = Callable[..., Awaitable[Any]]
Method = Callable[..., Awaitable[Outcome]]
Answer = TypeVar("Answer")


def performances(vendor: str, client: object) -> list[Performance]:
    """The activities of one vendor's task queue: one for each kind of duty its client can do."""
    return _performances(vendor, {kind: getattr(client, kind) for kind in KINDS if hasattr(client, kind)})


def absences(vendor: str, missing: tuple[str, ...]) -> list[Performance]:
    """The activities of a vendor that is chosen but not configured: each says which settings it lacks."""

    async def refuse(duty: AnyDuty, *, again: bool) -> Outcome:
        raise VendorError(vendor, f"not configured: set {', '.join(missing)}", retryable=False)

    return _performances(vendor, dict.fromkeys(KINDS, refuse))


def _performances(vendor: str, methods: Mapping[str, Method]) -> list[Performance]:
    alone = [_performance(vendor, kind, method) for kind, method in methods.items()]
    return [*alone, _several(vendor, methods)] if "say" in methods else alone


def _performance(vendor: str, kind: str, method: Method) -> Performance:
    @activity.defn(name=kind)
    async def perform(duty: AnyDuty) -> Outcome:
        try:
            return await heard_of(_tried(vendor, method, duty))
        except VendorError as error:
            if error.retryable:
                await wake()
            raise truth(error) from None

    return perform


def _several(vendor: str, methods: Mapping[str, Method]) -> Performance:
    @activity.defn(name="several")
    async def perform(batch: DutyBatch) -> list[DutyEnded]:
        """One try of each, side by side or in order, and what came of each: none keeps another from being done."""
        return await heard_of(_each_ended(vendor, methods, batch))

    return perform


async def _each_ended(vendor: str, methods: Mapping[str, Method], batch: DutyBatch) -> list[DutyEnded]:
    tries, before = list[asyncio.Task[DutyEnded]](), None
    for duty in batch.duties:
        work = partial(_tried, vendor, methods[duty.kind], duty)
        tries.append(asyncio.create_task(_ended(work, before if duty.in_order else None)))
        before = tries[-1] if duty.in_order else before
    return await asyncio.gather(*tries)


async def _ended(work: Callable[[], Awaitable[Outcome]], before: asyncio.Task[DutyEnded] | None) -> DutyEnded:
    """One try, once what goes before it is done; where that could not be, it waits with it."""
    if before and (await before).outcome is None:
        return DutyEnded(begun=False)
    try:
        return DutyEnded(outcome=await work())
    except VendorError as error:
        return DutyEnded(said=_said(error), retryable=error.retryable, retry_after=error.retry_after)
    except ApplicationError as error:
        return DutyEnded(said=error.message)


async def _tried(vendor: str, method: Method, duty: AnyDuty) -> Outcome:
    try:
        return await method(duty, again=duty.tried or activity.info().attempt > 1)
    except VendorError:
        raise
    except Exception as error:
        # A fault of ours: its text may carry what the vendor was sent, so only its kind goes into the history.
        activity.logger.exception("%s: %s failed", vendor, duty.kind)
        raise ApplicationError(f"{vendor}: {duty.kind} failed: {type(error).__name__}", type="Fault") from None


async def heard_of(work: Awaitable[Answer]) -> Answer:
    """Wait for an answer with a sign of life every second, so that a death of this worker is noticed at once.

    What has left is not called back: its outcome is waited for and told, whoever has no more use for it. What has not
    left when the engine no longer knows of this attempt stays here (`vendors.attempt`).
    """
    attempt = begun()
    CURRENT.set(attempt)
    if attempt.is_lost():
        await give_sign(attempt)
    asked, beats = asyncio.ensure_future(work), 0
    while not asked.done():
        try:
            await asyncio.wait({asked}, timeout=BEAT)
            if not asked.done():
                beats += 1
                await give_sign(attempt)
                if beats == HUNG:
                    await wake()
        except asyncio.CancelledError:
            why = activity.cancellation_details()
            if why and (why.not_found or why.timed_out):
                attempt.take()
            if activity.is_worker_shutdown():
                asked.cancel()
                raise
    return asked.result()


async def wake() -> None:
    """A first attempt does not end well or soon: its incident has a turn, lest what happened wait for the effect's end.

    Its next events go to the records meanwhile (docs/adr/0109-one-timer.md); an engine that is away wakes nobody.
    """
    info = activity.info()
    if info.attempt > 1 or info.workflow_type != "Incident" or not info.workflow_id:
        return
    with suppress(RPCError):
        handle = activity.client().get_workflow_handle(info.workflow_id, run_id=info.workflow_run_id)
        await handle.signal("nudge", rpc_timeout=ANSWER)


def begun() -> Attempt:
    """This attempt, as old as the engine says: a worker may have stood still since it was given the task."""
    info = activity.info()
    age = (datetime.now(UTC) - info.started_time).total_seconds()
    return Attempt(max(age, 0.0), (info.start_to_close_timeout or timedelta.max).total_seconds())


async def give_sign(attempt: Attempt) -> None:
    """Say that this attempt is at work, and hear whether it still is ours.

    The SDK says the same without telling the answer; it is told too, lest it take the attempt for dead.
    """
    activity.heartbeat()
    said_at, token = time.monotonic(), activity.info().task_token
    handle = activity.client().get_async_activity_handle(task_token=token)
    try:
        await handle.heartbeat(rpc_timeout=ANSWER)
    except AsyncActivityCancelledError:
        pass  # nobody has use for it any more, and it is ours
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            attempt.take()
        return
    attempt.heard(said_at)


def truth(error: VendorError) -> ApplicationError:
    """The vendor's refusal in Temporal's words: worth another try or not, and when."""
    details: dict[str, Any] = {"next_retry_delay": error.retry_after} if error.retry_after else {}
    kind = "VendorAway" if error.retryable else "VendorRefused"
    kind = NotDone.__name__ if isinstance(error, NotDone) else kind
    return ApplicationError(_said(error), type=kind, non_retryable=not error.retryable, **details)


def _said(error: VendorError) -> str:
    return "; ".join(one for one in (str(error), error.do) if one)
