"""One engine with one set of workers for every scenario, and a shorter wait for vendors that are away."""

import gc
import logging
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.simulation.scenario import Scenario
from tests.domain.story import catalog, policy
from tests.scenario.desk import Set, played
from tests.scenario.theatre import Theatre
from workflows import limit

SHORT = timedelta(seconds=2)
"""How long the engine itself goes on with a vendor that is away: every try costs a play real time."""
Playing = Callable[[Scenario], Awaitable[Theatre]]


@pytest.fixture(scope="module")
async def playing(engine: WorkflowEnvironment) -> AsyncIterator[Playing]:
    """Play a scenario on the engine; what is set otherwise for it ends with the last of them."""
    on, queue = Set(policy(), catalog()), f"scenario-{uuid.uuid4().hex[:8]}"
    logging.getLogger("temporalio.activity").setLevel(logging.CRITICAL)  # it prints every failure, which are the point

    async def play(scenario: Scenario) -> Theatre:
        theatre = Theatre(engine, on, queue, scenario)
        try:
            await theatre.run()
        finally:
            await theatre.close()
        return theatre

    with pytest.MonkeyPatch.context() as patch:
        for role in ("room", "status_page"):
            patch.setitem(limit.BY_ROLE, role, replace(limit.BY_ROLE[role], go_on_for=SHORT))
        async with played(engine, on, queue):
            yield play
        patch.setattr(sys, "unraisablehook", lambda left: None)
        gc.collect()  # workflows that never ended: the SDK leaves their coroutines to the collector, which complains
