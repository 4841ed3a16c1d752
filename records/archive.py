"""A zip file of which every byte is determined by what is in it, so that a changed byte anywhere can be seen.

Nothing here needs a file to fit into memory: an archive may hold the events of a year.
"""

import io
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment a zip file can say; the contents say when they were made."""

HEADER = 30
"""The bytes before an entry's name, the last four of which say how long the name and what follows it are.

APPNOTE.TXT 4.3.7.
"""

PIECE = 1 << 20
"""How much is read at once."""


class Part:
    """One file of an archive, read piece by piece."""

    def __init__(self, opened: Callable[[], BinaryIO], start: int, size: int) -> None:
        self._opened, self._start, self.size = opened, start, size

    @classmethod
    def of(cls, file: Path) -> "Part":
        """A whole file."""
        return cls(lambda: file.open("rb"), 0, file.stat().st_size)

    @classmethod
    def holding(cls, content: bytes) -> "Part":
        """What is in memory anyway."""
        return cls(lambda: io.BytesIO(content), 0, len(content))

    def pieces(self) -> Iterator[bytes]:
        """The content, in pieces of bearable size."""
        left = self.size
        with self._opened() as file:
            file.seek(self._start)
            while left > 0 and (piece := file.read(min(left, PIECE))):
                left -= len(piece)
                yield piece

    def lines(self) -> Iterator[bytes]:
        """The lines without their ends; an empty file has none."""
        rest = b""
        for piece in self.pieces():
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
        if rest:
            yield rest

    def content(self) -> bytes:
        """All of it, for what is known to be small."""
        return b"".join(self.pieces())


def pack(files: Mapping[str, Part], target: BinaryIO) -> None:
    """Write the archive of these files. Not compressed: two releases of zlib may compress the same differently."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr, entry.file_size = 3, 0o100644 << 16, files[name].size
            with archive.open(entry, "w") as written:
                for piece in files[name].pieces():
                    written.write(piece)


def unpack(path: Path) -> tuple[dict[str, Part], list[str]]:
    """The files of an archive, and what is wrong with it as an archive; raises `OSError` where it cannot be read."""
    files: dict[str, Part] = {}
    found: list[str] = []
    try:
        with path.open("rb") as original, zipfile.ZipFile(original) as archive:
            for entry in archive.infolist():
                if entry.filename in files:
                    found.append(f"{entry.filename}: inserted: it is there more than once")
                files[entry.filename] = _part(path, original, archive, entry)
            if not found and not _is_of(files, original):
                found.append("the archive: altered: its bytes are not those that its files give")
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        found.append(f"the archive cannot be read: {error}")
    return files, found


def _part(path: Path, original: BinaryIO, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Part:
    """The bytes of one entry, whatever its checksum says: only what was altered can be named."""
    if entry.compress_type != zipfile.ZIP_STORED:
        with archive.open(entry) as compressed:
            content = io.BytesIO()
            shutil.copyfileobj(compressed, content)
            return Part.holding(content.getvalue())
    original.seek(entry.header_offset + HEADER - 4)
    before = HEADER + sum(int.from_bytes(original.read(2), "little") for _ in ("name", "extra"))
    return Part(lambda: path.open("rb"), entry.header_offset + before, entry.file_size)


def _is_of(files: Mapping[str, Part], original: BinaryIO) -> bool:
    """Whether these files give this archive, byte for byte."""
    mirror = _Mirror(original)
    pack(files, mirror)  # type: ignore[arg-type]  # all that a zip file is written with is there
    return not mirror.wrong and mirror.end == original.seek(0, io.SEEK_END)


class _Mirror(io.RawIOBase):
    """Keeps nothing of what is written: only where it differs from an original. What is written again counts anew."""

    def __init__(self, original: BinaryIO) -> None:
        self._original, self._place, self.end = original, 0, 0
        self.wrong: set[int] = set()

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        self._place = place + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.end}[whence]
        return self._place

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile writes bytes
        self._original.seek(self._place)
        same = self._original.read(len(data)) == data
        (self.wrong.discard if same else self.wrong.add)(self._place)
        self._place += len(data)
        self.end = max(self.end, self._place)
        return len(data)
