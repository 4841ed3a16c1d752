"""How everybody reaches Temporal: its own environment variables and profiles, and our data converter."""

import asyncio
from typing import Any

from temporalio.client import Client, Interceptor

from activities.tracing import tracer
from workflows.away import EngineAway as EngineAway
from workflows.converter import converter
from workflows.query_retry import AskAgain
from workflows.target import target


async def connect(within: float = 5.0, **overrides: Any) -> Client:
    """Connect as TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_* or a profile say.

    Raises `EngineAway` when nothing answers within the given seconds, `ValueError` for settings that cannot be used.
    """
    where = target(**overrides)
    try:
        asking = Client.connect(data_converter=converter(), interceptors=interceptors(), **where)
        return await asyncio.wait_for(asking, within)
    except (RuntimeError, TimeoutError) as error:
        raise EngineAway.of(error, where["target_host"]) from None


def interceptors() -> list[Interceptor]:
    """What stands between us and Temporal; traces too, where they are wanted."""
    if (spans := tracer()) is None:
        return [AskAgain()]
    from workflows.traced import Traced

    return [AskAgain(), Traced(spans)]
