"""What the Notion that is played here holds: data sources with their pages, and pages with their blocks."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any
from uuid import uuid4

Json = dict[str, Any]
USER = {"object": "user", "id": "1d6d872b-594c-8129-818d-000250c7f19f"}
PLAIN = {"bold": False, "italic": False, "strikethrough": False, "underline": False, "code": False, "color": "default"}


def spoken(rich_text: list[Json]) -> list[Json]:
    """Rich text as Notion answers it."""
    return [
        {
            "type": "text",
            "text": {"content": one["text"]["content"], "link": one["text"].get("link")},
            "annotations": PLAIN | one.get("annotations", {}),
            "plain_text": one["text"]["content"],
            "href": None,
        }
        for one in rich_text
    ]


def rich(text: str) -> list[Json]:
    """Rich text as somebody types it."""
    return [{"type": "text", "text": {"content": text}}]


def heard(rich_text: list[Json]) -> str:
    return "".join(one["plain_text"] for one in rich_text)


class Workspace:
    """Pages, blocks and data sources by id; the trash forgets."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.pages: dict[str, Json] = {}
        self.blocks: dict[str, Json] = {}
        self.children: dict[str, list[str]] = {}
        self.sources: dict[str, dict[str, str]] = {}
        """The columns of each data source: name and type."""
        self.databases: dict[str, list[str]] = {}
        self.templates: dict[str, list[tuple[str, bool]]] = {}
        """The template pages of each data source, and whether each is the default."""

    def add_source(self, columns: dict[str, str]) -> str:
        """Somebody makes a database with one data source; the data source's id."""
        source, database = str(uuid4()), str(uuid4())
        self.sources[source], self.databases[database] = columns, [source]
        return source

    def add_template(self, source: str, *headings: str, default: bool = True) -> str:
        """Somebody writes a template; its page's id."""
        page = str(self.add_page({"type": "data_source_id", "data_source_id": source}, {})["id"])
        for heading in headings:
            self.add_block(page, {"type": "heading_2", "heading_2": {"rich_text": rich(heading)}})
        self.templates.setdefault(source, []).append((page, default))
        return page

    def add_page(self, parent: Json, properties: Json) -> Json:
        """A new page; under a page it shows among that one's blocks."""
        id_, now = str(uuid4()), self.clock().isoformat()
        self.children[id_] = []
        shown = {name: _property(name, value) for name, value in properties.items()}
        self.pages[id_] = {
            "object": "page",
            "id": id_,
            "created_time": now,
            "last_edited_time": now,
            "parent": parent,
            "created_by": USER,
            "last_edited_by": USER,
            "icon": None,
            "cover": None,
            "public_url": None,
            "in_trash": False,
            "is_archived": False,
            "is_locked": False,
            "properties": shown,
            "url": f"https://www.notion.so/{id_.replace('-', '')}",
        }
        if parent["type"] == "page_id":
            titles = [heard(one["title"]) for one in shown.values() if one["type"] == "title"]
            self._place(parent["page_id"], id_, {"type": "child_page", "child_page": {"title": "".join(titles)}}, None)
        return self.pages[id_]

    def rename(self, page: str, title: list[Json]) -> None:
        """Call a page otherwise, also where it shows among another one's blocks."""
        named = next(one for one in self.pages[page]["properties"].values() if one["type"] == "title")
        named["title"] = spoken(title)
        if page in self.blocks:
            self.blocks[page]["child_page"]["title"] = heard(title)

    def add_block(self, parent: str, asked: Json, after: str | None = None) -> Json:
        """A new block with everything in it."""
        kind = asked["type"]
        content = {"color": "default", "icon": None, **deepcopy(asked[kind])} if kind != "table" else {**asked[kind]}
        nested = content.pop("children", [])
        if "rich_text" in content:
            content["rich_text"] = spoken(content["rich_text"])
        if kind.startswith("heading"):
            content.setdefault("is_toggleable", False)
        if kind == "table":
            content.setdefault("has_row_header", False)
        if kind == "table_row":
            content = {"cells": [spoken(cell) for cell in content["cells"]]}
        block = self._place(parent, str(uuid4()), {"type": kind, kind: content}, after)
        for one in nested:
            self.add_block(block["id"], one)
        return self.shown(block["id"])

    def _place(self, parent: str, id_: str, content: Json, after: str | None) -> Json:
        now = self.clock().isoformat()
        where = {"type": "page_id" if parent in self.pages else "block_id"}
        self.blocks[id_] = {
            "object": "block",
            "id": id_,
            "parent": {**where, where["type"]: parent},
            "in_trash": False,
            "created_time": now,
            "created_by": USER,
            "last_edited_time": now,
            "last_edited_by": USER,
            **content,
        }
        self.children.setdefault(id_, [])
        siblings = self.children[parent]
        siblings.insert(siblings.index(after) + 1 if after else len(siblings), id_)
        return self.blocks[id_]

    def remove_block(self, id_: str) -> Json:
        """Put a block into the trash."""
        block = self.shown(id_)
        parent = block["parent"]
        self.children[parent[parent["type"]]].remove(id_)
        del self.blocks[id_]
        return {**block, "in_trash": True}

    def shown(self, id_: str) -> Json:
        return {**self.blocks[id_], "has_children": bool(self.children[id_])}

    def copy(self, template: str, page: str) -> None:
        """Fill a page from its template."""
        for id_ in self.children[template]:
            block = self.blocks[id_]
            content = {**block[block["type"]]}
            content["rich_text"] = rich(heard(content["rich_text"]))
            self.add_block(page, {"type": block["type"], block["type"]: content})

    def text(self, id_: str, depth: int = 0) -> list[str]:
        """What people read on a page, line by line, indented by depth."""
        lines: list[str] = []
        for child in self.children[id_]:
            content = self.blocks[child][self.blocks[child]["type"]]
            cells = [heard(cell) for cell in content.get("cells", ())]
            words = content.get("title") or heard(content.get("rich_text", [])) or " | ".join(cells)
            lines += [*([" " * depth + words] if words else []), *self.text(child, depth + 1)]
        return lines


def _property(name: str, value: Json) -> Json:
    kind = next(key for key in value if key != "type")
    content = spoken(value[kind]) if kind in ("title", "rich_text") else value[kind]
    return {"id": "title" if kind == "title" else name[:4].lower(), "type": kind, kind: content}
