"""What the dashboard draws: Prometheus itself, where it is installed, scrapes what runs and is asked as panels do."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from demo.process import free_port
from tests import yaml

EVERY = "1s"


def prometheus() -> str | None:
    """Where Prometheus is; None where it is not installed."""
    return shutil.which(os.environ.get("PROMETHEUS", "prometheus"))


async def drawn(folder: Path, targets: Collection[str], expressions: Collection[str]) -> None:
    """Wait until each of the expressions has a series."""
    async with _scraping(folder, targets) as http:
        empty = set(expressions)
        try:
            while True:
                empty = {one for one in empty if not await _series(http, one)}
                if not empty:
                    return
                await asyncio.sleep(0.2)
        except asyncio.CancelledError as error:
            error.add_note(f"nothing is drawn of: {sorted(empty)}")
            raise


async def _series(http: httpx.AsyncClient, expression: str) -> int:
    """How many lines a panel would have; what it cannot ask is a fault at once."""
    try:
        answer = await http.get("/api/v1/query", params={"query": expression})
    except httpx.TransportError:  # it comes up
        return 0
    if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        return 0
    assert answer.is_success, f"{expression}: {answer.text}"
    return len(answer.json()["data"]["result"])


@asynccontextmanager
async def _scraping(folder: Path, targets: Collection[str]) -> AsyncIterator[httpx.AsyncClient]:
    program, address = prometheus(), f"127.0.0.1:{free_port()}"
    assert program
    _configured(folder, targets)
    words = ("--config.file=prometheus.yaml", f"--web.listen-address={address}", "--storage.tsdb.path=data")
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(program, *words, cwd=folder, stdout=log, stderr=log)
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}") as http:
            yield http
    finally:
        process.terminate()
        await process.wait()


def _configured(folder: Path, targets: Collection[str]) -> None:
    folder.mkdir()
    scraped = {"job_name": "standfast", "scrape_interval": EVERY, "static_configs": [{"targets": sorted(targets)}]}
    (folder / "prometheus.yaml").write_text(yaml.safe_dump({"scrape_configs": [scraped]}))
