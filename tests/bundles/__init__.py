"""Bundles as releases exported them, compressed: each later release must find them whole, and a changed one altered.

`python -m tests.stories.record_tag` keeps one for its tag; what an earlier release exported stays as it is.
"""

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

from records.store import Records
from tests.records import test_erasure, test_export
from tests.tables import lay

FOLDER = Path(__file__).parent
ENDS = ".zip.gz"


def names() -> list[str]:
    """Every release that a bundle is kept of."""
    return sorted(file.name.removesuffix(ENDS) for file in FOLDER.glob(f"*{ENDS}"))


def read(name: str) -> bytes:
    """A bundle as it was exported."""
    return gzip.decompress((FOLDER / f"{name}{ENDS}").read_bytes())


def write(name: str, bundle: Path) -> None:
    """Keep a bundle; the same bytes are the same file."""
    (FOLDER / f"{name}{ENDS}").write_bytes(gzip.compress(bundle.read_bytes(), mtime=0))


async def keep(name: str) -> None:
    """Export and keep a period: an incident that somebody was erased from, one that runs, a drill, a silenced alert."""
    with TemporaryDirectory() as folder:
        bundle = Path(folder, "audit.zip")
        async with await Records.open(lay(Path(folder, "records.db"))) as records:
            await test_erasure.told(records, test_erasure.over(), *test_export.lived()[1:])
            await test_erasure.erase(records, over_only=True)
            await test_export.exported(records, bundle)
        write(name, bundle)
