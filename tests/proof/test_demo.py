"""The demo ends by itself, whichever vendors are played, and the procedure is kept alike with all of them."""

import asyncio
import io

import pytest
from rich.console import Console

from demo.chosen import CATALOGS
from demo.play import play
from demo.stack import Stack
from domain.report.scorecard import scorecard
from standins.standin import Call, Fault
from standins.statuspage.standin import Standin


async def scores(vendors: str) -> tuple[dict[str, str], str]:
    """Each clause's verdict after the demo was played with these vendors, and what was told."""
    told = io.StringIO()
    try:
        ended = await play(Console(file=told, width=200), vendors)
    except Exception as error:
        error.add_note(told.getvalue())
        raise
    return {one.clause: one.verdict for one in scorecard(ended, ended.events[-1].at)}, told.getvalue()


@pytest.mark.slow
@pytest.mark.sop("DET-3", "ACK-1", "COM-1", "PM-1", "ACT-2")
async def test_the_same_story_is_told_with_every_set_of_vendors() -> None:
    played = {name: await scores(name) for name in CATALOGS}
    for name in CATALOGS:
        assert played[name][0] == played["default"][0]
    for vendor, told in (("Statuspage", "default"), ("Confluence", "default"), ("Linear", "alternate")):
        assert vendor in played[told][1]
    assert "the post-mortem in Notion" in played["alternate"][1]
    assert max(len(told.splitlines()) for _, told in played.values()) <= 40


AWAY = 8.0
"""Seconds for which the page is away when the incident ends: as many minutes of the demo."""


class BadDay:
    """A status page that answers late, loses an answer, has no such component, and is away while it is resolved."""

    page: Standin

    def __call__(self, running: Stack) -> None:
        self.page = running.stage.statuspage
        self.page.components.clear()
        self.page.fail(Fault("hang", path="/incident_templates", seconds=2), Fault("hang", method="POST", seconds=3))
        self.page.fail(Fault("lose", method="PATCH"))
        self.page.called, self.over = self.ends, False

    async def ends(self, call: Call) -> None:
        """From the first try of the last words on it is away for a while."""
        if b'"resolved"' in call.body and not self.over:
            self.over, self.page.down = True, Fault("refuse", status=503)
            asyncio.get_running_loop().call_later(AWAY, self.mends)

    def mends(self) -> None:
        """It is back."""
        self.page.down = None


@pytest.mark.slow
@pytest.mark.sop("COM-1", "COM-6", "COM-7")
async def test_a_page_with_a_bad_day_says_in_the_end_what_happened_once_and_in_order() -> None:
    day = BadDay()
    ended = await play(Console(file=io.StringIO(), width=200), begun=day)
    [shown] = day.page.incidents.values()
    updates = sorted(shown["incident_updates"], key=lambda one: one["created_at"])
    assert [one["status"] for one in updates] == ["investigating", "investigating", "resolved"]
    assert [one["body"] for one in updates] == [ended.updates[number].body for number in sorted(ended.updates)]
    assert updates[-1]["body"].startswith("The problem with Checkout is solved. It lasted from ")
    assert any("without the component cmpcheckout1" in event.what.model_dump_json() for event in ended.events)
    assert (ended.phase, day.over, day.page.down) == ("closed", True, None)
