"""The files that pages are made with, out of this program: no build step, no other host."""

import gzip
import hashlib
from functools import cached_property
from pathlib import Path

from starlette.responses import Response

FOLDER = Path(__file__).with_name("static")
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


class Asset:
    """One file under a name that changes with its content, so that a browser may keep it for ever."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self._content = name, content
        self.digest = hashlib.sha256(content).hexdigest()[:16]
        self.path = f"/board/{self.digest}/{name}"

    @cached_property
    def _packed(self) -> bytes:
        return gzip.compress(self._content, 6, mtime=0)

    def answer(self, accepted: str) -> Response:
        """The file, compressed for whom takes it so."""
        packed = "gzip" in accepted
        headers = {"cache-control": FOREVER, "vary": "accept-encoding"} | (
            {"content-encoding": "gzip"} if packed else {}
        )
        return Response(self._packed if packed else self._content, headers=headers, media_type=self._kind)

    @property
    def _kind(self) -> str:
        return KINDS[Path(self.name).suffix]


class Assets:
    """Every file there is."""

    def __init__(self) -> None:
        self._own = {path.name: Asset(path.name, path.read_bytes()) for path in FOLDER.iterdir()}

    def named(self, name: str) -> Asset | None:
        """A file; None where there is none."""
        return self._own.get(name)

    def path(self, name: str) -> str:
        """Where a page finds a file."""
        asset = self.named(name)
        if asset is None:
            raise KeyError(f"the board has no file {name!r}; it has {', '.join(self._own)}")
        return asset.path
