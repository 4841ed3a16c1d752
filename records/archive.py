"""A zip file of which every byte is determined by what is in it, so that a changed byte anywhere can be seen."""

import io
import zipfile
import zlib
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment a zip file can say; the contents say when they were made."""

HEADER = 30
"""The bytes before an entry's name (APPNOTE.TXT 4.3.7); `pack` writes nothing between the name and the content."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive of these files. Not compressed: two releases of zlib may compress the same bytes differently."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unpack(data: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The files of an archive, and what is wrong with it as an archive."""
    files: dict[str, bytes] = {}
    found: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.filename in files:
                    found.append(f"{entry.filename}: inserted: it is there more than once")
                files[entry.filename] = _content(data, archive, entry)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        found.append(f"the archive cannot be read: {error}")
    if not found and pack(files) != data:
        found.append("the archive: altered: its bytes are not those that its files give")
    return files, found


def _content(data: bytes, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of one entry, whatever its checksum says: only what was altered can be named."""
    if entry.compress_type != zipfile.ZIP_STORED:
        return archive.read(entry)
    start = entry.header_offset + HEADER + len(entry.filename.encode())
    return data[start : start + entry.file_size]
