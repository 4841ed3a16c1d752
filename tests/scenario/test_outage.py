"""The public post-mortems in docs/reader say what the play says."""

from pathlib import Path

import pytest

from tests.scenario.outage import PAGES, written


@pytest.mark.story
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_would_have_rung_is_what_the_play_has(page: Path) -> None:
    assert page.read_text() == written(page), f"{page}: write it anew with `python -m tests.scenario.outage`"
