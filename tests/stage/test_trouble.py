"""What is broken on the stage fails as it says, and is well again when it is mended."""

import pytest

from stage.trouble import WAYS
from tests.stage.conftest import Visit


@pytest.mark.parametrize("way", [way for way in WAYS if way != "loses"])
async def test_a_vendor_is_broken_and_mended(visit: Visit, way: str) -> None:
    shown = await visit.does("break", **{"as": "sam"}, vendor="statuspage", way=way)
    assert f"<b>statuspage</b> {WAYS[way][0]}" in shown.text
    assert visit.on.statuspage.down == WAYS[way][1]
    mended = await visit.does("mend", **{"as": "sam"}, vendor="statuspage")
    assert visit.on.statuspage.down is None
    assert "statuspage is well again" in mended.text


async def test_what_was_broken_mends_itself(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stage.trouble.LASTS", 0.0)
    await visit.does("break", vendor="smtp", way="away")
    for task in [*visit.playing.troubles.waiting]:
        await task
    assert (visit.on.smtp.down, visit.playing.troubles.now) == (None, {})


async def test_one_answer_is_lost_and_the_next_arrives(visit: Visit) -> None:
    await visit.does("break", vendor="jira", way="loses")
    assert [fault.kind for fault in visit.on.jira.faults] == ["lose"]
    assert visit.playing.troubles.now == {}


async def test_the_worker_dies_and_comes_back(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stage.trouble.BACK_AFTER", 0.0)
    told: list[str] = []

    async def kill() -> None:
        told.append("killed")

    async def start() -> None:
        told.append("started")

    troubles = visit.playing.troubles
    troubles.kill_worker, troubles.start_worker = kill, start
    await visit.does("kill")
    for task in [*troubles.waiting]:
        await task
    assert told == ["killed", "started"]


async def test_a_vendor_that_nobody_chose_cannot_be_broken(visit: Visit) -> None:
    shown = await visit.does("break", vendor="linear", way="away")
    assert "Not done" in shown.text
    assert visit.on.linear.down is None
