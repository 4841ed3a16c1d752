"""What Notion answers, as far as we read it."""

from typing import Any

from pydantic import Field, model_validator

from vendors.said import Part

HEADINGS = ("heading_1", "heading_2", "heading_3", "heading_4")
TEXTS = ("paragraph", "bulleted_list_item", "numbered_list_item", "to_do", "toggle", "quote", "callout", "code")
FRAMES = ("divider", "column_list", "column", "breadcrumb", "table_of_contents", "synced_block", "table", "tab")
BLANK = frozenset((*HEADINGS, *TEXTS, *FRAMES))
"""The types of blocks in which nothing is to be seen while they have no text."""
SHOWN = "…"


class Rich(Part):
    """A piece of text."""

    plain_text: str = ""


class Named(Part):
    """An option of a select, or a data source of a database."""

    id: str = ""
    name: str = ""


class Property(Part):
    """One property of a page; which field is filled depends on the type."""

    type: str = ""
    title: tuple[Rich, ...] = ()
    rich_text: tuple[Rich, ...] = ()
    multi_select: tuple[Named, ...] = ()
    select: Named | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """What people read there."""
        text = "".join(piece.plain_text for piece in (*self.title, *self.rich_text)).strip()
        chosen = [option.name for option in (*self.multi_select, *([self.select] if self.select else []))]
        return tuple(word for word in (text, *chosen) if word)


class Page(Part):
    """A page and its properties."""

    id: str
    url: str = ""
    properties: dict[str, Property] = Field(default_factory=dict)

    @property
    def title(self) -> str:
        return " ".join(word for one in self.properties.values() if one.type == "title" for word in one.words)

    def words(self, names: frozenset[str]) -> tuple[str, ...]:
        """What stands in the property of one of these names."""
        return tuple(
            word for name, one in self.properties.items() if name.strip().lower() in names for word in one.words
        )


class Block(Part):
    """A block of a page, with the text that people read in it."""

    id: str
    type: str = ""
    text: str = ""
    has_children: bool = False

    @property
    def level(self) -> int:
        """Of a heading: how deep it is; 0 of everything else."""
        return int(self.type.rpartition("_")[2]) if self.type in HEADINGS else 0

    @property
    def words(self) -> str:
        """What people see of it: its words, else that there is something, such as a picture."""
        return self.text.strip() or ("" if self.type in BLANK else SHOWN)

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, raw: Any) -> Any:
        """Take the text from where this type of block has it."""
        content = raw.get(raw.get("type")) if isinstance(raw, dict) else None
        if not isinstance(content, dict):
            return raw
        pieces = content.get("rich_text") or ()
        return {**raw, "text": content.get("title") or "".join(piece.get("plain_text", "") for piece in pieces)}


class Column(Part):
    """A property as the data source declares it."""

    name: str = ""
    type: str = ""


class Source(Part):
    """A data source: where pages with properties live."""

    id: str
    properties: dict[str, Column] = Field(default_factory=dict)

    def column(self, type_: str, name: str = "") -> str:
        """The name of the first property of this type, and of this name if one is given; empty without one."""
        fits = (one for one in self.properties.values() if one.type == type_ and name in ("", one.name.lower()))
        return next((one.name for one in fits), "")


class Database(Part):
    """A database, which only holds data sources."""

    data_sources: tuple[Named, ...] = ()


class Template(Part):
    """A template of a data source, which is a page itself."""

    id: str
    is_default: bool = False


class Cursor(Part):
    """Where a list goes on."""

    has_more: bool = False
    next_cursor: str | None = None


class Pages(Cursor):
    """A part of a query's answer."""

    results: tuple[Page, ...]


class Blocks(Cursor):
    """A part of a page's content, or what has been added to it."""

    results: tuple[Block, ...]


class Templates(Cursor):
    """A part of the templates."""

    templates: tuple[Template, ...]


class Refused(Part):
    """Why something was refused."""

    code: str = ""
