"""What Notion accepts in a request's body, in its words where it does not."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
RICH = {"heading_2", "paragraph", "bulleted_list_item"}
CONTENT = {
    "paragraph": {"rich_text", "color", "children"},
    "bulleted_list_item": {"rich_text", "color", "children"},
    "heading_2": {"rich_text", "color", "children", "is_toggleable"},
    "table": {"table_width", "has_column_header", "has_row_header", "children"},
    "table_row": {"cells"},
}
"""The blocks that are known here, and what may stand in them."""


def block_faults(children: Any, where: str = "body.children") -> Iterator[str]:
    """Everything that is wrong with an array of blocks, and in them."""
    if not isinstance(children, list) or len(children) > 100:
        yield f"{where}.length should be ≤ `100`"
        return
    for number, block in enumerate(children):
        yield from _faults(block, f"{where}[{number}]")


def _faults(block: Json, where: str) -> Iterator[str]:
    kind = block.get("type", "")
    content = block.get(kind)
    if kind not in CONTENT or not isinstance(content, dict) or set(block) - {"object", "type", kind}:
        yield f"{where} should be a block of a known type"
        return
    yield from (f"{where}.{kind}.{name} should be not present" for name in content.keys() - CONTENT[kind])
    if kind in RICH:
        yield from text_faults(content.get("rich_text"), f"{where}.{kind}.rich_text")
    if kind == "table":
        rows = content.get("children") or []
        if not rows or {len(row.get("table_row", {}).get("cells", ())) for row in rows} != {content.get("table_width")}:
            yield f"{where}.table: the number of cells in each row must match the table width"
    for cell in content.get("cells", ()):
        yield from text_faults(cell, f"{where}.{kind}.cells")
    yield from block_faults(content.get("children", []), f"{where}.{kind}.children")


def text_faults(rich_text: Any, where: str) -> Iterator[str]:
    """Everything that is wrong with rich text; a character outside of the basic plane counts twice."""
    if not isinstance(rich_text, list) or len(rich_text) > 100:
        yield f"{where} should be an array of at most `100`"
        return
    for number, one in enumerate(rich_text):
        length = len(one.get("text", {}).get("content", "").encode("utf-16-le")) // 2
        if "text" not in one or length > 2000:
            yield f"{where}[{number}].text.content.length should be ≤ `2000`, instead was `{length}`"


def count(children: list[Json]) -> int:
    """How many blocks these are with all that they hold."""
    return sum(1 + count(block.get(block.get("type", ""), {}).get("children", [])) for block in children)
