"""`python -m tests.ingress.board.picture`: takes the pictures of docs/board.md from a believable night."""

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.async_api import Browser

from tests.ingress.board.night import PROXY, Night, busy, followed, night_at, suppresses
from tests.ingress.board.window import chromium, served

DOCS = Path(__file__).parents[3] / "docs/picture"
READER = {"X-User": "jonas"}
"""Who looks: a commander, as a proxy names him, so that what he may do is shown."""


class Shot(NamedTuple):
    """One picture: of which page, on which screen."""

    name: str
    path: str
    width: int = 1280
    height: int = 800
    scheme: Literal["light", "dark"] = "light"


async def lives(night: Night) -> list[Shot]:
    """Let the night happen, and say what is worth a picture."""
    plays = busy(night) | followed(night)
    await night.archives()
    await night.has_a_past()
    await suppresses(
        night, "Disk of staging-3 is full", "Checkout 5xx error rate above 5 %", "Certificate expires soon"
    )
    outage = f"/incidents/{plays['outage'].incident.id}"
    return [
        Shot("board", "/"),
        Shot("board-phone", "/", 360, 780, "dark"),
        Shot("incident", outage, height=1100, scheme="dark"),
        Shot("incident-phone", outage, 360, 780),
        Shot("kpi", "/kpi", height=1000),
        Shot("kpi-phone", "/kpi", 360, 780, "dark"),
    ]


async def take(browser: Browser, url: str, shot: Shot, folder: Path) -> None:
    """Take one picture."""
    context = await browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme, reduced_motion="reduce",
        extra_http_headers=READER,
    )  # fmt: skip
    page = await context.new_page()
    page.on("console", lambda said: print(shot.name, said.type, said.text))
    await page.goto(url + shot.path, wait_until="networkidle")
    await page.screenshot(path=folder / f"{shot.name}.png")
    await context.close()


async def run(folder: Path, named: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="standfast-") as records:
        async with night_at(Path(records), **PROXY) as night, served(night.board) as url, chromium() as browser:
            for shot in await lives(night):
                if not named or shot.name in named:
                    await take(browser, url, shot, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--folder", type=Path, default=DOCS)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(run(arguments.folder, arguments.names))


if __name__ == "__main__":
    main()
