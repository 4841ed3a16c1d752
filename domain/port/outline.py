"""A generated section before any notebook's notation: what it is made of, and how it is told from people's writing."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

from domain.port.notebook import OpenDocument, Section, WriteDocument
from domain.value.model import Model

ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[!-~]{0,1500})?")
SUFFIX = " · generated"
"""Ends the caption of everything that is replaced when the incident's record grows."""

Kind = Literal["text", "list", "table"]


class Piece(Model):
    """A paragraph (one row of one cell), a list (a row per item) or a table (its first row names the columns)."""

    kind: Kind
    rows: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max(len(row) for row in self.rows)


def pieces(section: Section) -> tuple[Piece, ...]:
    """The section's lines, put together: `- ` begins an item, `| ` a row; what is empty is left out."""
    lines = [line.strip() for line in section.lines if line.strip()]
    return tuple(piece for kind, group in groupby(lines, _kind) for piece in _joined(kind, tuple(group)))


def _kind(line: str) -> Kind:
    return "list" if line.startswith("- ") else "table" if line.startswith("|") else "text"


def _joined(kind: Kind, lines: tuple[str, ...]) -> Iterator[Piece]:
    if kind == "text":
        yield from (Piece(kind=kind, rows=((line,),)) for line in lines)
    elif kind == "list":
        yield Piece(kind=kind, rows=tuple((line.removeprefix("- ").strip(),) for line in lines))
    else:
        rows = tuple(_cells(line) for line in lines if set(line) - set("|-: "))
        yield from [Piece(kind=kind, rows=rows)] if rows else []


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|"))


def linked(words: str) -> tuple[str, str]:
    """A line that ends with an address: the words before it, and where they lead; else the line, leading nowhere."""
    before, _, last = words.rpartition(" ")
    said = before.rstrip(" :,")
    return (said, last) if said and ADDRESS.fullmatch(last) else (words, "")


def filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Those under whose heading something is generated."""
    return tuple(section for section in sections if section.lines)


def caption(section: Section) -> str:
    """What stands over a generated section, and tells it from a heading of the company's template."""
    return section.heading + SUFFIX


def digest(section: Section) -> str:
    """Tells one content from another, so that what stands already is not written again."""
    return hashlib.sha256(section.model_dump_json().encode()).hexdigest()[:16]


def note(section: Section) -> str:
    """The last line of a generated section: a warning for people, and for us the proof that it is whole."""
    return f"Generated from the incident's record: what is written in here is replaced. [{digest(section)}]"


class Standing(Model):
    """A piece of a document as it stands: a heading of a level, or with level 0 words that somebody wrote."""

    level: int = 0
    text: str = ""


def unwritten(parts: Iterable[Standing], generated: Iterable[str]) -> tuple[str, ...]:
    """The headings of people under which nobody has written; one empty word where nothing is written at all.

    What stands under a heading of a lower level counts for those above it.
    """
    ours, above = {_known(name) for name in generated}, list[tuple[int, int]]()
    written, headings = set[int](), list[str]()
    words = False
    for part in parts:
        if not part.level:
            words = words or bool(part.text.strip())
            written |= {number for _, number in above} if part.text.strip() else set()
            continue
        above = [(level, number) for level, number in above if level < part.level]
        written |= {number for _, number in above} if _known(part.text) in ours else set()
        above.append((part.level, len(headings)))
        headings.append(part.text.strip())
    found = [heading for number, heading in enumerate(headings) if number not in written and heading]
    left = tuple(dict.fromkeys(heading for heading in found if _known(heading) not in ours))
    return left or (() if words else ("",))


def _known(heading: str) -> str:
    return heading.strip().casefold()


def title(duty: OpenDocument | WriteDocument) -> str:
    """The document's title; it always carries the incident's id, by which it is found."""
    words = " ".join(duty.title.split())
    return words if duty.incident in words else f"{duty.incident} {words}"
