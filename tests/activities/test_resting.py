"""A worker whose end never comes holds up neither the others nor the process."""

import asyncio
import logging
from typing import Any

import pytest

from activities.resting import AtWork


class Worker:
    """As the SDK's, of which only the beginning and the end are looked at."""

    task_queue = "standfast-slack"

    def __init__(self, *, ends: bool = True, fails: bool = False) -> None:
        self._ends, self._fails, self.seen = ends, fails, list[str]()

    async def __aenter__(self) -> "Worker":
        self.seen.append("began")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        self.seen.append(kind.__name__ if kind else "ended")
        if self._fails:
            raise RuntimeError(self.task_queue)
        if not self._ends:
            await asyncio.Event().wait()


def at_work(*workers: Any) -> AtWork:
    return AtWork(*workers, rest=0.01)


async def test_a_worker_that_does_not_come_to_rest_is_left_and_said(caplog: pytest.LogCaptureFixture) -> None:
    stuck, well = Worker(ends=False), Worker()
    with caplog.at_level(logging.WARNING):
        async with at_work(stuck, well):
            pass
    assert (stuck.seen, well.seen) == (["began", "ended"], ["began", "ended"])
    assert "standfast-slack does not come to rest" in caplog.text


async def test_what_went_wrong_in_the_block_is_what_comes_out_of_it() -> None:
    stuck = Worker(ends=False)
    with pytest.raises(ZeroDivisionError):
        async with at_work(stuck):
            raise ZeroDivisionError
    assert stuck.seen == ["began", "ZeroDivisionError"]


async def test_what_failed_in_one_is_said_once_all_have_ended() -> None:
    broken, well = Worker(fails=True), Worker()
    with pytest.raises(RuntimeError, match="standfast-slack"):
        async with at_work(broken, well):
            pass
    assert well.seen == ["began", "ended"]
