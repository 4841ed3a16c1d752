"""`python -m tests.stage.picture`: takes the picture of docs/stage.md on the whole house, while a P1 is fought."""

import asyncio
import sys
import tempfile
from pathlib import Path

from demo.stack import ROOT, stack
from tests.ingress.board.window import chromium
from tests.stage.test_window import ALONE, LONG, step

PLACE = ROOT / "docs/picture/stage.png"


async def take(place: Path) -> None:
    """As Ines sees it whose words customers are about to read."""
    with tempfile.TemporaryDirectory(prefix="standfast-picture-") as folder:
        async with stack(Path(folder), {}) as running, chromium() as browser:
            page = await browser.new_page(viewport=ALONE, reduced_motion="reduce")  # type: ignore[arg-type]
            await page.goto(running.shown)
            for number in range(3):
                await step(page, number)
            await page.locator("#tabs a", has_text="incident-").click(timeout=LONG)
            await page.get_by_role("link", name="Ines Duarte").click()
            await page.get_by_role("button", name="Publish").first.wait_for(timeout=LONG)
            await page.screenshot(path=place)


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]) if sys.argv[1:] else PLACE))
