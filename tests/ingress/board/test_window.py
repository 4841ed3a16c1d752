"""The board in headless Chromium: it counts down, updates itself, is usable without eyes, mouse, colour or script."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, expect

from ingress.board.frame import EVERY
from tests.ingress.board.arrival import OIDC
from tests.ingress.board.night import HOSTILE, PROXY, Night, after, busy, minutes, night_at, suppresses
from tests.ingress.board.window import CHROMIUM, faults_of, window

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at hand: {CHROMIUM} is not there")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PHONE = {"width": 360, "height": 780}


def clock_of(page: Page, key: str) -> Any:
    return page.locator(f"#due .owing[id$='-{key}'] .clock").first


async def test_clocks_count_down_and_turn_late_before_the_eyes(browser: Browser, night: Night) -> None:
    night.alert("unheard", minutes(4))
    async with window(browser, night) as seen:
        await seen.opens("/")
        clock = clock_of(seen.page, "ACK-1")
        await expect(clock).to_have_text("1 min left")
        await seen.passes(night, 1)
        await expect(clock).to_have_text("59 s left")
        await expect(seen.page).to_have_title("Standfast board")
        await seen.passes(night, 61)
        await expect(clock).to_have_text("2 s overdue")
        await expect(clock).to_have_class("clock late")
        await expect(seen.page).to_have_title("(1 overdue) Standfast board")
        await expect(seen.page.locator("#said")).to_contain_text("Overdue now: Dana, asked, answers")


async def test_what_happens_appears_by_itself_and_the_rest_stays_where_it_is(browser: Browser, night: Night) -> None:
    outage = night.alert("outage", minutes(2))
    first = outage.incident
    async with window(browser, night) as seen:
        await seen.opens("/")
        await seen.looks(night)
        link = seen.page.locator(f"#{first.id} a")
        await expect(link).to_be_visible()
        await link.focus()
        await link.evaluate("link => { link.mine = true; }")
        second = night.alert("partial", minutes(0), service="billing", title="Invoices are created twice").incident
        await seen.looks(night)
        await expect(seen.page.locator(f"#{second.id}")).to_contain_text("Invoices are created twice")
        await expect(seen.page.locator("#said")).to_contain_text("Invoices are created twice")
        await expect(link).to_be_focused()
        assert await link.evaluate("link => link.mine")
        after(
            night.engine.plays[first.id],
            night.clock() - night.engine.plays[first.id].world.starts_at,
            "acknowledge",
            "dana",
        )
        await seen.looks(night)
        await expect(seen.page.locator(f"#{first.id}")).to_contain_text("somebody looks")
        await expect(link).to_be_focused()


async def test_a_board_that_is_not_updated_any_more_says_so(browser: Browser, night: Night) -> None:
    night.alert("outage", minutes(2))
    async with window(browser, night) as seen:
        await seen.opens("/")
        await seen.page.route("**/*part=live*", lambda route: route.abort())
        await seen.passes(night, 6 * EVERY)
        await expect(seen.page.locator("#stopped")).to_contain_text("This page is not being updated")
        await seen.page.close()  # it goes on asking, and complains of each
        seen.complaints = [said for said in seen.complaints if "ERR_FAILED" not in said]


async def test_everything_is_reached_by_keyboard(browser: Browser, night: Night) -> None:
    incident = night.alert("outage", minutes(2)).incident
    async with window(browser, night) as seen:
        await seen.opens("/")
        await seen.page.keyboard.press("Tab")
        await expect(seen.page.locator(".skip")).to_be_focused()
        await seen.page.keyboard.press("Enter")
        await seen.page.keyboard.press("Tab")
        await expect(seen.page.locator("#q")).to_be_focused()
        await seen.page.keyboard.press("Tab")
        await expect(seen.page.locator("#filter summary")).to_be_focused()
        await seen.page.keyboard.press("Enter")
        for field in ("service", "team", "severity", "phase", "person"):
            await seen.page.keyboard.press("Tab")
            await expect(seen.page.locator(f"#{field}")).to_be_focused()
        await seen.page.keyboard.press("Tab")
        await expect(seen.page.get_by_role("button", name="Show")).to_be_focused()
        await seen.page.keyboard.press("Tab")
        await expect(seen.page.get_by_role("link", name="CSV")).to_be_focused()
        for chip in await seen.page.locator("#search .chips a").all():
            await seen.page.keyboard.press("Tab")
            await expect(chip).to_be_focused()
        await seen.page.keyboard.press("Tab")
        await expect(seen.page.locator(f"#{incident.id} a")).to_be_focused()
        await seen.page.keyboard.press("Enter")
        await expect(seen.page.get_by_role("heading", level=1)).to_have_text("Checkout 5xx error rate above 5 %")
        await seen.page.get_by_text("Clause by clause").focus()
        await seen.page.keyboard.press("Enter")
        await expect(seen.page.get_by_role("table")).to_be_visible()


async def test_what_somebody_owes_is_done_from_the_page_and_stands_there_at_once(
    browser: Browser, tmp_path: Path
) -> None:
    async with night_at(tmp_path, **PROXY) as night:
        outage = busy(night)["outage"].incident
        async with window(browser, night, clock=False, extra_http_headers={"X-User": "dana"}) as seen:
            await seen.opens(f"/incidents/{outage.id}")
            await seen.page.locator(".acts a").first.click()
            await seen.page.get_by_label("What do you see?").fill("Every order goes through again.")
            await seen.page.get_by_role("button", name="Tell the room").click()
            await expect(seen.page.locator("#answers")).to_contain_text("Every order goes through again.")
            await expect(seen.page.locator("#timeline li").first).to_contain_text("Dana found")
        async with window(browser, night, clock=False, extra_http_headers={"X-User": "ines"}) as seen:
            await seen.opens(f"/incidents/{outage.id}")
            await seen.page.get_by_role("link", name="Write to customers").first.click()
            await seen.page.get_by_label("What customers read").fill("Payments work again.")
            await seen.page.get_by_role("button", name="Look at it as customers do").click()
            await expect(seen.page.locator("blockquote")).to_contain_text("Payments work again.")
            assert await faults_of(seen.page, whole=True) == []


@pytest.mark.sop("ACT-1")
async def test_a_moment_is_typed_in_its_readers_zone(browser: Browser, tmp_path: Path) -> None:
    async with night_at(tmp_path, **PROXY) as night:
        outage = busy(night)["outage"].incident
        berlin: dict[str, Any] = {"timezone_id": "Europe/Berlin", "extra_http_headers": {"X-User": "jonas"}}
        async with window(browser, night, clock=False, **berlin) as seen:
            await seen.opens(f"/incidents/{outage.id}/acts/add_item")
            begun = await seen.page.locator("input[name=due_at]").input_value()
            shown = seen.page.get_by_label(re.compile(r"Until when.*Europe/Berlin"))
            assert datetime.fromisoformat(await shown.input_value()) - datetime.fromisoformat(begun) == minutes(60)
            await seen.page.get_by_label("What is to be done?").fill("Give the check a timeout")
            await shown.fill("2026-03-10T10:00")
            await seen.page.get_by_role("button", name="Open a ticket").click()
            await seen.page.wait_for_url(f"**/incidents/{outage.id}")
        [item] = outage.items.values()
        assert item.due_at == datetime(2026, 3, 10, 9, tzinfo=UTC)


async def test_without_script_the_page_is_complete_and_reloads_itself(browser: Browser, night: Night) -> None:
    night.alert("unheard", minutes(4))
    async with window(browser, night, clock=False, java_script_enabled=False) as seen:
        await seen.opens("/")
        await expect(clock_of(seen.page, "ACK-1")).to_have_text("1 min left")
        assert '<meta http-equiv="refresh"' in await seen.page.content()


async def test_what_a_vendor_writes_does_not_run(browser: Browser, night: Night) -> None:
    incident = night.alert("hostile", minutes(2), title=HOSTILE).incident
    async with window(browser, night) as seen:
        for path in ("/", f"/incidents/{incident.id}"):
            await seen.opens(path)
            await seen.looks(night)
            await expect(seen.page.get_by_text("<script>document.title").first).to_be_visible()
            assert await seen.page.locator("img").count() == 0
            assert "owned" not in (await seen.page.title()).split("<script>")[0]


async def test_charts_are_drawn_under_the_strict_policy_and_again_at_night(browser: Browser, night: Night) -> None:
    await night.has_a_past(days=120)
    async with window(browser, night, clock=False) as seen:
        await seen.opens("/kpi")
        bar = seen.page.locator(".chart .month:not([fill])").last
        await expect(seen.page.locator(".chart .target")).to_have_count(await seen.page.locator(".chart").count())
        day = await bar.evaluate("bar => getComputedStyle(bar).fill")
        await seen.page.emulate_media(color_scheme="dark")
        await expect(bar).not_to_have_css("fill", day)


async def test_every_page_fits_a_phone_and_has_no_fault_that_axe_knows(browser: Browser, night: Night) -> None:
    plays = busy(night)
    await night.archives()
    await night.has_a_past(days=120)
    await suppresses(night, "Disk of staging-3 is full", "A word " + "without-an-end" * 12)
    pages = ("/", f"/incidents/{plays['outage'].incident.id}", f"/incidents/{plays['breach'].incident.id}")
    faults: dict[str, list[str]] = {}
    async with window(browser, night, clock=False, viewport=PHONE, reduced_motion="reduce") as seen:
        for path in (*pages, "/kpi", "/incidents", "/suppressed"):
            await seen.opens(path)
            assert await seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            for scheme in SCHEMES:
                await seen.page.emulate_media(color_scheme=scheme)
                faults[f"{path} {scheme}"] = await faults_of(seen.page, whole=scheme == "light")
    assert {where: found for where, found in faults.items() if found} == {}


async def test_on_a_phone_what_its_reader_owes_is_first_and_what_is_not_needed_first_is_folded(
    browser: Browser, tmp_path: Path
) -> None:
    async with night_at(tmp_path, **PROXY) as night:
        busy(night)
        async with window(browser, night, clock=False, viewport=PHONE, extra_http_headers={"X-User": "jonas"}) as seen:
            await seen.opens("/")
            top = "one => one.getBoundingClientRect().top"
            assert await seen.page.locator("#mine").evaluate(top) < await seen.page.locator("#fought").evaluate(top)
            await expect(seen.page.locator("#due .owing").first).to_be_hidden()
            await seen.page.get_by_text("Due next from others").click()
            await expect(seen.page.locator("#due .owing").first).to_be_visible()
            assert await faults_of(seen.page, whole=True) == []


async def test_on_a_phone_charts_and_earlier_suppressed_alerts_are_folded(browser: Browser, night: Night) -> None:
    await night.has_a_past(days=120)
    await suppresses(night, *(f"Disk of staging-{number} is full" for number in range(30)))
    for viewport, folded in ((PHONE, True), ({"width": 1280, "height": 800}, False)):
        async with window(browser, night, clock=False, viewport=viewport) as seen:
            for path, hidden, high in (("/kpi", ".chart", 3500), ("/suppressed", "#before li", 1600)):
                await seen.opens(path)
                await expect(seen.page.locator(hidden).first).to_be_visible(visible=not folded)
                if folded:
                    assert await seen.page.evaluate("document.documentElement.scrollHeight") <= high
                    await seen.page.locator("details.wide > summary").first.click()
                    await expect(seen.page.locator(hidden).first).to_be_visible()
                else:
                    assert await seen.page.locator("details.wide > summary").first.is_hidden()


async def test_nothing_moves_for_people_whom_it_makes_ill(browser: Browser, night: Night) -> None:
    night.alert("outage", minutes(2))
    async with window(browser, night, reduced_motion="reduce") as seen:
        await seen.opens("/")
        await seen.looks(night)
        later = night.alert("partial", minutes(0), service="billing").incident
        await seen.looks(night)
        await expect(seen.page.locator(f"#{later.id}.fresh")).to_have_css("animation-name", "none")


@pytest.mark.parametrize(("width", "high"), [(1280, 1300), (360, 2800)])
async def test_an_incident_after_twenty_minutes_is_a_page_that_is_read_in_one_go(
    browser: Browser, night: Night, width: int, high: int
) -> None:
    fought = night.alert("fought", minutes(20))
    after(fought, minutes(3), "acknowledge", "sam")
    after(fought, minutes(4), "declare", "jonas", severity="P1")
    after(fought, minutes(6), "take_role", "ines", role="comms")
    after(fought, minutes(8), "approve_update", "ines")
    after(fought, minutes(9), "approve_mail", "ines")
    after(fought, minutes(18), "post_finding", "sam", conditions="flag is off. 5xx falling: 41 % -> 6 %")
    async with window(browser, night, viewport={"width": width, "height": 800}) as seen:
        await seen.opens(f"/incidents/{fought.incident.id}")
        assert await seen.page.evaluate("document.documentElement.scrollHeight") <= high
        head = await seen.page.locator("#answers").bounding_box()
        assert head
        assert head["y"] + head["height"] <= PHONE["height"]


async def test_the_page_of_sign_in_is_usable_by_all_whichever_ways_are_open(browser: Browser, tmp_path: Path) -> None:
    both = {**OIDC, "standfast_board_token": "t" * 16}
    async with night_at(tmp_path, **both) as night, window(browser, night, clock=False, viewport=PHONE) as seen:
        await seen.page.goto(f"{seen.url}/kpi")
        await expect(seen.page.get_by_role("link", name="Sign in at login.harbourline.example")).to_be_visible()
        await expect(seen.page.get_by_label("Board token")).to_be_visible()
        assert await seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        for scheme in SCHEMES:
            await seen.page.emulate_media(color_scheme=scheme)
            assert await faults_of(seen.page, whole=True) == []
        await seen.page.get_by_label("Board token").fill("wrong")
        await seen.page.get_by_role("button", name="Sign in").click()
        await expect(seen.page.get_by_text("That is not the token.")).to_be_visible()
        assert await faults_of(seen.page, whole=True) == []
        asked = ("[DOM]", "status of 40")  # a hint on forms for passwords, and that nobody is let in
        seen.complaints = [said for said in seen.complaints if not any(one in said for one in asked)]
