"""The stage in headless Chromium, on the whole house: each button is pressed, and all can use what it shows."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Locator, Page, expect

from demo.people import until
from demo.stack import Stack, stack
from stage.page import Page as Shown
from tests.ingress.board.window import CHROMIUM, chromium

NEVER = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at hand: {CHROMIUM} is not there")
pytestmark = [pytest.mark.slow, NEVER]
SOON, LONG = 20_000, 180_000
"""Milliseconds after which a press is made again, and those that the house may take for anything."""
ALONE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Stack]:
    """Everything as `make up` has it, under the policy that ships: nothing in it hurries."""
    async with stack(tmp_path, {}, keeps=True) as running:
        yield running


async def step(page: Page, number: int) -> None:
    """Press "Do it for me" until the step is done."""
    one = page.locator(".steps > li").nth(number)
    for _ in range(LONG // SOON):
        if await one.get_attribute("class") == "ok":
            return
        await one.get_by_role("button").click()
        try:
            await expect(page.locator(".steps > li").nth(number)).to_have_class("ok", timeout=SOON)
        except AssertionError:
            continue
        return
    raise AssertionError(f"step {number} is never done: {await page.locator('.log').inner_text()}")


async def noted(page: Page, button: Locator, words: str) -> None:
    """Press, and read below what happened."""
    await button.click()
    await expect(page.locator(".log")).to_contain_text(words, timeout=LONG)


async def usable(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the screen."""
    found = (await Axe().run(page)).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    wide, screen = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= screen


async def breaks(page: Page, house: Stack) -> None:
    """Break a vendor, mend it, and kill the worker, which comes back."""
    await page.get_by_label("Which vendor").select_option("statuspage")
    await page.get_by_label("How").select_option("slow")
    await noted(page, page.get_by_role("button", name="Break it for 2 min"), "statuspage takes 8 seconds")
    await noted(page, page.get_by_role("button", name="Mend it"), "statuspage is well again")
    before = house.worker.pid
    await noted(page, page.get_by_role("button", name="Kill the worker"), "The worker was killed")
    await until(lambda: house.worker.running and house.worker.pid != before, "another worker", LONG / 1000)


async def talks(page: Page) -> None:
    """Write, answer and mark in the room, and ask for the menu."""
    await page.get_by_label("Write as").fill("errors since build 4113")
    await page.get_by_role("button", name="Send", exact=True).click()
    ours = page.locator(".by .tag")  # the card says it too, once it is marked
    said = page.locator(".m", has_text="errors since build 4113", has_not=ours)
    await expect(said).to_be_visible(timeout=LONG)
    for act in ("🔎 This is what we found", "📌 Keep it"):
        await said.locator("summary").click()
        await said.get_by_role("button", name=act).click()
    await expect(said.locator(".rx")).to_have_count(2, timeout=LONG)
    await said.locator("summary").click()
    await said.get_by_label("Answer in the thread").fill("the fraud check")
    await said.get_by_role("button", name="Answer", exact=True).click()
    await expect(said.locator(".thr")).to_contain_text("the fraud check", timeout=LONG)
    await page.get_by_label("Write as").fill("/incident")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".alone").last.get_by_role("button", name="Everything else")).to_be_visible(timeout=LONG)


async def fills_in(page: Page) -> None:
    """Open a form, be refused at the field, and leave it."""
    await page.get_by_role("button", name="Resolve…").first.click()
    form = page.locator(".modal")
    await expect(form).to_be_visible(timeout=LONG)
    await usable(page)
    await form.locator("textarea").first.fill(" ")
    await form.get_by_role("button", name="Solved").click()
    await expect(form.locator("[aria-invalid]")).to_be_visible(timeout=LONG)
    await form.get_by_role("link", name="Cancel").click()
    await expect(form).to_have_count(0)


async def looks_around(page: Page, browser: Browser, house: Stack) -> None:
    """Every reader's page, by day and by night, on a desk and in a hand."""
    for name in Shown.shelves:
        await page.goto(f"{house.shown}/{name}")
        await usable(page)
    hows: tuple[dict[str, Any], ...] = ({"color_scheme": "dark", "viewport": ALONE}, {"viewport": PHONE})
    for how in hows:
        context = await browser.new_context(**how)
        other = await context.new_page()
        other.set_default_timeout(LONG)
        await other.goto(house.shown)
        await usable(other)
        await other.locator("#tabs a").last.click()
        await expect(other.locator("#home")).to_contain_text("Declare an incident", timeout=LONG)
        await usable(other)
        await context.close()


async def test_each_button_of_the_stage_does_what_it_says(house: Stack) -> None:
    async with chromium() as browser:
        page = await browser.new_page(viewport=ALONE)  # type: ignore[arg-type]
        page.set_default_timeout(LONG)
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(house.shown)
        for number in range(5):
            await step(page, number)
        await talks(page)
        await step(page, 5)
        await page.get_by_role("link", name="Jonas Weber").click()
        await fills_in(page)
        await step(page, 6)
        await step(page, 7)
        await step(page, 8)
        await page.locator(".item", has_text="Bring the hotfix").get_by_role("button").click()
        await expect(page.locator(".log")).to_contain_text("finished OPS-", timeout=LONG)
        for label, words in (
            ("Billing is slow", "fired for billing"),
            ("40 alerts at once", "40 alerts came"),
            ("Unauthorised access", "unauthorised access"),
            ("5xx on the Checkout API", "came 3 times"),
        ):
            await noted(page, page.get_by_role("button", name=label), words)
        ringing = page.locator("#right .item", has=page.get_by_role("button", name="I'm on it")).first
        await noted(page, ringing.get_by_role("button"), "answered the page")
        await noted(page, page.get_by_role("button", name="Everything is green again"), "recovered")
        await breaks(page, house)
        await looks_around(page, browser, house)
        assert [one for one in complaints if "422" not in one] == []  # the form that was refused
