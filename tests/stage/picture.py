"""`python -m tests.stage.picture`: takes the pictures of docs/stage.md and docs/reader, while a P1 is fought."""

import asyncio
import os
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page

from demo.stack import ROOT, Stack, stack
from records.report import REPORT
from tests.ingress.board.window import chromium
from tests.stage.test_window import ALONE, LONG, step

PLACE = ROOT / "docs/picture"
TALL = {"width": 1440, "height": 1900}
SHEET = {"width": 900, "height": 900}
WHOLE = "talk => { talk.style.maxHeight = '88rem'; talk.scrollTo(0, talk.scrollHeight) }"
"""So high that a room's card and what was said since are seen at once."""


async def take(folder: Path) -> None:
    """Each as the one sees it whom it is about."""
    with tempfile.TemporaryDirectory(prefix="standfast-picture-") as state:
        async with stack(Path(state), {}) as running, chromium() as browser:
            page = await browser.new_page(viewport=ALONE, reduced_motion="reduce")  # type: ignore[arg-type]
            await page.goto(running.shown)
            await paged(page, folder)
            await fought(page, folder)
            await followed(page, running, folder)


async def paged(page: Page, folder: Path) -> None:
    """What Dana has on her telephone, once an alert has fired."""
    await step(page, 0)
    await at(page, "Dana Okafor", "Standfast")
    await page.locator("#talk li.m").first.wait_for(timeout=LONG)
    await slack(page, folder / "paged.png")


async def fought(page: Page, folder: Path) -> None:
    """The stage and its room as Ines sees them whose words customers are about to read; then as Jonas commands."""
    for number in (1, 2):
        await step(page, number)
    await at(page, "Ines Duarte", "incident-")
    await page.get_by_role("button", name="Publish").first.wait_for(timeout=LONG)
    await page.screenshot(path=folder / "stage.png")
    await slack(page, folder / "draft.png")
    for number in (3, 4, 5):
        await step(page, number)
    await at(page, "Jonas Weber", "incident-")
    await page.get_by_text("Decided", exact=True).first.wait_for(timeout=LONG)
    await slack(page, folder / "room.png")


async def followed(page: Page, running: Stack, folder: Path) -> None:
    """The document that Mira has completed, and the page for auditors of the bundle that has the incident."""
    for number in (6, 7, 8):
        await step(page, number)
    await page.set_viewport_size(SHEET)  # type: ignore[arg-type]
    await page.goto(f"{running.shown}/document?as=mira")
    await page.screenshot(path=folder / "document.png")
    with zipfile.ZipFile(await bundle(running)) as archive:
        archive.extract(REPORT, running.folder)
    await page.goto((running.folder / REPORT).as_uri())
    await page.screenshot(path=folder / "report.png")


async def bundle(running: Stack) -> Path:
    """The bundle of today, as the command writes it."""
    today = datetime.now(UTC).date()
    period = ("--from", str(today), "--to", str(today))
    command = [sys.executable, str(ROOT / "starter.py"), "audit", "export", *period, "--out", str(running.folder)]
    known = {**os.environ, **running.environment, "STANDFAST_SIGNING_KEY": f"{'A' * 43}="}
    made = await asyncio.create_subprocess_exec(*command, env=known, cwd=running.folder)
    assert await made.wait() == 0
    return next(running.folder.glob("standfast-audit-*.zip"))


async def at(page: Page, person: str, room: str) -> None:
    """Be somebody, in a room."""
    await page.get_by_role("link", name=person).click()
    await page.locator("#tabs a", has_text=room).first.click(timeout=LONG)


async def slack(page: Page, place: Path) -> None:
    """Slack alone, as far as it is written down to its end."""
    await page.set_viewport_size(TALL)  # type: ignore[arg-type]
    await page.locator("#talk").evaluate(WHOLE)
    await page.locator("section", has=page.locator("#tabs")).screenshot(path=place)
    await page.set_viewport_size(ALONE)  # type: ignore[arg-type]


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]) if sys.argv[1:] else PLACE))
