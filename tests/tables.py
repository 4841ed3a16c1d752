"""The tables of the records as the newest migration leaves them: made once for a run, and copied for whoever begins."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from records.store import Records


def lay(file: Path) -> str:
    """Put the tables into a file, unless it is there; answers its URL."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_tables())
    return f"sqlite:///{file}"


async def migrate(url: str) -> None:
    """Bring the tables of a database to what this release works on."""
    async with await Records.open(url) as records:
        await records.migrate()


@cache
def _tables() -> bytes:
    """As SQLite keeps them; made aside, for whoever asks may be in the middle of something."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as aside:
        file = Path(folder) / "records.db"
        aside.submit(asyncio.run, migrate(f"sqlite:///{file}")).result()
        return file.read_bytes()
