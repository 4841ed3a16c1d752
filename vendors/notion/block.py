"""Writes a generated section as Notion's blocks, in requests that Notion takes."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from domain.port.notebook import Section
from domain.port.outline import SUFFIX, Piece, caption, linked, note, pieces
from vendors.notion.answer import Block

Json = dict[str, Any]
TEXT_LENGTH = 1000
"""Half of what a rich text takes (developers.notion.com/reference/request-limits): it is not said whether a character
outside of the basic plane counts twice, as in JavaScript."""
TEXTS, CHILDREN = 100, 100
"""Most rich texts in a block, most blocks in an array (the same page)."""
NESTED, SIZE = 900, 400_000
"""Kept below 1,000 blocks and 500 KB in a request (the same page)."""


def text(words: str, url: str = "", **annotations: Any) -> list[Json]:
    """Rich text of these words, in pieces that are short enough; all of them lead to the address."""
    starts = range(0, len(words), TEXT_LENGTH)
    styled = {"annotations": annotations} if annotations else {}
    leads: Json = {"link": {"url": url}} if url else {}
    parts = ({"content": words[start : start + TEXT_LENGTH], **leads} for start in starts)
    return [{"type": "text", "text": part, **styled} for part in parts][:TEXTS]


def said_under(heading: str, blocks: Iterable[Block]) -> str:
    """What stands between a heading and the next one, a line for each block; nothing of what is generated."""
    lines, inside = list[str](), False
    for block in blocks:
        if block.type.startswith("heading_"):
            inside = block.text.strip().casefold() == heading.strip().casefold()
        elif inside and block.text.strip() and not block.text.endswith(SUFFIX):
            item = "- " if block.type.endswith("_list_item") else ""
            lines.append(f"{item}{block.text.strip()}")
    return "\n".join(lines)


def blank(sections: Iterable[Section]) -> list[Json]:
    """What a page begins with where there is no template: the headings, with room for people under each."""
    parts = ((_block("heading_2", rich_text=text(one.heading)), _block("paragraph", rich_text=[])) for one in sections)
    return [block for part in parts for block in part]


def names(block: Block, section: Section) -> bool:
    """Whether a block is the heading of a section."""
    return block.text.strip().casefold() == section.heading.strip().casefold()


def with_room(blocks: Sequence[Block]) -> list[Block]:
    """For each block the empty paragraph behind it, where people are to write; without one the block itself."""
    behind = [*blocks[1:], None][: len(blocks)]
    empty = (one if one and one.type == "paragraph" and not one.words.strip() else None for one in behind)
    return [room or block for block, room in zip(blocks, empty, strict=True)]


def head(section: Section) -> Json:
    """The toggle that holds a generated section."""
    return _block("heading_2", rich_text=text(caption(section)), is_toggleable=True)


def body(section: Section) -> list[Json]:
    """What stands in the toggle; the note comes last, so that where it stands everything does."""
    content = [block for piece in pieces(section) for block in _written(piece)]
    return [*content, _block("paragraph", rich_text=text(note(section), italic=True, color="gray"))]


def _written(piece: Piece) -> Iterator[Json]:
    if piece.kind == "table":
        yield from _tables(piece)
        return
    kind = "paragraph" if piece.kind == "text" else "bulleted_list_item"
    yield from (_block(kind, rich_text=text(*linked(row[0]))) for row in piece.rows)


def _tables(piece: Piece) -> Iterator[Json]:
    """The rows as tables that are short enough, each with the columns' names."""
    names, rows = piece.rows[0], piece.rows[1:]
    for start in range(0, max(len(rows), 1), CHILDREN - 1):
        shown = [names, *rows[start : start + CHILDREN - 1]]
        cells = [[text(cell) for cell in row] + [[]] * (piece.width - len(row)) for row in shown]
        children = [_block("table_row", cells=one) for one in cells]
        yield _block("table", table_width=piece.width, has_column_header=True, children=children)


def _block(kind: str, **content: Any) -> Json:
    return {"object": "block", "type": kind, kind: content}


def batches(blocks: Iterable[Json]) -> Iterator[list[Json]]:
    """The blocks in their order, parted into requests."""
    batch: list[Json] = []
    nested = size = 0
    for block in blocks:
        count, length = 1 + len(block[block["type"]].get("children", ())), len(json.dumps(block))
        if batch and (len(batch) == CHILDREN or nested + count > NESTED or size + length > SIZE):
            yield batch
            batch, nested, size = [], 0, 0
        batch.append(block)
        nested, size = nested + count, size + length
    yield from [batch] if batch else []
