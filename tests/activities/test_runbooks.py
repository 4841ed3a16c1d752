"""Runbooks are found at once, whatever the notebook is doing, and are not asked for more often than agreed."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from activities.runbooks import RunbookIndex, fitting
from domain.company.catalog import Runbook
from domain.port.duty import VendorError
from domain.port.notebook import FindRunbooks

DISK = Runbook(title="Disk full", url="u/disk", matches="disk|no space")
OOM = Runbook(title="Out of memory", url="u/oom", matches="oom", services=("checkout",))
ANY = Runbook(title="Any error", url="u/any", matches="error|oom")
EVERY = timedelta(minutes=15)


class Notebook:
    """A notebook that answers when it is told to, and a clock."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 3, tzinfo=UTC)
        self.answers: list[tuple[Runbook, ...] | Exception] = []
        self.asked = 0
        self.opened = asyncio.Event()

    async def read(self) -> tuple[Runbook, ...]:
        self.asked += 1
        await self.opened.wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def library(self) -> RunbookIndex:
        return RunbookIndex(self.read, EVERY, lambda: self.now)


def test_a_services_own_runbooks_come_before_those_for_all() -> None:
    assert fitting((DISK, ANY, OOM), "checkout", "Pod was OOM-killed") == (OOM, ANY)
    assert fitting((DISK, ANY, OOM), "billing", "Pod was OOM-killed") == (ANY,)
    assert fitting((DISK, ANY, OOM), "billing", "all is well") == ()


@pytest.mark.sop("TRI-2")
async def test_a_search_does_not_wait_for_a_slow_notebook() -> None:
    notebook = Notebook()
    library = notebook.library()
    notebook.answers = [(DISK,)]
    assert library.search("checkout", "disk") == ()
    notebook.opened.set()
    await library.refresh()
    assert library.search("checkout", "No space left") == (DISK,)
    assert notebook.asked == 1


ASKED = FindRunbooks(
    key="find_runbooks", incident="INC-7K3QF", clause="TRI-2", summary="look", service="checkout", words="oom: no space"
)


@pytest.mark.sop("TRI-2")
async def test_an_incident_waits_for_the_first_reading_and_for_no_other() -> None:
    notebook = Notebook()
    library = notebook.library()
    notebook.answers = [(DISK, OOM)]
    asked = [asyncio.create_task(library.find_runbooks(ASKED, again=False)) for _ in range(2)]
    notebook.opened.set()
    first, second = await asyncio.gather(*asked)
    assert [link.url for link in first.links] == ["u/oom", "u/disk"]
    assert (first, notebook.asked) == (second, 1)
    notebook.opened.clear()
    notebook.now += EVERY
    assert await library.find_runbooks(ASKED, again=True) == first
    await library.close()


@pytest.mark.sop("TRI-2")
@pytest.mark.parametrize("failure", [VendorError("notion", "504", retryable=True), ValueError("ntn_secret")])
async def test_a_notebook_that_was_never_read_says_so_and_not_that_there_is_no_runbook(failure: Exception) -> None:
    notebook = Notebook()
    library = notebook.library()
    notebook.opened.set()
    notebook.answers = [failure, (DISK,)]
    with pytest.raises(VendorError) as refused:
        await library.find_runbooks(ASKED, again=False)
    assert refused.value.retryable
    assert "ntn_secret" not in str(refused.value)
    assert [link.url for link in (await library.find_runbooks(ASKED, again=True)).links] == ["u/disk"]


@pytest.mark.sop("TRI-2")
async def test_what_is_old_is_read_anew_in_the_background_and_served_meanwhile() -> None:
    notebook = Notebook()
    library = notebook.library()
    notebook.opened.set()
    notebook.answers = [(DISK,), (DISK, ANY)]
    await library.refresh()
    notebook.now += EVERY - timedelta(seconds=1)
    assert (library.books, notebook.asked) == ((DISK,), 1)
    notebook.opened.clear()
    notebook.now += timedelta(seconds=1)
    for _ in range(3):
        assert library.books == (DISK,)
    notebook.opened.set()
    await library.refresh()
    assert (library.books, notebook.asked) == ((DISK, ANY), 2)


@pytest.mark.parametrize("failure", [VendorError("notion", "504", retryable=True), ValueError("ntn_secret")])
async def test_a_notebook_that_is_away_leaves_what_is_known_and_is_not_asked_at_once_again(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    notebook = Notebook()
    library = notebook.library()
    notebook.opened.set()
    notebook.answers = [(DISK,), failure, (ANY,)]
    await library.refresh()
    notebook.now += EVERY
    assert library.books == (DISK,)
    await library.refresh()
    assert (library.books, notebook.asked) == ((DISK,), 2)
    assert "the runbooks stay as they were, 1 of them" in caplog.text
    assert "ntn_secret" not in caplog.text
    notebook.now += EVERY
    assert library.books == (DISK,)
    await library.refresh()
    assert library.books == (ANY,)


async def test_a_reading_under_way_is_left_off_at_the_end() -> None:
    notebook = Notebook()
    library = notebook.library()
    await library.close()
    task = library.refresh()
    await asyncio.gather(library.close(), library.close())
    assert task.cancelled()
