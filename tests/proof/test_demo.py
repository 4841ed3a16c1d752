"""The demo ends by itself, whichever vendors are played, and the procedure is kept alike with all of them."""

import io

import pytest
from rich.console import Console

from demo.chosen import CATALOGS
from demo.play import play
from domain.report.scorecard import scorecard


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
