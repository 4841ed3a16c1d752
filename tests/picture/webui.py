"""Pictures of incidents in the Temporal Web UI, taken by a browser that does what an operator would do."""

import json
import re
from pathlib import Path

from playwright.async_api import Page

from tests.ingress.board.window import chromium

COLUMNS = (
    "Workflow ID", "IncidentSeverity", "IncidentPhase", "IncidentService", "IncidentCommander", "IncidentNextDue",
)  # fmt: skip
"""What the list shows, as *Configure Columns* would set it."""
QUERY = "WorkflowType%3D%22Incident%22"
SAID = "The fraud check is off; orders go through."
SIGNAL = json.dumps({"by": "dana", "conditions": SAID})


async def browse(ui: str, incident: str, place: Path) -> None:
    """The list, one incident's details and timeline, and a signal on its way."""
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 1280, "height": 720})
        columns = json.dumps({"default": [{"label": column} for column in COLUMNS]})
        await page.add_init_script(f"localStorage.setItem('namespace-workflow-table-columns', {json.dumps(columns)})")
        await _list(page, ui, place)
        await page.goto(f"{ui}/namespaces/default/workflows/{incident}")
        await _details(page, incident, place)
        await _timeline(page, place)
        await _signal(page, place)


async def _list(page: Page, ui: str, place: Path) -> None:
    await page.goto(f"{ui}/namespaces/default/workflows?query={QUERY}")
    await page.get_by_text("triage").first.wait_for()
    await page.set_viewport_size({"width": 1280, "height": 480})
    await page.screenshot(path=place / "list.png")


async def _details(page: Page, incident: str, place: Path) -> None:
    await page.set_viewport_size({"width": 1280, "height": 1420})
    await page.get_by_text("User Metadata").first.click()
    await page.get_by_role("heading", name=re.compile(incident)).last.wait_for()
    await page.frame_locator("iframe").last.get_by_text("To act from here").wait_for()
    await page.screenshot(path=place / "details.png")


async def _timeline(page: Page, place: Path) -> None:
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.get_by_text("Timeline", exact=True).first.click()
    await page.get_by_text("next duty ask the pager").first.wait_for()
    await page.mouse.wheel(0, 420)
    await page.wait_for_timeout(1000)
    await page.screenshot(path=place / "timeline.png")


async def _signal(page: Page, place: Path) -> None:
    """Choose the signal, write what goes with it, and send it."""
    await page.mouse.wheel(0, -2000)
    await page.get_by_role("button", name="More Actions").locator("visible=true").first.click()
    await page.get_by_role("menuitem", name="Send a Signal").locator("visible=true").first.click()
    form = page.get_by_role("dialog", name="Send a Signal")
    await form.get_by_test_id("signal-select-button").click()
    await page.get_by_role("option", name="post_finding").locator("visible=true").first.click()
    await form.get_by_role("textbox").last.fill(SIGNAL)
    await form.get_by_text("Encoding").click()  # leaving the field lays its text out anew
    await page.screenshot(path=place / "signal.png")
    await form.get_by_role("button", name="Submit").click()
    await form.wait_for(state="hidden")
